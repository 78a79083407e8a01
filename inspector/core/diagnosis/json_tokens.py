"""How the usual serialisers write the same string or number of a JSON text."""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_HTML = re.compile("[<>&\u2028\u2029]")
_HTML_QUOTES = re.compile("[<>&'\u2028\u2029]")
_DOTNET = re.compile("[<>&'+`\x7f-\U0010ffff]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_BACKSLASH_U = re.compile(r"\\u")
LONGEST_NUMBER = 40
"""Longer numbers are left as they are: nobody's double has so many digits."""


@dataclass(frozen=True, slots=True)
class TokenChange:
    """One way to write a token otherwise. `concerns` is found in texts that it may change."""

    name: str
    cause: str
    cost: int
    of: Callable[[str], str]
    concerns: re.Pattern[str] = re.compile("")


def is_number(token: str) -> bool:
    """Whether the token is a number that may be written otherwise."""
    return token[0] in "-0123456789" and len(token) <= LONGEST_NUMBER


def _unescape_unicode(token: str) -> str:
    """Escaped characters as themselves, but for those that JSON must escape."""

    def plain(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        character = chr(int(match[1], 16))
        return match[0] if character < " " or character in '"\\' or "\ud800" <= character <= "\udfff" else character

    return _ESCAPE.sub(plain, _PAIR.sub(_joined_pair, token))


def _joined_pair(match: re.Match[str]) -> str:
    return chr(0x10000 + ((int(match[1], 16) - 0xD800) << 10) + int(match[2], 16) - 0xDC00)


def _escape_unicode(token: str) -> str:
    return _NON_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], token)


def _upper_escapes(token: str) -> str:
    return _ESCAPE.sub(lambda m: f"\\u{m[1].upper()}" if m[1] else m[0], token)


def _lower_escapes(token: str) -> str:
    return _ESCAPE.sub(lambda m: f"\\u{m[1].lower()}" if m[1] else m[0], token)


def _escape_unicode_upper(token: str) -> str:
    return _upper_escapes(_escape_unicode(token))


def _short_escapes(token: str) -> str:
    short = {"0008": "\\b", "0009": "\\t", "000a": "\\n", "000c": "\\f", "000d": "\\r", "0022": '\\"'}
    return _ESCAPE.sub(lambda m: short.get(m[1].lower(), m[0]) if m[1] else m[0], token)


def _escape_slashes(token: str) -> str:
    return re.sub(r"(?<!\\)/", r"\\/", token)


def _unescape_slashes(token: str) -> str:
    return _ESCAPE.sub(lambda m: "/" if m[2] == "/" else m[0], token)


def _escape_html(token: str) -> str:
    """As Go's encoding/json writes it."""
    return _HTML.sub(lambda match: f"\\u{ord(match[0]):04x}", token)


def _escape_html_quotes(token: str) -> str:
    """As Gson writes it."""
    return _HTML_QUOTES.sub(lambda match: f"\\u{ord(match[0]):04x}", token).replace("=", "\\u003d")


def _escape_dotnet(token: str) -> str:
    """As System.Text.Json writes it: upper case, quotes and plus signs too."""
    bare = _DOTNET.sub(lambda match: _upper_escapes(json.dumps(match[0])[1:-1]) if match[0] > "~" else
                       f"\\u{ord(match[0]):04X}", token)  # fmt: skip
    return _ESCAPE.sub(lambda match: "\\u0022" if match[2] == '"' else match[0], bare)


STRINGS = (
    TokenChange("unescape-non-ascii", "body-unicode-escapes", 3, _unescape_unicode, _BACKSLASH_U),
    TokenChange("escape-non-ascii", "body-unicode-escapes", 3, _escape_unicode, _NON_ASCII),
    TokenChange("unescape-slashes", "body-slash-escapes", 3, _unescape_slashes, re.compile(r"\\/")),
    TokenChange("escape-slashes", "body-slash-escapes", 3, _escape_slashes, re.compile("/")),
    TokenChange("escape-html", "body-unicode-escapes", 4, _escape_html, _HTML),
    TokenChange("escape-html-quotes", "body-unicode-escapes", 5, _escape_html_quotes, re.compile("[<>&'=]")),
    TokenChange("escape-dotnet", "body-unicode-escapes", 5, _escape_dotnet, re.compile(_DOTNET.pattern + r'|\\"')),
    TokenChange("escape-non-ascii-upper", "body-unicode-escapes", 5, _escape_unicode_upper, _NON_ASCII),
    TokenChange("upper-escapes", "body-unicode-escapes", 5, _upper_escapes, _BACKSLASH_U),
    TokenChange("lower-escapes", "body-unicode-escapes", 5, _lower_escapes, _BACKSLASH_U),
    TokenChange("short-escapes", "body-unicode-escapes", 6, _short_escapes, _BACKSLASH_U),
)


