"""What is installed on a fresh machine is what was tested: every package pinned, every pin hashed."""

import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINS = ROOT / "packaging" / "requirements"
PIN_FILES = ("runtime.txt", "test.txt", "build.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins_of(file: str) -> dict[str, str]:
    """Name to version."""
    found = re.findall(r"^([a-z0-9.-]+)==(\S+)", (PINS / file).read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def names_of(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def test_every_dependency_of_the_product_is_pinned() -> None:
    assert names_of(PROJECT["project"]["dependencies"]) <= pins_of("runtime.txt").keys()


def test_every_test_tool_is_pinned() -> None:
    assert names_of(PROJECT["project"]["optional-dependencies"]["test"]) <= pins_of("test.txt").keys()


def test_the_build_backend_and_what_links_a_checkout_are_pinned() -> None:
    assert names_of(PROJECT["build-system"]["requires"]) | {"editables"} <= pins_of("build.txt").keys()


def test_tests_run_on_the_very_versions_that_are_shipped() -> None:
    assert pins_of("runtime.txt").items() <= pins_of("test.txt").items()


def test_no_package_is_pinned_to_two_versions() -> None:
    build, test = pins_of("build.txt"), pins_of("test.txt")
    assert {name: test[name] for name in build.keys() & test} == {name: build[name] for name in build.keys() & test}


@pytest.mark.parametrize("file", PIN_FILES)
def test_every_pin_is_exact_and_hashed(file: str) -> None:
    text = re.sub(r"\s*\\\n\s*", " ", (PINS / file).read_text(encoding="utf-8"))
    pins = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.match(r"\S+==\S+ (; [^\\]+ )?--hash=sha256:[0-9a-f]{64}", pin)] == []


@pytest.mark.parametrize("file", PIN_FILES)
def test_the_pins_name_no_index_and_no_machine(file: str) -> None:
    text = (PINS / file).read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:extra-)?index|--find-links|/home/|/root/|/tmp/", text) == []


@pytest.mark.parametrize("group", ["scripts", "gui-scripts"])
def test_each_command_of_the_distribution_is_something_that_can_be_called(group: str) -> None:
    for name, target in PROJECT["project"][group].items():
        assert callable(importlib.metadata.EntryPoint(name, target, group).load())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings its libraries")
def test_only_the_libraries_that_the_system_lacks_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "packaging")
    libraries = importlib.import_module("libraries")
    assert libraries.missing_libraries({"libc.so.6": "libc6", "libnowhere.so.7": "libnowhere7"}) == {
        "libnowhere.so.7": "libnowhere7"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in the wheel that this checkout gives."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("webhook_inspector-*.whl")
    return zipfile.ZipFile(file).namelist()


def test_a_wheel_carries_the_plain_files_of_the_checkout_but_not_the_pictures_of_the_readme(wheel: list[str]) -> None:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "resources").rglob("*") if file.is_file()}
    needed = {f"inspector/{file}" for file in files if not file.startswith("resources/screenshots/")}
    assert needed
    assert {name for name in wheel if name.startswith("inspector/resources/")} == needed


def test_a_wheel_brings_the_package_and_nothing_else_to_import(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel if not re.match(r"webhook_inspector-[^/]+\.dist-info/", name)} == {
        "inspector"
    }
