"""Read the answer of any HTTP/1 server, also an odd one: bytes in, one answer out, no I/O.

Tolerant where nothing can be mistaken (bare line feeds, no reason, odd header lines are kept as they are), strict where
the length of the answer is at stake. Source: https://www.rfc-editor.org/rfc/rfc9112 (read 2026-11-22).
"""

import re
from dataclasses import dataclass
from typing import Final

from inspector.core.attempt import TargetAnswer
from inspector.core.request import NO_HEADERS, Headers

_STATUS_LINE = re.compile(rb"HTTP/(1\.[01])[ \t]+([1-9][0-9]{2})(?:[ \t]+([^\r\n]*?))?[ \t]*", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?")
_MOST_INTERIM: Final = 32
_MOST_HEAD_BYTES: Final = 256 << 10  # of one head, and of the trailers
_LONGEST_CHUNK_LINE: Final = 16 << 10


class AnswerMalformed(ValueError):
    """This is no answer that can be read; `error` is a key of `attempt.ERRORS`, the message its detail."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(detail)
        self.error = error


@dataclass(slots=True)
class _Head:
    """A head that was read."""

    raw: bytes
    version: str
    status: int
    reason: str
    headers: Headers


class AnswerReader:
    """Reads one answer: `feed` it what comes until that says it is complete; `ended` when nothing more will come."""

    __slots__ = (
        "_at",
        "_body",
        "_data",
        "_head",
        "_interim",
        "_limit",
        "_method",
        "_rest",
        "_state",
        "_trailers",
        "cut",
    )

    def __init__(self, method: str, max_body_bytes: int) -> None:
        self._method = method
        self._limit = max_body_bytes
        self._data = bytearray()
        self._at = 0
        self._head: _Head | None = None
        self._body = bytearray()
        self._trailers = NO_HEADERS
        self._interim = 0
        self._rest = 0
        self._state = "head"
        self.cut = False

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection may carry another request: only where the end of this answer was beyond doubt."""
        head = self._head
        if head is None or self._state != "done" or self._at < len(self._data) or self.cut:
            return False
        if head.status == 101 or (head.headers.all(b"transfer-encoding") and head.headers.all(b"content-length")):
            return False
        options = {o.strip(b" \t") for o in b",".join(head.headers.all(b"connection")).lower().split(b",")}
        return b"close" not in options and (head.version == "1.1" or b"keep-alive" in options)

    @property
    def answer(self) -> TargetAnswer | None:
        """What has come so far; None without a whole head."""
        head = self._head
        if head is None:
            return None
        cut = self.cut or self._state != "done"
        return TargetAnswer(
            head.status, head.reason, head.version, head.headers, head.raw, bytes(self._body), self._trailers, cut
        )

    def feed(self, data: bytes) -> bool:
        """Take what came; whether the answer is complete. Raises AnswerMalformed."""
        self._data += data
        while self._step():
            pass
        if self._at and self._state != "done":
            del self._data[: self._at]
            self._at = 0
        return self._state == "done"

    def ended(self) -> bool:
        """The connection has ended: whether the answer is complete with that. Raises AnswerMalformed."""
        if self._state == "until-end":
            self._state = "done"
        elif self._state == "head" and self._data and not _is_beginning(self._data):
            raise _no_answer(self._data)
        return self._state == "done"

    def _step(self) -> bool:
        """Read on; whether there may be more to read."""
        match self._state:
            case "head":
                return self._read_head()
            case "length":
                return self._read_length()
            case "chunk-size":
                return self._read_chunk_size()
            case "chunk":
                return self._read_chunk()
            case "chunk-end":
                return self._read_chunk_end()
            case "trailers":
                return self._read_trailers()
            case "until-end":
                self._take(len(self._data) - self._at)
        return False

    def _read_head(self) -> bool:
        data = self._data
        while data.startswith((b"\r", b"\n")) and not self._interim:  # some servers send an empty line first
            del data[:1]
        if data and not _is_beginning(data):
            raise _no_answer(data)
        end = _HEAD_END.search(data)
        if end is None:
            if len(data) > _MOST_HEAD_BYTES:
                raise AnswerMalformed("answer-malformed", f"its head is longer than {_MOST_HEAD_BYTES >> 10} KiB")
            return False
        head = _head(bytes(data[: end.end()]))
        del data[: end.end()]
        if 100 <= head.status <= 199 and head.status != 101:
            self._interim += 1
            if self._interim > _MOST_INTERIM:
                raise AnswerMalformed("answer-malformed", "interim answers follow each other without end")
            return True
        self._head = head
        self._state = self._framing(head)
        return True

    def _framing(self, head: _Head) -> str:
        if self._method == "HEAD" or head.status in (101, 204, 304):
            return "done"
        codings = b",".join(head.headers.all(b"transfer-encoding")).lower().replace(b" ", b"").split(b",")
        if codings != [b""]:
            if codings == [b"chunked"]:
                return "chunk-size"
            if b"chunked" in codings[:-1] or codings[-1] != b"chunked":
                return "until-end"
            return "chunk-size"  # another coding below it: kept as it is
        lengths = {part.strip() for value in head.headers.all(b"content-length") for part in value.split(b",")}
        if not lengths:
            return "until-end"
        if len(lengths) > 1:
            raise AnswerMalformed("answer-malformed", "it has several lengths")
        length = lengths.pop()
        if not re.fullmatch(rb"[0-9]{1,18}", length):
            raise AnswerMalformed("answer-malformed", "its Content-Length is no number")
        self._rest = int(length)
        return "length" if self._rest else "done"

    def _read_length(self) -> bool:
        taken = self._take(min(self._rest, len(self._data) - self._at))
        self._rest -= taken
        if not self._rest:
            self._state = "done"
        return False

    def _read_chunk_size(self) -> bool:
        line = self._line(_LONGEST_CHUNK_LINE)
        if line is None:
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise AnswerMalformed("answer-malformed", "the size of a chunk is no number")
        self._rest = int(match[1], 16)
        self._state = "chunk" if self._rest else "trailers"
        return True

    def _read_chunk(self) -> bool:
        taken = self._take(min(self._rest, len(self._data) - self._at))
        self._rest -= taken
        if self._rest:
            return False
        self._state = "chunk-end"
        return True

    def _read_chunk_end(self) -> bool:
        line = self._line(2)
        if line is None:
            return False
        if line:
            raise AnswerMalformed("answer-malformed", "a chunk is longer than its size")
        self._state = "chunk-size"
        return True

    def _read_trailers(self) -> bool:
        line = self._line(_MOST_HEAD_BYTES)
        if line is None:
            return False
        if not line:
            self._state = "done"
            return False
        if len(self._trailers) >= 1000:
            raise AnswerMalformed("answer-malformed", "it has more than 1,000 trailers")
        self._trailers = Headers((*self._trailers, _field(line)))
        return True

    def _take(self, count: int) -> int:
        """Move `count` bytes to the body. Raises AnswerMalformed above the limit, which keeps what fits."""
        room = self._limit - len(self._body)
        start, self._at = self._at, self._at + count
        self._body += memoryview(self._data)[start : start + min(count, room)]
        if count > room:
            self.cut = True
            raise AnswerMalformed("answer-too-large", f"{self._limit:,} bytes")
        return count

    def _line(self, longest: int) -> bytes | None:
        """The next line without its end; None where it is not complete."""
        end = self._data.find(b"\n", self._at)
        if (end if end >= 0 else len(self._data)) - self._at > longest:
            raise AnswerMalformed("answer-malformed", "a line of it is too long")
        if end < 0:
            return None
        line = bytes(self._data[self._at : end]).removesuffix(b"\r")
        self._at = end + 1
        return line


def _head(raw: bytes) -> _Head:
    first, *lines = (line.removesuffix(b"\r") for line in raw.rstrip(b"\r\n").split(b"\n"))
    match = _STATUS_LINE.fullmatch(first)
    if match is None:
        raise AnswerMalformed("answer-malformed", "its first line is no status line")
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:  # folded: RFC 9112, 5.2 asks clients to join it
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + line.strip(b" \t"))
        else:
            fields.append(_field(line))
    version, status, reason = match.groups()
    return _Head(raw, version.decode(), int(status), (reason or b"").decode("latin-1"), Headers(fields))


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip(b" \t"), value.strip(b" \t\r")


def _is_beginning(data: bytearray) -> bool:
    """Whether `data` begins as an answer does, as far as it goes."""
    start = bytes(data[:7]).upper()
    return b"HTTP/1."[: len(start)] == start


def _no_answer(data: bytearray) -> AnswerMalformed:
    # A TLS record: an alert or a handshake of version 3.x.
    if data.startswith((b"\x15\x03", b"\x16\x03")):
        return AnswerMalformed("speaks-tls")
    return AnswerMalformed("not-http")
