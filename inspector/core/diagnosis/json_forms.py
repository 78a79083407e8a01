"""JSON written again as the usual serialisers write it, from the tokens of the body as received.

Working on tokens keeps what a parser would lose: the order of keys, duplicates, the digits of numbers.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[\[\]{},:]|\s+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_HTML = re.compile("[<>&\u2028\u2029]")
_HTML_QUOTES = re.compile("[<>&'\u2028\u2029]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
MAX_TOKENS = 200_000

type Text = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a serialiser puts white space."""

    name: str
    item: str  # after a comma
    key: str  # after a colon
    indent: str = ""
    before_colon: str = ""


COMPACT = Layout("json-compact", ",", ":")
SPACED = Layout("json-spaced", ", ", ": ")
LAYOUTS = (
    COMPACT,
    SPACED,
    Layout("json-indent-2", ",", ": ", "  "),
    Layout("json-indent-4", ",", ": ", "    "),
    Layout("json-indent-tab", ",", ": ", "\t"),
    Layout("json-key-spaced", ",", ": "),
    Layout("json-item-spaced", ", ", ":"),
    Layout("json-indent-2-spaced-colon", ",", ": ", "  ", " "),
)


@dataclass(frozen=True, slots=True)
class JsonForm:
    """A body as some serialiser writes it: its name, the causes it stands for, and the text."""

    form: str
    causes: tuple[str, ...]
    cost: int
    text: str


def tokens_of(text: str) -> list[str] | None:
    """The tokens without white space; None where this is no JSON, or too long a one to be written many times."""
    found: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() != end or len(found) > MAX_TOKENS:
            return None
        end = match.end()
        if not match[0].isspace():
            found.append(match[0])
    return found if end == len(text) and found and found[0] in "{[" else None


