"""A request that is being written: values are set where a scheme reads them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from inspector.core.request import Headers, Request


class CannotSign(ValueError):
    """This scheme or secret cannot make a signature here; the message says why, without the secret."""


class Draft:
    """The request so far, and the URL as its receiver will see it."""

    def __init__(self, request: Request, url: str) -> None:
        self.request = request
        self.url = url

    def header(self, name: str, value: bytes) -> None:
        """Make `value` the one value of that header, in the place of the first one."""
        if not name:
            raise CannotSign("the header has no name yet")
        key, lines = name.lower().encode("latin-1"), list(self.request.headers)
        places = [number for number, line in enumerate(lines) if line[0].lower() == key]
        if places:
            lines[places[0]] = (lines[places[0]][0], value)
            lines = [line for number, line in enumerate(lines) if number not in places[1:]]
        else:
            lines.append((name.encode("latin-1"), value))
        self.request = replace(self.request, headers=Headers(lines), head=b"")

    def query(self, name: str, value: bytes) -> None:
        """Make `value` the one value of that query parameter."""
        self.url = _with_parameter(self.url, name, value)
        self.request = replace(self.request, target=_with_parameter(self.request.target, name, value), head=b"")

    def form(self, name: str, value: bytes) -> None:
        """Make `value` the one value of that form field. The body has to be a form, or empty."""
        kind = (self.request.headers.first("content-type") or b"").lower()
        if self.request.body and b"form-urlencoded" not in kind:
            raise CannotSign("the body has to be a form")
        if b"form-urlencoded" not in kind:
            self.header("Content-Type", b"application/x-www-form-urlencoded")
        fields = parse_qsl(bytes(self.request.body).decode("latin-1"), keep_blank_values=True, encoding="latin-1")
        others = [(key, text) for key, text in fields if key != name]
        self.body(urlencode([*others, (name, value.decode("latin-1"))], encoding="latin-1").encode())

    def json(self, path: str, value: str | int) -> None:
        """Make `value` the field at `path` of the JSON body. The body has to be JSON, or empty."""
        steps = path.split(".")
        try:
            document = json.loads(bytes(self.request.body)) if self.request.body else _empty(steps[0])
            _set(document, steps, value)
        except (ValueError, TypeError, RecursionError, IndexError, KeyError):
            raise CannotSign(f"the body has to be JSON with a place for {path}") from None
        self.body(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def body(self, body: bytes) -> None:
        """Make `body` the body, and its length the Content-Length where there is one."""
        self.request = replace(self.request, body=body, head=b"")
        if self.request.headers.all("content-length"):
            self.header("Content-Length", str(len(body)).encode())

    @property
    def is_json(self) -> bool:
        """Whether a field of the body is set as JSON rather than as a form."""
        return b"form-urlencoded" not in (self.request.headers.first("content-type") or b"").lower()


def _with_parameter(url: str, name: str, value: bytes) -> str:
    base, question, query = url.partition("?")
    encoded = quote(name.encode("utf-8"), safe="")
    others = [pair for pair in query.split("&") if question and pair and not _is_named(pair, name)]
    return f"{base}?{'&'.join([*others, f'{encoded}={quote(value, safe="")}'])}"


def _is_named(pair: str, name: str) -> bool:
    return (
        parse_qsl(pair, keep_blank_values=True)[:1][0:1] != [] and parse_qsl(pair, keep_blank_values=True)[0][0] == name
    )


def _empty(step: str) -> Mapping[str, Any] | Sequence[Any]:
    return [] if step.isdigit() else {}


def _set(document: Any, steps: Sequence[str], value: str | int) -> None:
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        new = value if following == "" else _empty(following)
        if isinstance(document, list):
            if int(step) == len(document):
                document.append(new)
            elif following == "":
                document[int(step)] = new
            document = document[int(step)]
        else:
            if following == "" or not isinstance(document.get(step), dict | list):
                document[step] = new
            document = document[step]
