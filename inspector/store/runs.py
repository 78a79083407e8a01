"""Several resends that belong together, as rows and back."""

import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Run:
    """A run of resends: what it was to do, and what came of it. `ended_ns` is 0 where it did not end."""

    id: int
    started_ns: int
    ended_ns: int
    what: Mapping[str, Any]
    result: Mapping[str, Any]


def begin(connection: sqlite3.Connection, what: Mapping[str, Any]) -> int:
    """A new run; its id."""
    values = (time.time_ns(), msgspec.json.encode(what).decode())
    return connection.execute("INSERT INTO run VALUES (NULL, ?, 0, ?, '{}')", values).lastrowid or 0


def end(connection: sqlite3.Connection, id_: int, result: Mapping[str, Any]) -> None:
    """It has ended, with this result."""
    values = (time.time_ns(), msgspec.json.encode(result).decode(), id_)
    connection.execute("UPDATE run SET ended_ns = ?, result = ? WHERE id = ?", values)


def load(connection: sqlite3.Connection, limit: int) -> list[Run]:
    """The newest first."""
    found = connection.execute(
        "SELECT id, started_ns, ended_ns, what, result FROM run ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [Run(i, s, e, msgspec.json.decode(what), msgspec.json.decode(result)) for i, s, e, what, result in found]