def json_forms(text: str) -> Iterator[JsonForm]:
    """The text in every form that a usual stack would have written, fewest differences first."""
    tokens = tokens_of(text)
    if tokens is None:
        return
    own = next((layout for layout in LAYOUTS if written(tokens, layout) == text.rstrip("\r\n")), None)
    layouts = [layout for layout in LAYOUTS if layout is not own]
    changes = list(_token_changes(tokens))
    yield from (JsonForm(lay.name, ("body-json-respaced",), 2 + n // 2, written(tokens, lay)) for n, lay in enumerate(layouts))
    for name, cause, cost, changed in changes:
        if own is not None:
            yield JsonForm(name, (cause,), cost, written(changed, own))
        else:
            kept = _same_spacing(text, changed)
            if kept is not None:
                yield JsonForm(name, (cause,), cost, kept)
    for name, cause, cost, changed in changes:
        for layout in layouts[:4]:
            form = f"{name}+{layout.name}"
            yield JsonForm(form, (cause, "body-json-respaced"), cost + 4, written(changed, layout))
    yield from _pairs_of_changes(changes, own or COMPACT)


def written(tokens: list[str], layout: Layout) -> str:
    """The tokens with this layout's white space."""
    out: list[str] = []
    depth = 0
    for position, token in enumerate(tokens):
        if token in ("{", "["):
            empty = tokens[position + 1] in ("}", "]") if position + 1 < len(tokens) else False
            depth += 1
            out.append(token + ("" if empty or not layout.indent else "\n" + layout.indent * depth))
        elif token in ("}", "]"):
            depth -= 1
            empty = position > 0 and tokens[position - 1] in ("{", "[")
            out.append(("" if empty or not layout.indent else "\n" + layout.indent * depth) + token)
        elif token == ",":
            out.append("," + ("\n" + layout.indent * depth if layout.indent else layout.item[1:]))
        elif token == ":":
            out.append(layout.before_colon + layout.key)
        else:
            out.append(token)
    return "".join(out)


def _same_spacing(text: str, changed: list[str]) -> str | None:
    """The changed tokens with the white space that stands between the tokens of `text`."""
    out, position = [], 0
    for match in _TOKEN.finditer(text):
        if match[0].isspace():
            out.append(match[0])
        elif position < len(changed):
            out.append(changed[position])
            position += 1
    return "".join(out) if position == len(changed) else None


def _token_changes(tokens: list[str]) -> Iterator[tuple[str, str, int, list[str]]]:
    """Every change of tokens that makes a difference: its name, its cause, its cost, the new tokens."""
    for name, cause, cost, change in _STRINGS:
        changed = [change(token) if token.startswith('"') else token for token in tokens]
        if changed != tokens:
            yield name, cause, cost, changed
    for name, change in _NUMBERS:
        changed = [change(token) if token[0] in "-0123456789" else token for token in tokens]
        if changed != tokens:
            yield name, "body-number-format", 3, changed
    ordered = _sorted_keys(tokens)
    if ordered is not None and ordered != tokens:
        yield "json-sorted", "body-json-keys-reordered", 3, ordered


def _pairs_of_changes(changes: list[tuple[str, str, int, list[str]]], layout: Layout) -> Iterator[JsonForm]:
    for name, cause, cost, changed in changes:
        for other, also, more, again in _token_changes(changed):
            if also != cause:
                yield JsonForm(f"{name}+{other}", (cause, also), cost + more + 2, written(again, layout))


def _sorted_keys(tokens: list[str]) -> list[str] | None:
    """The tokens with the keys of every object in order; None where nesting is too deep."""
    stack: list[tuple[str, list[list[str]]]] = [("", [[]])]
    for token in tokens:
        if token in ("{", "["):
            if len(stack) > 500:
                return None
            stack.append((token, [[]]))
        elif token in ("}", "]"):
            opened, members = stack.pop()
            if not stack:
                return None
            if opened == "{":
                members = sorted((m for m in members if m), key=lambda member: _plain(member[0]))
            joined = [opened]
            for number, member in enumerate(m for m in members if m):
                joined += ([","] if number else []) + member
            stack[-1][1][-1] += [*joined, token]
        elif token == "," and stack[-1][0]:
            stack[-1][1].append([])
        else:
            stack[-1][1][-1].append(token)
    return stack[0][1][0] if len(stack) == 1 else None


def _plain(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _unescape_unicode(token: str) -> str:
    """Escaped characters as themselves, but for those that JSON must escape."""

    def plain(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        character = chr(int(match[1], 16))
        return match[0] if character < " " or character in '"\\' or "\ud800" <= character <= "\udfff" else character

    def pair(match: re.Match[str]) -> str:
        return chr(0x10000 + ((int(match[1], 16) - 0xD800) << 10) + int(match[2], 16) - 0xDC00)

    joined = re.sub(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})", pair, token)
    return _ESCAPE.sub(plain, joined)


def _escape_unicode(token: str) -> str:
    return _NON_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], token)


def _upper_escapes(token: str) -> str:
    return _ESCAPE.sub(lambda m: f"\\u{m[1].upper()}" if m[1] else m[0], token)


def _lower_escapes(token: str) -> str:
    return _ESCAPE.sub(lambda m: f"\\u{m[1].lower()}" if m[1] else m[0], token)


def _short_escapes(token: str) -> str:
    short = {"0008": "\\b", "0009": "\\t", "000a": "\\n", "000c": "\\f", "000d": "\\r", "0022": '\\"'}
    return _ESCAPE.sub(lambda m: short.get(m[1].lower(), m[0]) if m[1] else m[0], token)


def _escape_slashes(token: str) -> str:
    return re.sub(r"(?<!\\)/", r"\\/", token)


def _unescape_slashes(token: str) -> str:
    return _ESCAPE.sub(lambda m: "/" if m[2] == "/" else m[0], token)


def _hexed(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _hexed_upper(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"


_STRINGS: tuple[tuple[str, str, int, Text], ...] = (
    ("unescape-non-ascii", "body-unicode-escapes", 3, _unescape_unicode),
    ("escape-non-ascii", "body-unicode-escapes", 3, _escape_unicode),
    ("unescape-slashes", "body-slash-escapes", 3, _unescape_slashes),
    ("escape-slashes", "body-slash-escapes", 3, _escape_slashes),
    ("upper-escapes", "body-unicode-escapes", 5, _upper_escapes),
    ("lower-escapes", "body-unicode-escapes", 5, _lower_escapes),
    ("escape-non-ascii-upper", "body-unicode-escapes", 5, lambda t: _upper_escapes(_escape_unicode(t))),
    ("escape-html", "body-unicode-escapes", 4, lambda t: _HTML.sub(_hexed, t)),
    ("escape-html-upper", "body-unicode-escapes", 5, lambda t: _HTML_QUOTES.sub(_hexed_upper, t)),
    ("escape-html-quotes", "body-unicode-escapes", 5, lambda t: _HTML_QUOTES.sub(_hexed, t)),
    ("short-escapes", "body-unicode-escapes", 6, _short_escapes),
)


def _strip_zero(token: str) -> str:
    return re.sub(r"(\.\d*?)0+(?=$|[eE])", r"\1", token).replace(".e", "e").replace(".E", "E").rstrip(".")


def _add_zero(token: str) -> str:
    return f"{token}.0" if token.lstrip("-").isdigit() else token


def _two_decimals(token: str) -> str:
    return f"{float(token):.2f}" if re.fullmatch(r"-?\d{1,12}(\.\d{1,2})?", token) and "." in token else token


def _as_javascript(token: str) -> str:
    """The number as JavaScript writes the double nearest to it."""
    if token.lstrip("-").isdigit() and len(token) < 16:
        return token
    try:
        value = float(token)
    except (ValueError, OverflowError):
        return token
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is unlike itself
        return "null"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return re.sub(r"e([+-])0+", r"e\1", repr(value))


def _as_python(token: str) -> str:
    if token.lstrip("-").isdigit():
        return token
    try:
        return repr(float(token))
    except (ValueError, OverflowError):
        return token


_NUMBERS: tuple[tuple[str, Text], ...] = (
    ("float-strip-zero", _strip_zero),
    ("float-add-zero", _add_zero),
    ("float-javascript", _as_javascript),
    ("float-python", _as_python),
    ("float-two-decimals", _two_decimals),
    ("exponent-upper", lambda token: token.replace("e", "E")),
    ("exponent-lower", lambda token: token.replace("E", "e")),
)
