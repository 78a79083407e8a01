"""The environment in `.venv`: made from the pins when it is missing, mended when it is not what they say.

Only the standard library: this runs before anything is installed. What was installed is noted in `.venv/made-from` when
all of it is there, so an interrupted start leaves no note and the next one begins anew. A start that finds its note
imports little: it happens at every start of the window.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NOTE = FOLDER / "made-from"
PINS = ROOT / "packaging" / "requirements"


def prepare(*, tests: bool) -> Path:
    """Bring the environment up to date, with the test tools if asked, and give its interpreter."""
    wanted = _wanted(tests=tests)
    if wanted.items() <= _noted().items() and PYTHON.exists():
        return PYTHON
    import installation  # costs more than all the rest, which each start pays

    with installation.alone():
        noted = _noted()  # another start may just have done it
        if not wanted.items() <= noted.items() or not PYTHON.exists():
            installation.bring_up(noted, wanted)
    return PYTHON


def say(text: str) -> None:
    """Tell the person who waits, beside the output of the program itself."""
    print(text, file=sys.stderr, flush=True)


def give_up(text: str) -> NoReturn:
    """End with the sentence `text` and the exit code for "cannot run"."""
    say(text)
    sys.exit(3)


def become(command: Sequence[str | Path]) -> NoReturn:
    """Go on as `command`; its exit code is ours."""
    words = [str(word) for word in command]
    if os.name == "nt":  # there, exec returns to the console at once
        import subprocess

        sys.exit(subprocess.call(words))
    os.execv(words[0], words)


def _wanted(*, tests: bool) -> dict[str, str]:
    """What the environment depends on. A moved checkout counts: an environment knows its own path."""
    wanted = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "folder": str(ROOT),
        "runtime": _digest(PINS / "runtime.txt", PINS / "build.txt"),
        "project": _digest(ROOT / "pyproject.toml"),
    }
    return wanted | {"test": _digest(PINS / "test.txt")} if tests else wanted


def _noted() -> dict[str, str]:
    try:
        lines = NOTE.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