def _whole(token: str) -> bool:
    return token.lstrip("-").isdigit()


def _strip_zeros(token: str) -> str:
    return re.sub(r"(\.\d*?)0+(?=$|[eE])", r"\1", token).replace(".e", "e").replace(".E", "E").rstrip(".")


def _strip_whole(token: str) -> str:
    return re.sub(r"\.0+$", "", token)


def _add_zero(token: str) -> str:
    return f"{token}.0" if _whole(token) else token


def _decimals(places: int) -> Callable[[str], str]:
    """Amounts with so many decimals, as databases and decimal types write them."""

    def padded(token: str) -> str:
        if "." not in token or "e" in token.lower():
            return token
        head, _, tail = token.partition(".")
        return f"{head}.{tail.ljust(places, '0')}" if len(tail) <= places else token

    return padded


def _double(token: str) -> float | None:
    try:
        value = float(token)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _as_javascript(token: str) -> str:
    """The number as JavaScript writes the double nearest to it."""
    value = _double(token)
    if value is None or (_whole(token) and len(token) < 16):
        return token
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return _short_exponent(repr(value)) if abs(value) >= 1e-6 else _short_exponent(f"{value!r}")


def _short_exponent(text: str) -> str:
    return re.sub(r"e([+-])0+", r"e\1", text)


def _as_python(token: str) -> str:
    value = None if _whole(token) else _double(token)
    return token if value is None else repr(value)


def _as_java(token: str) -> str:
    """As Java's `Double.toString`: an exponent from ten millions on."""
    value = None if _whole(token) else _double(token)
    if value is None or value == 0 or 1e-3 <= abs(value) < 1e7:
        return token if value is None else repr(value)
    mantissa, _, exponent = f"{value:.17e}".partition("e")
    shortest = next(text for digits in range(1, 18) if float(text := f"{value:.{digits}e}") == value)
    mantissa = shortest.partition("e")[0].rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}"


def _as_php(token: str) -> str:
    """As PHP writes it where `serialize_precision` is 17."""
    value = None if _whole(token) else _double(token)
    return token if value is None else f"{value:.17g}"


_NUMBER = "body-number-format"
NUMBERS = (
    TokenChange("float-strip-zero", _NUMBER, 3, _strip_zeros),
    TokenChange("float-strip-whole", _NUMBER, 3, _strip_whole),
    TokenChange("float-add-zero", _NUMBER, 3, _add_zero),
    TokenChange("float-javascript", _NUMBER, 3, _as_javascript),
    TokenChange("float-python", _NUMBER, 3, _as_python),
    TokenChange("float-two-decimals", _NUMBER, 4, _decimals(2)),
    TokenChange("float-java", _NUMBER, 4, _as_java),
    TokenChange("float-php-17", _NUMBER, 4, _as_php),
    TokenChange("exponent-upper", _NUMBER, 4, lambda token: token.replace("e", "E")),
    TokenChange("exponent-lower", _NUMBER, 4, lambda token: token.replace("E", "e")),
    TokenChange("exponent-plus", _NUMBER, 5, lambda token: re.sub(r"([eE])(?=\d)", r"\1+", token)),
)


def other_spellings(token: str) -> Iterator[tuple[str, str]]:
    """The number with other zeros behind its point, each with a name."""
    spelled = {
        "zero": token + "0" if "." in token else f"{token}.0",
        "two-zeros": f"{token}00" if "." in token else f"{token}.00",
        "stripped": _strip_zeros(token),
        "one-zero-less": token[:-1] if "." in token and token.endswith("0") else token,
    }
    if "e" not in token.lower():
        yield from ((name, text) for name, text in spelled.items() if text != token and not text.endswith("."))
