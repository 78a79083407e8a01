"""The grammar of a request's head and trailers, and how a head frames its body.

Source: https://www.rfc-editor.org/rfc/rfc9112 and rfc9110 (read 2026-11-22).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from inspector.core.request import Headers

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_FIELD = rb"(" + TOKEN + rb"):[ \t]*+([\t -~\x80-\xff]*+)\r\n"
FIELD_LINE = re.compile(_FIELD)
_FIELD_LINES = re.compile(rb"(?<=\n)" + _FIELD)  # for `findall`: only what begins a line can match
REQUEST_LINE = re.compile(rb"(" + TOKEN + rb") ([!-~\x80-\xff]+) HTTP/([0-9]\.[0-9])\r\n")
_AUTHORITY = re.compile(rb"[^/?#@\[\]]+:[0-9]{1,5}|\[[^/?#@\[\]]+\]:[0-9]{1,5}")
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://[^/?#]")
_HOST = re.compile(rb"(?:\[[0-9A-Za-z:.%\-_~]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]*)?")
_CODINGS = re.compile(rb"(?:" + TOKEN + rb"[ \t]*,[ \t]*)+chunked", re.IGNORECASE)
_VERSIONS = {b"1.1": "1.1", b"1.0": "1.0"}

type Fields = Mapping[bytes, Sequence[bytes]]
"""The values of header lines by their names in lower case."""


STATUSES: Final = {
    "request-line": 400,
    "version": 505,
    "target": 400,
    "target-too-long": 414,
    "header-line": 400,  # folded, white space before the colon, bare CR or LF, a control byte ...
    "header-too-long": 431,
    "too-many-headers": 431,
    "host": 400,
    "host-missing": 400,
    "host-doubled": 400,
    "length": 400,
    "length-doubled": 400,
    "length-and-transfer-coding": 400,
    "transfer-coding": 400,
    "transfer-coding-unknown": 501,
    "chunk": 400,
    "chunk-extensions": 413,
    "trailer-line": 400,
    "body-too-large": 413,
    "incomplete": 400,  # the sender closed its side within a request
    "head-too-slow": 408,
    "body-too-slow": 408,
}
"""Why a request can be refused, and the status that it is answered with."""


class Malformed(ValueError):
    """Not a valid request; `reason` is a key of STATUSES."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_head(head: bytes) -> tuple[str, str, str, Headers]:
    """Method, target, version and header lines of a raw `head`, as the reader gave them when it came.

    Raises Malformed, a ValueError, where it is not one.
    """
    if head.find(b"\r\n\r\n") != len(head) - 4 or len(head) < 4:
        raise Malformed("request-line")
    line = REQUEST_LINE.match(head)
    if line is None:
        raise Malformed("request-line")
    method, target, number = line.groups()
    version = _VERSIONS.get(number)
    if version is None:
        raise Malformed("version")
    if target[0] != 47 or method == b"CONNECT":  # 47 is "/"
        _check_target(method, target)
    lines = _FIELD_LINES.findall(head, line.end())
    if len(lines) != head.count(b"\n") - 2:  # a line that did not match: folded, spaced, bare CR or LF, control byte
        raise Malformed("header-line")
    if b" \r" in head or (b"\t" in head and b"\t\r" in head):
        lines = [(name, value.rstrip(b" \t")) for name, value in lines]
    return method.decode("ascii"), target.decode("latin-1"), version, Headers(lines)


def parse_trailers(raw: bytes) -> Headers:
    """The fields of a raw trailer section, without the empty line that ends it. Raises Malformed."""
    lines = _FIELD_LINES.findall(b"\n" + raw)
    if len(lines) != raw.count(b"\n") or (raw and raw[-1] != 10):
        raise Malformed("trailer-line")
    return Headers((name, value.rstrip(b" \t")) for name, value in lines)


def _check_target(method: bytes, target: bytes) -> None:
    """The forms of RFC 9112, 3.2 other than a path."""
    if method == b"CONNECT":
        valid = _AUTHORITY.fullmatch(target) is not None
    else:
        valid = _ABSOLUTE.match(target) is not None or (target == b"*" and method == b"OPTIONS")
    if not valid:
        raise Malformed("target")


def check_host(version: str, fields: Fields) -> None:
    """One valid Host, or none at all in HTTP/1.0 (RFC 9112, 3.2). Raises Malformed."""
    hosts = fields.get(b"host", ())
    if len(hosts) != 1:
        if hosts:
            raise Malformed("host-doubled")
        if version == "1.1":
            raise Malformed("host-missing")
    elif not _HOST.fullmatch(hosts[0]):
        raise Malformed("host")


def body_length(version: str, fields: Fields, max_bytes: int) -> int | None:
    """How long the body will be, None where it is chunked (RFC 9112, 6.3). Raises Malformed."""
    codings, lengths = fields.get(b"transfer-encoding", ()), fields.get(b"content-length", ())
    if codings:
        _check_codings(version, codings, lengths)
        return None
    if not lengths:
        return 0
    if len(lengths) > 1:
        raise Malformed("length-doubled")
    digits = lengths[0]
    if not digits.isdigit():  # of bytes: ASCII alone
        raise Malformed("length")
    if len(digits) > 18:
        digits = digits.lstrip(b"0") or b"0"
    length = int(digits) if len(digits) <= 18 else max_bytes + 1
    if length > max_bytes:
        raise Malformed("body-too-large")
    return length


def _check_codings(version: str, codings: Sequence[bytes], lengths: Sequence[bytes]) -> None:
    if lengths:
        raise Malformed("length-and-transfer-coding")
    if version == "1.0" or len(codings) > 1:
        raise Malformed("transfer-coding")
    if codings[0].lower() == b"chunked":
        return
    understood = _CODINGS.fullmatch(codings[0]) and codings[0].lower().count(b"chunked") == 1
    raise Malformed("transfer-coding-unknown" if understood else "transfer-coding")


def keeps_alive(method: str, version: str, fields: Fields) -> bool:
    """Whether the connection may carry another request after this one (RFC 9112, 9.3)."""
    if method == "CONNECT":  # what follows may be meant for a tunnel that we do not dig
        return False
    options = fields.get(b"connection", ())
    if not options:
        return version == "1.1"
    named = {option.strip(b" \t") for option in b",".join(options).lower().split(b",")}
    return b"close" not in named and (version == "1.1" or b"keep-alive" in named)
