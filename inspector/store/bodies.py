"""Large bodies: each in a file of its own in the folder `bodies`, kept by the row that names it.

A file has its final name from the start. It counts only once a row names it, and that row is committed after
the file and its folder are on the disk; what no row names is removed at the next start.
"""

import contextlib
import errno
import mmap
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

FOLDER_NAME = "bodies"
_OURS = re.compile(r"[0-9a-f]{16}\.body")


class Spooled(Protocol):
    """What the intake hands back of a body that it spooled here."""

    def finish(self) -> memoryview:
        """The whole body."""

    def discard(self) -> None:
        """Remove it."""


class SpooledBody:
    """A large body on its way into its file. A `write` that fails has written nothing that counts."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where the file cannot be made."""
        self._descriptor = -1  # there is nothing to close yet, should one of the next lines fail
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{secrets.token_hex(8)}.body"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(self.path, flags, 0o600)
        self._view: memoryview | None = None

    def write(self, chunk: bytes) -> None:
        """Append `chunk`. Raises OSError where the disk refuses."""
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def finish(self) -> memoryview:
        """The whole body as a view of the mapped file. Nothing can be written afterwards."""
        if self._view is None:
            self._view = _mapped(self._descriptor)
        return self._view

    def sync(self) -> None:
        """Bring the bytes to the disk, and close the file; the view stays. Blocks. Raises OSError."""
        if self._descriptor >= 0:
            _sync(self._descriptor)
            self._close()

    def discard(self) -> None:
        """Remove the file: the request did not become a delivery."""
        self._close()
        self._view = None  # who still looks at the body keeps the mapping alive
        with contextlib.suppress(OSError):  # mapped files cannot be removed on Windows: the next start does it
            self.path.unlink()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        self._close()


def view(folder: Path, name: str) -> memoryview:
    """The kept body of this name, mapped. Raises OSError where it is gone."""
    descriptor = os.open(folder / FOLDER_NAME / name, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return _mapped(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names of new files durable. Raises OSError."""
    if sys.platform == "win32":  # it cannot, and journals them itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove kept bodies that no row names any more; one that cannot be removed waits for the next start."""
    for name in names:
        with contextlib.suppress(OSError):
            (folder / FOLDER_NAME / name).unlink()


def names(folder: Path) -> Iterator[str]:
    """The names of all body files; what is not ours in the folder is passed over."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder / FOLDER_NAME) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name):
                yield entry.name


def _mapped(descriptor: int) -> memoryview:
    if os.fstat(descriptor).st_size == 0:  # nothing cannot be mapped
        return memoryview(b"")
    return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.EINVAL):  # a file system that has only the plain one
                raise
        else:
            return
    os.fsync(descriptor)
