"""A request as text: as it came, as it may be shown, and as commands that send it again."""

import re

from inspector.core.delivery import Delivery
from inspector.core.request import Request
from inspector.gui.models.header_table import CREDENTIAL_NAME

_LINE = re.compile(rb"^([^\r\n:]+)(:[ \t]*)([^\r\n]+)", re.MULTILINE)
_PARAMETER = re.compile(rb"([?&])([^=&\s]*)=([^&\s]*)")
_MASK = "••••••••"


def head_of(delivery: Delivery) -> bytes:
    """The head as received; of what was not HTTP its first bytes."""
    if delivery.refusal is not None and delivery.refusal.raw:
        return delivery.refusal.raw
    return delivery.request.head or _written(delivery.request)


def shown(delivery: Delivery, *, masked: bool, line_ends: bool, largest_body: int) -> bytes:
    """Head and body as UTF-8: credentials masked, line ends of the head as marks, the body's beginning."""
    head, body = head_of(delivery), delivery.request.body
    end = head.find(b"\r\n\r\n")
    fields = head if end < 0 else head[:end]
    text = masked_head(fields) if masked else _utf8(fields)
    text += _utf8(head[len(fields) :])
    if line_ends:
        text = text.replace(b"\r\n", "‹CR›‹LF›\n".encode())
    beginning = bytes(body[:largest_body])
    return text + (beginning if _is_utf8(beginning) else _utf8(beginning))


def as_sent(delivery: Delivery, largest: int) -> bytes:
    """Head, body (without its transfer coding) and trailers, at most `largest` bytes of the body."""
    trailers = b"".join(name + b": " + value + b"\r\n" for name, value in delivery.request.trailers)
    return head_of(delivery) + bytes(delivery.request.body[:largest]) + trailers


def masked_head(fields: bytes) -> bytes:
    """The head with the values of credentials replaced: header lines, and parameters of the target."""
    line, end, rest = fields.partition(b"\n")
    return _PARAMETER.sub(_masked_parameter, _utf8(line)) + end + _LINE.sub(_masked_line, rest)


def _masked_parameter(parameter: re.Match[bytes]) -> bytes:
    mark, name, _ = parameter.groups()
    secret = name.lower() in (b"key", b"auth", b"sig", b"code") or CREDENTIAL_NAME.search(name)
    return mark + name + b"=" + _MASK.encode() if secret else parameter[0]


def _masked_line(line: re.Match[bytes]) -> bytes:
    name, separator, value = line.groups()
    return _utf8(name + separator) + (_MASK.encode() if CREDENTIAL_NAME.search(name) else _utf8(value))


def _written(request: Request) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers)
    line = f"{request.method} {request.target} HTTP/{request.version}\r\n".encode("latin-1", "replace")
    return line + lines + b"\r\n"


def _utf8(text: bytes) -> bytes:
    return text.decode("latin-1").encode()


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(text) - 3  # a character that the limit cuts
    return True
