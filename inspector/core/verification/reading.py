"""Fields of a request that schemes ask for, each decoded at most once however many handlers ask."""

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec

from inspector.core.request import Request

MAX_FIELDS = 20_000
"""More form fields or query parameters than any sender writes; what comes behind them is not read."""

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_string = msgspec.json.Decoder(str)


class Reading:
    """One request with its decoded views: JSON fields, form, query, and the URL as its sender sees it."""

    __slots__ = ("_form", "_json", "_query", "request", "url")

    def __init__(self, request: Request, url: str = "") -> None:
        self.request = request
        self.url = url or own_url(request)
        self._form: Sequence[tuple[bytes, bytes]] | None = None
        self._query: Sequence[tuple[bytes, bytes]] | None = None
        self._json: dict[str, bytes | None] = {}

    def json(self, path: str) -> bytes | None:
        """The field at `path` of the JSON body: a string's text, else the JSON as written; None where absent.

        `null` counts as absent. Numbers keep their digits: what was signed is the text that was sent.
        """
        if path not in self._json:
            self._json[path] = _json_at(self.request, path)
        return self._json[path]

    def form(self) -> Sequence[tuple[bytes, bytes]]:
        """The fields of a form body (`application/x-www-form-urlencoded`), decoded, in order."""
        if self._form is None:
            kind = self.request.headers.first("content-type") or b""
            is_form = b"form-urlencoded" in kind.lower() or not kind
            self._form = _pairs(bytes(self.request.body)) if is_form else ()
        return self._form

    def query(self) -> Sequence[tuple[bytes, bytes]]:
        """The parameters of the URL's query, decoded, in order."""
        if self._query is None:
            self._query = _pairs(self.url.partition("#")[0].partition("?")[2].encode("latin-1", "replace"))
        return self._query

    def header(self, name: str) -> bytes | None:
        """The header's value; several lines of it are joined with a comma (RFC 9110, 5.3)."""
        values = self.request.headers.all(name)
        return b", ".join(values) if values else None

    def form_field(self, name: str) -> bytes | None:
        """The first form field of that name."""
        return _first(self.form(), name)

    def query_parameter(self, name: str) -> bytes | None:
        """The first query parameter of that name."""
        return _first(self.query(), name)


def own_url(request: Request) -> str:
    """The URL as far as the request itself tells it: `http`, its Host header, its target."""
    if "://" in request.target.partition("?")[0] and not request.target.startswith("/"):
        return request.target
    host = (request.headers.first("host") or b"localhost").decode("latin-1")
    return f"http://{host}{request.target}"


def _first(pairs: Sequence[tuple[bytes, bytes]], name: str) -> bytes | None:
    wanted = name.encode()
    return next((value for key, value in pairs if key == wanted), None)


def _pairs(text: bytes) -> Sequence[tuple[bytes, bytes]]:
    if text.count(b"&") >= MAX_FIELDS:
        text = b"&".join(text.split(b"&", MAX_FIELDS)[:MAX_FIELDS])
    try:
        pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    except ValueError:
        return ()
    return tuple((key.encode("latin-1"), value.encode("latin-1")) for key, value in pairs)


def _json_at(request: Request, path: str) -> bytes | None:
    piece: bytes | memoryview | msgspec.Raw = request.body
    try:
        for step in path.split(".") if path else ():
            start = bytes(piece[:64]).lstrip()[:1] if not isinstance(piece, msgspec.Raw) else bytes(piece)[:1]
            if start == b"[":
                items = _array.decode(piece)
                if not step.isdigit() or int(step) >= len(items):
                    return None
                piece = items[int(step)]
            else:
                found = _object.decode(piece).get(step)
                if found is None:
                    return None
                piece = found
        text = bytes(piece).strip()
        if text.startswith(b'"'):
            return _string.decode(text).encode("utf-8", "surrogatepass")
    except (msgspec.DecodeError, RecursionError, UnicodeError, ValueError):
        return None
    return None if text == b"null" else text


def json_string(text: bytes) -> bytes:
    """The text as a JSON string literal with its quotes, as JavaScript's `JSON.stringify` writes it."""
    return json.dumps(text.decode("utf-8", "surrogateescape"), ensure_ascii=False).encode("utf-8", "surrogateescape")
