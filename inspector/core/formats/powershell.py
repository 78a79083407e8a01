"""A request of PowerShell, `Invoke-WebRequest` or `Invoke-RestMethod`, as browsers copy it and people write it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inspector.core.formats.reading import Understood, Unreadable, address_of, bytes_of, header_bytes, place_of, said
from inspector.core.request import Headers, Request

COMMAND = re.compile(r"\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b", re.IGNORECASE)
_NAME = re.compile(r"-([A-Za-z]+):?")
_BARE = re.compile(r"[^\s;|,(){}=]+")
_SPACE = re.compile(r"(?:[ \t\r\n]|`[ \t]*\r?\n|#[^\n]*)+")
_BYTES_OF = re.compile(r"\(?\s*\[(?:System\.)?Text\.Encoding\]::\w+\.GetBytes\(\s*", re.IGNORECASE)
_BACKTICKS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}


def powershell_request(text: str) -> Understood:
    """What the first such command in `text` sends. Raises Unreadable."""
    command = COMMAND.search(text)
    if command is None:
        raise Unreadable("no Invoke-WebRequest was found")
    reader = _Reader(text, command.end())
    given = dict(reader.parameters())
    url = _one(given, "uri", "") or reader.first_bare
    address = address_of(url)
    if not address.host:
        raise Unreadable("the command has no address to send to", *place_of(text, command.start()))
    body = _one(given, "body", "")
    method = (_one(given, "method", "") or "GET").upper()
    headers = [(b"Host", address.host.encode("latin-1"))]
    hashtable = given.get("headers", {})
    if isinstance(hashtable, Mapping):
        headers += [(header_bytes(name), header_bytes(value)) for name, value in hashtable.items()]
    for name, parameter in (("Content-Type", "contenttype"), ("User-Agent", "useragent")):
        if value := _one(given, parameter, ""):
            headers.append((name.encode(), header_bytes(value)))
    raw = bytes_of(body)
    if raw:
        headers.append((b"Content-Length", str(len(raw)).encode()))
    unfilled = ", ".join(dict.fromkeys(reader.unfilled))
    assumed = (
        (
            said(
                "PowerShell would fill in {names}, and that is not in the text: it is left as it is written.",
                names=unfilled,
            ),
        )
        if unfilled
        else ()
    )
    request = Request(method, address.target, "1.1", Headers(headers), raw)
    return Understood(request, f"{method} {url}", url, None, assumed)


def _one(given: Mapping[str, object], name: str, default: str) -> str:
    value = given.get(name, default)
    return value if isinstance(value, str) else default


@dataclass(slots=True)
class _Reader:
    """Reads the parameters of one command from left to right."""

    text: str
    at: int
    first_bare: str = ""
    unfilled: list[str] = field(default_factory=list)

    def parameters(self) -> Iterator[tuple[str, object]]:
        """Every parameter by its name in lower case; a hash table as a mapping."""
        while True:
            self._skip()
            if self.at >= len(self.text) or self.text[self.at] in ";|":
                return
            if found := _NAME.match(self.text, self.at):
                self.at = found.end()
                self._skip()
                if self.at >= len(self.text) or _NAME.match(self.text, self.at):
                    yield found[1].lower(), ""  # a switch
                else:
                    yield found[1].lower(), self._value()
            else:
                value = self._value()
                self.first_bare = self.first_bare or (value if isinstance(value, str) else "")

    def _skip(self) -> None:
        if found := _SPACE.match(self.text, self.at):
            self.at = found.end()

    def _value(self) -> object:
        if wrapped := _BYTES_OF.match(self.text, self.at):
            self.at = wrapped.end()
            value = self._value()
            while self.text[self.at : self.at + 1] in (")", " "):
                self.at += 1
            return value
        if self.text.startswith("@{", self.at):
            return dict(self._pairs())
        start, char = self.at, self.text[self.at]
        if self.text.startswith(("@'", '@"'), start):
            end = re.compile(r"\r?\n" + char.replace("@", self.text[start + 1]) + "@").search(self.text, start)
            line = self.text.find("\n", start) + 1
            if end is None or not line:
                raise Unreadable("a quotation mark is opened and not closed", *place_of(self.text, start))
            self.at = end.end()
            return self.text[line : end.start()]
        if char in "'‘’":
            return self._single(start)
        if char in '"“”':
            return self._double(start)
        if found := _BARE.match(self.text, start):
            self.at = found.end()
            if found[0].startswith("$"):
                self.unfilled.append(found[0])
            return found[0]
        self.at += 1
        return ""

    def _single(self, start: int) -> str:
        pieces: Sequence[str] = ()
        at = start + 1
        while True:
            end = self.text.find("'", at)
            if end < 0:
                raise Unreadable("a quotation mark is opened and not closed", *place_of(self.text, start))
            pieces = (*pieces, self.text[at:end])
            if not self.text.startswith("''", end):
                self.at = end + 1
                return "'".join(pieces)
            at = end + 2

    def _double(self, start: int) -> str:
        out: list[str] = []
        at = start + 1
        while at < len(self.text):
            char = self.text[at]
            following = self.text[at + 1 : at + 2]
            if char == "`" and following:
                out.append(_BACKTICKS.get(following, following))
                at += 2
            elif char == '"' and following == '"':
                out.append('"')
                at += 2
            elif char == '"':
                self.at = at + 1
                return "".join(out)
            else:
                if found := re.compile(r"\$(?:\w+|\{[^}]*\}|\([^)]*\))").match(self.text, at):
                    self.unfilled.append(found[0])
                out.append(char)
                at += 1
        raise Unreadable("a quotation mark is opened and not closed", *place_of(self.text, start))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        start = self.at
        self.at += 2
        while True:
            self._skip()
            char = self.text[self.at : self.at + 1]
            if not char:
                raise Unreadable("a hash table is opened and not closed", *place_of(self.text, start))
            if char == "}":
                self.at += 1
                return
            if char in ";,":
                self.at += 1
                continue
            name = self._value()
            self._skip()
            if self.text[self.at : self.at + 1] != "=":
                raise Unreadable("a header of the hash table has no value", *place_of(self.text, self.at))
            self.at += 1
            self._skip()
            value = self._value()
            yield str(name), str(value)
