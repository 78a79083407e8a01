"""Checkpoints off the commit path: a thread with a connection of its own moves the WAL into the database."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from inspector.store.sqlite import JOURNAL_LIMIT_BYTES, PAGE_BYTES, open_checkpointer, reason

logger = logging.getLogger(__name__)

_EVERY_BYTES = 4 << 20
_ROW_BYTES = 300  # what a delivery writes besides its content
_BATCH_BYTES = 8 * PAGE_BYTES  # the pages that every commit writes again


class Checkpoints:
    """Starts a checkpoint whenever about 4 MiB were written.

    While the writer goes on, no checkpoint catches up with it, and the WAL would never begin anew. So when it is
    large, `finish` is called, after most is moved: the writer then moves the little that is left between two commits.
    """

    def __init__(self, folder: Path, finish: Callable[[], None]) -> None:
        self._folder = folder
        self._finish = finish
        self._written = 0
        self._due = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="store-checkpoints", daemon=True)
        self._thread.start()

    def wrote(self, content_bytes: int, deliveries: int) -> None:
        """Count a commit. Called by the writer's thread."""
        self._written += content_bytes + deliveries * _ROW_BYTES + _BATCH_BYTES
        if self._written >= _EVERY_BYTES:
            self._written = 0
            self._due.set()

    def close(self) -> None:
        """End the thread. What is left in the WAL is moved when the last connection closes."""
        self._closing = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._closing:
                return
            try:
                self._checkpoint()
            except sqlite3.Error as error:  # nothing is lost: the WAL keeps it, and the next one tries again
                logger.warning("the checkpoint of %s failed: %s", self._folder, reason(error))

    def _checkpoint(self) -> None:
        connection = open_checkpointer(self._folder)
        try:
            _, in_wal, _ = checkpoint(connection)
            if in_wal * PAGE_BYTES >= JOURNAL_LIMIT_BYTES:
                checkpoint(connection)  # what came meanwhile
                self._finish()
        finally:
            connection.close()


def checkpoint(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Move what can be moved without waiting for anybody: whether busy, pages in the WAL, pages moved so far."""
    busy, in_wal, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return busy, in_wal, moved
