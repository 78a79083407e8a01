"""The wire-exact HTTP/1.1 reader: bytes in, events out, no I/O.

Strict as RFC 9112 asks of a server: whatever two programs could read in two ways is refused. Methods may be
any token, targets any visible bytes. Source: https://www.rfc-editor.org/rfc/rfc9112 (read 2026-11-22).
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from msgspec import Struct

from inspector.core.http1_head import (
    FIELD_LINE,
    REQUEST_LINE,
    STATUSES,
    TOKEN,
    Malformed,
    body_length,
    check_host,
    keeps_alive,
    parse_head,
    parse_trailers,
)
from inspector.core.request import NO_HEADERS, Headers

__all__ = [
    "STATUSES",
    "End",
    "Event",
    "Head",
    "Limits",
    "Malformed",
    "Reader",
    "Refused",
    "parse_head",
    "parse_trailers",
]

FIRST_BYTES: Final = 4096
"""How much of a refused request is kept to show what it was."""

_MAX_CHUNK_LINE: Final = 4096  # one chunk size with its extensions
_MAX_CHUNK_EXTENSIONS: Final = 1 << 20  # all extensions of a body together
_MAX_EMPTY_LINES: Final = 4  # before a request line: RFC 9112, 2.2 asks to ignore at least one

_REQUEST_BEGINS = re.compile(TOKEN + rb"(?: |\Z)|\r\Z")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[\t -~\x80-\xff]*)?\r\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may measure. A line counts without its line end; the request line is one."""

    max_body_bytes: int = 32 << 20
    max_line_bytes: int = 64 << 10
    max_header_lines: int = 256


# A piece of the body is the bytes themselves.


class Head(Struct, frozen=True, gc=False):
    """The head of a request is complete and valid. `raw` goes up to and including the empty line."""

    method: str
    target: str  # as on the wire, each byte one latin-1 character
    version: str  # "1.1" or "1.0"
    headers: Headers
    raw: bytes
    length: int | None  # of the body; None where it is chunked
    keep_alive: bool  # the connection may carry another request
    expects_continue: bool  # the sender waits for `100 Continue` before the body


class End(Struct, frozen=True, gc=False):
    """The request is complete."""

    trailers: Headers


class Refused(Struct, frozen=True, gc=False):
    """This is no request to take; nothing can be read after it."""

    status: int
    reason: str
    raw: bytes  # its first bytes


type Event = Head | bytes | End | Refused

_END = End(NO_HEADERS)


class _State(IntEnum):
    HEAD = 0
    LENGTH = 1
    CHUNK_SIZE = 2
    CHUNK_DATA = 3
    CHUNK_END = 4
    TRAILERS = 5
    REFUSED = 6


_HEAD, _LENGTH, _CHUNK_SIZE, _CHUNK_DATA, _CHUNK_END, _TRAILERS, _REFUSED = _State


