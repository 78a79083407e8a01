"""The channel as a Unix socket in a folder that only its user can enter."""

import asyncio
import contextlib
import hashlib
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

_LONGEST_PATH = 100  # bytes; macOS takes 104 with the final NUL, Linux 108

type Opened = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


def new_address(folder: Path) -> str:
    """The path of the socket for the data `folder`. Its parent exists afterwards and is the user's alone.

    Raises OSError where there is no such place.
    """
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    for parent in _parents():
        path = parent / f"{name}.sock"
        if len(os.fsencode(path)) <= _LONGEST_PATH and _is_private(parent):
            return str(path)
    raise OSError("there is no folder that only this user can enter")


async def serve(address: str, opened: Opened, *, limit: int) -> asyncio.AbstractServer:
    """Serve on `address`, in the place of a dead socket: whoever holds the folder's lock is the only one who does."""
    return await asyncio.start_unix_server(opened, sock=_bound(address), limit=limit)


def forget(address: str) -> None:
    """Remove the socket's file."""
    Path(address).unlink(missing_ok=True)


def is_ours(writer: asyncio.StreamWriter) -> bool:
    """Whether the same user is on the other side, where the system tells (Linux)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    raw = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", raw)
    return bool(uid == os.getuid())


def asked(address: str, question: bytes, *, limit_s: float, longest: int) -> bytes:
    """The line that is answered to `question`. Raises OSError where nobody is there or it takes too long."""
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
        connection.settimeout(limit_s)
        connection.connect(address)
        connection.sendall(question)
        with connection.makefile("rb") as stream:
            return stream.readline(longest)


def _bound(address: str) -> socket.socket:
    Path(address).unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(address)
        Path(address).chmod(0o600)  # nobody can connect before it listens
    except BaseException:
        bound.close()
        raise
    return bound


def _parents() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    temporary = Path(tempfile.gettempdir()) / f"webhook-inspector-{os.getuid()}"
    chosen = [Path(runtime) / "webhook-inspector"] if runtime and Path(runtime).is_dir() else []
    return [*chosen, temporary, Path("/tmp") / temporary.name]  # noqa: S108 - made private and checked before use


def _is_private(folder: Path) -> bool:
    """Whether `folder`, made where missing, is a real folder that only this user can enter."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return mine and not stat.S_IMODE(found.st_mode) & 0o077
