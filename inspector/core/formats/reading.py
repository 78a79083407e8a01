"""What was understood of a text that is meant to be a request: the request, what was assumed, or why it is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inspector.core.diagnosis.wording import Template
from inspector.core.request import Headers, Request

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")

type Form = Literal["raw-http", "curl", "powershell", "har", "jsonl", "json", "fields"]
"""What a text was recognised as; the words are identifiers."""


class Unreadable(ValueError):
    """The text is not a request in the form that it seems to have: a sentence, and the line where it goes wrong.

    `line` and `column` begin at 1; 0 where no place can be named.
    """

    def __init__(self, problem: str, line: int = 0, column: int = 0, *, facts: dict[str, str] | None = None) -> None:
        self.sentence = Template(problem, facts or {})
        self.line, self.column = line, column
        place = f"line {line}" + (f", character {column}" if column else "") + ": " if line else ""
        super().__init__(f"{place}{self.sentence}")


@dataclass(frozen=True, slots=True)
class Understood:
    """One request that a text stands for.

    `name` tells it from others of the same text. `url` is the whole address where the text has it. `at` is when it was
    received or recorded, where the text says so. `assumed` are the things that the text does not say or may have
    changed. `wanted_file` is the file that has the body, where the text only names it.
    """

    request: Request
    name: str = ""
    url: str = ""
    at: datetime | None = None
    assumed: tuple[Template, ...] = ()
    wanted_file: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The requests of a text, in its order, and which of them is most likely the one that is meant."""

    form: Form
    requests: Sequence[Understood]
    likeliest: int = 0

    @property
    def meant(self) -> Understood:
        """The request that is most likely meant."""
        return self.requests[self.likeliest]


def said(text: str, **facts: str) -> Template:
    """A sentence about what was assumed."""
    return Template(text, facts)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a place in a text, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def header_bytes(text: str) -> bytes:
    """The bytes of a header's text: latin-1 as on the wire, UTF-8 where it has other characters."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return bytes_of(text)


def bytes_of(text: str) -> bytes:
    """The text in UTF-8; bytes that were none in it come out as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Address:
    """A URL cut where its parts meet, and nothing of it changed. `target` has one character for each byte.

    All but the target are empty where the URL has no scheme and host.
    """

    scheme: str
    user: str
    host: str
    target: str


def address_of(url: str) -> Address:
    """The parts of `url`, which may be a path alone; what is behind a # is left out."""
    raw = bytes_of(url.partition("#")[0]).decode("latin-1")
    scheme, found, rest = raw.partition("://")
    if raw.startswith("/") or not found or not _SCHEME.fullmatch(scheme):
        return Address("", "", "", raw if raw.startswith("/") else f"/{raw}")
    cut = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    user, _, host = rest[:cut].rpartition("@")
    return Address(scheme.lower(), user, host, rest[cut:] if rest[cut : cut + 1] == "/" else f"/{rest[cut:]}")


def signature_like(headers: Headers) -> bool:
    """Whether a header is named as those are that carry a signature."""
    return any(word in name.lower() for name, _ in headers for word in (b"signature", b"hmac", b"-token", b"webhook"))


def likeliest_of(requests: Sequence[Understood]) -> int:
    """Which of several is most likely a delivery: it looks signed, it has a body, it is no GET."""

    def points(place: int) -> tuple[int, int]:
        request = requests[place].request
        looks = 4 * signature_like(request.headers) + 2 * (request.method in ("POST", "PUT")) + bool(request.body)
        return looks, -place

    return max(range(len(requests)), key=points, default=0)
