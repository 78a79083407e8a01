"""What is wrong with a handler before it is stored: the same answers for form, command line and import."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.core.handler import Handler
from inspector.core.verification.public_url import FORWARDED
from inspector.core.verification.scheme import Scheme

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2

_WITHOUT_A_PLACE = frozenset({"none", "mtls", "http-message-signatures"})

_URL = re.compile(r"https?://[^/?#\s]+([/?#]\S*)?\Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a handler from being stored: the field it belongs to, and which rule it breaks.

    `rule` is one of `empty`, `duplicate`, `too-long`, `not-a-token`, `not-a-status`, `line-break`,
    `not-a-path`, `framing`, `undefined`, `not-a-url`; `detail` is the offending value where that helps.
    """

    field: str  # "name", "header", "status", "headers", "path", "algorithm", "user", "prefix", "content", "public_url"
    rule: str
    detail: str = ""

    def sentence(self) -> str:
        """The problem in plain English, for the command line and the log."""
        return _SENTENCES[self.rule].format(field=_WORDS.get(self.field, self.field), detail=self.detail)


def problems(handler: Handler, others: Iterable[Handler] = ()) -> tuple[Problem, ...]:
    """Everything wrong with `handler` beside `others`, the rest of its chain; empty when it can be stored."""
    return tuple(_problems(handler, others))


def is_token(text: str) -> bool:
    """Whether `text` can be a header's name or a method (RFC 9110, 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def _problems(handler: Handler, others: Iterable[Handler]) -> Iterable[Problem]:
    if not handler.name.strip():
        yield Problem("name", "empty")
    elif len(handler.name) > 200:
        yield Problem("name", "too-long")
    elif any(c < " " or c == "\x7f" for c in handler.name):
        yield Problem("name", "line-break")
    elif any(other.name == handler.name for other in others):
        yield Problem("name", "duplicate", handler.name)
    if handler.path and not (handler.path.startswith(("/", "*")) and "?" not in handler.path):
        yield Problem("path", "not-a-path", handler.path)
    if handler.public_url and handler.public_url != FORWARDED and not _URL.match(handler.public_url):
        yield Problem("public_url", "not-a-url", handler.public_url)
    yield from _scheme_problems(handler.scheme)
    yield from _response_problems(handler)


def _scheme_problems(scheme: Scheme) -> Iterable[Problem]:
    place = scheme.signature
    if place is None and scheme.kind not in _WITHOUT_A_PLACE:
        yield Problem("header", "empty")
    if place is not None and place.place in ("header", "numbered-headers"):
        if not place.name:
            yield Problem("header", "empty")
        elif not is_token(place.name.replace("{n}", "1")):
            yield Problem("header", "not-a-token", place.name)
    elif place is not None and place.place != "body" and not (place.name or place.path):
        yield Problem("header", "empty")
    if place is not None and place.format == "prefix" and not place.prefix:
        yield Problem("prefix", "empty")
    if scheme.kind in {"hmac", "hash"} and not scheme.algorithm.strip():
        yield Problem("algorithm", "empty")
    if (name := scheme.undefined_value) is not None:
        yield Problem("content", "undefined", name)


def _response_problems(handler: Handler) -> Iterable[Problem]:
    if not 200 <= handler.response.status <= 599:
        yield Problem("status", "not-a-status", str(handler.response.status))
    for name, value in handler.response.headers:
        if not is_token(name):
            yield Problem("headers", "not-a-token", name)
        elif name.lower() in {"content-length", "transfer-encoding", "connection"}:
            yield Problem("headers", "framing", name)
        elif not value.isprintable() or not value.isascii():
            yield Problem("headers", "line-break", name)


_WORDS = {"headers": "answer's header", "status": "answer's status", "header": "header's name"}
_SENTENCES = {
    "empty": "The {field} is empty.",
    "duplicate": "There is a handler named {detail!r} already.",
    "too-long": "The {field} is longer than 200 characters.",
    "not-a-token": "{detail!r} cannot be a header's name: letters, digits and !#$%&'*+-.^_`|~ only.",
    "not-a-status": "{detail} is not a status to answer with: 200 to 599.",
    "line-break": "The {field} has a line break or another control character.",
    "not-a-path": "{detail!r} is not a path pattern: it starts with / or * and has no query.",
    "undefined": "The content uses {detail!r}, and nothing says where that is read.",
    "not-a-url": "{detail!r} is not the public URL: it begins with http:// or https:// and a host, or is `forwarded`.",
    "framing": "{detail!r} is set by the listener itself.",
}
