"""Values of the request that a signed content may have: times, identifiers, items of the signature's header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from inspector.core.diagnosis.targets import LONGEST_VALUE, NOT_SIGNATURES, header_cause
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, Source
from inspector.core.verification.signatures import Found, find_signatures, split
from inspector.core.verification.signed_content import collect_values
from inspector.core.verification.timestamp import read_time, text_of_time

MOST_LINES = 64
"""So many header lines are looked through for values."""

_TIME_KEYS = ("t", "ts", "timestamp", "time", "st", "s")
_TIME_NAME = re.compile(r"time|date|(^|[-_])ts$|(^|[-_])t$", re.IGNORECASE)
_ID_NAME = re.compile(r"(^|[-_])(id|nonce|uuid|token)$", re.IGNORECASE)
_UNITS = ("auto", "iso8601", "rfc1123")


@dataclass(frozen=True, slots=True)
class Value:
    """A text in the request that a template may use, and where a handler finds it."""

    where: str
    source: Source
    text: bytes


def is_time(scheme: Scheme, name: str) -> bool:
    """Whether the scheme's value of that name is its time."""
    return (scheme.timestamp is not None and scheme.timestamp.value == name) or bool(_TIME_NAME.search(name))


def own_values(reading: Reading, scheme: Scheme, items: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """The scheme's values as far as the request has them, also where its signature cannot be found.

    `items` are those of its header, where they are known.
    """
    found = find_signatures(reading, scheme.signature) if scheme.signature else None
    located = found if isinstance(found, Found) and found.items else None
    if located is None:
        located = Found("", (), _items_elsewhere(reading, scheme) if items is None else items)
    collected: dict[str, bytes] = {}
    sources: dict[str, Source] = {}
    for name, source in scheme.values.items():
        # One at a time and in their order: what is missing must not hide the others, and some are made of others.
        value = collect_values(reading, replace(scheme, values={**sources, name: source}, timestamp=None), located)
        if isinstance(value, Mapping):
            collected, sources = dict(value), {**sources, name: source}
    return collected


def _items_elsewhere(reading: Reading, scheme: Scheme) -> Mapping[str, bytes]:
    """The items of another header that has the form of the signature's, else of whatever looks like one."""
    place = scheme.signature
    if place is not None and place.format in ("kv", "positional", "slash"):
        for name, value in reading.request.headers[:MOST_LINES]:
            likely = name.lower() not in NOT_SIGNATURES and len(value) <= LONGEST_VALUE
            cut = split(value, place) if likely else None
            if cut is not None and cut.items:
                return cut.items
    return items_of(reading)


def items_of(reading: Reading) -> Mapping[str, bytes]:
    """`key=value` items of the headers that look like a signature's, for values that stand beside it."""
    found: dict[str, bytes] = {}
    for name, value in reading.request.headers[:MOST_LINES]:
        if name.lower() in NOT_SIGNATURES or len(value) > LONGEST_VALUE:
            continue
        for item in re.split(rb"[,;\s&|]+", value):
            key, sep, text = item.partition(b"=")
            if sep and text and len(key) <= 20:
                found.setdefault(key.decode("latin-1"), text)
    return found


def times_in(reading: Reading) -> Sequence[Value]:
    """What the request says about its time: headers of such a name, and items beside the signature."""
    found = [
        Value(name.decode("latin-1"), Source(place="header", name=name.decode("latin-1")), value)
        for name, value in reading.request.headers[:MOST_LINES]
        if len(value) <= 40 and name.lower() != b"date" and _TIME_NAME.search(name.decode("latin-1"))
        and any(read_time(value, unit) is not None for unit in _UNITS)
    ]  # fmt: skip
    items = items_of(reading)
    found += [
        Value(key, Source(place="signature", key=key), items[key]) for key in _TIME_KEYS if _is_number(items, key)
    ]
    return found[:4]


def _is_number(items: Mapping[str, bytes], key: str) -> bool:
    return key in items and items[key].isdigit()


def identifiers_in(reading: Reading) -> Sequence[Value]:
    """Headers that name this delivery or have a nonce."""
    return [
        Value(name.decode("latin-1"), Source(place="header", name=name.decode("latin-1")), value)
        for name, value in reading.request.headers[:MOST_LINES]
        if _ID_NAME.search(name.decode("latin-1")) and len(value) < 200 and name.lower() not in NOT_SIGNATURES
    ][:4]


def substitutes(reading: Reading, scheme: Scheme, name: str) -> Iterator[tuple[str, Value]]:
    """For a value that is not where the scheme reads it: the cause, and what may have been meant."""
    source = scheme.values[name]
    for value in times_in(reading) if is_time(scheme, name) else identifiers_in(reading):
        if value.source != source:
            cause = header_cause(source.name, value.where)[0] if source.place == "header" else "value-elsewhere"
            yield cause, value


def other_time_texts(value: bytes) -> Iterator[tuple[int, bytes]]:
    """The moment that `value` names written in other units and forms, each with its cost."""
    text = value.decode("latin-1").strip()
    if not text.isascii():
        return
    if not text.isdigit():
        for unit in ("iso8601", "rfc1123"):
            if (read := read_time(value, unit)) is not None:
                yield 4, str(int(read.timestamp())).encode()
                yield 4, str(int(read.timestamp() * 1000)).encode()
        return
    seconds = int(text[:19]) // 1000 if len(text) >= 13 else int(text)
    yield 3, (text[:-3] if len(text) >= 13 else f"{text}000").encode()
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return
    yield 5, moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    yield 5, moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").encode()
    yield 5, moment.strftime("%a, %d %b %Y %H:%M:%S GMT").encode()


def seconds_behind(reading: Reading, scheme: Scheme, at: datetime) -> float | None:
    """How far the time that the sender signed lies before `at`, else the time in its Date header.

    None where it tells none.
    """
    check = scheme.timestamp
    text = None if check is None else text_of_time(reading, check.value, own_values(reading, scheme))
    sent = None if text is None or check is None else read_time(text, check.unit)
    if sent is None:
        date = reading.request.headers.first("date")
        sent = None if date is None or len(date) > 64 else read_time(date, "rfc1123")
    return None if sent is None else (at - sent).total_seconds()
