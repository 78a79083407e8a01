"""The thread that writes: one batch a commit, and work in between, on the only connection that writes."""

import contextlib
import logging
import sqlite3
import threading
from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from inspector.store import bodies, rows
from inspector.store.bodies import SpooledBody
from inspector.store.checkpoints import Checkpoints, checkpoint
from inspector.store.codec import Encoder
from inspector.store.sqlite import StoreError, open_writer, reason

logger = logging.getLogger(__name__)

_SIZES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_CHANGE_BYTES = 512  # what a changed row costs in the WAL, about
_LARGEST = _SIZES[-1]
_SYNCING_AT_ONCE = 16
_DELIVERY_COLUMNS = f"{rows.DELIVERY_COLUMNS}, {rows.LENGTHS_COLUMNS}, codec, data"
_NO_DELIVERY = (None,) * (_DELIVERY_COLUMNS.count(",") + 1)
_NO_ANSWER = (None, None)
_FORESEEN = (sqlite3.Error, OSError, ValueError, OverflowError)
"""What the database, the disk, or a value that the database cannot hold can raise."""


@dataclass(slots=True)
class Batch:
    """What one commit makes durable. Ids are given by the thread, in this order."""

    deliveries: Sequence[rows.Row]  # without their ids: the columns of `delivery`, then rows.LENGTHS_COLUMNS
    contents: Sequence[bytes]  # of each delivery, not yet coded
    with_files: bool = False  # some have their bodies in files, which are synced already
    answered: Sequence[tuple[int, int]] = ()
    ladders: Sequence[tuple[int, str, bytes]] = ()
    answers: Sequence[tuple[int, bytes]] = ()
    origins: Sequence[tuple[int, bytes]] = ()
    first_id: int = 0  # set by the commit
    error: StoreError | None = None


type _Coded = tuple[int, bytes]
type Work[T] = Callable[[sqlite3.Connection], T]


class Writer:
    """Commits batches and does other work, one after the other, in a thread of its own.

    `encoder` codes what is written. After a failure the connection is opened anew, because the one that saw it
    may not notice that its cause ended.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the store in `folder`. Raises StoreError."""
        self.encoder = Encoder()
        self._folder = folder
        self._connection: sqlite3.Connection | None = open_writer(folder)
        self._last_id = _last_id(self._connection)
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._checkpoints = Checkpoints(folder, lambda: self._queue.put(self._finish_checkpoint))
        self._syncing = ThreadPoolExecutor(_SYNCING_AT_ONCE, "store-sync")
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def sync(self, file: SpooledBody) -> Future[None]:
        """Bring `file` to the disk; no commit waits for it meanwhile. Comes to StoreError where the disk refuses."""
        return self._syncing.submit(self._synced, file)

    def commit(self, batch: Batch, done: Callable[[Batch], None]) -> None:
        """Make `batch` durable, then call `done` with it, its ids or its error set. Called in the thread."""

        def work() -> None:
            try:
                self._commit(batch)
            except StoreError as error:
                batch.error = error
            done(batch)

        self._queue.put(work)

    def do[T](self, work: Work[T], done: Callable[[T | StoreError], None]) -> None:
        """Do `work` in a transaction of its own, then call `done` with what came of it. Called in the thread."""

        def run() -> None:
            try:
                result: T | StoreError = self._in_transaction(work)
            except StoreError as error:
                result = error
            done(result)

        self._queue.put(run)

    def close(self) -> None:
        """Finish what was asked for, then end. Blocks."""
        self._queue.put(None)
        self._thread.join()
        self._checkpoints.close()
        self._syncing.shutdown()
        if self._connection is not None:
            self._connection.close()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()
            del work  # it holds a batch, which is not kept until the next one

    def _commit(self, batch: Batch) -> None:
        first_id = self._last_id + 1
        try:
            if batch.with_files:
                bodies.sync_folder(self._folder / bodies.FOLDER_NAME)
            coded = self.encoder.encode_all(batch.contents)
            self._insert(batch, coded, first_id)
        except Exception as error:
            raise self._failed(error) from error
        batch.first_id = first_id
        self._last_id += len(batch.deliveries)
        self._checkpoints.wrote(sum([len(data) for _, data in coded]), len(coded))

    def _insert(self, batch: Batch, coded: Sequence[_Coded], first_id: int) -> None:
        connection = self._opened()
        rows_ = batch.deliveries
        count = max(len(rows_), len(batch.answered))
        alone = count <= _LARGEST and not (batch.ladders or batch.answers or batch.origins)
        if alone:  # the usual case: the statement is its own transaction
            connection.execute(*_statement(rows_, coded, batch.answered, first_id))
            return
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR REPLACE INTO ladder VALUES (?, ?, ?)", batch.ladders)
        connection.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?)", batch.answers)
        connection.executemany("INSERT OR REPLACE INTO origin VALUES (?, ?)", batch.origins)
        for start in range(0, count, _LARGEST):
            end = start + _LARGEST
            answered = batch.answered[start:end]
            connection.execute(*_statement(rows_[start:end], coded[start:end], answered, first_id + start))
        connection.execute("COMMIT")

    def _synced(self, file: SpooledBody) -> None:
        try:
            file.sync()
        except OSError as error:
            raise self._error(error) from error

    def _in_transaction[T](self, work: Work[T]) -> T:
        try:
            connection = self._opened()
            before = connection.total_changes
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            if changes := connection.total_changes - before:
                self._checkpoints.wrote(changes * _CHANGE_BYTES, 0)
        except Exception as error:
            raise self._failed(error) from error
        return result

    def _finish_checkpoint(self) -> None:
        if self._connection is not None:
            try:
                checkpoint(self._connection)
            except sqlite3.Error as error:
                logger.warning("the checkpoint of %s failed: %s", self._folder, reason(error))

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_writer(self._folder)
            self._last_id = _last_id(self._connection)
        return self._connection

    def _failed(self, error: Exception) -> StoreError:
        """What to tell whoever waits, for whatever reason: without this thread nothing is ever stored again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()  # what was not committed is rolled back
        if not isinstance(error, _FORESEEN):
            logger.error("the writer met an error that nobody foresaw", exc_info=error)
        return self._error(error)

    def _error(self, error: Exception) -> StoreError:
        return StoreError(f"The store in {self._folder} cannot be written: {reason(error)}.")


def _last_id(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'").fetchone()
    return 0 if row is None else int(row[0])


def _statement(
    deliveries: Sequence[rows.Row], coded: Sequence[_Coded], answered: Sequence[tuple[int, int]], first_id: int
) -> tuple[str, list[Any]]:
    """One INSERT of at most 256 rows, padded to a size that is prepared already."""
    values: list[Any] = []
    count = max(len(deliveries), len(answered))
    size = _SIZES[bisect_left(_SIZES, count)]
    for index, row in enumerate(deliveries):
        values.append(first_id + index)
        values += row
        values += coded[index]
        values += answered[index] if index < len(answered) else _NO_ANSWER
    for index in range(len(deliveries), size):
        values += _NO_DELIVERY
        values += answered[index] if index < len(answered) else _NO_ANSWER
    return _sql(size), values


@cache
def _sql(size: int) -> str:
    row = f"({', '.join('?' * (len(_NO_DELIVERY) + len(_NO_ANSWER)))})"
    columns = f"{_DELIVERY_COLUMNS}, answered_id, answered_ns"
    return f"INSERT INTO arriving ({columns}) VALUES {', '.join([row] * size)}"  # noqa: S608
