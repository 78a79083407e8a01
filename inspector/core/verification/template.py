r"""The signed content as a text that people write: `{timestamp}.{body}` for its parts, and back.

Text stands for itself and a part is named in braces. A backslash takes the meaning from the character behind it,
`\n`, `\r` and `\t` are line feed, carriage return and tab. `{?id:{query:id};}` is written only where the part in it is
there; `|lower` makes a part lower-case: `{query:id|lower}`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from inspector.core.verification.scheme import Part

PLAIN = ("body", "method", "url", "secret", "form-sorted", "body-digest")
"""Parts that need nothing behind their name."""

NAMED = ("header", "query", "form", "json", "value")
"""Parts with a name behind a colon; a value of the scheme may also be written as its name alone."""

COMPONENTS = ("no-query", "path-query")
DIGEST_ENCODINGS = ("hex", "base64", "raw")

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_WRITTEN = {character: f"\\{letter}" for letter, character in _ESCAPES.items()}
_BARE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TOKEN = re.compile(r"\\(.)|(\{\??)|(\})|([^\\{}])", re.DOTALL)


class TemplateError(ValueError):
    """A template that cannot be read: where in the text, why, and what could stand there."""

    def __init__(self, problem: str, position: int, allowed: Sequence[str] = ()) -> None:
        tail = f"; allowed: {', '.join(allowed)}" if allowed else ""
        super().__init__(f"character {position + 1}: {problem}{tail}")
        self.problem = problem
        self.position = position
        self.allowed = tuple(allowed)


@dataclass(frozen=True, slots=True)
class Completion:
    """What may be written in place of `text[start:end]`."""

    start: int
    end: int
    words: Sequence[str]


def parse(text: str, values: Iterable[str] | None = None) -> tuple[Part, ...]:
    """The parts that `text` describes. Raises TemplateError.

    `values` are the names that the scheme defines; any name will do where they are not given.
    """
    return tuple(_Parser(text, None if values is None else tuple(values)).parts())


def written(parts: Iterable[Part]) -> str:
    """The template of `parts`."""
    return "".join(_written(part) for part in parts)


def completions(text: str, cursor: int, values: Iterable[str] = ()) -> Completion | None:
    """What can stand at `cursor` where it is inside a brace that was opened; None elsewhere."""
    opened = text.rfind("{", 0, cursor)
    if opened < 0 or "}" in text[opened:cursor] or text[:opened].endswith("\\"):
        return None
    typed = text[opened + 1 : cursor]
    known = (*values, *PLAIN, *(f"url:{component}" for component in COMPONENTS), *(f"{name}:" for name in NAMED))
    rest = re.match(r"[^{}]*\}", text[cursor:])
    end = cursor + rest.end() - 1 if rest else cursor
    return Completion(opened + 1, end, tuple(dict.fromkeys(word for word in known if word.startswith(typed))))


class _Parser:
    """Reads a template from left to right, remembering where it is for the error's sake."""

    def __init__(self, text: str, values: Sequence[str] | None) -> None:
        self._text = text
        self._values = values
        self._at = 0

    def parts(self) -> Iterator[Part]:
        while self._at < len(self._text):
            if literal := self._literal():
                yield Part(part="text", text=literal)
            elif self._text.startswith("{?", self._at):
                yield self._optional()
            else:
                yield self._field()

    def _literal(self) -> str:
        """The text up to the next brace that is not escaped."""
        characters: list[str] = []
        while (token := self._token()) is not None and not (token[2] or token[3]):
            characters.append(_ESCAPES.get(token[1], token[1]) if token[1] else token[4])
            self._at = token.end()
        return "".join(characters)

    def _token(self) -> re.Match[str] | None:
        if self._at >= len(self._text):
            return None
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise TemplateError("a backslash with nothing behind it", self._at)
        return token

    def _optional(self) -> Part:
        start = self._at
        self._at += 2
        prefix = self._literal()
        if not self._text.startswith("{", self._at) or self._text.startswith("{?", self._at):
            raise TemplateError("an optional part holds one part in braces", start)
        source = self._field()
        suffix = self._literal()
        if not self._text.startswith("}", self._at):
            raise TemplateError("the optional part is not closed", start, ("}",))
        self._at += 1
        return Part(part="optional", prefix=prefix, suffix=suffix, source=source)

    def _field(self) -> Part:
        start = self._at
        if self._text[start] == "}":
            raise TemplateError("a closing brace without an opening one", start, (r"\}",))
        self._at += 1
        raw_start = self._at
        inside = self._literal()
        if not self._text.startswith("}", self._at):
            raise TemplateError("the brace is not closed", start, ("}",))
        raw = self._text[raw_start : self._at]
        self._at += 1
        lowercase = re.search(r"(?<!\\)(?:\\\\)*\|lower$", raw) is not None
        if not lowercase and (wrong := re.search(r"(?<!\\)(?:\\\\)*\|([^|]*)$", raw)):
            raise TemplateError(f"unknown form {wrong[1]!r}", raw_start + wrong.start(), ("|lower",))
        part = self._part(inside.removesuffix("|lower") if lowercase else inside, raw_start)
        return replace(part, lowercase=True) if lowercase else part

    def _part(self, inside: str, at: int) -> Part:
        word, colon, rest = inside.partition(":")
        if colon and word in NAMED:
            if not rest:
                raise TemplateError(f"{word} needs a name", at + len(inside))
            if word == "value":
                self._known(rest, at)
            kind: Any = word  # one of the words that Part knows
            return Part(part=kind, path=rest) if word == "json" else Part(part=kind, name=rest)
        if word == "url":
            return Part(part="url", component=_one_of(rest, COMPONENTS, at) if colon else "")
        if word == "body-digest":
            digest, _, encoding = rest.partition(":")
            chosen: Any = _one_of(encoding, DIGEST_ENCODINGS, at) if encoding else ""
            return Part(part="body-digest", digest=digest, encoding=chosen)
        if word in PLAIN and not colon:
            plain: Any = word
            return Part(part=plain)
        self._known(inside, at)
        return Part(part="value", name=inside)

    def _known(self, name: str, at: int) -> None:
        allowed = (*(self._values or ()), *PLAIN, *(f"{word}:NAME" for word in NAMED[:-1]))
        if not name or ":" in name or (self._values is not None and name not in self._values):
            raise TemplateError(f"unknown part {name!r}", at, allowed)


