"""What is wrong with a handler before it is stored: the same answers for form, command line and import."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.core.handler import Handler

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a handler from being stored: the field it belongs to, and which rule it breaks.

    `rule` is one of `empty`, `duplicate`, `too-long`, `not-a-token`, `not-a-status`, `line-break`,
    `not-a-path`, `framing`; `detail` is the offending value where that helps.
    """

    field: str  # "name", "header", "status", "headers", "path", "algorithm", "user"
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
    scheme = handler.scheme
    if scheme.signature is not None and scheme.signature.place == "header":
        if not scheme.signature.name:
            yield Problem("header", "empty")
        elif not is_token(scheme.signature.name):
            yield Problem("header", "not-a-token", scheme.signature.name)
        if scheme.signature.format == "prefix" and not scheme.signature.prefix:
            yield Problem("prefix", "empty")
    if scheme.kind in {"hmac", "hash"} and not scheme.algorithm.strip():
        yield Problem("algorithm", "empty")
    yield from _response_problems(handler)


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
    "framing": "{detail!r} is set by the listener itself.",
}
