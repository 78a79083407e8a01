"""The log in the data folder, for the person who runs the program: no bodies and no secrets."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FOLDER_NAME = "log"
FILE_NAME = "inspector.log"
_LARGEST_BYTES = 1 << 20
_KEPT = 3


def log_into(folder: Path) -> Path | None:
    """Write what is logged from now on into `folder`/log, and where; None where that cannot be."""
    file = folder / FOLDER_NAME / FILE_NAME
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RotatingFileHandler) and Path(handler.baseFilename) == file.absolute():
            return file
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.mkdir(exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(file, maxBytes=_LARGEST_BYTES, backupCount=_KEPT, encoding="utf-8", delay=False)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not print into the terminal
    return file
