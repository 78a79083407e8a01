"""The product finds its own files, from a checkout and from a wheel."""

from pathlib import Path

import pytest

import inspector
from inspector import resources_folder
from inspector.resources_folder import resource_path


def test_resources_of_a_checkout_lie_beside_the_package() -> None:
    assert resource_path("icons") == Path(inspector.__file__).parent.parent / "resources" / "icons"


def test_resources_of_an_installed_wheel_lie_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inspector" / "resources").mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(resources_folder, "_PACKAGE", tmp_path / "inspector")
    assert resource_path("icons", "won.svg") == tmp_path / "inspector" / "resources" / "icons" / "won.svg"


def test_without_a_part_it_is_the_folder_itself() -> None:
    assert resource_path() == resource_path("icons").parent
