"""Making the environment and filling it from the pins, with uv where it is and with venv and pip where not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from apt import bring_venv
from environment import FOLDER, NOTE, PINS, PYTHON, ROOT, give_up, say

type Facts = Mapping[str, str]
"""Name to digest of what an environment depends on, as its note has them."""


@dataclass(frozen=True, slots=True)
class Installer:
    """A tool that makes the environment and fills it."""

    name: str
    create: Sequence[str]
    install: Sequence[str]


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout, so that a second start waits for the first instead of mending what is half made."""
    if os.name == "nt":
        yield
        return
    import fcntl

    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def bring_up(noted: Facts, wanted: Facts) -> None:
    """Install what is missing; anew when the pins or the place changed, so that nothing of the old ones is left."""
    kept = {"python", "folder", "runtime"} | ({"test"} & noted.keys() & wanted.keys())
    anew = any(noted.get(name) != wanted[name] for name in kept)
    for installer in _installers():
        try:
            _install(installer, noted, wanted, anew=anew)
        except (subprocess.CalledProcessError, OSError) as error:
            say(f"{installer.name} did not manage it: {error}")
            anew = True
        else:
            return
    give_up("The environment could not be made; what pip says above tells why. The next start tries again.")


def _install(installer: Installer, noted: Facts, wanted: Facts, *, anew: bool) -> None:
    NOTE.unlink(missing_ok=True)
    if anew:
        say(f"Making the environment in .venv with Python {wanted['python']} and {installer.name}: a minute, once.")
        shutil.rmtree(FOLDER, ignore_errors=True)
        _run(installer.create)
        noted = {}
    pins = [name for name in ("runtime", "test") if name in wanted and name not in noted]
    if pins:
        files = [word for name in ("build", pins[-1]) for word in ("-r", str(PINS / f"{name}.txt"))]
        _run([*installer.install, "--require-hashes", *files])
    project = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    _run([*installer.install, *project])
    NOTE.write_text("".join(f"{name} {value}\n" for name, value in {**noted, **wanted}.items()), encoding="utf-8")


def _installers() -> Iterator[Installer]:
    """uv where it is, then venv and pip, which know the indices that pip is set up with."""
    base = getattr(sys, "_base_executable", "") or sys.executable  # ours may lie in the folder that is removed
    if uv := shutil.which("uv"):
        yield Installer(
            "uv",
            (uv, "venv", "--quiet", "--python", base, str(FOLDER)),
            (uv, "pip", "install", "--quiet", "--python", str(PYTHON)),
        )
    bring_venv()
    yield Installer(
        "pip",
        (base, "-m", "venv", str(FOLDER)),
        (str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"),
    )


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, cwd=ROOT)
