"""Two answers beside each other, row by row: status, headers, times, and the bodies as what they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

from inspector.core.attempt import Attempt, TargetAnswer
from inspector.core.content_coding import codings_of, decoded
from inspector.core.request import NO_HEADERS, Headers

type Part = Literal["answer", "times", "headers", "trailers", "body"]
type Kind = Literal["same", "differs", "left", "right", "fact"]

MOST_LINES: Final = 20_000
MOST_BYTES: Final = 2 << 20
LONGEST: Final = 2_000
"""So much of a line is shown; of a longer one the place where it differs."""

_ROWS_AT_ONCE: Final = 500
_THOROUGH_LINES: Final = 3_000
_BEFORE_DIFFERENCE: Final = 40
_HEX_ROW: Final = 16
_MOST_HEX_BYTES: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One thing of both answers; None where one of them does not have it.

    `kind` is `left` or `right` for what only that one has; a `fact`, such as a time, differs always and means nothing.
    """

    part: Part
    name: str
    left: str | None
    right: str | None
    kind: Kind


def compared(left: Attempt, right: Attempt) -> Iterator[Sequence[ComparedRow]]:
    """All rows in their order, some at a time. Bodies are compared without their content codings, JSON laid out."""
    rows = [*_facts(left, right), *_times(left, right)]
    ours, theirs = left.answer, right.answer
    rows += _headers("headers", _headers_of(ours), _headers_of(theirs))
    rows += _headers("trailers", _trailers_of(ours), _trailers_of(theirs))
    yield rows
    rows = []
    for row in _bodies(ours, theirs):
        rows.append(row)
        if len(rows) >= _ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _row(part: Part, name: str, left: str | None, right: str | None) -> ComparedRow:
    if left is None or right is None:
        return ComparedRow(part, name, left, right, "right" if left is None else "left")
    if left == right:
        return ComparedRow(part, name, left[:LONGEST], right[:LONGEST], "same")
    return ComparedRow(part, name, *_around_difference(left, right), "differs")


def _around_difference(left: str, right: str) -> tuple[str, str]:
    """Both, of long ones the same stretch around the first difference."""
    if max(len(left), len(right)) <= LONGEST:
        return left, right
    pairs = enumerate(zip(left, right, strict=False))
    first = next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))
    start = max(0, first - _BEFORE_DIFFERENCE)
    before = "…" if start else ""
    return tuple(before + text[start : start + LONGEST] for text in (left, right))  # type: ignore[return-value]


def _facts(left: Attempt, right: Attempt) -> Iterator[ComparedRow]:
    yield _row("answer", "status", _status(left), _status(right))
    if left.answer is not None and right.answer is not None:
        yield _row("answer", "version", left.answer.version, right.answer.version)
    if left.error or right.error:
        yield _row("answer", "error", left.sentence or None, right.sentence or None)
    for name, ours, theirs in (
        ("target", left.target, right.target),
        ("delivery", str(left.delivery or ""), str(right.delivery or "")),
        ("signed-with", left.handler, right.handler),
    ):
        if ours or theirs:
            yield ComparedRow("answer", name, ours, theirs, "same" if ours == theirs else "fact")


def _status(attempt: Attempt) -> str | None:
    answer = attempt.answer
    return None if answer is None else f"{answer.status} {answer.reason}".rstrip()


def _times(left: Attempt, right: Attempt) -> Iterator[ComparedRow]:
    """How long each step took by itself, in nanoseconds."""
    ours, theirs = _steps(left), _steps(right)
    for name in ours:
        if ours[name] or theirs[name]:
            yield ComparedRow("times", name, str(ours[name] or ""), str(theirs[name] or ""), "fact")


def _steps(attempt: Attempt) -> dict[str, int]:
    times, before, found = attempt.times, 0, {}
    for name, ns in (
        ("look-up", times.looked_up_ns),
        ("connection", times.connected_ns),
        ("tls", times.secured_ns),
        ("sending", times.sent_ns),
        ("first-byte", times.first_byte_ns),
        ("end", times.ended_ns),
    ):
        found[name] = max(1, ns - before) if ns else 0
        before = ns or before
    return {**found, "total": times.ended_ns}


def _headers_of(answer: TargetAnswer | None) -> Headers:
    return NO_HEADERS if answer is None else answer.headers


def _trailers_of(answer: TargetAnswer | None) -> Headers:
    return NO_HEADERS if answer is None else answer.trailers


def _headers(part: Part, left: Headers, right: Headers) -> Iterator[ComparedRow]:
    """By name, in the order of the left ones; several of one name by their places."""
    names: dict[bytes, bytes] = {}
    for name, _ in (*left, *right):
        names.setdefault(name.lower(), name)
    for name in names.values():
        ours, theirs = left.all(name), right.all(name)
        for place in range(max(len(ours), len(theirs))):
            yield _row(part, name.decode("latin-1"), _value(ours, place), _value(theirs, place))


