"""Fields of a request that schemes ask for, each decoded at most once however many handlers ask."""

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec

from inspector.core.request import Body, Request
from inspector.core.verification.multipart import Pairs, multipart_fields

MAX_FIELDS = 20_000
"""More form fields or query parameters than any sender writes; what comes behind them is not read."""

JSON_FIELDS = ("payload", "json")
"""Fields of a form that hold a delivery's JSON."""

MAX_STEPS = 32
"""A path into JSON with more steps than this leads nowhere."""

type _Piece = Body | msgspec.Raw | None
type _Inside = dict[str, msgspec.Raw] | list[msgspec.Raw] | None

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_string = msgspec.json.Decoder(str)


class Reading:
    """One request with its decoded views: JSON fields, form, query, and the URL as its sender sees it."""

    __slots__ = ("_body_fields", "_query", "_url", "request")

    def __init__(self, request: Request, url: str = "") -> None:
        self.request = request
        self._url = url
        self._body_fields: _BodyFields | None = None
        self._query: Pairs | None = None

    @property
    def url(self) -> str:
        """The URL that was given, or what the request itself tells of it."""
        if not self._url:
            self._url = own_url(self.request)
        return self._url

    @property
    def has_query(self) -> bool:
        """Whether the URL may have parameters."""
        return "?" in (self._url or self.request.target)

    @property
    def _body(self) -> "_BodyFields":
        if self._body_fields is None:
            self._body_fields = _BodyFields(self.request)
        return self._body_fields

    def at(self, url: str) -> "Reading":
        """The same request seen under another URL; what is decoded of its body is shared."""
        if not url or url == self.url:
            return self
        other = Reading(self.request, url)
        other._body_fields = self._body
        return other

    def json(self, path: str) -> bytes | None:
        """The field at `path` of the JSON body: a string's text, else the JSON as written; None where absent.

        `null` counts as absent. Numbers keep their digits: what was signed is the text that was sent. Of a form the
        JSON is what its field `payload` or `json` holds.
        """
        return self._body.json(path)

    def json_names(self) -> Sequence[str]:
        """The names of the JSON body's fields; of an array, the numbers that it has. Empty where it is neither."""
        return self._body.json_names()

    def form(self) -> Pairs:
        """The fields of a form body, urlencoded or multipart, decoded, in order."""
        return self._body.form()

    def query(self) -> Pairs:
        """The parameters of the URL's query, decoded, in order."""
        if self._query is None:
            self._query = _pairs(self.url.partition("#")[0].partition("?")[2].encode("latin-1", "replace"))
        return self._query

    def header(self, name: str) -> bytes | None:
        """The header's value; several lines of it are joined with a comma (RFC 9110, 5.3)."""
        values = self.request.headers.all(name)
        if len(values) == 1:
            return values[0]
        return b", ".join(values) if values else None

    def form_field(self, name: str) -> bytes | None:
        """The first form field of that name."""
        return _first(self.form(), name)

    def query_parameter(self, name: str) -> bytes | None:
        """The first query parameter of that name."""
        return _first(self.query(), name)


class _BodyFields:
    """What was decoded of a body so far: each step of a path and the form, once."""

    __slots__ = ("_form", "_insides", "_pieces", "_request", "_texts")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._form: Pairs | None = None
        self._pieces: dict[str, _Piece] = {}
        self._insides: dict[str, _Inside] = {}
        self._texts: dict[str, bytes | None] = {}

    def json(self, path: str) -> bytes | None:
        if path not in self._texts:
            self._texts[path] = _text(self._piece(path)) if path.count(".") < MAX_STEPS else None
        return self._texts[path]

    def json_names(self) -> Sequence[str]:
        inside = self._fields("")
        if inside is None or isinstance(inside, dict):
            return tuple(inside or ())
        return tuple(map(str, range(min(len(inside), MAX_FIELDS))))

    def form(self) -> Pairs:
        if self._form is None:
            kind = self._request.headers.first("content-type") or b""
            if not kind or b"form-urlencoded" in kind.lower():
                self._form = _pairs(bytes(self._request.body))
            else:
                self._form = multipart_fields(bytes(self._request.body), kind) if b"multipart" in kind.lower() else ()
        return self._form

    def _document(self) -> Body:
        """The text that is JSON, if any is: the body, or the field of a form that some senders put it into."""
        kind = (self._request.headers.first("content-type") or b"").lower()
        if b"form" in kind:
            for name in JSON_FIELDS:
                if (text := _first(self.form(), name)) is not None:
                    return text
        return self._request.body

    def _piece(self, path: str) -> _Piece:
        if not path:
            return self._document()
        if path not in self._pieces:
            parent, _, step = path.rpartition(".")
            self._pieces[path] = _step(self._fields(parent), step)
        return self._pieces[path]

    def _fields(self, path: str) -> _Inside:
        """What is inside the piece at `path`, decoded once however many fields are asked for."""
        if path not in self._insides:
            self._insides[path] = _inside(self._piece(path))
        return self._insides[path]


def own_url(request: Request) -> str:
    """The URL as far as the request itself tells it: `http`, its Host header, its target."""
    if not request.target.startswith("/") and "://" in request.target.partition("?")[0]:
        return request.target
    host = (request.headers.first("host") or b"localhost").decode("latin-1")
    return f"http://{host}{request.target}"


def json_string(text: bytes) -> bytes:
    """The text as a JSON string literal with its quotes, as JavaScript's `JSON.stringify` writes it."""
    return json.dumps(text.decode("utf-8", "surrogateescape"), ensure_ascii=False).encode("utf-8", "surrogateescape")


def _first(pairs: Pairs, name: str) -> bytes | None:
    wanted = name.encode()
    return next((value for key, value in pairs if key == wanted), None)


def _pairs(text: bytes) -> Pairs:
    if text.count(b"&") >= MAX_FIELDS:
        text = b"&".join(text.split(b"&", MAX_FIELDS)[:MAX_FIELDS])
    try:
        pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    except ValueError:
        return ()
    return tuple((key.encode("latin-1"), value.encode("latin-1")) for key, value in pairs)


def _inside(piece: _Piece) -> _Inside:
    """The fields or items of a piece of JSON; None where it has none."""
    if piece is None:
        return None
    try:
        if bytes(memoryview(piece)[:64]).lstrip()[:1] == b"[":
            return _array.decode(piece)
        return _object.decode(piece)
    except (msgspec.DecodeError, RecursionError, UnicodeError, ValueError):
        return None


def _step(inside: _Inside, step: str) -> _Piece:
    if inside is None or isinstance(inside, dict):
        return None if inside is None else inside.get(step)
    small = step.isascii() and step.isdigit() and len(step) < 10
    return inside[int(step)] if small and int(step) < len(inside) else None


def _text(piece: _Piece) -> bytes | None:
    if piece is None:
        return None
    text = bytes(piece).strip()
    if not text.startswith(b'"'):
        return None if text == b"null" else text
    try:
        return _string.decode(text).encode("utf-8", "surrogatepass")
    except (msgspec.DecodeError, UnicodeError):
        return None
