"""The exact bytes that a signature covers, built from the parts of a scheme's template."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspector.core.request import Body
from inspector.core.verification.outcome import MalformedHeader, MissingHeader, MissingTimestamp
from inspector.core.verification.reading import Reading, json_string
from inspector.core.verification.scheme import Part, Scheme, Source
from inspector.core.verification.signatures import Found

_URL = re.compile(r"([^/?#:]*://)([^/?#]*)(.*)", re.DOTALL)

type Values = Mapping[str, bytes]
type Unfilled = MissingHeader | MalformedHeader | MissingTimestamp


@dataclass(frozen=True, slots=True)
class FilledPart:
    """One part of the template and the bytes that it became, for whoever explains the content."""

    part: Part
    data: Body


def collect_values(reading: Reading, scheme: Scheme, found: Found) -> Values | Unfilled:
    """The scheme's named values as sent; a failure where one that must be there is absent."""
    values: dict[str, bytes] = {}
    for name, source in scheme.values.items():
        value = _value(reading, source, found, values)
        if value is None or (not value and source.place == "header"):  # an empty header says nothing
            if scheme.timestamp is not None and scheme.timestamp.value == name:
                return MissingTimestamp(source.name or source.key or source.path or name)
            if source.place == "header":
                return MissingHeader(source.name)
            if source.place == "signature":
                return MalformedHeader(found.where)
            value = b""
        values[name] = value
    return values


def contents(reading: Reading, scheme: Scheme, values: Values, key: bytes = b"") -> Sequence[Body]:
    """The signed contents that count: one, or one for each form of the URL where the scheme names several.

    A content that is the body alone is given without a copy, since a body can be a mapped file. `key` fills
    the part `secret`.
    """
    parts = scheme.content
    if scheme.covers_body_alone:
        return (reading.request.body,)
    urls = [reading.url]
    if scheme.url_variants and any(_uses_url(part) for part in parts):
        urls = list(dict.fromkeys(url_variant(reading.url, variant) for variant in scheme.url_variants))
    fillings = [_Filling(reading, values, key, url) for url in urls]
    return tuple(b"".join([_filled(filling, part) or b"" for part in parts]) for filling in fillings)


def filled_parts(reading: Reading, scheme: Scheme, values: Values, key: bytes = b"") -> Sequence[FilledPart]:
    """How each part of the template was filled, in order; the signed content is their bytes joined."""
    filling = _Filling(reading, values, key, reading.url)
    return tuple(FilledPart(part, _filled(filling, part) or b"") for part in scheme.content)


def filled(parts: Sequence[Part], reading: Reading, values: Values) -> bytes | None:
    """The template `parts` filled from the request; None where something that it names is absent."""
    filling = _Filling(reading, values, b"", reading.url)
    pieces = [_filled(filling, part) for part in parts]
    return None if any(piece is None for piece in pieces) else b"".join(piece or b"" for piece in pieces)


def fill(reading: Reading, part: Part, values: Values, key: bytes = b"") -> Body:
    """The bytes that one part of a template becomes; an absent source gives none."""
    return _filled(_Filling(reading, values, key, reading.url), part) or b""


def url_variant(url: str, variant: str) -> str:
    """The URL with its default port written out (`add-default-port`) or with no port (`remove-port`)."""
    start, authority, tail = _around_authority(url)
    host = authority.rpartition("@")[2]
    bare = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    match variant:
        case "add-default-port":
            wanted = host if bare != host else f"{host}:{443 if start.lower() == 'https://' else 80}"
        case "remove-port":
            wanted = bare
        case _:
            return url
    return f"{start}{authority.removesuffix(host)}{wanted}{tail}"


def path_and_query(url: str) -> str:
    """The URL without scheme and authority."""
    tail = _around_authority(url)[2]
    return tail if tail.startswith("/") else f"/{tail}"


def _around_authority(url: str) -> tuple[str, str, str]:
    """The URL in three: its scheme with `://`, its authority, and what follows."""
    found = _URL.match(url)
    return (found[1], found[2], found[3]) if found else ("", "", url)


def _value(reading: Reading, source: Source, found: Found, values: Values) -> bytes | None:
    match source.place:
        case "header":
            return reading.header(source.name)
        case "signature":
            return found.item(source.key)
        case "json":
            return reading.json(source.path)
        case "form":
            return reading.form_field(source.name)
        case "query":
            return reading.query_parameter(source.name)
        case "query-sorted":
            pairs = reading.url.partition("#")[0].partition("?")[2].encode("latin-1", "replace").split(b"&")
            return b"&".join(sorted(pairs, key=lambda pair: bytes(pair).partition(b"=")[0]))
        case "json-string-of":
            text = bytes(reading.request.body) if source.of == "body" else values.get(source.of)
            return None if text is None else json_string(text)


def _uses_url(part: Part) -> bool:
    return part.part == "url" or (part.source is not None and _uses_url(part.source))


@dataclass(frozen=True, slots=True)
class _Filling:
    """Where the parts of one content take their bytes from."""

    reading: Reading
    values: Values
    key: bytes
    url: str


def _filled(filling: _Filling, part: Part) -> Body | None:
    data = _FILLERS[part.part](filling, part)
    return bytes(data).lower() if part.lowercase and data is not None else data


def _optional(filling: _Filling, part: Part) -> Body:
    inner = None if part.source is None else _filled(filling, part.source)
    return b"" if inner is None else b"".join((part.prefix.encode(), inner, part.suffix.encode()))


def _form_sorted(filling: _Filling, _part: Part) -> Body:
    return b"".join(key + value for key, value in sorted(set(filling.reading.form())))


_FILLERS: Mapping[str, Callable[[_Filling, Part], Body | None]] = {
    "text": lambda _, part: part.text.encode(),
    "body": lambda filling, _: filling.reading.request.body,
    "value": lambda filling, part: filling.values.get(part.name),
    "header": lambda filling, part: filling.reading.header(part.name),
    "query": lambda filling, part: filling.reading.query_parameter(part.name),
    "form": lambda filling, part: filling.reading.form_field(part.name),
    "json": lambda filling, part: filling.reading.json(part.path),
    "method": lambda filling, _: filling.reading.request.method.encode(),
    "url": lambda filling, part: _url(filling.url, part.component),
    "form-sorted": _form_sorted,
    "body-digest": lambda filling, part: _body_digest(filling.reading.request.body, part),
    "secret": lambda filling, _: filling.key,
    "optional": _optional,
}


def _url(url: str, component: str) -> bytes:
    match component:
        case "no-query":
            url = url.partition("?")[0]
        case "path-query":
            url = path_and_query(url)
    return url.encode("latin-1", "replace")


def _body_digest(body: Body, part: Part) -> bytes:
    digest = hashlib.new(part.digest or "sha256", body, usedforsecurity=False)
    match part.encoding:
        case "base64":
            return base64.b64encode(digest.digest())
        case "raw":
            return digest.digest()
    return digest.hexdigest().encode()
