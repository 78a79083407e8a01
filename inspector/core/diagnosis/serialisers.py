"""How the usual JSON serialisers write a whole text: strings, numbers, white space.

Strings and numbers are read and written anew, so that it does not matter how they came. Watched on Node 20, PHP 8.2,
Ruby 3.1, Go 1.19 and Python 3.13; Java and .NET by their documentation.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from inspector.core.diagnosis.json_layouts import (
    COMPACT,
    INDENT_2,
    INDENT_4,
    JACKSON_PRETTY,
    RUBY_PRETTY,
    SPACED,
    Layout,
)

type Spelling = Callable[[str], str]

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ALWAYS = '\x00-\x1f"\\\\'
LONGEST_NUMBER = 40
"""Longer numbers are left as they are: nobody's double has so many digits."""


@dataclass(frozen=True, slots=True)
class Serialiser:
    """One way to write JSON. `ending` follows the text."""

    name: str
    string: Spelling
    number: Spelling
    layout: Layout
    cost: int = 4
    ending: str = ""


def _string(escaped: re.Pattern[str], upper_below: int, short: frozenset[str], token: str) -> str:
    """The string token with these characters escaped."""
    try:
        text = json.loads(token)
    except ValueError:
        return token
    return f'"{escaped.sub(partial(_escape, upper_below, short), text)}"' if isinstance(text, str) else token


def _escape(upper_below: int, short: frozenset[str], match: re.Match[str]) -> str:
    character = match[0]
    if character in short and character in _SHORT:
        return _SHORT[character]
    if character == "/":
        return "\\/"
    units = character.encode("utf-16-be", "surrogatepass")
    numbers = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(f"\\u{number:04X}" if number < upper_below else f"\\u{number:04x}" for number in numbers)


def strings(also: str = "", *, upper_below: int = 0, without: str = "") -> Spelling:
    """Strings in which the characters `also` (a class of a regular expression) are escaped besides the usual ones.

    `without` are characters that have a short escape elsewhere and none here; the escapes of those below
    `upper_below` have capital letters.
    """
    return partial(_string, re.compile(f"[{_ALWAYS}{also}]"), upper_below, frozenset(_SHORT) - set(without))


def _double(token: str) -> float | None:
    if len(token) > LONGEST_NUMBER:
        return None
    value = float(token)
    return value if math.isfinite(value) else None


def _whole(token: str) -> bool:
    return token.lstrip("-").isdigit()


def as_received(token: str) -> str:
    """The number as it came."""
    return token


def as_javascript(token: str) -> str:
    """The number as JavaScript writes the double nearest to it (ECMA-262, Number::toString)."""
    value = _double(token)
    if value is None or (_whole(token) and len(token) < 16):
        return token
    digits, exponent, sign = _digits(value)
    if -6 < exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{digits}"
    if 0 < exponent <= 21:
        return sign + _with_point(digits, exponent)
    return f"{sign}{_mantissa(digits, '')}e{exponent - 1:+d}"


def as_python(token: str) -> str:
    """As Python's `repr`."""
    value = None if _whole(token) else _double(token)
    return token if value is None else repr(value)


def as_ruby(token: str) -> str:
    """As Ruby's `Float#to_s`: a point always, two digits of exponent at least."""
    value = None if _whole(token) else _double(token)
    if value is None:
        return token
    digits, exponent, sign = _digits(value)
    if -4 < exponent <= 15:
        return repr(value) if "e" not in repr(value) else f"{sign}{_with_point(digits, exponent)}.0"
    return f"{sign}{_mantissa(digits, '.0')}e{_two_digits(exponent - 1)}"


def as_php(token: str, *, zeros: bool = False) -> str:
    """As PHP writes it with `serialize_precision` -1: whole numbers beyond 64 bits are doubles too."""
    if _whole(token) and -(2**63) <= int(token[:LONGEST_NUMBER]) < 2**63:
        return token
    value = _double(token)
    if value is None:
        return token
    digits, exponent, sign = _digits(value)
    if -4 < exponent <= 17:
        plain = f"{sign}0.{'0' * -exponent}{digits}" if exponent <= 0 else sign + _with_point(digits, exponent)
        return f"{plain}.0" if zeros and "." not in plain else plain
    return f"{sign}{_mantissa(digits, '.0')}e{exponent - 1:+d}"


def as_php_17(token: str) -> str:
    """As older PHP writes it, where `serialize_precision` is 17."""
    value = None if _whole(token) else _double(token)
    return token if value is None else f"{value:.17g}"


def as_go(token: str) -> str:
    """As Go's encoding/json writes a float64: like JavaScript, every number is one."""
    return as_javascript(token)


def as_java(token: str) -> str:
    """As Java's `Double.toString`: a point always, an exponent from ten millions on."""
    value = None if _whole(token) else _double(token)
    if value is None:
        return token
    digits, exponent, sign = _digits(value)
    if -3 < exponent <= 7:
        return repr(value)
    return f"{sign}{_mantissa(digits, '.0')}E{exponent - 1}"


def as_java_double(token: str) -> str:
    """As Gson writes what it read without being told a type: every number is a double."""
    return as_java(f"{token}.0" if _whole(token) else token)


def as_dotnet(token: str) -> str:
    """As .NET's shortest round trip: an exponent with two digits and a sign."""
    value = None if _whole(token) else _double(token)
    if value is None:
        return token
    digits, exponent, sign = _digits(value)
    if -5 < exponent <= 15:
        return f"{sign}0.{'0' * -exponent}{digits}" if exponent <= 0 else sign + _with_point(digits, exponent)
    return f"{sign}{_mantissa(digits, '')}E{_two_digits(exponent - 1, plus='+')}"


