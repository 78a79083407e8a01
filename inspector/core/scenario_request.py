"""The good request inside a scenario's file, so that the file runs where the deliveries are not."""

import base64
import binascii
import re
from typing import Final

from msgspec import Struct

from inspector.core.credential import CREDENTIAL
from inspector.core.http1_head import parse_head
from inspector.core.request import Request

LARGEST: Final = 1 << 20
"""Bytes of head and body together: what is larger stays with its delivery."""

_MASK: Final = b"*****"
_LINE = re.compile(rb"(?<=\r\n)([!-9;-~]+)(:[ \t]*)([^\r\n]+)")
_PARAMETER = re.compile(rb"(?<=[?&])([^=&\s]+)=([^&\s]+)")


class KeptRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Raw head and body as they came, credentials masked: as text where they are UTF-8, else in base64."""

    head: str = ""
    body: str = ""
    head_base64: str = ""
    body_base64: str = ""


def kept(request: Request) -> KeptRequest | None:
    """`request` to be written down, what is named like a credential masked; None where it cannot be.

    It cannot where it is too large, was refused as malformed, or has trailers, which the form does not know.
    """
    if not request.head or not request.version or request.trailers or len(request.head) + len(request.body) > LARGEST:
        return None
    first, rest = request.head.split(b"\r\n", 1)
    head = _PARAMETER.sub(_masked_parameter, first) + _LINE.sub(_masked_line, b"\r\n" + rest)
    head_text, head_base64 = _written(head)
    body_text, body_base64 = _written(bytes(request.body))
    return KeptRequest(head_text, body_text, head_base64, body_base64)


def request_of(written: KeptRequest) -> Request:
    """The request that was written down. Raises ValueError, whose message goes on after `[request]`."""
    if (written.head and written.head_base64) or (written.body and written.body_base64):
        raise ValueError("has a part twice: as text and in base64")
    head, body = _read(written.head, written.head_base64), _read(written.body, written.body_base64)
    try:
        method, target, version, headers = parse_head(head)
    except ValueError:
        raise ValueError("has no valid head: request line, header lines, an empty line, each ended by \\r\\n") from None
    for length in headers.all("content-length"):
        if length != b"%d" % len(body):
            text = length.decode("latin-1")
            raise ValueError(f"has a body of {len(body):,} bytes, but its Content-Length says {text!r}")
    return Request(method, target, version, headers, body, head=head)


def _masked_line(found: re.Match[bytes]) -> bytes:
    name, separator, value = found.groups()
    return name + separator + (_MASK if CREDENTIAL.search(name.decode("latin-1")) else value)


def _masked_parameter(found: re.Match[bytes]) -> bytes:
    name, value = found.groups()
    return name + b"=" + (_MASK if CREDENTIAL.search(name.decode("latin-1")) else value)


def _written(raw: bytes) -> tuple[str, str]:
    try:
        return raw.decode(), ""
    except UnicodeDecodeError:
        return "", base64.b64encode(raw).decode("ascii")


def _read(text: str, in_base64: str) -> bytes:
    try:
        return base64.b64decode(in_base64, validate=True) if in_base64 else text.encode()
    except (binascii.Error, ValueError):
        raise ValueError("has a part that is no base64") from None
