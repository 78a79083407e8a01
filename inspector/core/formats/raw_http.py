"""One HTTP request as text: as it was on the wire, or as a person wrote or pasted it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.core.diagnosis.wording import Template
from inspector.core.formats.reading import Understood, Unreadable, address_of, said
from inspector.core.http1 import End, Head, Limits, Reader
from inspector.core.request import Headers, Request

_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):?[ \t]+(\S+)(?:[ \t]+HTTP/(0\.9|1\.[01]|2|2\.0|3))?", re.IGNORECASE
)
_METHODS = frozenset(b"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT".split())
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_FENCE = re.compile(rb"\A[ \t]*```[^\n]*\n(.*?)\n[ \t]*```[ \t\r\n]*\Z", re.DOTALL)
_PSEUDO = re.compile(rb":(method|path|authority|scheme):?[ \t]*(\S*)")
_WITH_CRLF = "The line breaks were changed when it was copied: read as CR LF, which fits its Content-Length."
_WITH_LF = "The line breaks were changed when it was copied: read as LF, which fits its Content-Length."
_BREAK_BACK = "The last line break was lost when it was copied: put back, as its Content-Length says."
_UNLIMITED = Limits(max_body_bytes=1 << 40, max_line_bytes=1 << 30, max_header_lines=100_000)


class RequestMalformed(Unreadable):
    """The text is not an HTTP request; the message says where."""


def raw_request(data: bytes) -> Request:
    """The request that `data` is, as `read_raw`. Raises RequestMalformed."""
    return read_raw(data).request


def read_raw(data: bytes) -> Understood:
    """The request that `data` is, and what had to be assumed. Raises RequestMalformed.

    What is valid on the wire is read as the listener reads it. Else lines may end in a line feed alone, version and
    Content-Length may be missing, and the body is what follows the empty line, without what an editor added to its end.
    """
    strict = _strict(data)
    if strict is not None:
        return Understood(strict, f"{strict.method} {strict.target}", _url(strict, ""))
    return _Pasted(data).understood()


def raw_bytes(request: Request) -> bytes:
    """The request as it goes over the wire, with the length of its body."""
    lines = [(name, value) for name, value in request.headers if name.lower() != b"transfer-encoding"]
    if request.body and not request.headers.all("content-length"):
        lines.append((b"Content-Length", str(len(request.body)).encode()))
    first = f"{request.method} {request.target} HTTP/{request.version}\r\n".encode("latin-1", "replace")
    return first + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n" + bytes(request.body)


def header_lines(text: str, first_line: int = 1) -> Sequence[tuple[bytes, bytes]]:
    """The headers in `text`, one a line as `Name: value`; a line that begins with a blank goes on with the one before.

    Raises RequestMalformed, whose lines are counted from `first_line`.
    """
    raw = text.encode("utf-8", "surrogateescape")
    return _header_lines([line.rstrip(b"\r") for line in raw.split(b"\n")], first_line)


def _strict(data: bytes) -> Request | None:
    reader = Reader(_UNLIMITED)
    reader.feed(data)
    head, pieces = reader.next_event(), []
    if not isinstance(head, Head) or (head.length == 0 and reader.unread):
        return None  # a body without its length is read as people mean it
    while isinstance(event := reader.next_event(), bytes):
        pieces.append(event)
    if not isinstance(event, End) or data[len(data) - reader.unread :].strip():
        return None
    body = b"".join(pieces)
    return Request(head.method, head.target, head.version, head.headers, body, event.trailers, head.raw)


def _url(request: Request, scheme: str) -> str:
    """The whole address, where scheme and host are known."""
    if "://" in request.target.partition("?")[0]:
        return request.target
    host = (request.headers.first("host") or b"").decode("latin-1")
    return f"{scheme}://{host}{request.target}" if scheme and host else ""


@dataclass(slots=True)
class _Pasted:
    """A request as it looks after a person copied it from somewhere."""

    data: bytes
    assumed: list[Template] = field(default_factory=list)
    scheme: str = ""

    def understood(self) -> Understood:
        data, skipped = self._bare()
        blank = _BLANK_LINE.search(data)
        head, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")
        lines = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
        method, target, version, rest = self._first(lines, with_body=bool(body))
        headers = _header_lines(lines[rest:], skipped + rest + 1)
        host = next((value for name, value in headers if name.lower() == b"host"), b"")
        address = address_of(target.encode("latin-1").decode("utf-8", "surrogateescape"))
        url = target if address.host else ""
        if address.host:
            target = address.target
            headers = headers if host else [(b"Host", address.host.encode("latin-1")), *headers]
        built = Headers(headers)
        body = self._body(built, body)
        request = Request(method, target, version, built, body)
        return Understood(request, f"{method} {target}", url or _url(request, self.scheme), None, tuple(self.assumed))

    def _bare(self) -> tuple[bytes, int]:
        """The text without what surrounds it, and how many lines were left out at its beginning."""
        data = self.data.removeprefix(b"\xef\xbb\xbf")
        if fence := _FENCE.match(data):
            return fence[1], data[: fence.start(1)].count(b"\n")
        bare = data.lstrip(b"\r\n")
        skipped = data[: len(data) - len(bare)].count(b"\n")
        lines = bare.split(b"\n")
        if any(line.startswith(b"> ") for line in lines[:8]) and any(line.startswith(b"* ") for line in lines):
            # What `curl -v` prints: the request's lines have an arrow, and its body is not among them.
            sent = [line[2:].rstrip(b"\r") for line in lines if line.startswith(b">")]
            self.assumed.append(said("This is what curl -v prints, and that has no body: the body is taken as empty."))
            return b"\n".join(sent) + b"\n", skipped
        if all(line.startswith(b">") for line in lines if line.strip()) and len(lines) > 1:
            return b"\n".join(line[1:].removeprefix(b" ") for line in lines), skipped  # quoted in a mail
        return bare, skipped

    def _first(self, lines: Sequence[bytes], *, with_body: bool) -> tuple[str, str, str, int]:
        """Method, target and version, and how many lines they take."""
        found = _REQUEST_LINE.fullmatch(lines[0].strip())
        if found is not None and (found[3] or found[1].upper() in _METHODS or b"/" in found[2]):
            method = found[1] if found[3] and found[1].upper() not in _METHODS else found[1].upper()
            version = "1.0" if found[3] == b"1.0" else "1.1"
            return method.decode("latin-1"), found[2].decode("latin-1"), version, 1
        if _PSEUDO.match(lines[0].strip()):
            return self._of_pseudo(lines)
        name, colon, _ = lines[0].partition(b":")
        if colon and _NAME.fullmatch(name) and (with_body or len(lines) > 1):
            self.assumed.append(said("There is no request line: taken as a POST to the address /."))
            return "POST", "/", "1.1", 0
        raise RequestMalformed("this is not a request line, as “POST /path HTTP/1.1”", 1)

    def _of_pseudo(self, lines: Sequence[bytes]) -> tuple[str, str, str, int]:
        """HTTP/2 as tools show it: `:method`, `:path` and so on instead of a request line."""
        told: dict[bytes, bytes] = {}
        count = 0
        for line in lines:
            found = _PSEUDO.match(line.strip())
            if found is None:
                break
            told[found[1]] = found[2]
            count += 1
        self.assumed.append(said("It came over HTTP/2; its first lines are read as a request line."))
        self.scheme = told.get(b"scheme", b"").decode("latin-1")
        path, host = told.get(b"path", b"/"), told.get(b"authority", b"")
        target = f"{self.scheme or 'https'}://".encode() + host + path if host else path
        return told.get(b"method", b"POST").decode("latin-1"), target.decode("latin-1"), "1.1", count

    def _body(self, headers: Headers, body: bytes) -> bytes:
        """The body as it was most likely sent: as long as its length says, where an editor's change explains that."""
        length = (headers.first("content-length") or b"").decode("latin-1")
        if not (length.isascii() and length.isdigit() and len(length) < 12):
            return self._without_length(headers, body)
        wanted = int(length)
        if len(body) == wanted:
            return body
        if len(body) > wanted and not body[wanted:].strip():
            return body[:wanted]
        converted = re.sub(rb"\r?\n", b"\r\n", body)
        for text, changed in (
            (_WITH_CRLF, converted),
            (_WITH_LF, body.replace(b"\r\n", b"\n")),
            (_BREAK_BACK, body + b"\n"),
            (_BREAK_BACK, body + b"\r\n"),
            (_WITH_CRLF, converted[:wanted] if not converted[wanted:].strip() else converted),
        ):
            whole = len(changed) <= len(body) or b"\n" in body or body.endswith((b"}", b"]", b">"))
            if len(changed) == wanted and changed != body and whole:
                self.assumed.append(said(text))
                return changed
        self.assumed.append(
            said(
                "Content-Length says {announced} bytes, and the text has {received}: it was changed or cut when it was "
                "copied, or on its way.",
                announced=f"{wanted:,}",
                received=f"{len(body):,}",
            )
        )
        return body

    def _without_length(self, headers: Headers, body: bytes) -> bytes:
        coding = (headers.first("transfer-encoding") or b"").lower()
        if b"chunked" in coding and body:
            self.assumed.append(
                said("The text says it was sent in chunks, and shows them put together: taken as it is.")
            )
        elif body.endswith((b"\n", b"\r")) and body.strip()[:1] in (b"{", b"[", b"<"):
            self.assumed.append(
                said("Content-Length is missing: the line break at the end is taken for the editor's and cut off.")
            )
            body = body.rstrip(b"\r\n")
        return body


def _header_lines(lines: Sequence[bytes], first_line: int) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        if line[:1] in (b" ", b"\t") and found and b":" not in line.split(b" ", 1)[0]:
            found[-1] = (found[-1][0], found[-1][1] + b" " + line.strip(b" \t"))
            continue
        name, colon, value = line.strip(b" \t").partition(b":")
        if not colon or _NAME.fullmatch(name) is None:
            raise RequestMalformed("this is not a header, as “Name: value”", number)
        found.append((name, value.strip(b" \t")))
    return found
