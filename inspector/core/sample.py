"""A delivery of our own that a handler verifies, to try it out."""

import re
from dataclasses import replace
from datetime import datetime

from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret


def sample_request(handler: Handler, secret: Secret | None, *, host: str, identifier: str, now: datetime) -> Request:
    """A signed POST with a small body on a path that `handler` applies to.

    `identifier` tells one sample from another. Raises CannotSign where the handler's scheme cannot sign.
    """
    from inspector.core.verification.sign import signed_request  # slow to load, and of no use before

    kind, body = _sample_body(handler.scheme, identifier)
    lines = [
        (b"Host", host.encode()),
        (b"User-Agent", b"Webhook-Inspector"),
        (b"Content-Type", kind),
        (b"X-Request-Id", identifier.encode()),
    ]
    unsigned = Request("POST", sample_path(handler.path), "1.1", Headers(lines), body)
    request = signed_request(
        unsigned,
        handler.scheme,
        secret,
        now=now,
        url=sender_url(unsigned, handler.public_url),
        identifier=identifier,
        parameters=handler.parameters,
    )
    lines = [*request.headers, (b"Content-Length", str(len(request.body)).encode())]
    return replace(request, headers=Headers(lines), head=head_of(request.method, request.target, lines))


def sample_path(pattern: str) -> str:
    """A path that matches the path pattern."""
    path = re.sub(r"\*+", "test", pattern) or "/"
    return path if path.startswith("/") else f"/{path}"


def head_of(method: str, target: str, lines: list[tuple[bytes, bytes]]) -> bytes:
    """The raw head of an HTTP/1.1 request with these header lines (RFC 9112, 2.1)."""
    first = f"{method} {target} HTTP/1.1\r\n".encode("latin-1")
    return first + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n"


def _sample_body(scheme: Scheme, identifier: str) -> tuple[bytes, bytes]:
    """The content type and the body that the scheme can sign: a form where it reads fields of one, else JSON."""
    places = {scheme.signature.place if scheme.signature else "", *(s.place for s in scheme.values.values())}
    if "form" in places or any(part.part in ("form", "form-sorted") for part in scheme.content):
        return b"application/x-www-form-urlencoded", b"id=%s&type=test.delivery" % identifier.encode()
    body = b'{"id":"%s","type":"test.delivery","message":"Sent by Webhook Inspector"}' % identifier.encode()
    return b"application/json", body
