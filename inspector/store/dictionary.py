"""Dictionaries for the codec, trained on what the store received: they halve it, and coding takes half the time.

A dictionary holds pieces of deliveries and stays as long as the store, because others may need it.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from inspector.store.codec import Decoder
from inspector.store.sqlite import open_reader

FIRST_AFTER = 1_000
"""Deliveries before the first is trained."""
GROWTH = 10
"""Each further one comes when there are so many times as many as at the last."""

_BYTES = 16 << 10
_LONGEST = 16 << 10  # of a content that is trained on
_SAMPLES = 1_000
_FIRST_NUMBER = 2  # 0 and 1 are codecs without one


def trained(samples: Sequence[bytes]) -> bytes | None:
    """A dictionary for contents like `samples`; None where there is nothing in common to learn."""
    import zstandard

    try:
        # Given parameters, because the search for better ones takes seven times as long for two bytes in a hundred.
        return zstandard.train_dictionary(_BYTES, list(samples), k=256, d=8).as_bytes()
    except zstandard.ZstdError:
        return None


def trained_on(folder: Path) -> bytes | None:
    """A dictionary for the newest deliveries of the store in `folder`; None where it has too few. Blocks."""
    connection = open_reader(folder)
    if connection is None:
        return None
    try:
        decode = Decoder(lambda number: find(connection, number)).decode
        newest = connection.execute(
            "SELECT codec, data FROM content WHERE length(data) <= ? ORDER BY id DESC LIMIT ?", (_LONGEST, _SAMPLES)
        )
        return trained([decode(codec, data) for codec, data in newest])
    finally:
        connection.close()


def newest(connection: sqlite3.Connection) -> tuple[int, int, bytes] | None:
    """Number, last delivery at its training, and bytes of the dictionary to use; None while there is none."""
    row: tuple[int, int, bytes] | None = connection.execute(
        "SELECT id, trained_at, value FROM dictionary ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return row


def find(connection: sqlite3.Connection, number: int) -> bytes:
    """The dictionary of this number. Raises ValueError where there is none."""
    row = connection.execute("SELECT value FROM dictionary WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise ValueError(f"there is no codec {number}")
    return bytes(row[0])


def save(value: bytes, connection: sqlite3.Connection) -> tuple[int, int, bytes]:
    """Keep a dictionary; what `newest` will say of it."""
    connection.execute(
        "INSERT INTO dictionary VALUES ((SELECT coalesce(max(id) + 1, ?) FROM dictionary), "
        "(SELECT coalesce(max(id), 0) FROM delivery), ?)",
        (_FIRST_NUMBER, value),
    )
    saved = newest(connection)
    if saved is None:
        raise sqlite3.DatabaseError("the dictionary was not kept")
    return saved
