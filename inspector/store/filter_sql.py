"""Searches in SQL: as much of one as the hot columns can answer."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspector.core.filters.nodes import (
    AgeIs,
    BodyHas,
    Either,
    EventIs,
    Every,
    HandlerIs,
    HeaderIs,
    MethodIs,
    Node,
    Not,
    NoteHas,
    PathIs,
    Pattern,
    ProviderIs,
    Range,
    SizeIs,
    StatusIs,
    TagIs,
    VerdictIs,
    Word,
    encodings,
    needles,
)
from inspector.store import annotation
from inspector.store.rows import NUMBERS, origin_of

type Parameter = str | int


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on `delivery` that every match fulfils. `exact`: and nothing else does."""

    sql: str
    parameters: tuple[Parameter, ...] = ()
    exact: bool = True


_ALWAYS = Condition("1")
_UNKNOWN = Condition("1", exact=False)


def condition(node: Node, connection: sqlite3.Connection, now_ns: int) -> Condition:
    """What SQL can say of `node`; ages count from `now_ns`."""
    match node:
        case Every(parts):
            return _joined([condition(part, connection, now_ns) for part in parts], " AND ") if parts else _ALWAYS
        case Either(parts):
            return _joined([condition(part, connection, now_ns) for part in parts], " OR ")
        case Not(part):
            inner = condition(part, connection, now_ns)
            return Condition(f"NOT ({inner.sql})", inner.parameters) if inner.exact else _UNKNOWN
        case VerdictIs(verdict):
            return Condition(f"verdict = {NUMBERS[verdict]}")
        case HandlerIs(name):
            ladders = connection.execute("SELECT id, winner FROM ladder WHERE winner <> ''")
            return Condition(f"ladder IN ({', '.join(str(id_) for id_, winner in ladders if name.fits_name(winner))})")
        case ProviderIs() | EventIs():
            origins = connection.execute("SELECT id, value FROM origin")
            fitting = ", ".join(str(id_) for id_, value in origins if node.fits(origin_of(value)))
            return Condition(f"(origin IS NOT NULL AND origin IN ({fitting}))")
        case TagIs() | NoteHas():
            ids = [id_ for id_, written in annotation.every(connection) if node.fits(written)]
            return Condition("id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
        case MethodIs(pattern):
            return _text("method", pattern)
        case PathIs(pattern):
            return _text("path", pattern)
        case StatusIs(limits):
            return _within("status", limits)
        case SizeIs(limits):
            return _within("size", limits)
        case AgeIs(limits):
            return _within("? - received_ns", limits, now_ns)
    return _UNKNOWN


def suspicion(node: Node) -> Callable[[bytes], bool]:
    """Whether a delivery with this content (head and body as they came, in lower case) may match `node` at all."""
    match node:
        case Every(parts):
            every = [suspicion(part) for part in parts]
            return lambda data: all(part(data) for part in every)
        case Either(parts):
            either = [suspicion(part) for part in parts]
            return lambda data: any(part(data) for part in either)
        case Word(text) | BodyHas(text):
            wanted = needles(text)
            return lambda data: any(needle in data for needle in wanted)
        case HeaderIs(name, value):
            patterns = [name] if value is None else [name, value]
            forms = [encodings(pattern.pieces) for pattern in patterns]
            return lambda data: all(any(all(p in data for p in pieces) for pieces in form) for form in forms)
    return lambda _: True


def _joined(parts: Sequence[Condition], word: str) -> Condition:
    return Condition(
        f"({word.join(part.sql for part in parts)})",
        tuple(parameter for part in parts for parameter in part.parameters),
        all(part.exact for part in parts),
    )


def _text(column: str, pattern: Pattern) -> Condition:
    """Text columns hold latin-1 characters, one a byte, so what is looked for is put in that form too."""
    forms = [[piece.decode("latin-1") for piece in pieces] for pieces in encodings(pattern.pieces)]
    if pattern.exact:
        sql, values = f"lower({column}) = ?", [pieces[0] for pieces in forms]
    elif pattern.whole:
        sql, values = f"lower({column}) GLOB ?", ["*".join(_literal(piece) for piece in pieces) for pieces in forms]
    else:
        sql, values = f"instr(lower({column}), ?) > 0", [pieces[0] for pieces in forms]
    return Condition(f"({' OR '.join([sql] * len(values))})", tuple(values))


def _literal(piece: str) -> str:
    """For GLOB: each special character in brackets of its own."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in piece)


def _within(expression: str, limits: Range, *given: int) -> Condition:
    parts = []
    if limits.least is not None:
        parts.append(Condition(f"{expression} >= ?", (*given, limits.least)))
    if limits.below is not None:
        parts.append(Condition(f"{expression} < ?", (*given, limits.below)))
    return _joined(parts, " AND ") if parts else _ALWAYS
