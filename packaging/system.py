"""The system's own libraries that Qt needs, brought with apt where we may, named where we may not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from environment import say

# The file that Qt loads, and the Debian package that has it.
OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libbrotlidec.so.1": "libbrotli1",
}
X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_LINKER_CACHE = Path("/etc/ld.so.cache")


def bring_libraries(libraries: Mapping[str, str]) -> None:
    """Install what is missing of `libraries`, or say what to install, and go on: Qt itself has the last word."""
    missing = missing_libraries(libraries)
    if not missing:
        return
    if shutil.which("apt-get") is None:
        say(f"Qt needs libraries that this system lacks: {', '.join(missing)}")
    else:
        bring_packages(missing.values(), "for Qt")


def missing_libraries(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those that the linker does not know. Its cache is read as it is: asking a package manager takes too long."""
    if not sys.platform.startswith("linux") or not _LINKER_CACHE.exists():
        return {}
    known = _LINKER_CACHE.read_bytes()
    return {file: package for file, package in libraries.items() if file.encode() + b"\0" not in known}


def bring_venv() -> None:
    """Debian keeps what `python -m venv` needs in a package of its own."""
    if find_spec("ensurepip") is None and shutil.which("apt-get"):
        bring_packages([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"], "to make an environment")


def bring_packages(packages: Iterable[str], purpose: str) -> None:
    """Install `packages` when we are root; else, or when that fails, print the line that does it."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() == 0:
        say(f"Installing {' '.join(packages)} {purpose}.")
        if _quietly(["apt-get", "update"]) and _quietly(command):
            return
    say(f"Some of the system's packages are missing {purpose}. As root: apt-get update && {' '.join(command)}")


def _quietly(command: Sequence[str]) -> bool:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr.strip())
    return done.returncode == 0
