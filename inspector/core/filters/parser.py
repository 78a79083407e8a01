"""Reads the text of a search. Pure, and never raises anything but SearchError."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.core.delivery import Verdict
from inspector.core.filters.nodes import (
    AGE_UNITS,
    AgeIs,
    BodyHas,
    Either,
    EventIs,
    Every,
    HandlerIs,
    HeaderIs,
    MethodIs,
    Node,
    Not,
    NoteHas,
    PathIs,
    Pattern,
    ProviderIs,
    Range,
    Search,
    SizeIs,
    StatusIs,
    TagIs,
    VerdictIs,
    Word,
)

_DEEPEST = 40
_MOST_TERMS = 200


class SearchError(ValueError):
    """The text is no search; the message is a sentence, `position` and `length` say which part of the text it means."""

    def __init__(self, message: str, position: int, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length


def parse(text: str) -> Search:
    """The search that `text` means; an empty one is EVERYTHING. Raises SearchError."""
    return Search(_Parser(text).whole())


# The parser. A word is read as characters that know whether they were quoted.

_SIZES: Final = {"": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "g": 1 << 30, "gb": 1 << 30}
_NUMBER = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,3}))?([a-z]*)")
_LIMITED = re.compile(r"(<=|>=|<|>|=)?(.+)")


@dataclass(frozen=True, slots=True)
class _Value:
    """The value of a term as it was written, and where."""

    characters: Sequence[tuple[str, bool]]  # with whether it was quoted
    position: int
    length: int

    @property
    def text(self) -> str:
        return "".join(character for character, _ in self.characters)

    def pattern(self, *, exact: bool = False) -> Pattern:
        pieces, characters = [""], self.characters
        if characters and characters[0] == ("=", False):
            characters, exact = characters[1:], True
        for character, quoted in characters:
            if character == "*" and not quoted:
                pieces.append("")
            else:
                pieces[-1] += character
        if pieces == [""]:
            raise self.error("There is no text to look for.")
        return Pattern(tuple(pieces), exact=exact and len(pieces) == 1)

    def error(self, message: str) -> SearchError:
        return SearchError(message, self.position, max(self.length, 1))


def _verdict(value: _Value) -> Node:
    try:
        return VerdictIs(Verdict(value.text.lower()))
    except ValueError:
        raise value.error(f"A verdict is one of {', '.join(Verdict)}.") from None


def _header(value: _Value) -> Node:
    characters = value.characters
    end = next((index for index, (character, _) in enumerate(characters) if character in "=:"), len(characters))
    name = _Value(characters[:end], value.position, value.length).pattern(exact=True)
    rest = characters[end + 1 :]
    while rest and rest[0][0] in " \t":
        rest = rest[1:]
    if not rest:
        return HeaderIs(name)
    return HeaderIs(name, _Value(rest, value.position, value.length).pattern())


def _status(value: _Value) -> Node:
    text = value.text.lower()
    if re.fullmatch("[1-9]xx", text):
        hundreds = int(text[0]) * 100
        return StatusIs(Range(hundreds, hundreds + 100))
    return StatusIs(_range(value, {"": 1}, "a status, like 403, 4xx or >=400"))


def _age(value: _Value) -> Node:
    age = _range(value, AGE_UNITS, "an age, like <2h, >30min or 1d..2d", whole_numbers=False)
    return AgeIs(age)


TERMS: Final[dict[str, Callable[[_Value], Node]]] = {
    "verdict": _verdict,
    "handler": lambda value: HandlerIs(value.pattern()),
    "provider": lambda value: ProviderIs(value.pattern()),
    "event": lambda value: EventIs(value.pattern()),
    "tag": lambda value: TagIs(value.pattern()),
    "note": lambda value: NoteHas(value.pattern()),
    "method": lambda value: MethodIs(value.pattern(exact=True)),
    "path": lambda value: PathIs(value.pattern()),
    "header": _header,
    "body": lambda value: BodyHas(value.text),
    "status": _status,
    "size": lambda value: SizeIs(_range(value, _SIZES, "a size, like >10kb, 512 or 1kb..2mb")),
    "age": _age,
}
"""What can stand before a colon, and what reads its value."""


def _range(value: _Value, units: dict[str, int], what: str, *, whole_numbers: bool = True) -> Range:
    """`<N`, `>=N`, `N` or `N..M`. Of what is no whole number (an age), `N` alone is "less than N"."""
    step = 1 if whole_numbers else 0
    text = value.text.lower().replace(" ", "")
    low, dots, high = text.partition("..")
    if dots:
        limits = Range(_number(low, units, value, what), _number(high, units, value, what) + step)
    else:
        match = _LIMITED.fullmatch(text)
        sign, rest = match.groups() if match else ("", "")
        number = _number(rest, units, value, what)
        match sign:
            case "<":
                limits = Range(None, number)
            case "<=":
                limits = Range(None, number + step)
            case ">":
                limits = Range(number + step)
            case ">=":
                limits = Range(number)
            case _:
                limits = Range(number, number + 1) if whole_numbers else Range(None, number)
    if limits.least is not None and limits.below is not None and limits.below <= limits.least:
        raise value.error("The range is empty.")
    return limits


def _number(text: str, units: dict[str, int], value: _Value, what: str) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None or match[3].replace("ib", "b") not in units:
        raise value.error(f"This is not {what}.")
    unit = units[match[3].replace("ib", "b")]
    fraction = int((match[2] or "").ljust(3, "0"))
    return int(match[1]) * unit + fraction * unit // 1000


class _Parser:
    """Reads a search from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._terms = 0

    def whole(self) -> Node:
        node = self._either(0)
        if self._at < len(self._text):
            raise SearchError("This bracket closes none.", self._at)
        return node

    def _either(self, depth: int) -> Node:
        parts, empty = [], None
        while True:
            start = self._at
            part = self._every(depth)
            if part == Every():
                empty = start if empty is None else empty
            parts.append(part)
            place = self._at
            if not self._take_or():
                break
            if empty is not None:
                raise SearchError("There is nothing before this “or”.", place, 2)
        if len(parts) > 1 and empty is not None:
            raise SearchError("There is nothing after this “or”.", max(empty - 2, 0), 2)
        if len(parts) == 1:
            return parts[0]
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))]
        return Either(tuple(flat))

    def _every(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._skip_space() and self._peek() != ")" and not self._at_or():
            part = self._one(depth)
            parts += part.parts if isinstance(part, Every) else (part,)
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, depth: int) -> Node:
        start = self._at
        if depth > _DEEPEST:
            raise SearchError("The brackets go too deep.", start)
        if self._peek() == "-":
            self._at += 1
            if self._peek() in ("", ")") or self._peek().isspace():
                raise SearchError("There is nothing after this minus sign.", start)
            return Not(self._one(depth + 1))
        if self._peek() == "(":
            return self._bracket(depth)
        self._terms += 1
        if self._terms > _MOST_TERMS:
            raise SearchError("The search has too many terms.", start)
        return self._term()

    def _bracket(self, depth: int) -> Node:
        start = self._at
        self._at += 1
        node = self._either(depth + 1)
        if self._peek() != ")":
            raise SearchError("This bracket is not closed.", start)
        self._at += 1
        if node == Every():
            raise SearchError("There is nothing in these brackets.", start, self._at - start)
        return node

    def _term(self) -> Node:
        start = self._at
        characters = self._word()
        name = self._name(characters, start)
        if name is None:
            text = "".join(character for character, _ in characters)
            if not text:
                raise SearchError("There is no text to look for.", start, self._at - start)
            return Word(text)
        value = _Value(characters[len(name) + 1 :], start + len(name) + 1, self._at - start - len(name) - 1)
        if not value.characters:
            raise SearchError(f"{name}: needs a value.", start, self._at - start)
        return TERMS[name.lower()](value)

    def _name(self, characters: Sequence[tuple[str, bool]], start: int) -> str | None:
        """What stands before the colon, if that is a term."""
        unquoted = "".join("\0" if quoted else character for character, quoted in characters)
        match = re.match(r"([A-Za-z]+):(?!//)", unquoted)
        if match is None:
            return None
        if match[1].lower() not in TERMS:
            near = difflib.get_close_matches(match[1].lower(), TERMS, 1, 0.5)
            meant = (
                f"Do you mean {near[0]}: or the text? Text with a colon is put in quotes."
                if near
                else ("Text with a colon is put in quotes.")
            )
            raise SearchError(f"There is no term {match[1]}:. {meant}", start, len(match[1]) + 1)
        return match[1]

    def _word(self) -> list[tuple[str, bool]]:
        characters: list[tuple[str, bool]] = []
        while (character := self._peek()) and not character.isspace() and character not in "()":
            self._at += 1
            if character == '"':
                characters += self._quotation()
            else:
                characters.append((character, False))
        return characters

    def _quotation(self) -> list[tuple[str, bool]]:
        start = self._at - 1
        characters: list[tuple[str, bool]] = []
        while (character := self._peek()) != '"':
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in ('"', "\\"):
                self._at += 1
                character = self._peek()
            if not character:
                raise SearchError("This quotation mark is not closed.", start)
            characters.append((character, True))
            self._at += 1
        self._at += 1
        return characters

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip_space(self) -> bool:
        """Pass over white space; whether anything follows."""
        while self._peek().isspace():
            self._at += 1
        return self._at < len(self._text)

    def _at_or(self) -> bool:
        return re.compile(r"or(?=[\s(]|$)", re.IGNORECASE).match(self._text, self._at) is not None

    def _take_or(self) -> bool:
        self._skip_space()
        if not self._at_or():
            return False
        self._at += 2
        return True
