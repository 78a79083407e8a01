"""The durable queue of what is to be forwarded: rules, what waits for them, and one turn of work on it.

Whatever is taken from the queue is marked as in flight before it is sent, so that after a kill it is known what may
have arrived already.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from inspector.core.attempt import Attempt
from inspector.core.delivery import Delivery
from inspector.core.forward_rule import ForwardRule, Waiting, WaitingState
from inspector.store import attempts
from inspector.store.attempts import Encode

STATES: Final[tuple[WaitingState, ...]] = ("waiting", "in-flight", "given-up")
"""A state is stored as its place here."""
_WAITING, _IN_FLIGHT, _GIVEN_UP = range(3)
_OF_A_RULE: Final = "rule IN (SELECT id FROM forward_rule WHERE position IS NOT NULL)"
_COLUMNS: Final = "id, rule, delivery, state, due_ns, first_ns, tried, maybe_twice, status, error"

_RETRIED: Final = "UPDATE forward SET state = 0, due_ns = 0, tried = 0, first_ns = 0 WHERE state != ? AND"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ForwardRule).decode


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an entry that was in flight: it leaves the queue, waits until `due_ns`, or is given up."""

    entry: Waiting
    attempt: Attempt | None
    delivery: Delivery | None
    due_ns: int = 0
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be sent now, when the next is due (0: nothing waits), and the attempts that were stored."""

    entries: Sequence[Waiting]
    next_due_ns: int
    stored: Sequence[Attempt] = ()


def rules(connection: sqlite3.Connection) -> tuple[ForwardRule, ...]:
    """The rules in their order."""
    found = connection.execute("SELECT id, value FROM forward_rule WHERE position IS NOT NULL ORDER BY position")
    return tuple(replace(_decode(value), id=id_) for id_, value in found)


def save_rules(connection: sqlite3.Connection, new: Sequence[ForwardRule]) -> tuple[ForwardRule, ...]:
    """Make `new` the rules, in this order. A new one, or one switched on, begins with the deliveries that come now.

    What waits for a rule that is gone rests until the next start, when it goes too: the rule may come back until then.
    Raises ValueError for an id that was never given out.
    """
    before = {rule.id: rule for rule in rules(connection)}
    newest = connection.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()[0]
    connection.execute("UPDATE forward_rule SET position = NULL")
    saved = []
    for position, rule in enumerate(new):
        value = _encode(replace(rule, id=0)).decode()
        id_ = rule.id
        if id_ == 0:
            row = (position, newest, value)
            id_ = connection.execute("INSERT INTO forward_rule VALUES (NULL, ?, ?, ?)", row).lastrowid or 0
        else:
            was = before.get(id_)
            changed = connection.execute(
                "UPDATE forward_rule SET position = ?, value = ? WHERE id = ?", (position, value, id_)
            )
            if not changed.rowcount:
                raise ValueError(f"no rule has the id {id_}")
            if was is None or not was.enabled:
                connection.execute("UPDATE forward_rule SET seen = ? WHERE id = ?", (newest, id_))
        saved.append(replace(rule, id=id_))
    return tuple(saved)


def seen(connection: sqlite3.Connection, rule: int) -> int:
    """The last delivery that the rule has looked at."""
    row = connection.execute("SELECT seen FROM forward_rule WHERE id = ?", (rule,)).fetchone()
    return 0 if row is None else int(row[0])


def enqueue(connection: sqlite3.Connection, rule: int, deliveries: Sequence[int], upto: int) -> None:
    """Put `deliveries` into the queue of the rule, which has now looked at all up to `upto`."""
    connection.executemany(
        "INSERT INTO forward SELECT NULL, ?, id, 0, 0, 0, 0, 0, 0, '' FROM delivery WHERE id = ?",
        [(rule, delivery) for delivery in deliveries],
    )
    connection.execute("UPDATE forward_rule SET seen = max(seen, ?) WHERE id = ?", (upto, rule))


def recover(connection: sqlite3.Connection) -> int:
    """What was in flight when the program ended waits again, marked; how many there were.

    What waited for a rule that was removed goes.
    """
    connection.execute(f"DELETE FROM forward WHERE NOT {_OF_A_RULE}")  # noqa: S608
    return connection.execute(
        "UPDATE forward SET state = 0, due_ns = 0, maybe_twice = 1 WHERE state = ?", (_IN_FLIGHT,)
    ).rowcount


def put_back(connection: sqlite3.Connection, rule: int) -> None:
    """What was in flight for the rule was broken off: it waits again, marked."""
    connection.execute(
        "UPDATE forward SET state = 0, due_ns = 0, maybe_twice = 1 WHERE rule = ? AND state = ?", (rule, _IN_FLIGHT)
    )


def turn(
    connection: sqlite3.Connection,
    rule: int,
    settled: Sequence[Settled],
    *,
    limit: int,
    in_order: bool,
    now_ns: int,
    encode: Encode,
) -> Turn:
    """Settle what was in flight, then take up to `limit` that are due and mark them as in flight: one commit."""
    stored = _store(connection, settled, encode)
    for each in settled:
        _settle(connection, each)
    entries: list[Waiting] = []
    if limit > 0:
        entries = _due(connection, rule, limit, now_ns, in_order=in_order)
        connection.executemany(
            "UPDATE forward SET state = ?, first_ns = CASE first_ns WHEN 0 THEN ? ELSE first_ns END WHERE id = ?",
            [(_IN_FLIGHT, now_ns, entry.id) for entry in entries],
        )
    if in_order:
        sql = "SELECT due_ns FROM forward WHERE rule = ? AND state = 0 ORDER BY id LIMIT 1"
    else:
        sql = "SELECT min(due_ns) FROM forward WHERE rule = ? AND state = 0"
    row = connection.execute(sql, (rule,)).fetchone()
    next_due_ns = max(row[0], 1) if row is not None and row[0] is not None else 0
    return Turn([replace(entry, first_ns=entry.first_ns or now_ns) for entry in entries], next_due_ns, stored)


def queue(connection: sqlite3.Connection, *, rule: int = 0, delivery: int = 0, limit: int = 1000) -> list[Waiting]:
    """What waits, is in flight or was given up: for one rule, for one delivery, or all; in order."""
    conditions = [("rule", rule), ("delivery", delivery)]
    asked = [(name, value) for name, value in conditions if value]
    where = " AND ".join([_OF_A_RULE, *(f"{name} = ?" for name, _ in asked)])
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM forward WHERE {where} ORDER BY id LIMIT ?",  # noqa: S608
        (*(value for _, value in asked), limit),
    )
    return [_waiting(row) for row in found]


def counts(connection: sqlite3.Connection) -> dict[int, dict[str, int]]:
    """How many there are in each state, by rule."""
    counted: dict[int, dict[str, int]] = {}
    sql = f"SELECT rule, state, count(*) FROM forward WHERE {_OF_A_RULE} GROUP BY rule, state"  # noqa: S608
    for rule, state, number in connection.execute(sql):
        counted.setdefault(rule, {})[STATES[state]] = number
    return counted


def retry_now(connection: sqlite3.Connection, ids: Sequence[int]) -> int:
    """Make these due at once, given up or not, with all their attempts before them again; how many there were."""
    return sum(connection.execute(f"{_RETRIED} id = ?", (_IN_FLIGHT, id_)).rowcount for id_ in ids)


def retry_rule_now(connection: sqlite3.Connection, rule: int, error: str = "") -> int:
    """The same with all entries of `rule`; with an `error`, of those whose last try failed with it."""
    return connection.execute(
        f"{_RETRIED} rule = ? AND (? = '' OR error = ?)", (_IN_FLIGHT, rule, error, error)
    ).rowcount


def drop(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Waiting]:
    """Take these out of the queue; those that were there. What is in flight stays."""
    dropped = []
    sql = f"DELETE FROM forward WHERE id = ? AND state != ? RETURNING {_COLUMNS}"  # noqa: S608
    for id_ in ids:
        dropped += [_waiting(row) for row in connection.execute(sql, (id_, _IN_FLIGHT)).fetchall()]
    return dropped


def restore(connection: sqlite3.Connection, entries: Sequence[Waiting]) -> int:
    """Put these back at their places in the queue; how many still have their delivery and their rule."""
    sql = (
        f"INSERT OR IGNORE INTO forward ({_COLUMNS}) SELECT ?, ?, id, ?, ?, ?, ?, ?, ?, ? FROM delivery "  # noqa: S608
        "WHERE id = ? AND ? IN (SELECT id FROM forward_rule WHERE position IS NOT NULL)"
    )
    rows = [
        (
            *(each.id, each.rule, STATES.index(each.state), each.due_ns, each.first_ns, each.tried),
            *(each.maybe_twice, each.status, each.error, each.delivery, each.rule),
        )
        for each in entries
    ]
    return sum(connection.execute(sql, row).rowcount for row in rows)


def _store(connection: sqlite3.Connection, settled: Sequence[Settled], encode: Encode) -> Sequence[Attempt]:
    rows = [(each.attempt, each.delivery) for each in settled if each.attempt is not None]
    if not rows:
        return ()
    first_id = attempts.insert(connection, rows, encode)
    return [attempts.with_id(attempt, first_id + place) for place, (attempt, _) in enumerate(rows)]


def _settle(connection: sqlite3.Connection, each: Settled) -> None:
    if not each.due_ns and not each.given_up:
        connection.execute("DELETE FROM forward WHERE id = ?", (each.entry.id,))
        return
    attempt = each.attempt
    connection.execute(
        "UPDATE forward SET state = ?, due_ns = ?, tried = ?, status = ?, error = ? WHERE id = ?",
        (
            _GIVEN_UP if each.given_up else _WAITING,
            each.due_ns,
            each.entry.tried + 1,
            attempt.status if attempt else 0,
            attempt.error if attempt else "",
            each.entry.id,
        ),
    )


def _due(connection: sqlite3.Connection, rule: int, limit: int, now_ns: int, *, in_order: bool) -> list[Waiting]:
    if not in_order:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM forward WHERE rule = ? AND state = 0 AND due_ns <= ? ORDER BY due_ns, id LIMIT ?",  # noqa: S608
            (rule, now_ns, limit),
        )
        return [_waiting(row) for row in found]
    first = connection.execute(
        f"SELECT {_COLUMNS} FROM forward WHERE rule = ? AND state < 2 ORDER BY id LIMIT 1",  # noqa: S608
        (rule,),
    ).fetchone()
    if first is None or first[3] != _WAITING or first[4] > now_ns:
        return []
    return [_waiting(first)]


def _waiting(row: tuple[int, int, int, int, int, int, int, int, int, str]) -> Waiting:
    id_, rule, delivery, state, due_ns, first_ns, tried, maybe_twice, status, error = row
    return Waiting(id_, rule, delivery, STATES[state], due_ns, first_ns, tried, bool(maybe_twice), status, error)
