"""The chain of handlers in the database: the handlers in order, and every revision that ever judged a delivery."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from inspector.core.handler import Handler

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Handler).decode


def load(connection: sqlite3.Connection) -> tuple[Handler, ...]:
    """The chain as it stands."""
    found = connection.execute(
        "SELECT handler.id, revision, value FROM handler JOIN handler_revision ON handler_revision.id = revision "
        "WHERE position IS NOT NULL ORDER BY position"
    )
    return tuple(replace(_decode(value), id=id_, revision=revision) for id_, revision, value in found)


def load_revision(connection: sqlite3.Connection, revision: int) -> Handler | None:
    """The handler as it was in this revision; None where there never was one."""
    row = connection.execute("SELECT handler, value FROM handler_revision WHERE id = ?", (revision,)).fetchone()
    return None if row is None else replace(_decode(row[1]), id=row[0], revision=revision)


def save(connection: sqlite3.Connection, handlers: Sequence[Handler]) -> tuple[Handler, ...]:
    """Make `handlers` the chain; each comes back with its id and revision.

    A revision is made only where the values are not those of the last one. A handler that left the chain keeps its
    id and revisions. Raises ValueError for an id that was never given out.
    """
    connection.execute("UPDATE handler SET position = NULL")
    return tuple(_save(connection, position, handler) for position, handler in enumerate(handlers))


def _save(connection: sqlite3.Connection, position: int, handler: Handler) -> Handler:
    value = _encode(replace(handler, id=0, revision=0))
    id_ = handler.id
    if id_ == 0:
        id_ = connection.execute("INSERT INTO handler (revision) VALUES (0)").lastrowid or 0
    row = connection.execute(
        "SELECT revision, value FROM handler LEFT JOIN handler_revision ON handler_revision.id = revision "
        "WHERE handler.id = ?",
        (id_,),
    ).fetchone()
    if row is None:
        raise ValueError(f"no handler has the id {id_}")
    revision, last_value = row
    if value != last_value:
        revision = connection.execute(
            "INSERT INTO handler_revision (handler, value) VALUES (?, ?)", (id_, value)
        ).lastrowid
    connection.execute("UPDATE handler SET position = ?, revision = ? WHERE id = ?", (position, revision, id_))
    return replace(handler, id=id_, revision=revision)
