"""A request put together from separate fields, as a form has them: method, address, headers and body."""

import base64
import binascii
import re
from typing import Literal

from inspector.core.formats.raw_http import header_lines
from inspector.core.formats.reading import Address, Understood, Unreadable, address_of, bytes_of
from inspector.core.request import Headers, Request

type BodyText = Literal["text", "base64", "hex"]
"""How the text of a body is to be read."""

_METHOD = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class FieldUnreadable(Unreadable):
    """One of the fields cannot be read; `field` is its name: method, url, headers or body."""

    def __init__(self, field: str, problem: str, line: int = 0, column: int = 0) -> None:
        super().__init__(problem, line, column)
        self.field = field


def request_of_fields(method: str, url: str, headers: str, body: bytes) -> Understood:
    """The request that the fields describe; Host comes from the address where no header says it.

    `headers` has one a line; `url` may be a path alone. Raises FieldUnreadable.
    """
    method = method.strip()
    if not _METHOD.fullmatch(method):
        raise FieldUnreadable("method", "a method is one word, as POST")
    try:
        lines = list(header_lines(headers))
    except Unreadable as error:
        raise FieldUnreadable("headers", str(error.sentence), error.line) from None
    address = _address(url.strip())
    if address.host and not any(name.lower() == b"host" for name, _ in lines):
        lines.insert(0, (b"Host", address.host.encode("latin-1")))
    if body and not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in lines):
        lines.append((b"Content-Length", str(len(body)).encode()))
    request = Request(method, address.target, "1.1", Headers(lines), body)
    return Understood(request, f"{method} {address.target}", url.strip() if address.host else "")


def body_of_text(text: str, kind: BodyText) -> bytes:
    """The bytes that the text of a body stands for. Raises FieldUnreadable."""
    if kind == "text":
        return bytes_of(text)
    bare = re.sub(r"\s+", "", text)
    try:
        if kind == "hex":
            return bytes.fromhex(re.sub(r"(?i)0x|[:,]", "", bare))
        return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        words = {"hex": "this is not hexadecimal: pairs of 0 to 9 and a to f", "base64": "this is not base64"}
        raise FieldUnreadable("body", words[kind]) from None


def _address(url: str) -> Address:
    if not url or url.startswith("/"):
        return address_of(url or "/")
    address = address_of(url if "://" in url else f"https://{url}")
    if not address.host or re.search(r"\s", address.host):
        raise FieldUnreadable("url", "this is not an address, as https://example.com/path")
    return address
