"""The system's own libraries that Qt needs, brought with apt where we may, named where we may not."""

import sys
from collections.abc import Mapping
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
    import apt  # costs more than looking, which each start pays

    if apt.is_here():
        apt.bring(missing.values(), "for Qt")
    else:
        say(f"Qt needs libraries that this system lacks: {', '.join(missing)}")


def missing_libraries(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those that the linker does not know. Its cache is read as it is: asking a package manager takes too long."""
    if not sys.platform.startswith("linux") or not _LINKER_CACHE.exists():
        return {}
    known = _LINKER_CACHE.read_bytes()
    return {file: package for file, package in libraries.items() if file.encode() + b"\0" not in known}
