"""Targets that were used, with what a person has allowed for them."""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.core.target import NOTHING_ALLOWED, Allowance, Target

_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A target that was used: the last URL, and what is allowed."""

    url: str
    used_ns: int
    allowance: Allowance = NOTHING_ALLOWED


def used(connection: sqlite3.Connection, target: Target) -> None:
    """Remember that `target` was used."""
    connection.execute(
        "INSERT INTO target VALUES (?, ?, ?, 0, 0) "
        "ON CONFLICT (origin) DO UPDATE SET url = excluded.url, used_ns = excluded.used_ns",
        (target.origin, target.url, time.time_ns()),
    )


def allow(connection: sqlite3.Connection, target: Target, allowance: Allowance) -> None:
    """Allow this for `target` from now on, and nothing else."""
    used(connection, target)
    connection.execute(
        "UPDATE target SET any_certificate = ?, link_local = ? WHERE origin = ?",
        (allowance.any_certificate, allowance.link_local, target.origin),
    )


def allowed(connection: sqlite3.Connection, target: Target) -> Allowance:
    """What is allowed for `target`."""
    row = connection.execute(
        "SELECT any_certificate, link_local FROM target WHERE origin = ?", (target.origin,)
    ).fetchone()
    return NOTHING_ALLOWED if row is None else Allowance(bool(row[0]), bool(row[1]))


def recent(connection: sqlite3.Connection, limit: int, winner: str = "") -> list[KnownTarget]:
    """The last used first; before them those that deliveries which the handler `winner` won were last sent to."""
    found = connection.execute(
        "SELECT url, used_ns, any_certificate, link_local FROM target ORDER BY used_ns DESC LIMIT ?", (limit,)
    )
    known = [KnownTarget(url, ns, Allowance(bool(any_), bool(local))) for url, ns, any_, local in found]
    own = _origins_of(connection, winner) if winner else ()
    return sorted(known, key=lambda target: _place(target, own))


def _origins_of(connection: sqlite3.Connection, winner: str) -> Sequence[str]:
    """Where its deliveries went, the last first; of the newest attempts, for all of them would take its time."""
    newest = connection.execute("SELECT coalesce(max(id), 0) FROM attempt").fetchone()[0]
    found = connection.execute(
        "SELECT a.target FROM attempt a JOIN delivery d ON d.id = a.delivery JOIN ladder l ON l.id = d.ladder "
        "WHERE a.id > ? AND l.winner = ? ORDER BY a.id DESC LIMIT 200",
        (newest - _LOOKED_AT, winner),
    )
    return tuple(dict.fromkeys(_origin(url) for (url,) in found))


def _place(target: KnownTarget, own: Sequence[str]) -> int:
    origin = _origin(target.url)
    return own.index(origin) if origin in own else len(own)


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])