def _value(values: Sequence[bytes], place: int) -> str | None:
    return values[place].decode("latin-1") if place < len(values) else None


@dataclass(frozen=True, slots=True)
class _Content:
    """A body as lines to compare."""

    kind: str  # "json", "text", "bytes" or "none"
    lines: Sequence[str]
    length: int
    more: bool  # than is compared


def _bodies(left: TargetAnswer | None, right: TargetAnswer | None) -> Iterator[ComparedRow]:
    plain = [_plain(answer) for answer in (left, right)]
    kinds = [_kind(body, _headers_of(answer)) for body, answer in zip(plain, (left, right), strict=True)]
    kind = kinds[0] if kinds[0] == kinds[1] or not plain[1] else kinds[1] if not plain[0] else ""
    if not kind:  # JSON beside a page of text is compared as text, anything beside bytes as bytes
        kind = "bytes" if "bytes" in kinds else "text"
    ours, theirs = (
        _content(body, kind, _headers_of(answer)) for body, answer in zip(plain, (left, right), strict=True)
    )
    if not ours.length and not theirs.length:
        return
    yield ComparedRow("body", "kind", kinds[0], kinds[1], "same" if kinds[0] == kinds[1] else "differs")
    yield _row("body", "length", str(ours.length), str(theirs.length))
    if plain[0] != plain[1] and ours.lines == theirs.lines and not ours.more:
        yield ComparedRow("body", "spelling", "", "", "differs")
    for at, (one, other) in enumerate(_aligned(ours.lines, theirs.lines)):
        yield _row("body", str(at + 1), one, other)
    if ours.more or theirs.more:
        yield ComparedRow("body", "more", "", "", "fact")


def _plain(answer: TargetAnswer | None) -> bytes:
    if answer is None:
        return b""
    if codings := codings_of(answer.headers):
        found = decoded(answer.body, codings, MOST_BYTES)
        if not found.problem:
            return bytes(found.data)
    return answer.body


def _kind(body: bytes, headers: Headers) -> str:
    if not body:
        return "none"
    start = body[:MOST_BYTES]
    if start.lstrip()[:1] in (b"{", b"[") and len(body) <= MOST_BYTES and _laid_out(body):
        return "json"
    try:
        text = start.decode(_charset(headers))
    except (UnicodeDecodeError, LookupError):
        return "bytes"
    return "bytes" if re.search(r"[\x00-\x08\x0e-\x1f]", text) else "text"


def _charset(headers: Headers) -> str:
    found = re.search(r"charset=\"?([A-Za-z0-9._\-]+)", (headers.first("content-type") or b"").decode("latin-1"))
    return found[1] if found and found[1].lower() in ("iso-8859-1", "windows-1252", "utf-16", "us-ascii") else "utf-8"


def _laid_out(body: bytes) -> bytes:
    try:
        return msgspec.json.format(body, indent=2)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b""


def _content(body: bytes, kind: str, headers: Headers) -> _Content:
    if kind == "bytes":
        part = body[:_MOST_HEX_BYTES]
        rows = [part[at : at + _HEX_ROW] for at in range(0, len(part), _HEX_ROW)]
        lines: Sequence[str] = [f"{row.hex(' '):<{3 * _HEX_ROW - 1}}  {_printable(row)}" for row in rows]
        return _Content(kind, lines, len(body), len(body) > len(part))
    part = (_laid_out(body) if kind == "json" else b"") or body[:MOST_BYTES]
    text = part.decode(_charset(headers) if kind == "text" else "utf-8", "replace")
    lines = text.splitlines()
    return _Content(kind, lines[:MOST_LINES], len(body), len(lines) > MOST_LINES or len(body) > MOST_BYTES)


def _printable(row: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)


def _aligned(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Lines that belong together beside each other."""
    most = min(len(left), len(right))
    head = next((row for row in range(most) if left[row] != right[row]), most)
    tail = next((row for row in range(most - head) if left[-1 - row] != right[-1 - row]), most - head)
    yield from zip(left[:head], right[:head], strict=True)
    ours, theirs = left[head : len(left) - tail], right[head : len(right) - tail]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=max(len(ours), len(theirs)) > _THOROUGH_LINES)
    for _, a, b, c, d in matcher.get_opcodes():
        for place in range(max(b - a, d - c)):
            yield ours[a + place] if a + place < b else None, theirs[c + place] if c + place < d else None
    if tail:
        yield from zip(left[-tail:], right[-tail:], strict=True)
