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
HELD_BYTES = 1 << 20
"""A spooled body is in memory up to this size."""

_OURS = re.compile(r"[0-9a-f]{16}\.body")


class Spooled(Protocol):
    """What the intake hands back of a body that it spooled here."""

    def finish(self) -> memoryview:
        """The whole body."""

    def discard(self) -> None:
        """Remove it."""


class SpooledBody:
    """A large body on its way into its file. A `write` that fails has written nothing that counts.

    It is held in memory up to `HELD_BYTES`, so that the file of most bodies is made, written and synced in one go,
    away from the loop: a page that the system has to find for the file costs as much as hashing it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{secrets.token_hex(8)}.body"
        self._descriptor = -1  # no file yet, or no more
        self._held = bytearray()
        self._view: memoryview | None = None
        self._synced = False

    def write(self, chunk: bytes) -> None:
        """Append `chunk`. Raises OSError where the disk refuses, at the latest in `sync`."""
        self._held += chunk
        if len(self._held) > HELD_BYTES:
            self._flush()

    def finish(self) -> memoryview:
        """The whole body; a view of the mapped file where it is in one. Nothing can be written afterwards.

        Raises OSError where the disk refuses.
        """
        if self._view is None:
            if self._descriptor < 0:
                self._view = memoryview(self._held).toreadonly()
            else:
                self._flush()
                self._view = _mapped(self._descriptor)
        return self._view

    def sync(self) -> None:
        """Bring the bytes to the disk, and close the file; the view stays. Blocks. Raises OSError."""
        if not self._synced:
            self._flush()
            _sync(self._descriptor)
            _let_go(self._descriptor)
            self._synced = True
            self._close()

    def _flush(self) -> None:
        """Append what is held to the file, made where it is missing."""
        if self._descriptor < 0:
            self._descriptor = _new_file(self.path)
        rest = memoryview(self._held)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._held = bytearray()  # a view of the old one may be about

    def discard(self) -> None:
        """Remove the file: the request did not become a delivery."""
        self._close()
        self._held = bytearray()
        self._view = None  # who still looks at the body keeps the mapping alive
        with contextlib.suppress(OSError):  # mapped files cannot be removed on Windows: the next start does it
            self.path.unlink()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        self._close()


def _new_file(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.open(path, flags, 0o600)


def _let_go(descriptor: int) -> None:
    """Tell the system that it need not keep the synced file in memory.

    A body is seldom looked at, and the next one gets the pages of this: where the system has to find new ones, writing
    1 MiB took 1.5-2.9 ms of processor instead of 0.35 (Linux 6.18, virtual machine).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


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
