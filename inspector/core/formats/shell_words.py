"""A command as its shell would read it: the words of POSIX shells and of Windows' cmd, and what was left unfilled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.core.formats.reading import Unreadable, place_of

_ESCAPES = {
    "a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34, "?": 63,
}  # fmt: skip
_VARIABLE = re.compile(r"\$(\{[^}]*\}|\([^)]*\)|[A-Za-z_][A-Za-z0-9_]*)|`[^`]*`")
_OPERATOR = re.compile(r"\|\||&&|[|;&<>]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the command gets it, and where it begins in the text."""

    value: bytes
    at: int

    @property
    def text(self) -> str:
        """The word as text."""
        return self.value.decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Command:
    """The words of one command; `piped` ones write into the next. `unfilled` are the names that a shell would fill."""

    words: list[Word] = field(default_factory=list)
    piped: bool = False
    unfilled: list[str] = field(default_factory=list)


def posix_commands(text: str) -> Sequence[Command]:
    """The commands of `text`, as a POSIX shell or bash cuts and unquotes them. Raises Unreadable."""
    return _Posix(text).commands()


class _Posix:
    """Reads from left to right; a word may be put together of several quoted pieces."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._found: list[Command] = [Command()]
        self._word = bytearray()
        self._start = -1  # where the word began; -1 between words

    def commands(self) -> Sequence[Command]:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        self._end_word()
        return [command for command in self._found if command.words]

    def _step(self, char: str) -> None:
        text, at = self._text, self._at
        if char == "\\":
            self._escaped()
        elif char == "'":
            self._take(self._until("'", at + 1), at)
            self._at += 1
        elif char == '"':
            self._double(at)
        elif text.startswith("$'", at):
            self._ansi_c(at)
        elif text.startswith('$"', at):
            self._at += 1
        elif char in " \t\r":
            self._end_word()
            self._at += 1
        elif char == "\n":
            self._end_command()
            self._at += 1
        elif char == "#" and self._start < 0:
            self._at = (text.find("\n", at) + 1 or len(text) + 1) - 1
        elif (operator := _OPERATOR.match(text, at)) is not None:
            self._operator(operator[0])
        else:
            self._plain(at)

    def _operator(self, operator: str) -> None:
        """A redirection and where it goes to is no part of the command."""
        self._at += len(operator)
        if operator in "<>" and len(operator) == 1:
            if bytes(self._word) in (b"1", b"2"):
                self._word.clear()
                self._start = -1
            self._end_word()
            rest = re.compile(r"[>&]*[ \t]*[^\s|;&<>]*").match(self._text, self._at)
            self._at = rest.end() if rest else self._at
        else:
            self._end_command(piped=operator == "|")

    def _plain(self, at: int) -> None:
        variable = _VARIABLE.match(self._text, at)
        if variable is not None:
            self._found[-1].unfilled.append(variable[0])
            self._take(variable[0], at)
            self._at = variable.end()
        else:
            self._take(self._text[at], at)
            self._at += 1

    def _escaped(self) -> None:
        at = self._at
        following = self._text[at + 1 : at + 2]
        if following == "\n" or self._text.startswith("\\\r\n", at):
            self._at += 2 + (following == "\r")
        elif not following or re.match(r"\\[ \t]+\n", self._text[at:]):
            # A blank behind the backslash, or its line lost: meant as a continuation.
            end = re.compile(r"\\[ \t]*\n?").match(self._text, at)
            self._at = end.end() if end else at + 1
        else:
            self._take(following, at)
            self._at += 2

    def _until(self, quote: str, start: int) -> str:
        end = self._text.find(quote, start)
        if end < 0:
            raise Unreadable("a quotation mark is opened and not closed", *place_of(self._text, start - 1))
        self._at = end
        return self._text[start:end]

    def _double(self, start: int) -> None:
        self._take("", start)
        at = start + 1
        while True:
            char = self._text[at : at + 1]
            if not char:
                raise Unreadable("a quotation mark is opened and not closed", *place_of(self._text, start))
            if char == '"':
                self._at = at + 1
                return
            if char == "\\" and self._text[at + 1 : at + 2] in tuple('$`"\\'):
                self._take(self._text[at + 1], start)
                at += 2
            elif self._text.startswith("\\\n", at):
                at += 2
            elif (variable := _VARIABLE.match(self._text, at)) is not None:
                self._found[-1].unfilled.append(variable[0])
                self._take(variable[0], start)
                at = variable.end()
            else:
                self._take(char, start)
                at += 1

    def _ansi_c(self, start: int) -> None:
        self._take("", start)
        at = start + 2
        while True:
            char = self._text[at : at + 1]
            if not char:
                raise Unreadable("a quotation mark is opened and not closed", *place_of(self._text, start))
            if char == "'":
                self._at = at + 1
                return
            if char != "\\":
                self._take(char, start)
                at += 1
                continue
            piece, length = _ansi_escape(self._text, at)
            self._word += piece
            at += length

    def _take(self, text: str, at: int) -> None:
        if self._start < 0:
            self._start = at
        self._word += text.encode("utf-8", "surrogateescape")

    def _end_word(self) -> None:
        if self._start >= 0:
            self._found[-1].words.append(Word(bytes(self._word), self._start))
        self._word.clear()
        self._start = -1

    def _end_command(self, *, piped: bool = False) -> None:
        self._end_word()
        if self._found[-1].words:
            self._found[-1].piped = piped
            self._found.append(Command())


def _ansi_escape(text: str, at: int) -> tuple[bytes, int]:
    """The bytes of the escape at `at`, and how long it is in the text."""
    if found := re.compile(r"\\([0-7]{1,3})").match(text, at):
        return bytes([int(found[1], 8) & 0xFF]), found.end() - at
    if found := re.compile(r"\\x([0-9A-Fa-f]{1,2})").match(text, at):
        return bytes([int(found[1], 16)]), found.end() - at
    if found := re.compile(r"\\(?:u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8}))").match(text, at):
        number = int(found[1] or found[2], 16)
        return (chr(number).encode("utf-8", "surrogatepass") if number < 0x110000 else b"?"), found.end() - at
    if found := re.compile(r"\\c(.)", re.DOTALL).match(text, at):
        return bytes([ord(found[1]) & 0x1F]), found.end() - at
    following = text[at + 1 : at + 2]
    if following in _ESCAPES:
        return bytes([_ESCAPES[following]]), 2
    return ("\\" + following).encode("utf-8", "surrogateescape"), 1 + len(following)


# Windows


def cmd_words(text: str) -> Command:
    """The words of the first command of `text`, as cmd and a Windows program cut them. Raises Unreadable."""
    return Command(_arguments(*_without_carets(text)))


def _without_carets(text: str) -> tuple[str, list[int], str]:
    """The command's line with its carets resolved, the place that each character had, and the whole text.

    A caret takes the meaning from what follows it; before a line break it takes the break away and the meaning from
    the character after it. Between quotation marks that no caret precedes it is a caret.
    """
    line: list[str] = []
    places: list[int] = []
    at, quoted = 0, False
    text = text.replace("\r\n", "\n")
    while at < len(text):
        char = text[at]
        if char == "^" and not quoted:
            at += 1
            if text.startswith("\n", at):
                at += 1
            char = text[at : at + 1]
        elif char == "\n" and not quoted:
            break
        elif char == '"':
            quoted = not quoted
        elif char in "&|<>" and not quoted:
            break
        line.append(char)
        places.append(at)
        at += 1
    return "".join(line), places, text


def _arguments(line: str, places: list[int], text: str) -> list[Word]:
    """As the runtime of Windows programs cuts a line: backslashes count only before a quotation mark."""
    words: list[Word] = []
    word: list[str] = []
    start, at, quoted, opened = -1, 0, False, 0
    while at < len(line):
        char = line[at]
        if start < 0 and char not in " \t\n":
            start = places[at]
        if char == "\\":
            run = len(line) - at - len(line[at:].lstrip("\\"))
            before_quote = line[at + run : at + run + 1] == '"'
            word.append("\\" * (run // 2 if before_quote else run))
            if before_quote and run % 2:
                word.append('"')
                at += 1
            at += run
            continue
        if char == '"':
            if quoted and line[at + 1 : at + 2] == '"':
                word.append('"')
                at += 1
            else:
                quoted, opened = not quoted, at
        elif char in " \t\n" and not quoted:
            if start >= 0:
                words.append(Word("".join(word).encode("utf-8", "surrogateescape"), start))
            word, start = [], -1
        else:
            word.append(char)
        at += 1
    if quoted:
        raise Unreadable("a quotation mark is opened and not closed", *place_of(text, places[opened]))
    if start >= 0:
        words.append(Word("".join(word).encode("utf-8", "surrogateescape"), start))
    return words
