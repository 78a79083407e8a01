"""JSON written again as the usual serialisers write it, from the tokens of the body as received.

Working on tokens keeps what a parser would lose: the order of keys, duplicates, the digits of numbers.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from inspector.core.diagnosis.json_layouts import COMPACT, LAYOUTS, MAX_DEPTH, Layout, written
from inspector.core.diagnosis.json_tokens import NUMBERS, STRINGS, TokenChange, is_number, other_spellings
from inspector.core.diagnosis.serialisers import SERIALISERS, Serialiser, kept_numbers

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[\[\]{},:]|\s+', re.DOTALL)
_WHOLE_DOUBLE = re.compile(r"-?\d+\.0")
MAX_TOKENS = 50_000
MAX_SINGLE_NUMBERS = 16
MAX_EMPTY = 4
"""Of so many empty arrays each may have been an object; of more, all."""

LARGEST_IN_PAIRS_BYTES = 64 * 1024
"""Two changes at once are tried on texts up to this length."""
LARGEST_MIXED_BYTES = 4 * 1024
"""Whole numbers of which one is a double, and all are written as doubles: in texts up to this length."""

type Tokens = list[str]


@dataclass(frozen=True, slots=True)
class JsonForm:
    """A body as some serialiser writes it: its name, the causes it stands for, and the text."""

    form: str
    causes: tuple[str, ...]
    cost: int
    text: str


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of tokens, with its name, cause and cost; `of` gives the same tokens where it changes nothing."""

    name: str
    cause: str
    cost: int
    of: Callable[[Tokens], Tokens]


@dataclass(frozen=True, slots=True)
class _Changed:
    """The tokens after one change."""

    change: _Change
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
    changed: list[_Changed] = []
    for each in _CHANGES:
        new = each.of(tokens)
        if new == tokens:
            continue
        changed.append(_Changed(each, new))
        kept = written(new, own) if own is not None else _same_spacing(text, new)
        if kept is not None:
            yield JsonForm(each.name, (each.cause,), each.cost, kept)
    yield from _written_anew(tokens, text)
    yield from _without_whole_doubles(tokens, text)
    yield from _with_empty_objects(tokens, text)
    for one in changed:
        for layout in layouts[:4]:
            causes = (one.change.cause, "body-json-respaced")
            name = f"{one.change.name}+{layout.name}"
            yield JsonForm(name, causes, one.change.cost + 3, written(one.tokens, layout))
    if len(text) <= LARGEST_IN_PAIRS_BYTES:
        yield from _single_numbers(tokens, own or COMPACT)
        yield from _one_whole_double(tokens, text)
        yield from _pairs(changed, [own or COMPACT, *(layout for layout in layouts[:3] if own or layout != COMPACT)])


def _written_anew(tokens: Tokens, text: str) -> Iterator[JsonForm]:
    """The whole text as each serialiser writes it, from the values that it has."""
    distinct = set(tokens)
    for serialiser in (*SERIALISERS, *kept_numbers()):
        spelled = _spelled(distinct, serialiser)
        new = [spelled.get(token, token) for token in tokens]
        made = written(new, serialiser.layout) + serialiser.ending
        yield JsonForm(serialiser.name, _causes(tokens, new, text, made), serialiser.cost, made)
    ordered = _sorted_keys(tokens)
    if ordered != tokens:
        for serialiser in SERIALISERS:
            spelled = _spelled(distinct, serialiser)
            new = [spelled.get(token, token) for token in ordered]
            made = written(new, serialiser.layout) + serialiser.ending
            causes = dict.fromkeys(("body-json-keys-reordered", *_causes(ordered, new, "", made)))
            yield JsonForm(f"{serialiser.name}-sorted", (*causes,), serialiser.cost + 3, made)


def _without_whole_doubles(tokens: Tokens, text: str) -> Iterator[JsonForm]:
    """As `_written_anew`, whole numbers being no doubles: Gson makes one of each. And then with one that is."""
    if not any(_WHOLE_DOUBLE.fullmatch(token) for token in tokens):
        return
    whole = [token[:-2] if _WHOLE_DOUBLE.fullmatch(token) else token for token in tokens]
    for serialiser in SERIALISERS:
        yield _anew(tokens, whole, text, serialiser, "-whole")
    if len(text) <= LARGEST_MIXED_BYTES:
        yield from _one_whole_double(whole, text)


def _with_empty_objects(tokens: Tokens, text: str) -> Iterator[JsonForm]:
    """Empty arrays as objects: PHP makes no difference between them once it has read both."""
    places = [n for n in range(len(tokens) - 1) if tokens[n] == "[" and tokens[n + 1] == "]"]
    sizes = range(len(places), 0, -1) if len(places) <= MAX_EMPTY else [len(places)] * bool(places)
    for some in (some for size in sizes for some in combinations(places, size)):
        new = tokens.copy()
        for place in some:
            new[place : place + 2] = ["{", "}"]
        for serialiser in SERIALISERS:
            yield _anew(tokens, new, text, serialiser, "-empty-objects")


def _anew(received: Tokens, tokens: Tokens, text: str, serialiser: Serialiser, name: str) -> JsonForm:
    """`tokens`, which are those received but for something, as the serialiser writes them."""
    spelled = _spelled(set(tokens), serialiser)
    new = [spelled.get(token, token) for token in tokens]
    made = written(new, serialiser.layout) + serialiser.ending
    return JsonForm(f"{serialiser.name}{name}", _causes(received, new, text, made), serialiser.cost + 3, made)


