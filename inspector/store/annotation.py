"""What people wrote to deliveries: notes and tags."""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import batched

import msgspec

from inspector.core.annotation import NO_ANNOTATION, Annotation

_SLICE = 500
_decode_tags = msgspec.json.Decoder(tuple[str, ...]).decode


def load(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Annotation]:
    """The annotations of those of `ids` that have one."""
    found: dict[int, Annotation] = {}
    for some in batched(ids, _SLICE):
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT id, note, tags FROM annotation WHERE id IN ({marks})", some)  # noqa: S608
        found |= {id_: Annotation(note, _decode_tags(tags)) for id_, note, tags in rows}
    return found


def every(connection: sqlite3.Connection) -> list[tuple[int, Annotation]]:
    """All annotations with their deliveries' ids, for searches."""
    rows = connection.execute("SELECT id, note, tags FROM annotation")
    return [(id_, Annotation(note, _decode_tags(tags))) for id_, note, tags in rows]


def save(annotations: Mapping[int, Annotation], connection: sqlite3.Connection) -> dict[int, Annotation]:
    """Write `annotations` to the deliveries that are there; returns what stood there before."""
    ids = list(annotations)
    there: set[int] = set()
    for some in batched(ids, _SLICE):
        marks = ", ".join("?" * len(some))
        there |= {id_ for (id_,) in connection.execute(f"SELECT id FROM delivery WHERE id IN ({marks})", some)}  # noqa: S608
    before = load(connection, ids)
    kept = [(id_, each) for id_, each in annotations.items() if id_ in there]
    connection.executemany(
        "INSERT OR REPLACE INTO annotation VALUES (?, ?, ?)",
        [(id_, each.note, msgspec.json.encode(each.tags).decode()) for id_, each in kept if each != NO_ANNOTATION],
    )
    connection.executemany("DELETE FROM annotation WHERE id = ?", [(id_,) for id_, e in kept if e == NO_ANNOTATION])
    return {id_: before.get(id_, NO_ANNOTATION) for id_, _ in kept}
