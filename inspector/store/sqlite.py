"""Opening `store.db`: its connections, its settings, its form, and errors in one sentence."""

import os
import sqlite3
import sys
from pathlib import Path

from inspector.store.migrations import MIGRATIONS

FILE_NAME = "store.db"
APPLICATION_ID = 0x5748494E  # "WHIN"
PAGE_BYTES = 4096
JOURNAL_LIMIT_BYTES = 32 << 20
_BUSY_S = 5.0
_CACHED_STATEMENTS = 64


class StoreError(Exception):
    """The store cannot do what was asked; the message is one sentence for a person."""


def open_writer(folder: Path) -> sqlite3.Connection:
    """The one connection that writes, its file made and brought up to date where needed.

    Raises StoreError where the folder or the file cannot be used.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # the files beside it get its rights
        connection = _connect(path, "rw")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The folder {folder} cannot be used: {reason(error)}.") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"The store {path} cannot be used: {reason(error)}.") from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(folder: Path) -> sqlite3.Connection | None:
    """A connection that only reads; None while there is nothing to read yet. Raises StoreError."""
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        # A connection that may not write cannot make the files beside the WAL, so it is held back by a pragma.
        connection = _connect(path, "ro&immutable=1" if _is_frozen(path) else "rw")
        try:
            if 0 < _version(connection) < len(MIGRATIONS):
                connection.close()
                open_writer(folder).close()
                connection = _connect(path, "rw")
            connection.execute("PRAGMA query_only = ON")
            version = _version(connection)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The store {path} cannot be read: {reason(error)}.") from error
    if version == 0:  # the writer is about to make it
        connection.close()
        return None
    _refuse_newer(connection, version, path)
    return connection


def open_checkpointer(folder: Path) -> sqlite3.Connection:
    """A connection that moves pages from the WAL into the database."""
    connection = _connect(folder / FILE_NAME, "rw")
    _set_durable(connection)
    return connection


def reason(error: Exception) -> str:
    """What went wrong, as the end of a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,  # each has one owner at a time, which need not be the thread that opened it
        cached_statements=_CACHED_STATEMENTS,
    )


def _is_frozen(path: Path) -> bool:
    """Whether nothing can change the database, as on a disk that is read-only: then all of it is in the one file."""
    log = path.with_name(f"{path.name}-wal")
    return not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    elif application != APPLICATION_ID:
        raise StoreError(f"The file {path} is a database of another program.")
    connection.execute("PRAGMA journal_mode = WAL")
    _set_durable(connection)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT_BYTES}")
    connection.execute("PRAGMA secure_delete = FAST")
    _refuse_newer(connection, version, path)
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if _version(connection) < number:  # else another connection was faster
                raise


def _set_durable(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    if sys.platform == "darwin":  # fsync there leaves the bytes in the drive's cache
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _refuse_newer(connection: sqlite3.Connection, version: int, path: Path) -> None:
    if version > len(MIGRATIONS):
        connection.close()
        raise StoreError(f"The store {path} was written by a newer version of the program (form {version}).")
