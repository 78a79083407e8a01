"""The place where two bodies begin to differ, as text of the same length on both sides where that is possible."""

from codecs import getincrementaldecoder
from dataclasses import dataclass

from inspector.gui.widgets.safe_text import marked

_BEFORE, _AFTER = 40, 56  # bytes around the first difference
_BEFORE_HEX, _AFTER_HEX = 8, 16


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What stands around the first difference, at byte `place`; in hexadecimal where it is no text."""

    received: str
    signed: str
    place: int


def excerpts(received: bytes, signed: bytes, place: int) -> Excerpts:
    """The bytes around `place`, the first that is not the same in both."""
    start = max(0, place - _BEFORE)
    while start and received[start : start + 1] and received[start] & 0xC0 == 0x80:  # within a character
        start -= 1
    texts = [_text(body[start : place + _AFTER]) for body in (received, signed)]
    if texts[0] is not None and texts[1] is not None:
        return Excerpts(texts[0], texts[1], place)
    start = max(0, place - _BEFORE_HEX)
    first, second = (body[start : place + _AFTER_HEX].hex(" ") for body in (received, signed))
    return Excerpts(first, second, place)


def _text(data: bytes) -> str | None:
    try:
        return marked(getincrementaldecoder("utf-8")().decode(data))  # the last character may be cut
    except UnicodeDecodeError:
        return None
