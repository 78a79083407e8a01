"""JSON written again as the usual serialisers write it, from the tokens of the body as received.

Working on tokens keeps what a parser would lose: the order of keys, duplicates, the digits of numbers.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.core.diagnosis.json_tokens import NUMBERS, STRINGS, is_number, other_spellings

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[\[\]{},:]|\s+', re.DOTALL)
MAX_TOKENS = 50_000
MAX_DEPTH = 200
MAX_SINGLE_NUMBERS = 16
LARGEST_IN_PAIRS_BYTES = 64 * 1024
"""Two changes at once are tried on texts up to this length."""

type Tokens = list[str]


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
    Layout("json-indent-2-spaced-colon", ",", ": ", "  ", " "),  # Jackson's pretty printer
)


@dataclass(frozen=True, slots=True)
class JsonForm:
    """A body as some serialiser writes it: its name, the causes it stands for, and the text."""

    form: str
    causes: tuple[str, ...]
    cost: int
    text: str


@dataclass(frozen=True, slots=True)
class _Change:
    """The tokens after one change, with its name, cause and cost."""

    name: str
    cause: str
    cost: int
    tokens: Tokens


def tokens_of(text: str) -> Tokens | None:
    """The tokens without white space; None where this is no JSON, or too long a one to be written many times."""
    found: Tokens = []
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
    own = next((layout for layout in LAYOUTS if _may_be(layout, text) and written(tokens, layout) == text), None)
    layouts = [layout for layout in LAYOUTS if layout is not own]
    for n, layout in enumerate(layouts):
        yield JsonForm(layout.name, ("body-json-respaced",), 2 + n // 2, written(tokens, layout))
    changes: list[_Change] = []
    for change in _changes(tokens):
        changes.append(change)
        kept = written(change.tokens, own) if own is not None else _same_spacing(text, change.tokens)
        if kept is not None:
            yield JsonForm(change.name, (change.cause,), change.cost, kept)
    for change in changes:
        for layout in layouts[:4]:
            causes = (change.cause, "body-json-respaced")
            yield JsonForm(f"{change.name}+{layout.name}", causes, change.cost + 3, written(change.tokens, layout))
    if len(text) <= LARGEST_IN_PAIRS_BYTES:
        yield from _single_numbers(tokens, own or COMPACT)
        yield from _pairs(changes, [own or COMPACT, *(layout for layout in layouts[:4] if own or layout != COMPACT)])


def _may_be(layout: Layout, text: str) -> bool:
    """Whether the first characters can be of that layout: most need not be written to be excluded."""
    return ("\n" in text[:80]) == bool(layout.indent) or len(text) < 80


def written(tokens: Sequence[str], layout: Layout) -> str:
    """The tokens with this layout's white space."""
    if not layout.indent:
        plain = {",": layout.item, ":": layout.before_colon + layout.key}
        return "".join([plain.get(piece, piece) for piece in tokens])
    out: list[str] = []
    depth = 0
    last = ""
    for piece in tokens:
        if piece in ("}", "]"):
            depth -= 1
            if last not in ("{", "["):
                out.append("\n" + layout.indent * depth)
        elif last in ("{", "[", ","):
            out.append("\n" + layout.indent * depth)
        if piece == ":":
            out.append(layout.before_colon + layout.key)
        else:
            out.append(piece)
        depth += piece in ("{", "[")
        last = piece
        if depth > MAX_DEPTH or depth < 0:
            return "".join(tokens)
    return "".join(out)


def _same_spacing(text: str, changed: Tokens) -> str | None:
    """The changed tokens with the white space that stands between the tokens of `text`."""
    out, position = [], 0
    for match in _TOKEN.finditer(text):
        if match[0].isspace():
            out.append(match[0])
        elif position < len(changed):
            out.append(changed[position])
            position += 1
    return "".join(out) if position == len(changed) else None


def _changes(tokens: Tokens) -> Iterator[_Change]:
    """Every change of tokens that makes a difference."""
    whole = "".join(tokens)
    for change in STRINGS:
        if change.concerns.search(whole):
            changed = [change.of(token) if token[0] == '"' else token for token in tokens]
            if changed != tokens:
                yield _Change(change.name, change.cause, change.cost, changed)
    for change in NUMBERS:
        changed = [change.of(token) if is_number(token) else token for token in tokens]
        if changed != tokens:
            yield _Change(change.name, change.cause, change.cost, changed)
    ordered = _sorted_keys(tokens)
    if ordered is not None and ordered != tokens:
        yield _Change("json-sorted", "body-json-keys-reordered", 3, ordered)


def _single_numbers(tokens: Tokens, layout: Layout) -> Iterator[JsonForm]:
    """One number alone written otherwise: an amount that a decimal type keeps the zeros of."""
    places = [n for n, token in enumerate(tokens) if is_number(token)]
    for place in places[:MAX_SINGLE_NUMBERS] if len(places) > 1 else ():
        for name, other in other_spellings(tokens[place]):
            changed = [*tokens[:place], other, *tokens[place + 1 :]]
            yield JsonForm(f"number-{place}-{name}", ("body-number-format",), 5, written(changed, layout))


def _pairs(changes: Sequence[_Change], layouts: Sequence[Layout]) -> Iterator[JsonForm]:
    """Two changes at once, as PHP escapes both slashes and other characters."""
    for number, one in enumerate(changes):
        later = {change.name for change in changes[number + 1 :]}
        for two in _changes(one.tokens):
            if two.name not in later or two.cause == one.cause:
                continue
            causes = (one.cause, two.cause)
            for extra, layout in enumerate(layouts[:3]):
                also = causes if not extra else (*causes, "body-json-respaced")
                cost = one.cost + two.cost + 1 + 3 * bool(extra)
                yield JsonForm(f"{one.name}+{two.name}+{layout.name}", also, cost, written(two.tokens, layout))


def _sorted_keys(tokens: Tokens) -> Tokens | None:
    """The tokens with the keys of every object in order; None where nesting is too deep."""
    stack: list[tuple[str, list[Tokens]]] = [("", [[]])]
    for piece in tokens:
        if piece in ("{", "["):
            if len(stack) > MAX_DEPTH:
                return None
            stack.append((piece, [[]]))
        elif piece in ("}", "]"):
            opened, members = stack.pop()
            if not stack:
                return None
            stack[-1][1][-1] += [opened, *_joined(opened, members), piece]
        elif piece == "," and stack[-1][0]:
            stack[-1][1].append([])
        else:
            stack[-1][1][-1].append(piece)
    return stack[0][1][0] if len(stack) == 1 else None


def _joined(opened: str, members: Sequence[Tokens]) -> Iterator[str]:
    kept = [member for member in members if member]
    if opened == "{":
        kept.sort(key=lambda member: _plain(member[0]))
    for number, member in enumerate(kept):
        if number:
            yield ","
        yield from member


def _plain(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token
