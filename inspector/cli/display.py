"""Whether there is a display to open a window on, found out without Qt: Qt itself aborts without one.

`python -m inspector.cli.display` ends with 0 where there is one and with 3 where there is none.
"""

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_LIMIT_S = 1.0


def has_display(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether Qt would find a display. A set QT_QPA_PLATFORM, offscreen too, counts as one."""
    if environ.get("QT_QPA_PLATFORM"):
        return True
    if platform in ("darwin", "win32"):
        return True
    return _wayland_answers(environ) or _x_answers(environ.get("DISPLAY", ""))


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    if environ.get("WAYLAND_SOCKET"):  # a connection that was handed over
        return True
    name = environ.get("WAYLAND_DISPLAY", "")
    # An absolute name stands for itself.
    return bool(name) and _unix_answers(str(Path(environ.get("XDG_RUNTIME_DIR", "/nowhere")) / name))


def _x_answers(display: str) -> bool:
    """`[host]:number[.screen]`, where no host or `unix` is this machine, as libxcb reads it."""
    if display.startswith("/") and _unix_answers(display.rpartition(".")[0] or display):  # XQuartz
        return True
    found = re.fullmatch(r"(?:[^/]*/)?(.*):(\d+)(?:\.\d+)?", display)
    if found is None:
        return False
    host, number = found[1], int(found[2])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
        return _unix_answers(f"\0{path}") or _unix_answers(path) or _tcp_answers("localhost", 6000 + number)
    return _tcp_answers(host.strip("[]"), 6000 + number)


def _unix_answers(path: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_LIMIT_S)
            probe.connect(path)
    except (OSError, ValueError):
        return False
    return True


def _tcp_answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _LIMIT_S):
            return True
    except (OSError, ValueError, OverflowError):
        return False


if __name__ == "__main__":
    sys.exit(0 if has_display() else 3)
