"""One HTTP request as text: as it was on the wire, or as a person wrote or pasted it."""

import re

from inspector.core.http1 import End, Head, Limits, Reader
from inspector.core.request import Headers, Request

_REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+)(?: HTTP/(1\.[01]|2|2\.0))?")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_UNLIMITED = Limits(max_body_bytes=1 << 40, max_line_bytes=1 << 30, max_header_lines=100_000)


class RequestMalformed(ValueError):
    """The text is not an HTTP request; the message says where."""


def raw_request(data: bytes) -> Request:
    """The request that `data` is. Raises RequestMalformed.

    What is valid on the wire is read as the listener reads it. Else lines may end in a line feed alone, version and
    Content-Length may be missing, and the body is what follows the empty line, without what an editor added to its end.
    """
    return _strict(data) or _lenient(data)


def raw_bytes(request: Request) -> bytes:
    """The request as it goes over the wire, with the length of its body."""
    lines = [(name, value) for name, value in request.headers if name.lower() != b"transfer-encoding"]
    if request.body and not request.headers.all("content-length"):
        lines.append((b"Content-Length", str(len(request.body)).encode()))
    first = f"{request.method} {request.target} HTTP/{request.version}\r\n".encode("latin-1", "replace")
    return first + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n" + bytes(request.body)


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


def _lenient(data: bytes) -> Request:
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    blank = _BLANK_LINE.search(data)
    head, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")
    first, *rest = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    found = _REQUEST_LINE.fullmatch(first.strip())
    if found is None:
        raise RequestMalformed("line 1 is not a request line, as `POST /path HTTP/1.1`")
    lines = []
    for number, line in enumerate(rest, 2):
        name, colon, value = line.partition(b":")
        if not colon or _NAME.fullmatch(name) is None:
            raise RequestMalformed(f"line {number} is not a header, as `Name: value`")
        lines.append((name, value.strip(b" \t")))
    headers = Headers(lines)
    length = (headers.first("content-length") or b"").decode("latin-1")
    if length.isascii() and length.isdigit() and len(length) < 12 and not body[int(length) :].strip():
        body = body[: int(length)]
    version = "1.0" if found[3] == b"1.0" else "1.1"
    return Request(found[1].decode("latin-1"), found[2].decode("latin-1"), version, headers, body)
