"""A delivery of our own that a handler verifies, to try it out."""

import re

from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signing_headers


def sample_request(handler: Handler, secret: Secret | None, *, host: str, identifier: str) -> Request:
    """A signed POST with a small JSON body on a path that `handler` applies to.

    `identifier` tells one sample from another. Raises CannotSign where the handler's scheme cannot sign.
    """
    body = b'{"id":"%s","type":"test.delivery","message":"Sent by Webhook Inspector"}' % identifier.encode()
    lines = [
        (b"Host", host.encode()),
        (b"User-Agent", b"Webhook-Inspector"),
        (b"Content-Type", b"application/json"),
        (b"X-Request-Id", identifier.encode()),
    ]
    target = sample_path(handler.path)
    unsigned = Request("POST", target, "1.1", Headers(lines), body)
    lines += signing_headers(unsigned, handler.scheme, secret)
    lines.append((b"Content-Length", str(len(body)).encode()))
    return Request("POST", target, "1.1", Headers(lines), body, head=head_of("POST", target, lines))


def sample_path(pattern: str) -> str:
    """A path that matches the path pattern."""
    path = re.sub(r"\*+", "test", pattern) or "/"
    return path if path.startswith("/") else f"/{path}"


def head_of(method: str, target: str, lines: list[tuple[bytes, bytes]]) -> bytes:
    """The raw head of an HTTP/1.1 request with these header lines (RFC 9112, 2.1)."""
    first = f"{method} {target} HTTP/1.1\r\n".encode("latin-1")
    return first + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n"