def _one_whole_double(tokens: Tokens, text: str) -> Iterator[JsonForm]:
    """As `_written_anew`, one whole number being a double: JavaScript, PHP and Go lose the zero that Python writes."""
    places = [n for n, token in enumerate(tokens) if token.lstrip("-").isdigit()][:MAX_SINGLE_NUMBERS]
    for serialiser in SERIALISERS if len(places) > 1 else ():
        if serialiser.number("1.0") != "1.0":
            continue
        spelled = _spelled(set(tokens), serialiser)
        new = [spelled.get(token, token) for token in tokens]
        for place in places:
            one = [*new[:place], serialiser.number(f"{tokens[place]}.0"), *new[place + 1 :]]
            made = written(one, serialiser.layout) + serialiser.ending
            name = f"{serialiser.name}-double-{place}"
            yield JsonForm(name, _causes(tokens, one, text, made), serialiser.cost + 2, made)


def _spelled(tokens: Iterable[str], serialiser: Serialiser) -> Mapping[str, str]:
    """How the serialiser writes each string and number."""
    spelled = {token: serialiser.string(token) for token in tokens if token[0] == '"'}
    return spelled | {token: serialiser.number(token) for token in tokens if is_number(token)}


def _causes(received: Tokens, signed: Tokens, text: str, made: str) -> tuple[str, ...]:
    """What differs between the text as received and as signed, the weightiest first."""
    pairs = [(one, two) for one, two in zip(received, signed, strict=True) if one != two]
    causes = []
    if any(one[0] in "[]" for one, _ in pairs):
        causes.append("body-empty-objects")
    if any(one[0] not in '"[]' for one, _ in pairs):
        causes.append("body-number-format")
    strings = [(one, two) for one, two in pairs if one[0] == '"']
    if any(one.replace("\\/", "/") != two.replace("\\/", "/") for one, two in strings):
        causes.append("body-unicode-escapes")
    if any(one.count("\\/") != two.count("\\/") for one, two in strings):
        causes.append("body-slash-escapes")
    if len(made) - len("".join(signed)) != len(text) - len("".join(received)):
        causes.append("body-final-newline-removed" if made.endswith("\n") else "body-json-respaced")
    return tuple(causes) or ("body-json-respaced",)


def _may_be(layout: Layout, text: str) -> bool:
    """Whether the first characters can be of that layout: most need not be written to be excluded."""
    return ("\n" in text[:80]) == bool(layout.indent) or len(text) < 80


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


def _single_numbers(tokens: Tokens, layout: Layout) -> Iterator[JsonForm]:
    """One number alone written otherwise: an amount that a decimal type keeps the zeros of."""
    places = [n for n, token in enumerate(tokens) if is_number(token)]
    for place in places[:MAX_SINGLE_NUMBERS] if len(places) > 1 else ():
        for name, other in other_spellings(tokens[place]):
            changed = [*tokens[:place], other, *tokens[place + 1 :]]
            yield JsonForm(f"number-{place}-{name}", ("body-number-format",), 5, written(changed, layout))


def _pairs(changed: Sequence[_Changed], layouts: Sequence[Layout]) -> Iterator[JsonForm]:
    """Two changes at once, as PHP escapes both slashes and other characters."""
    for one, later in combinations(changed, 2):
        two = later.change
        if two.cause == one.change.cause:
            continue
        new = two.of(one.tokens)
        if new in (one.tokens, later.tokens):
            continue
        causes, cost = (one.change.cause, two.cause), one.change.cost + two.cost + 1
        for layout in layouts[:3]:
            respaced = layout is not layouts[0]
            also = (*causes, "body-json-respaced") if respaced else causes
            name = f"{one.change.name}+{two.name}+{layout.name}"
            yield JsonForm(name, also, cost + 3 * respaced, written(new, layout))


def _sorted_keys(tokens: Tokens) -> Tokens:
    """The tokens with the keys of every object in order; as they are where nesting is too deep."""
    stack: list[tuple[str, list[Tokens]]] = [("", [[]])]
    for piece in tokens:
        if piece in ("{", "["):
            if len(stack) > MAX_DEPTH:
                return tokens
            stack.append((piece, [[]]))
        elif piece in ("}", "]"):
            opened, members = stack.pop()
            if not stack:
                return tokens
            stack[-1][1][-1] += [opened, *_joined(opened, members), piece]
        elif piece == "," and stack[-1][0]:
            stack[-1][1].append([])
        else:
            stack[-1][1][-1].append(piece)
    return stack[0][1][0] if len(stack) == 1 else tokens


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


def _each_string(change: TokenChange) -> Callable[[Tokens], Tokens]:
    def of(tokens: Tokens) -> Tokens:
        if not change.concerns.search("".join(tokens)):
            return tokens
        known = {token: change.of(token) for token in set(tokens) if token[0] == '"'}
        return [known.get(token, token) for token in tokens]

    return of


def _each_number(change: TokenChange) -> Callable[[Tokens], Tokens]:
    def of(tokens: Tokens) -> Tokens:
        known = {token: change.of(token) for token in set(tokens) if is_number(token)}
        return [known.get(token, token) for token in tokens]

    return of


_CHANGES = (
    *(_Change(each.name, each.cause, each.cost, _each_string(each)) for each in STRINGS),
    *(_Change(each.name, each.cause, each.cost, _each_number(each)) for each in NUMBERS),
    _Change("json-sorted", "body-json-keys-reordered", 3, _sorted_keys),
)
