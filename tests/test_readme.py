"""The pages for people name what is really there."""

import re
from pathlib import Path

import pytest

from inspector.settings.load import variable_of
from inspector.settings.setting import SettingField
from inspector.settings.settings import every_field

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("subject", "field"), tuple(every_field()), ids=lambda value: getattr(value, "name", value))
def test_the_readme_tells_the_variable_of_each_setting_and_its_default(subject: str, field: SettingField) -> None:
    unit = f" ({field.unit})" if field.unit else ""
    default = str(field.default).lower() if field.type is bool else field.default
    row = f"| `{variable_of(subject, field.name)}` | {field.label}{unit}. {field.help} | `{default}` |"
    assert row in README.splitlines()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_what_a_page_links_to_or_shows_is_there(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"\b((?:inspector|packaging|resources|tests)/[\w./-]*\w)", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
