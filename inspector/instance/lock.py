"""The lock file that only one process holds."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FILE_NAME = "lock"


class FolderError(Exception):
    """The data folder cannot be held. Its text is one sentence."""


class FolderInUse(FolderError):
    """Another process holds the folder. `pid` is 0 where it cannot be told."""

    def __init__(self, folder: Path, pid: int = 0) -> None:
        self.folder, self.pid = folder, pid
        super().__init__(f"{folder} is in use by another instance{f' (process {pid})' if pid else ''}.")


class FolderUnusable(FolderError):
    """The folder cannot be made or written to."""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process, making it where it is missing. Raises FolderInUse or FolderUnusable.

    The system releases the lock with the process, however that ends; the file itself stays.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (folder / FILE_NAME).open("a+b")
    except OSError as error:
        raise FolderUnusable(f"{folder} cannot be used: {error.strerror}.") from error
    with file:
        try:
            locked = _locked(file)
        except OSError as error:  # a file system without locks
            raise FolderUnusable(f"{folder} cannot be locked: {error.strerror}.") from error
        if not locked:
            raise FolderInUse(folder, _pid_in(folder))
        _write_pid(file)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                file.truncate(0)
            _unlock(file)


def _pid_in(folder: Path) -> int:
    try:
        text = (folder / FILE_NAME).read_bytes()[:20].decode()
    except (OSError, UnicodeDecodeError):
        return 0
    return int(text) if text.strip().isdecimal() else 0


def _write_pid(file: BinaryIO) -> None:
    """For people who look into the folder; the lock does not depend on it, so a full disk does not matter."""
    with contextlib.suppress(OSError):
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()


if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others, so it is one far behind the text.
    _BYTE = 1 << 30

    def _locked(file: BinaryIO) -> bool:
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

    def _unlock(file: BinaryIO) -> None:
        with contextlib.suppress(OSError):
            file.seek(_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _locked(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
