"""What goes on the wire when a delivery is sent again: as it was received, edited, or signed anew.

What is not touched stays byte for byte as it came, down to the white space of a header line. The chunks of a
chunked body were not kept, so it goes out as one chunk, with its trailers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inspector.core.attempt import Sent
from inspector.core.http1 import parse_head
from inspector.core.request import Body, Headers, Request
from inspector.core.target import Target

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(rb"[\t -~\x80-\xff]*")
_TARGET = re.compile(rb"[!-~\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to be different; None and empty leave it as it came.

    `headers` is the whole table; `set_headers` and `remove_headers` change what is there, whatever that is.
    `host_of_target`: the Host becomes that of the target. `own_length`: Content-Length is left as it is, even wrong.
    """

    method: str | None = None
    target: str | None = None
    headers: Headers | None = None
    set_headers: tuple[tuple[bytes, bytes], ...] = ()
    remove_headers: tuple[bytes, ...] = ()
    body: Body | None = None
    host_of_target: bool = False
    own_length: bool = False


AS_RECEIVED: Final = Edits()


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be sent, and where it was typed: `method`, `target`, `header` (with its number) or `body`."""

    field: str
    sentence: str
    line: int = -1


class NotSendable(ValueError):
    """The delivery cannot be sent again; the message is one sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Difference:
    """In what the request as sent is not the request as received.

    `kind` is `method`, `target`, `header-added`, `header-removed`, `header-changed`, `headers-moved`, `body` or
    `chunks-joined`; `name` is the header's.
    """

    kind: str
    name: str = ""
    before: str = ""
    after: str = ""


def edited(request: Request, target: Target, edits: Edits = AS_RECEIVED) -> Request:
    """`request` with `edits`, for `target`; itself where nothing is different. Raises NotSendable."""
    if not request.method or not request.version:
        raise NotSendable("it was refused as malformed, and only its first bytes were kept")
    request_target = edits.target or target.request_target or request.target
    headers = _edited(request.headers if edits.headers is None else edits.headers, target, edits)
    method = edits.method or request.method
    body = request.body if edits.body is None else edits.body
    if (method, request_target, headers) == (request.method, request.target, request.headers) and body == request.body:
        return request
    changed = replace(request, method=method, target=request_target, headers=headers, body=body, head=b"")
    for problem in problems(changed):
        raise NotSendable(problem.sentence.removesuffix("."))
    return changed


def problems(request: Request) -> Iterator[Problem]:
    """What of an edited request would not be one request on the wire."""
    if not _TOKEN.fullmatch(_latin(request.method)):
        yield Problem("method", f"{request.method!r} is no method: letters, digits and !#$%&'*+-.^_`|~ only.")
    if not _TARGET.fullmatch(_latin(request.target)):
        yield Problem("target", "The target has a space or a control character in it, or a letter beyond latin-1.")
    for line, (name, value) in enumerate(request.headers):
        if not _TOKEN.fullmatch(name):
            yield Problem("header", f"{name.decode('latin-1')!r} cannot be a header's name.", line)
        elif not _VALUE.fullmatch(value):
            yield Problem("header", f"The value of {name.decode()} has a line break or control character in it.", line)


def on_the_wire(request: Request, received: Request | None = None, *, own_length: bool = False) -> Sent:
    """The bytes of `request`; what it shares with the request as `received` is written as that came."""
    headers = request.headers
    chunked = _is_chunked(headers)
    head = request.head
    if not head:
        if not own_length:
            headers = with_length(headers, len(request.body), chunked=chunked)
        head = _head(request, headers, received)
    if not chunked:
        return Sent(head, request.body)
    size = b"%x\r\n" % len(request.body) if request.body else b""
    trailers = b"".join(b"%b: %b\r\n" % line for line in request.trailers)
    return Sent(head, request.body, size, (b"\r\n" if request.body else b"") + b"0\r\n" + trailers + b"\r\n")


def with_length(headers: Headers, length: int, *, chunked: bool = False) -> Headers:
    """`headers` with the one Content-Length that a body of `length` bytes needs, at the place where there was one."""
    lengths = headers.all(b"content-length")
    if chunked:
        return without(headers, b"content-length") if lengths else headers
    if (not lengths and not length) or (len(lengths) == 1 and lengths[0].isdigit() and int(lengths[0]) == length):
        return headers
    return with_line(headers, b"Content-Length", b"%d" % length)