def _digits(value: float) -> tuple[str, int, str]:
    """The shortest digits that give `value` back, where the point stands in them, and the sign."""
    if value == 0:
        return "0", 1, "-" if math.copysign(1, value) < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return digits.rstrip("0") or "0", point, "-" if value < 0 else ""


def _with_point(digits: str, exponent: int) -> str:
    return digits.ljust(exponent, "0") if len(digits) <= exponent else f"{digits[:exponent]}.{digits[exponent:]}"


def _mantissa(digits: str, whole: str) -> str:
    return f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits + whole


def _two_digits(exponent: int, plus: str = "+") -> str:
    return f"{'-' if exponent < 0 else plus}{abs(exponent):02d}"


_ALL = 0x10000
_NON_ASCII = "\x7f-\U0010ffff"
_LINES = "\u2028\u2029"
_plain = strings()
_ascii = strings(_NON_ASCII)
_php = strings("/\x80-\U0010ffff")
_php_unicode = strings(f"/{_LINES}")
_php_slashes = strings("\x80-\U0010ffff")
_php_both = strings(_LINES)
_php_hex = strings("/<>&'\\\"\x80-\U0010ffff", without='"', upper_below=0x80)
_go_old = strings(f"<>&{_LINES}", without="\b\f")
_go_new = strings(f"<>&{_LINES}")
_go_encoder = strings(_LINES, without="\b\f")
_gson = strings(f"<>&='{_LINES}")
_dotnet = strings(f"<>&'+`{_NON_ASCII}\\\"", upper_below=_ALL, without='"')
_newtonsoft = strings(f"{_LINES}\x85")
_jackson_ascii = strings("\x80-\U0010ffff", upper_below=_ALL)
_rails = strings(f"<>&{_LINES}")

SERIALISERS: Sequence[Serialiser] = (
    Serialiser("node", _plain, as_javascript, COMPACT, 3),
    Serialiser("node-2", _plain, as_javascript, INDENT_2),
    Serialiser("node-4", _plain, as_javascript, INDENT_4),
    Serialiser("python", _ascii, as_python, SPACED, 3),
    Serialiser("python-compact", _ascii, as_python, COMPACT),
    Serialiser("python-unicode", _plain, as_python, SPACED),
    Serialiser("python-compact-unicode", _plain, as_python, COMPACT),
    Serialiser("python-2", _ascii, as_python, INDENT_2),
    Serialiser("python-4", _ascii, as_python, INDENT_4),
    Serialiser("php", _php, as_php, COMPACT, 3),
    Serialiser("php-unescaped", _php_both, as_php, COMPACT),
    Serialiser("php-unicode", _php_unicode, as_php, COMPACT),
    Serialiser("php-slashes", _php_slashes, as_php, COMPACT),
    Serialiser("php-zeros", _php, partial(as_php, zeros=True), COMPACT),
    Serialiser("php-both-zeros", _php_both, partial(as_php, zeros=True), COMPACT),
    Serialiser("php-pretty", _php, as_php, INDENT_4),
    Serialiser("php-pretty-both", _php_both, as_php, INDENT_4),
    Serialiser("php-hex", _php_hex, as_php, COMPACT, 5),
    Serialiser("php-17", _php, as_php_17, COMPACT, 5),
    Serialiser("ruby", _plain, as_ruby, COMPACT, 3),
    Serialiser("ruby-pretty", _plain, as_ruby, RUBY_PRETTY),
    Serialiser("rails", _rails, as_ruby, COMPACT),
    Serialiser("go", _go_new, as_go, COMPACT, 3),
    Serialiser("go-old", _go_old, as_go, COMPACT),
    Serialiser("go-2", _go_new, as_go, INDENT_2),
    Serialiser("go-old-2", _go_old, as_go, INDENT_2),
    Serialiser("go-encoder", _go_encoder, as_go, COMPACT, 4, "\n"),
    Serialiser("go-encoder-html", _go_new, as_go, COMPACT, 4, "\n"),
    Serialiser("jackson", _plain, as_java, COMPACT),
    Serialiser("jackson-pretty", _plain, as_java, JACKSON_PRETTY),
    Serialiser("jackson-ascii", _jackson_ascii, as_java, COMPACT),
    Serialiser("gson", _gson, as_java, COMPACT),
    Serialiser("gson-doubles", _gson, as_java_double, COMPACT),
    Serialiser("gson-pretty", _gson, as_java, INDENT_2),
    Serialiser("dotnet", _dotnet, as_dotnet, COMPACT),
    Serialiser("dotnet-2", _dotnet, as_dotnet, INDENT_2),
    Serialiser("newtonsoft", _newtonsoft, as_dotnet, COMPACT),
    Serialiser("newtonsoft-2", _newtonsoft, as_dotnet, INDENT_2),
)
"""What a body may have been written with, the everyday ones cheapest."""


def kept_numbers(serialisers: Sequence[Serialiser] = SERIALISERS) -> Iterator[Serialiser]:
    """The same with the numbers as they came: of decimal types, and of parsers that keep their text."""
    for each in serialisers:
        yield Serialiser(f"{each.name}-same-numbers", each.string, as_received, each.layout, each.cost + 1, each.ending)
