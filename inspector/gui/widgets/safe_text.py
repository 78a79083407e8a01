"""Text from outside as it may be shown: what cannot be seen, or deceives, becomes a mark.

Follows Unicode Technical Report 36 (visual spoofing) and UAX 9 (bidirectional text), read 2026-11-22.
"""

import re
import unicodedata

LONGEST = 512
"""Characters beyond which `shortened` cuts, unless told otherwise."""

_NAMES = {
    0x007F: "DEL",
    0x00A0: "NBSP",
    0x00AD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2028: "LS",
    0x2029: "PS",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_CONTROLS = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL"),
    *("BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB"),
    *("CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x2800, 0x3164, 0xFFA0}
_STACK = 3  # combining characters on one letter; living languages need no more
_WORD = re.compile(r"\w+")


def marked(text: str, keep: str = "") -> str:
    """`text` with control, bidirectional, invisible and look-alike characters shown as marks.

    The characters in `keep` (a line feed, a tab) stay as they are. Marks are names between
    angle quotes, as `‹NUL›`, `‹RLO›` or `‹U+2800›`; a look-alike letter keeps its place before its mark.
    """
    if text.isascii() and text.isprintable():
        return text
    alike = _look_alikes(text)
    stacked = 0
    shown: list[str] = []
    for place, character in enumerate(text):
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if character in keep:
            shown.append(character)
        elif stacked > _STACK:
            shown.append(_mark(character))
        elif place in alike:
            shown.append(character + _mark(character))
        else:
            shown.append(_shown(character))
    return "".join(shown)


def as_text(latin: str) -> str:
    """Bytes that are kept as latin-1 characters, read as UTF-8 where they are that: `cafÃ©` was sent for `café`."""
    if latin.isascii():
        return latin
    try:
        return latin.encode("latin-1").decode()
    except UnicodeError:
        return latin


def shortened(text: str, longest: int = LONGEST) -> str:
    """`text` cut in its middle to about `longest` characters, with its whole length said."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}…{text[-half:]} ({len(text):,} characters)"


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return f"‹{_CONTROLS[code]}›"  # few fonts have the control pictures of U+2400
    if code < 0x7F:
        return character
    if code in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}:
        return character if code == 0x3000 else _mark(character)
    if unicodedata.category(character) == "Mn" and 0xFE00 <= code <= 0xFE0F:
        return _mark(character)
    return character


def _mark(character: str) -> str:
    code = ord(character)
    return f"‹{_NAMES.get(code) or f'U+{code:04X}'}›"


def _look_alikes(text: str) -> set[int]:
    """Places of letters that pass for Latin ones inside a word that has Latin letters too."""
    if text.isascii():
        return set()
    places: set[int] = set()
    for word in _WORD.finditer(text):
        letters = word.group()
        if letters.isascii() or not any(character.isascii() and character.isalpha() for character in letters):
            continue
        places.update(word.start() + place for place, character in enumerate(letters) if _passes_for_latin(character))
    return places


def _passes_for_latin(character: str) -> bool:
    if character.isascii() or not character.isalpha():
        return False
    if unicodedata.name(character, "").startswith(("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")):
        return True
    plain = unicodedata.normalize("NFKC", character)
    return plain != character and plain.isascii()
