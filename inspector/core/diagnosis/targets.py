"""Which digests the request carries: every header cut and decoded in every likely way.

A computed digest is looked up here, so that header, cutting and encoding cost no further hashing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from inspector.core.diagnosis.choices import Target
from inspector.core.verification.encodings import decode
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.signatures import Found, find_signatures, split

SMALLEST_BYTES = 16
"""Shorter texts are not taken for signatures: a match might be chance."""

_ENCODINGS = ("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64")
_PREFIX = re.compile(rb"[A-Za-z][A-Za-z0-9_-]{0,19}[=: ]")
_NOT_SIGNATURES = frozenset(
    b"host content-type content-length user-agent accept accept-encoding connection date content-digest "
    b"content-md5 etag traceparent tracestate".split()
)
_SEPARATORS = (",", " ", ";", "&", "|")


@dataclass(frozen=True, slots=True)
class _Cut:
    """One text that may be a signature, and the place that describes how it was cut out."""

    text: bytes
    place: SignaturePlace
    causes: tuple[str, ...]
    cost: int


def targets(reading: Reading, scheme: Scheme, sizes: frozenset[int]) -> Mapping[bytes, Sequence[Target]]:
    """The digests of one of `sizes` bytes in the request, each with the ways to read it, the likeliest first."""
    found: dict[bytes, list[Target]] = {}
    for cut in _cuts(reading, scheme):
        for encoding in _ENCODINGS:
            digest = decode(cut.text, encoding)
            if digest is None or len(digest) < SMALLEST_BYTES or len(digest) not in sizes:
                continue
            cause, cost = _encoding_cause(encoding, scheme.encoding)
            changed = replace(scheme, signature=cut.place, encoding=encoding)
            causes = (*cut.causes, *((cause,) if cause else ()))
            found.setdefault(digest, []).append(Target(causes, cut.cost + cost, changed, cut.place.name))
    for several in found.values():
        several.sort(key=lambda target: target.cost)
    return found


def header_cause(wanted: str, present: str) -> tuple[str, int]:
    """Why the signature stands under `present` instead of `wanted`: renamed on the way, or configured wrongly."""
    plain, other = _letters(wanted), _letters(present)
    if plain == other:
        return "header-renamed-by-proxy", 2
    if other.endswith(plain) or other.startswith(plain):
        return "header-renamed-by-proxy", 2
    return "header-wrong-name", 3


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _encoding_cause(encoding: str, configured: str) -> tuple[str, int]:
    if encoding == configured:
        return "", 0
    if encoding in ("base64-of-hex", "base64-of-base64"):
        return "encoding-double", 4
    if "base64url" in (encoding, configured) and "hex" not in (encoding, configured):
        return "encoding-base64url", 2
    if configured in ("base64-of-hex", "base64-of-base64"):
        return "encoding-double", 3
    return "encoding-hex-vs-base64", 2


def _cuts(reading: Reading, scheme: Scheme) -> Iterator[_Cut]:
    place = scheme.signature
    if place is None:
        return
    configured = find_signatures(reading, place)
    if isinstance(configured, Found):
        for text in configured.signatures:
            yield _Cut(text, place, (), 0)
    if place.place != "header":
        value = _elsewhere(reading, place)
        if value:
            yield from _pieces(value, place, (), 0)
        return
    names = {name.lower() for name in (place.name, *place.also)}
    for raw_name, value in reading.request.headers:
        name = raw_name.decode("latin-1")
        if name.lower() in names:
            yield from _pieces(value, place, (), 0)
        elif raw_name.lower() not in _NOT_SIGNATURES and len(value) < 4096:
            cause, cost = header_cause(place.name, name)
            renamed = replace(place, name=name, also=())
            cut = split(value, place)
            if cut is not None:
                for text in cut.signatures:
                    yield _Cut(text, renamed, (cause,), cost)
            yield from _pieces(value, renamed, (cause,), cost)


def _elsewhere(reading: Reading, place: SignaturePlace) -> bytes | None:
    match place.place:
        case "query":
            return reading.query_parameter(place.name)
        case "form":
            return reading.form_field(place.name)
        case "json" | "json-or-form":
            return reading.json(place.path) or reading.form_field(place.name)
        case "numbered-headers":
            return reading.header(place.name.replace("{n}", "1"))
    return None


def _pieces(value: bytes, place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    """The value cut otherwise than the handler's format cuts it."""
    value = value.strip()
    if place.format != "raw":
        cause = "prefix-missing" if place.format == "prefix" else "signature-list-not-split"
        yield _Cut(value, _as(place, format="raw"), (*causes, cause), cost + 2)
    if match := _PREFIX.match(value):
        prefix = match[0].decode("latin-1")
        if place.format != "prefix" or place.prefix != prefix:
            wrong = "prefix-extra" if place.format == "raw" else "prefix-missing"
            yield _Cut(
                value[len(match[0]) :], _as(place, format="prefix", prefix=prefix), (*causes, wrong), cost + 2
            )
    yield from _listed(value, place, causes, cost)


def _listed(value: bytes, place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    for separator in _SEPARATORS:
        items = [item.strip() for item in value.split(separator.encode())]
        if len(items) < 2 or len(items) > 50:
            continue
        if len(set(items)) == 1 or (separator == "," and place.format in ("raw", "prefix") and _alike(items)):
            yield from _doubled(items, place, causes, cost)
        for item in items:
            kv_sep = next((s for s in ("=", ",", ":") if s.encode() in item.rstrip(b"=") and s != separator), "")
            key, _, text = item.partition(kv_sep.encode()) if kv_sep else (b"", b"", b"")
            if key and text and len(key) <= 20:
                how = _as(
                    place, format="kv", item_sep=separator, kv_sep=kv_sep, key=key.decode("latin-1"), trim=True, any=True
                )
                if how != replace(place, also=place.also, name=how.name, trim=True, any=True):
                    yield _Cut(text, how, (*causes, "signature-list-not-split"), cost + 3)
            how = _as(place, format="list", item_sep=separator, trim=True, any=True)
            yield _Cut(item, how, (*causes, "signature-list-not-split"), cost + 4)


def _alike(items: Sequence[bytes]) -> bool:
    """Whether the items look like the same header several times: same length and same prefix."""
    first = _PREFIX.match(items[0])
    return all(
        len(item) == len(items[0]) and (first is None or item.startswith(first[0])) for item in items
    ) and not (first is not None and first[0][-1:] == b"=" and len(first[0]) <= 3)


def _doubled(items: Sequence[bytes], place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    for item in dict.fromkeys(items):
        text = item
        if place.format == "prefix" and item.startswith(place.prefix.encode()):
            text = item[len(place.prefix) :]
        how = _as(place, format="list", item_sep=",", trim=True, any=True)
        yield _Cut(text, how, (*causes, "header-duplicate-joined"), cost + 2)


def _as(place: SignaturePlace, **form: object) -> SignaturePlace:
    plain = SignaturePlace(place=place.place, name=place.name, path=place.path, also=place.also)
    return replace(plain, **form)