def _one_of(word: str, allowed: Sequence[str], at: int) -> Any:
    if word not in allowed:
        raise TemplateError(f"unknown form {word!r}", at, allowed)
    return word


def _written(part: Part) -> str:
    match part.part:
        case "text":
            return _escaped(part.text)
        case "optional":
            source = "" if part.source is None else _written(part.source)
            return f"{{?{_escaped(part.prefix)}{source}{_escaped(part.suffix)}}}"
        case "value":
            bare = _BARE_NAME.fullmatch(part.name) and part.name not in PLAIN
            inside = part.name if bare else f"value:{_name(part.name)}"
        case "json":
            inside = f"json:{_name(part.path)}"
        case "url":
            inside = f"url:{part.component}" if part.component else "url"
        case "body-digest":
            inside = f"body-digest:{part.digest}:{part.encoding}".rstrip(":")
        case "header" | "query" | "form":
            inside = f"{part.part}:{_name(part.name)}"
        case _:
            inside = part.part
    return f"{{{inside}|lower}}" if part.lowercase else f"{{{inside}}}"


def _escaped(text: str) -> str:
    return "".join(_WRITTEN.get(c) or (f"\\{c}" if c in "\\{}" else c) for c in text)


def _name(text: str) -> str:
    return _escaped(text).replace("|", "\\|")
