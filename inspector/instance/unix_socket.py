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

PAUSE_S = 1.0

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


def serve(address: str, opened: Opened, *, limit: int) -> "SocketServer":
    """Serve on `address`, in the place of a dead socket: whoever holds the folder's lock is the only one who does."""
    return SocketServer(_listening(address), opened, limit)


class SocketServer:
    """Takes connections until it is closed.

    asyncio's own server breaks when it is closed while a connection is being accepted (its transport then
    belongs to a server that is gone), so accepting is done here.
    """

    def __init__(self, bound: socket.socket, opened: Opened, limit: int) -> None:
        self._bound, self._opened, self._limit = bound, opened, limit
        self._opening: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        self._resume()

    async def close(self) -> None:
        """Take no more connections."""
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._bound.fileno())
        self._bound.close()
        tasks = tuple(self._opening)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _resume(self) -> None:
        self._loop.add_reader(self._bound.fileno(), self._accept)

    def _accept(self) -> None:
        try:
            connection, _ = self._bound.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # gone again
        except OSError:  # no descriptor is free: not asked again at every turn of the loop
            self._loop.remove_reader(self._bound.fileno())
            self._pause = self._loop.call_later(PAUSE_S, self._resume)
            return
        task = self._loop.create_task(self._open(connection))
        self._opening.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._opening.discard(task)
            if task.cancelled() or task.exception() is not None:
                connection.close()

        task.add_done_callback(ended)

    async def _open(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        self._opened(*await asyncio.open_unix_connection(sock=connection, limit=self._limit))


def forget(address: str) -> None:
    """Remove the socket's file."""
    Path(address).unlink(missing_ok=True)


def is_ours(writer: asyncio.StreamWriter) -> bool:
    """Whether the same user is on the other side, where the system tells (Linux)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    # Both sides of a Unix socket are known to the kernel: pid, uid, gid (unix(7)).
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


def _listening(address: str) -> socket.socket:
    Path(address).unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(address)
        Path(address).chmod(0o600)  # nobody can connect before it listens
        bound.listen(16)
        bound.settimeout(0)
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
