"""The bytes of an answer."""

import re
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from inspector.core.delivery import Answer

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_OURS: Final = frozenset(
    {"connection", "content-length", "date", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
)
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t -~\x80-\U0010ffff]*")
_PHRASES: Final = {int(status): status.phrase for status in HTTPStatus}
_TEXT: Final = (("Content-Type", "text/plain; charset=utf-8"),)


def plain(status: int, *headers: tuple[str, str]) -> Answer:
    """An answer of the listener's own: the status and its phrase as text."""
    return Answer(status, (*_TEXT, *headers), _PHRASES[status].encode())


def answer_bytes(answer: Answer, *, version: str, keep_alive: bool, head_only: bool, seconds: int) -> bytes:
    """`answer` as it goes on the wire, to a request of HTTP `version`, `seconds` after the epoch.

    Framing, Connection and Date are ours to say: what a handler sets of these is left out, as is a header
    that is none (RFC 9110, 5.5).
    """
    connection = "close" if not keep_alive else "keep-alive" if version == "1.0" else ""
    start = _start(answer.status, answer.headers, connection) + _date(seconds)
    if answer.status in (204, 304):
        return start + b"\r\n"
    return b"%bContent-Length: %d\r\n\r\n%b" % (start, len(answer.body), b"" if head_only else answer.body)


@lru_cache(256)
def _start(status: int, headers: tuple[tuple[str, str], ...], connection: str) -> bytes:
    if not 200 <= status <= 999:
        raise ValueError(f"{status} is not the status of an answer")
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\n"]
    lines += [
        f"{name}: {value.strip()}\r\n"
        for name, value in headers
        if name.lower() not in _OURS and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
    ]
    if connection:
        lines.append(f"Connection: {connection}\r\n")
    return "".join(lines).encode("latin-1", "replace")


@lru_cache(1)
def _date(seconds: int) -> bytes:
    return f"Date: {formatdate(seconds, usegmt=True)}\r\n".encode()
