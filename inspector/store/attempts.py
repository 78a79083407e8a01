"""Attempts as rows and back. What an attempt shares with its delivery is kept once, with the delivery."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from inspector.core.attempt import Attempt, AttemptSummary, Sent, TargetAnswer, Times
from inspector.core.delivery import Delivery
from inspector.core.request import Headers

type Encode = Callable[[bytes], tuple[int, bytes]]
type Decode = Callable[[int, bytes], bytes]

_OWN: Final = -1  # the length of a part that is the delivery's own
_SUMMARY: Final = (
    "id, delivery, started_ns, target, status, error, took_ns, run, rule, coalesce(json_extract(facts, '$.hop'), 0)"
)


class _Answer(msgspec.Struct, omit_defaults=True, frozen=True):
    reason: str
    version: str
    headers: tuple[tuple[str, str], ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    cut: bool = False


class _Facts(msgspec.Struct, omit_defaults=True, frozen=True):
    """All of an attempt that no column and no bytes are needed for."""

    times: Times
    lengths: tuple[int, int, int, int, int, int]  # head, before the body, body, after it; answer's head, body
    answer: _Answer | None = None
    detail: str = ""
    address: str = ""
    tls: str = ""
    certificate_problem: str = ""
    kept_connection: bool = False
    handler: str = ""
    number: int = 1
    maybe_twice: bool = False
    hop: int = 0
    led_from: str = ""


_encode_facts = msgspec.json.Encoder().encode
_decode_facts = msgspec.json.Decoder(_Facts).decode


def insert(connection: sqlite3.Connection, attempts: Sequence[tuple[Attempt, Delivery | None]], encode: Encode) -> int:
    """Insert them, in order; the id of the first. With each its delivery, where it has one."""
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'attempt'").fetchone()
    first_id = 1 if last is None else int(last[0]) + 1
    rows = [_row(first_id + place, attempt, delivery, encode) for place, (attempt, delivery) in enumerate(attempts)]
    connection.executemany("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return first_id


def summaries(
    connection: sqlite3.Connection,
    *,
    delivery: int = 0,
    run: int = 0,
    rule: int = 0,
    after: int = 0,
    limit: int = -1,
    newest: bool = False,
    ended: str = "",
) -> list[AttemptSummary]:
    """Those of a delivery, of a run or of a rule, or all; oldest first, from the id behind `after` on.

    `limit` is kept from the oldest on, or from the `newest` on. `ended` is a status, an error, or `failed`.
    """
    column, value = next(((c, v) for c, v in (("delivery", delivery), ("run", run), ("rule", rule)) if v), ("1", 1))
    how, values = _ended(ended)
    found = connection.execute(
        f"SELECT {_SUMMARY} FROM attempt WHERE {column} = ? AND id > ?{how} "  # noqa: S608
        f"ORDER BY id {'DESC' if newest else 'ASC'} LIMIT ?",
        (value, after, *values, limit),
    )
    listed = [AttemptSummary(*row) for row in found]
    return listed[::-1] if newest else listed


def _ended(ended: str) -> tuple[str, tuple[str, ...]]:
    """The condition on how an attempt ended, and its values."""
    if not ended:
        return "", ()
    if ended == "failed":
        return " AND (error != '' OR status NOT BETWEEN 200 AND 299)", ()
    return (" AND error = '' AND status = ?", (ended,)) if ended.isdigit() else (" AND error = ?", (ended,))


def load(
    connection: sqlite3.Connection, id_: int, delivery_of: Callable[[int], Delivery | None], decode: Decode
) -> Attempt | None:
    """The whole attempt; None where there is none of this id."""
    row = connection.execute(
        "SELECT delivery, run, rule, started_ns, status, target, error, facts, codec, data FROM attempt WHERE id = ?",
        (id_,),
    ).fetchone()
    if row is None:
        return None
    delivery, run, rule, started_ns, status, target, error, raw_facts, codec, data = row
    facts = _decode_facts(raw_facts)
    own = delivery_of(delivery) if _OWN in facts.lengths else None
    parts = _parts(decode(codec, data), facts.lengths, own)
    return Attempt(
        delivery=delivery,
        target=target,
        sent=Sent(parts[0], parts[2], parts[1], parts[3]),
        started_ns=started_ns,
        times=facts.times,
        answer=None if facts.answer is None else _answer(status, facts.answer, parts[4], parts[5]),
        error=error,
        detail=facts.detail,
        address=facts.address,
        tls=facts.tls,
        certificate_problem=facts.certificate_problem,
        kept_connection=facts.kept_connection,
        handler=facts.handler,
        number=facts.number,
        run=run,
        rule=rule,
        maybe_twice=facts.maybe_twice,
        hop=facts.hop,
        led_from=facts.led_from,
        id=id_,
    )


def with_id(attempt: Attempt, id_: int) -> Attempt:
    """`attempt` as stored under this id."""
    return replace(attempt, id=id_)


def _row(id_: int, attempt: Attempt, delivery: Delivery | None, encode: Encode) -> tuple[Any, ...]:
    sent, answer = attempt.sent, attempt.answer
    own = delivery.request if delivery is not None and delivery.id == attempt.delivery else None
    head = None if own is not None and sent.head == own.head else sent.head
    body = None if own is not None and (sent.body is own.body or sent.body == own.body) else bytes(sent.body)
    parts = (
        head,
        sent.before_body,
        body,
        sent.after_body,
        b"" if answer is None else answer.head,
        b"" if answer is None else answer.body,
    )
    facts = _Facts(
        attempt.times,
        tuple(_OWN if part is None else len(part) for part in parts),  # type: ignore[arg-type]  # six of them
        None if answer is None else _kept(answer),
        attempt.detail,
        attempt.address,
        attempt.tls,
        attempt.certificate_problem,
        attempt.kept_connection,
        attempt.handler,
        attempt.number,
        attempt.maybe_twice,
        attempt.hop,
        attempt.led_from,
    )
    codec, data = encode(b"".join(part for part in parts if part))
    return (
        id_,
        attempt.delivery,
        attempt.run,
        attempt.rule,
        attempt.started_ns,
        attempt.times.ended_ns,
        attempt.status,
        attempt.target,
        attempt.error,
        _encode_facts(facts).decode(),
        codec,
        data,
    )


def _parts(data: bytes, lengths: Sequence[int], delivery: Delivery | None) -> list[Any]:
    owned = (b"", b"") if delivery is None else (delivery.request.head, delivery.request.body)
    parts: list[Any] = []
    at = 0
    for place, length in enumerate(lengths):
        if length == _OWN:
            parts.append(owned[0 if place == 0 else 1])
        else:
            parts.append(data[at : at + length])
            at += length
    return parts


def _kept(answer: TargetAnswer) -> _Answer:
    return _Answer(answer.reason, answer.version, _pairs(answer.headers), _pairs(answer.trailers), answer.cut)


def _answer(status: int, kept: _Answer, head: bytes, body: bytes) -> TargetAnswer:
    headers, trailers = _headers(kept.headers), _headers(kept.trailers)
    return TargetAnswer(status, kept.reason, kept.version, headers, head, body, trailers, kept.cut)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _headers(pairs: Sequence[tuple[str, str]]) -> Headers:
    return Headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)
