"""The environment in `.venv`: made from the pins when it is missing, mended when it is not what they say.

Only the standard library: this runs before anything is installed. What was installed is noted in `.venv/made-from` when
all of it is there, so an interrupted start leaves no note and the next one begins anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NOTE = FOLDER / "made-from"
PINS = ROOT / "packaging" / "requirements"


@dataclass(frozen=True, slots=True)
class Installer:
    """A tool that makes the environment and fills it."""

    name: str
    create: Sequence[str]
    install: Sequence[str]


def prepare(*, tests: bool) -> Path:
    """Bring the environment up to date, with the test tools if asked, and give its interpreter."""
    wanted = _wanted(tests=tests)
    if wanted.items() <= _noted().items() and PYTHON.exists():
        return PYTHON
    with _alone():
        noted = _noted()  # another start may just have done it
        if not wanted.items() <= noted.items():
            _bring_up(noted, wanted)
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


class _alone:  # noqa: N801 - read as a word of the with statement
    """Holds the checkout, so that a second start waits for the first instead of mending what is half made."""

    def __enter__(self) -> None:
        self._handle = -1
        if os.name != "nt":
            import fcntl

            self._handle = os.open(ROOT, os.O_RDONLY)
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._handle >= 0:
            os.close(self._handle)


def _bring_up(noted: dict[str, str], wanted: dict[str, str]) -> None:
    """Install what is missing; anew when the pins or the place changed, so that nothing of the old ones is left."""
    kept = {"python", "folder", "runtime"} | ({"test"} & noted.keys() & wanted.keys())
    anew = any(noted.get(name) != wanted[name] for name in kept)
    for installer in _installers():
        try:
            _install(installer, noted, wanted, anew=anew)
        except (subprocess.CalledProcessError, OSError) as error:
            say(f"{installer.name} did not manage: {error}")
            anew = True
        else:
            return
    give_up("The environment could not be made; what pip says above tells why. The next start tries again.")


def _install(installer: Installer, noted: dict[str, str], wanted: dict[str, str], *, anew: bool) -> None:
    NOTE.unlink(missing_ok=True)
    if anew:
        say(f"Making the environment in .venv with Python {wanted['python']} and {installer.name}: a minute, once.")
        shutil.rmtree(FOLDER, ignore_errors=True)
        subprocess.run(installer.create, check=True, stdin=subprocess.DEVNULL, cwd=ROOT)
        noted = {}
    pins = [name for name in ("runtime", "test") if name in wanted and name not in noted]
    if pins:
        files = [word for name in ("build", pins[-1]) for word in ("-r", str(PINS / f"{name}.txt"))]
        subprocess.run([*installer.install, "--require-hashes", *files], check=True, stdin=subprocess.DEVNULL, cwd=ROOT)
    project = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    subprocess.run([*installer.install, *project], check=True, stdin=subprocess.DEVNULL, cwd=ROOT)
    NOTE.write_text("".join(f"{name} {value}\n" for name, value in (noted | wanted).items()), encoding="utf-8")


def _installers() -> Iterator[Installer]:
    """uv where it is, then venv and pip, which know the indices that pip is set up with."""
    base = getattr(sys, "_base_executable", "") or sys.executable  # ours may lie in the folder that is removed
    if uv := shutil.which("uv"):
        yield Installer(
            "uv",
            (uv, "venv", "--quiet", "--python", base, str(FOLDER)),
            (uv, "pip", "install", "--quiet", "--python", str(PYTHON)),
        )
    yield Installer(
        "pip",
        (base, "-m", "venv", str(FOLDER)),
        (str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
    )
