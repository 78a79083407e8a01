"""What a body is, going by its header and its first bytes, and the views that suit it."""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

from inspector.core.request import Headers
from inspector.gui.widgets.image_view import image_format
from inspector.gui.widgets.lines import Buffer

_SNIFFED = 4096
_JSON_TYPE = re.compile(r"application/(?:.*\+)?json\b|text/json\b|application/x-json\b")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

ENCODINGS = (
    "utf-8", "iso8859-1", "windows-1252", "iso8859-15", "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "koi8-r", "windows-1251",
)  # fmt: skip
"""What the picker offers; a declared charset that Python knows is offered besides."""


class BodyView(StrEnum):
    """One way to look at a body."""

    TREE = "tree"
    PRETTY = "pretty"
    TEXT = "text"
    HEX = "hex"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class BodyKind:
    """The views that suit a body, the best one first, and the encoding it says it has."""

    media_type: str
    encoding: str
    views: tuple[BodyView, ...]


def kind_of(data: Buffer, headers: Headers, *, coded: bool = False) -> BodyKind:
    """What `data` is; `coded`: it still has content codings, so that its type says nothing about these bytes."""
    content_type = (headers.first("content-type") or b"").decode("latin-1")
    media_type = content_type.partition(";")[0].strip().lower()
    start = bytes(data[:_SNIFFED])
    if coded:
        return BodyKind(media_type, "utf-8", (BodyView.HEX, BodyView.TEXT))
    encoding = _encoding(content_type, start)
    if image_format(start):
        return BodyKind(media_type, encoding, (BodyView.IMAGE, BodyView.HEX, BodyView.TEXT))
    if _JSON_TYPE.match(media_type) or start.lstrip()[:1] in (b"{", b"["):
        return BodyKind(media_type, encoding, (BodyView.TREE, BodyView.PRETTY, BodyView.TEXT, BodyView.HEX))
    if _is_text(start, encoding):
        return BodyKind(media_type, encoding, (BodyView.TEXT, BodyView.HEX))
    return BodyKind(media_type, encoding, (BodyView.HEX, BodyView.TEXT))


def known_encoding(name: str) -> str:
    """The one spelling of an encoding of text; empty where there is none of that name."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Python's registry has codecs that are no text encodings: base64, zlib ... One of them decodes a bomb.
    return codec.name if getattr(codec, "_is_text_encoding", False) and codec.name not in _NOT_FOR_TEXT else ""


_NOT_FOR_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def _encoding(content_type: str, start: bytes) -> str:
    if (declared := _CHARSET.search(content_type)) and (known := known_encoding(declared[1])):
        return known
    return next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")


def _is_text(start: bytes, encoding: str) -> bool:
    if encoding.startswith(("utf-16", "utf-32")):
        return True
    if b"\0" in start:
        return False
    try:
        start.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= len(start) - 3 and len(start) == _SNIFFED
    return True
