"""The shape of the program is kept: which part may import which, and that each module says what it is."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import inspector

ROOT = Path(__file__).parent.parent
MODULES = sorted(Path(inspector.__file__).parent.rglob("*.py"))


def test_every_part_imports_only_what_the_contracts_allow() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_in_its_first_line_what_it_is(module: Path) -> None:
    assert (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "").strip()