class Reader:
    """Reads the requests of one connection: `feed` it what came, then take `next_event` until that is None.

    It reads no further than asked, so a request that follows another waits here until it is wanted.
    """

    __slots__ = (
        "_at",
        "_count",
        "_data",
        "_empty",
        "_extensions",
        "_limits",
        "_line",
        "_lines",
        "_raw",
        "_rest",
        "_state",
        "_total",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._state = _HEAD
        self._data = b""  # what came last; read up to `_at`
        self._at = 0
        self._line = bytearray()  # an incomplete line
        self._lines = bytearray()  # the complete lines of an incomplete head or trailer section
        self._count = 0  # how many of them are fields
        self._empty = 0  # empty lines seen before the request line
        self._raw = b""  # the head of the request being read
        self._rest = 0  # bytes missing from the body, or from its current chunk
        self._total = 0  # bytes of a chunked body so far
        self._extensions = 0  # bytes of its chunk extensions so far

    @property
    def unread(self) -> int:
        """How many bytes wait to be read."""
        return len(self._data) - self._at

    @property
    def within_request(self) -> bool:
        """Whether a request has begun that has not ended."""
        return self._state is not _HEAD or bool(self._line) or bool(self._lines)

    @property
    def within_body(self) -> bool:
        """Whether a head was complete and the rest of its request is not."""
        return _HEAD < self._state < _REFUSED

    def feed(self, data: bytes) -> None:
        """Take what came off the wire."""
        if self._at < len(self._data):
            data = self._data[self._at :] + data
        self._data, self._at = data, 0

    def next_event(self) -> Event | None:
        """What comes next; None where more bytes are needed, and after a refusal. Never raises."""
        try:
            if self._state is _HEAD:
                return self._next_head()
            if self._state is _LENGTH:
                return self._next_piece()
            if self._state is _REFUSED:
                return None
            return self._next_chunked()
        except Malformed as fault:
            return self._refuse(fault)

    def cut_short(self) -> Refused:
        """The refusal of a request that will not be completed."""
        return self._refuse(Malformed("incomplete"))

    def too_slow(self) -> Refused:
        """The refusal of a request that took too long."""
        return self._refuse(Malformed("body-too-slow" if self.within_body else "head-too-slow"))

    def _refuse(self, fault: Malformed) -> Refused:
        raw = (self._raw or self._lines) + self._line + self._data[self._at : self._at + FIRST_BYTES]
        self._state = _REFUSED
        self._data, self._at = b"", 0
        return Refused(STATUSES[fault.reason], fault.reason, bytes(raw[:FIRST_BYTES]))

    def _next_head(self) -> Head | None:
        data, at = self._data, self._at
        if not self._line and not self._lines:
            while data.startswith(b"\r\n", at) and self._empty < _MAX_EMPTY_LINES:
                at += 2
                self._empty += 1
            self._at = at
            end = data.find(b"\r\n\r\n", at)
            if end >= 0:
                self._raw = raw = data[at : end + 4]
                self._at = end + 4
                self._check_size(raw)
                return self._begin(raw)
        return self._next_head_by_lines() if at < len(data) else None

    def _next_head_by_lines(self) -> Head | None:
        """A head that comes in pieces: each line is judged when it is complete, so nothing is scanned twice."""
        lines, max_line = self._lines, self._limits.max_line_bytes
        while True:
            line = self._next_line(max_line + 2, "header-too-long" if lines else "target-too-long")
            if line is None:
                if not lines and not _REQUEST_BEGINS.match(self._line):
                    raise Malformed("request-line")
                return None
            if line == b"\r\n" and not lines and self._empty < _MAX_EMPTY_LINES:
                self._empty += 1
                return self._next_head()
            lines += line
            if line == b"\r\n":
                break
            self._check_line(line, first=len(lines) == len(line))
        self._raw = raw = bytes(lines)
        lines.clear()
        return self._begin(raw)

    def _check_line(self, line: bytes, *, first: bool) -> None:
        if first:
            if not REQUEST_LINE.fullmatch(line):
                raise Malformed("request-line")
        elif not FIELD_LINE.fullmatch(line):
            raise Malformed("header-line")
        else:
            self._count_field()

    def _count_field(self) -> None:
        self._count += 1
        if self._count > self._limits.max_header_lines:
            raise Malformed("too-many-headers")

    def _check_size(self, head: bytes) -> None:
        max_line = self._limits.max_line_bytes
        if len(head) - 4 > max_line:
            lines = head.split(b"\r\n")
            if len(lines[0]) > max_line:
                raise Malformed("target-too-long")
            if max(map(len, lines)) > max_line:
                raise Malformed("header-too-long")
        if head.count(b"\n") - 2 > self._limits.max_header_lines:
            raise Malformed("too-many-headers")

    def _begin(self, raw: bytes) -> Head:
        method, target, version, headers = parse_head(raw)
        fields = headers.by_name
        check_host(version, fields)
        length = body_length(version, fields, self._limits.max_body_bytes)
        keep_alive = keeps_alive(method, version, fields)
        expectations = fields.get(b"expect", ())
        expects = bool(expectations) and version == "1.1" and expectations[0].lower() == b"100-continue"
        self._empty = self._count = 0
        if length is None:
            self._state = _CHUNK_SIZE
            self._total = self._extensions = 0
        else:
            self._state = _LENGTH
            self._rest = length
        return Head(method, target, version, headers, raw, length, keep_alive, expects)

    def _next_piece(self) -> bytes | End | None:
        if not self._rest:
            self._state = _HEAD
            self._raw = b""
            return _END
        return self._take(self._rest) or None

    def _take(self, wanted: int) -> bytes:
        """Up to `wanted` bytes of those that wait; less to come for the body or chunk."""
        data, at = self._data, self._at
        if len(data) - at <= wanted:
            piece = data[at:]
            self._data, self._at = b"", 0
        else:
            piece = data[at : at + wanted]
            self._at = at + wanted
        self._rest -= len(piece)
        return piece

    def _next_chunked(self) -> bytes | End | None:
        """All of the body that waits, as one piece; then the end."""
        pieces: list[bytes] = []
        while self._state is not _TRAILERS:
            if self._state is _CHUNK_SIZE and not self._line:
                self._take_whole_chunks(pieces)
            if self._state is _CHUNK_DATA:
                piece = self._take(self._rest)
                if not piece:
                    break
                pieces.append(piece)
                if not self._rest:
                    self._state = _CHUNK_END
            elif not self._next_chunk_line():
                break
        if pieces:
            return b"".join(pieces)
        return self._next_trailers() if self._state is _TRAILERS else None

    def _take_whole_chunks(self, pieces: list[bytes]) -> None:
        """Add the chunks that wait whole, quickly; what is left is incomplete, the last, or wrong."""
        data, at, total = self._data, self._at, self._total
        while (match := _CHUNK_LINE.match(data, at)) is not None:
            start, size = match.end(), int(match[1], 16)
            stop = start + size
            extension = start - match.end(1) - 2
            if not size or extension or total + size > self._limits.max_body_bytes or data[stop : stop + 2] != b"\r\n":
                break
            pieces.append(data[start:stop])
            total += size
            at = stop + 2
        self._at, self._total = at, total

    def _next_chunk_line(self) -> bool:
        """Read the line before a chunk, or the line end after it; False where it is not complete."""
        if self._state is _CHUNK_END:
            line = self._next_line(2, "chunk")
            if line is None:
                if self._line and self._line != b"\r":
                    raise Malformed("chunk")
                return False
            if line != b"\r\n":
                raise Malformed("chunk")
            self._state = _CHUNK_SIZE
            return True
        line = self._next_line(_MAX_CHUNK_LINE, "chunk")
        if line is None:
            return False
        match = _CHUNK_LINE.fullmatch(line)
        if match is None:
            raise Malformed("chunk")
        self._begin_chunk(int(match[1], 16), len(line) - match.end(1) - 2)
        return True

    def _begin_chunk(self, size: int, extension: int) -> None:
        self._total += size
        self._extensions += extension
        if self._total > self._limits.max_body_bytes:
            raise Malformed("body-too-large")
        if self._extensions > _MAX_CHUNK_EXTENSIONS:
            raise Malformed("chunk-extensions")
        self._rest = size
        self._state = _CHUNK_DATA if size else _TRAILERS

    def _next_trailers(self) -> End | None:
        limits, lines = self._limits, self._lines
        while (line := self._next_line(limits.max_line_bytes + 2, "header-too-long")) is not None:
            if line == b"\r\n":
                trailers = parse_trailers(bytes(lines)) if lines else NO_HEADERS
                lines.clear()
                self._count = 0
                self._state = _HEAD
                self._raw = b""
                return End(trailers)
            if not FIELD_LINE.fullmatch(line):
                raise Malformed("trailer-line")
            lines += line
            self._count_field()
        return None

    def _next_line(self, max_bytes: int, too_long: str) -> bytes | None:
        """The next line with its end; None where it is not complete. Refused as `too_long` above `max_bytes`."""
        data, at, waiting = self._data, self._at, self._line
        end = data.find(b"\n", at) + 1 or len(data)
        if len(waiting) + end - at > max_bytes:
            raise Malformed(too_long)
        waiting += data[at:end]
        self._at = end
        if not waiting.endswith(b"\n"):
            return None
        line = bytes(waiting)
        waiting.clear()
        return line