def with_line(headers: Headers, name: bytes, value: bytes) -> Headers:
    """`headers` with `value` under `name`: where the first one stood, else at the end. Its case is kept."""
    lines: list[tuple[bytes, bytes]] = []
    done = False
    for key, old in headers:
        if key.lower() != name.lower():
            lines.append((key, old))
        elif not done:
            lines.append((key, value))
            done = True
    return Headers(lines if done else [*lines, (name, value)])


def without(headers: Headers, name: bytes) -> Headers:
    """`headers` without those of this name."""
    return Headers(line for line in headers if line[0].lower() != name.lower())


def differences(received: Request, sent: Sent) -> tuple[Difference, ...]:
    """In what `sent` differs from the request as received."""
    try:
        method, target, _, headers = parse_head(sent.head)
    except ValueError:  # an odd head of somebody's own making
        return (Difference("head"),)
    found = []
    if method != received.method:
        found.append(Difference("method", "", received.method, method))
    if target != received.target:
        found.append(Difference("target", "", received.target, target))
    found += _header_differences(received.headers, headers)
    if sent.body != received.body:
        found.append(Difference("body", "", f"{len(received.body)}", f"{len(sent.body)}"))
    if sent.before_body:
        found.append(Difference("chunks-joined"))
    return tuple(found)


def _edited(headers: Headers, target: Target, edits: Edits) -> Headers:
    for name in edits.remove_headers:
        headers = without(headers, name)
    for name, value in edits.set_headers:
        headers = with_line(headers, name, value)
    if edits.host_of_target:
        headers = with_line(headers, b"Host", target.authority.encode())
    return headers


def _head(request: Request, headers: Headers, received: Request | None) -> bytes:
    first, raw = _raw_lines(received) if received is not None else (b"", {})
    if received is None or (request.method, request.target) != (received.method, received.target):
        first = f"{request.method} {request.target} HTTP/{request.version}\r\n".encode("latin-1")
    lines = [kept.pop(0) if (kept := raw.get(line)) else b"%b: %b\r\n" % line for line in headers]
    return b"".join((first, *lines, b"\r\n"))


def _raw_lines(request: Request) -> tuple[bytes, dict[tuple[bytes, bytes], list[bytes]]]:
    """The request line, and the header lines as they came by what they say."""
    head = request.head
    raw = head.split(b"\r\n")[:-2]
    if len(raw) != len(request.headers) + 1:  # it came without its raw head
        return f"{request.method} {request.target} HTTP/{request.version}\r\n".encode("latin-1"), {}
    lines: dict[tuple[bytes, bytes], list[bytes]] = {}
    for line, text in zip(request.headers, raw[1:], strict=True):
        lines.setdefault(line, []).append(text + b"\r\n")
    return raw[0] + b"\r\n", lines


def _is_chunked(headers: Headers) -> bool:
    return any(value.lower() == b"chunked" for value in headers.all(b"transfer-encoding"))


def _header_differences(before: Headers, after: Headers) -> Sequence[Difference]:
    if before == after:
        return ()
    found = []
    names: dict[bytes, bytes] = {}
    for name, _ in (*before, *after):
        names.setdefault(name.lower(), name)
    for name in names.values():
        old, new = before.all(name), after.all(name)
        text = name.decode("latin-1")
        for index in range(max(len(old), len(new))):
            was = old[index].decode("latin-1") if index < len(old) else ""
            is_ = new[index].decode("latin-1") if index < len(new) else ""
            if index >= len(old):
                found.append(Difference("header-added", text, "", is_))
            elif index >= len(new):
                found.append(Difference("header-removed", text, was))
            elif was != is_:
                found.append(Difference("header-changed", text, was, is_))
    if not found:
        found.append(Difference("headers-moved"))  # or the case of a name changed
    return found


def _latin(text: str) -> bytes:
    """`text` as bytes; what is beyond latin-1 becomes a byte that no grammar allows."""
    return text.encode("latin-1", "replace") if text.isascii() or max(text) <= "\xff" else b"\0"
