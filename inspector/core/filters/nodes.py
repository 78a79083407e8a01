"""What a search is made of: what each part matches, and how it is written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from inspector.core.annotation import Annotation
from inspector.core.delivery import Delivery, Recognised, Verdict

_SECOND = 1_000_000_000
AGE_UNITS: Final = {
    "w": 604_800 * _SECOND,
    "d": 86_400 * _SECOND,
    "h": 3_600 * _SECOND,
    "m": 60 * _SECOND,
    "min": 60 * _SECOND,
    "s": _SECOND,
    "ms": 1_000_000,
    "ns": 1,
}
_SAFE = re.compile(r"[\w./@%+][\w./@%+-]*")
_SPECIAL = re.compile(r'(["\\])')

# Values that terms have


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text to look for: the pieces between asterisks. One piece is looked for within a value, unless `exact`."""

    pieces: tuple[str, ...]
    exact: bool = False

    @property
    def whole(self) -> bool:
        """Whether the value as a whole counts."""
        return self.exact or len(self.pieces) > 1

    def fits(self, value: bytes) -> bool:
        """Whether `value` is or has this text, in UTF-8 or latin-1; the case of ASCII letters does not matter."""
        return any(_fits(value.lower(), pieces, whole=self.whole) for pieces in encodings(self.pieces))

    def fits_name(self, name: str) -> bool:
        """The same for a name that people gave: the case of no letter matters."""
        return _fits(name.casefold().encode(), tuple(p.casefold().encode() for p in self.pieces), whole=self.whole)

    def __str__(self) -> str:
        return ("=" if self.exact else "") + "*".join(_quoted(piece) if piece else "" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `least` up to but not including `below`; None is no limit."""

    least: int | None = None
    below: int | None = None

    def __contains__(self, number: int) -> bool:
        return (self.least is None or number >= self.least) and (self.below is None or number < self.below)


# What a search is made of. Each part prints as it is written.


@dataclass(frozen=True, slots=True)
class Every:
    """All parts match. With no part: everything matches."""

    parts: "tuple[Node, ...]" = ()

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Either) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part matches."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: "Node"

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, Every | Either) else f"-{self.part}"


@dataclass(frozen=True, slots=True)
class VerdictIs:
    verdict: Verdict

    def __str__(self) -> str:
        return f"verdict:{self.verdict}"


@dataclass(frozen=True, slots=True)
class HandlerIs:
    """The name of the handler that won, or answered a handshake."""

    name: Pattern

    def __str__(self) -> str:
        return f"handler:{self.name}"


@dataclass(frozen=True, slots=True)
class ProviderIs:
    """The recognised provider's id."""

    provider: Pattern

    def fits(self, recognised: Recognised | None) -> bool:
        """Whether this was recognised."""
        return recognised is not None and self.provider.fits_name(recognised.provider)

    def __str__(self) -> str:
        return f"provider:{self.provider}"


@dataclass(frozen=True, slots=True)
class EventIs:
    """The event's type as the provider names it."""

    event: Pattern

    def fits(self, recognised: Recognised | None) -> bool:
        """Whether this was recognised."""
        return recognised is not None and bool(recognised.event) and self.event.fits_name(recognised.event)

    def __str__(self) -> str:
        return f"event:{self.event}"


@dataclass(frozen=True, slots=True)
class TagIs:
    """One of the tags that people gave it."""

    tag: Pattern

    def fits(self, annotation: Annotation) -> bool:
        """Whether this was written to a delivery."""
        return any(map(self.tag.fits_name, annotation.tags))

    def __str__(self) -> str:
        return f"tag:{self.tag}"


@dataclass(frozen=True, slots=True)
class NoteHas:
    """What people noted about it."""

    note: Pattern

    def fits(self, annotation: Annotation) -> bool:
        """Whether this was written to a delivery."""
        return bool(annotation.note) and self.note.fits_name(annotation.note)

    def __str__(self) -> str:
        return f"note:{self.note}"


@dataclass(frozen=True, slots=True)
class MethodIs:
    """The whole method, whichever case it is written in."""

    method: Pattern

    def __str__(self) -> str:
        return f"method:{'*'.join(_quoted(piece) if piece else '' for piece in self.method.pieces)}"


@dataclass(frozen=True, slots=True)
class PathIs:
    """The raw path, without the query."""

    path: Pattern

    def __str__(self) -> str:
        return f"path:{self.path}"


@dataclass(frozen=True, slots=True)
class HeaderIs:
    """A header of this name is there, with this value if one is given."""

    name: Pattern
    value: Pattern | None = None

    def __str__(self) -> str:
        name = "*".join(_quoted(piece) if piece else "" for piece in self.name.pieces)
        return f"header:{name}" if self.value is None else f"header:{name}={self.value}"


@dataclass(frozen=True, slots=True)
class BodyHas:
    """The body's bytes as received contain the text."""

    text: str

    def __str__(self) -> str:
        return f"body:{_quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class StatusIs:
    status: Range

    def __str__(self) -> str:
        return f"status:{_range_text(self.status, str)}"


@dataclass(frozen=True, slots=True)
class SizeIs:
    """The body's size in bytes as received."""

    size: Range

    def __str__(self) -> str:
        return f"size:{_range_text(self.size, str)}"


@dataclass(frozen=True, slots=True)
class AgeIs:
    """The time since the last byte came, in nanoseconds."""

    age: Range

    def __str__(self) -> str:
        return f"age:{_range_text(self.age, _age_text, whole_numbers=False)}"


@dataclass(frozen=True, slots=True)
class Word:
    """The text is in the method, the target, a header's name or value, or the body."""

    text: str

    def __str__(self) -> str:
        return _quoted(self.text)


type Written = TagIs | NoteHas
"""What people wrote to it."""

type Term = (
    VerdictIs
    | HandlerIs
    | ProviderIs
    | EventIs
    | Written
    | MethodIs
    | PathIs
    | HeaderIs
    | BodyHas
    | StatusIs
    | SizeIs
    | AgeIs
    | Word
)
type Node = Every | Either | Not | Term


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. Its text, parsed again, is the same search."""

    root: Node = Every()

    def matches(self, delivery: Delivery, now: datetime) -> bool:
        """Whether `delivery` is looked for; ages count from `now`, which must be timezone-aware."""
        return matches(self.root, delivery, nanoseconds(now))

    @property
    def asks_for_sender(self) -> bool:
        """Whether it depends on what was recognised of a delivery."""
        return _asks_for_sender(self.root)

    def __str__(self) -> str:
        return str(self.root)


EVERYTHING: Final = Search()


def matches(node: Node, delivery: Delivery, now_ns: int) -> bool:
    """Whether `delivery` matches `node`; ages count from `now_ns`."""
    match node:
        case Every(parts):
            return all(matches(part, delivery, now_ns) for part in parts)
        case Either(parts):
            return any(matches(part, delivery, now_ns) for part in parts)
        case Not(part):
            return not matches(part, delivery, now_ns)
    return _term_matches(node, delivery, now_ns)


def _asks_for_sender(node: Node) -> bool:
    match node:
        case Every(parts) | Either(parts):
            return any(_asks_for_sender(part) for part in parts)
        case Not(part):
            return _asks_for_sender(part)
    return isinstance(node, ProviderIs | EventIs)


def _term_matches(term: Term, delivery: Delivery, now_ns: int) -> bool:
    request = delivery.request
    match term:
        case VerdictIs(verdict):
            return delivery.verdict is verdict
        case HandlerIs(name):
            return (rung := delivery.answered_by) is not None and name.fits_name(rung.handler)
        case ProviderIs() | EventIs():
            return term.fits(delivery.recognised)
        case TagIs() | NoteHas():
            return term.fits(delivery.annotation)
        case MethodIs(pattern):
            return pattern.fits(_latin(request.method))
        case PathIs(pattern):
            return pattern.fits(_latin(request.path))
        case HeaderIs(name, value):
            return any(name.fits(n) and (value is None or value.fits(v)) for n, v in request.headers)
        case BodyHas(text):
            return _has(text, [bytes(request.body)])
        case StatusIs(limits):
            return delivery.answer.status in limits
        case SizeIs(limits):
            return len(request.body) in limits
        case AgeIs(limits):
            return now_ns - delivery.last_byte_ns in limits
        case Word(text):
            places = [_latin(request.method), _latin(request.target), bytes(request.body)]
            return _has(text, places + [part for line in request.headers for part in line])


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since the epoch, UTC."""
    return round(moment.timestamp() * 1_000_000) * 1000


@lru_cache(maxsize=256)
def needles(text: str) -> tuple[bytes, ...]:
    """The lower-case bytes to look for when `text` is: in UTF-8 and, where that is different and possible, latin-1."""
    return tuple(dict.fromkeys(pieces[0] for pieces in encodings((text,))))


@lru_cache(maxsize=256)
def encodings(pieces: tuple[str, ...]) -> tuple[tuple[bytes, ...], ...]:
    """`pieces` as lower-case bytes, in each encoding that a sender may have used."""
    forms = [tuple(piece.encode("utf-8", "surrogatepass").lower() for piece in pieces)]
    try:
        forms.append(tuple(piece.encode("latin-1").lower() for piece in pieces))
    except UnicodeEncodeError:
        return tuple(forms)
    return tuple(dict.fromkeys(forms))


def _fits(value: bytes, pieces: tuple[bytes, ...], *, whole: bool) -> bool:
    if not whole:
        return pieces[0] in value
    return re.fullmatch(b".*".join(re.escape(piece) for piece in pieces), value, re.DOTALL) is not None


def _has(text: str, places: Sequence[bytes]) -> bool:
    return any(needle in place.lower() for needle in needles(text) for place in places)


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _range_text(limits: Range, number: Callable[[int], str], *, whole_numbers: bool = True) -> str:
    least, below = limits.least, limits.below
    if below is None:
        return f">={number(least or 0)}"
    if least is None:
        return f"<{number(below)}"
    if whole_numbers and below == least + 1:
        return number(least)
    return f"{number(least)}..{number(below - 1 if whole_numbers else below)}"


def _age_text(ns: int) -> str:
    return next(f"{ns // size}{unit}" for unit, size in AGE_UNITS.items() if ns % size == 0)


def _quoted(text: str) -> str:
    """`text` so that it is read as it stands."""
    if _SAFE.fullmatch(text) and text.lower() != "or":
        return text
    return f'"{_SPECIAL.sub(r"\\\1", text)}"'
