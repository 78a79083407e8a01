"""Replace a small file so that a reader, or a crash, sees either the old text or the new one."""

import contextlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Write `text` (UTF-8) into a new file beside `path`, sync it, and put it in the place of `path`.

    `private` files are readable by their owner only, from the moment they exist (mode 0600); others get
    the rights that the process's umask leaves. Raises OSError; `path` is then as it was.
    """
    # mkstemp creates with O_CREAT | O_EXCL and mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if not private:
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


def _umask() -> int:
    # There is no way to read it but to set it; both calls are immediate.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the new name durable. Windows cannot sync a folder; a file system that refuses keeps the text anyway."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
