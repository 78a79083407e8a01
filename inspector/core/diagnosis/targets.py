"""Which digests the request carries: every header cut and decoded in every likely way.

A computed digest is looked up here, so that header, cutting and encoding cost no further hashing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import Target
from inspector.core.verification.encodings import decode
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import SignaturePlace
from inspector.core.verification.signatures import Found, find_signatures, split

SMALLEST_BYTES = 16
"""Shorter texts are not taken for signatures: a match might be chance."""

LONGEST_VALUE = 4096
"""A longer header is not cut into pieces: no signature of a digest is that long."""

MOST_CUTS = 3000
"""So many texts of one request are looked at: a sender writes a dozen."""

NOT_SIGNATURES = frozenset(
    b"host content-type content-length user-agent accept accept-encoding connection date content-digest "
    b"content-md5 digest etag traceparent tracestate cookie x-request-id x-amzn-trace-id".split()
)
_ENCODINGS = ("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64")
_DOUBLE = ("base64-of-hex", "base64-of-base64")
_PREFIX = re.compile(rb"[A-Za-z][A-Za-z0-9_-]{0,19}[=:, ]")
_SEPARATORS = (",", " ", ";", "&", "|")
_ADDED_BY_PROXIES = re.compile(
    r"^(?:x-)?(?:original|forwarded|orig|proxy|proxied|upstream|amzn-remapped|http|client|real|x)-"
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """One text that may be a signature, and the place that describes how it was cut out."""

    text: bytes
    place: SignaturePlace
    causes: tuple[str, ...]
    cost: int


def targets(case: Case, reading: Reading, sizes: frozenset[int]) -> Mapping[bytes, Sequence[Target]]:
    """The digests of one of `sizes` bytes in the request, each with the ways to read it, the likeliest first."""
    found: dict[bytes, list[Target]] = {}
    usual = _usual_places(case)
    for cut in islice(_cuts(case, reading), MOST_CUTS):
        for encoding in _ENCODINGS:
            digest = decode(cut.text, encoding)
            if digest is None or len(digest) < SMALLEST_BYTES or len(digest) not in sizes:
                continue
            cause, cost = _encoding_cause(encoding, case.scheme.encoding)
            changed = replace(case.scheme, signature=cut.place, encoding=encoding)
            causes = (*cut.causes, *((cause,) if cause else ()))
            liked = bool(causes) and _form(cut.place) in usual
            found.setdefault(digest, []).append(Target(causes, cut.cost + cost - 2 * liked, changed, cut.place.name))
    for several in found.values():
        several.sort(key=lambda target: target.cost)
    return found


def header_cause(wanted: str, present: str, usual: frozenset[str] = frozenset()) -> tuple[str, int]:
    """Why the signature stands under `present` instead of `wanted`: renamed on the way, or configured wrongly.

    `usual` are the provider's own names in lower case: what is sent under one of them was not renamed.
    """
    if present.lower() in usual:
        return "header-wrong-name", 2
    plain, other = _letters(wanted), _letters(present)
    if plain == other or _letters(_without_additions(present)) == _letters(_without_additions(wanted)):
        return "header-renamed-by-proxy", 2
    if len(plain) >= 5 and (other.endswith(plain) or (other.startswith(plain) and not other[len(plain) :].isdigit())):
        return "header-renamed-by-proxy", 2
    return ("header-renamed-by-proxy" if wanted.lower() in usual else "header-wrong-name"), 3


def usual_headers(case: Case) -> frozenset[str]:
    """The names of the headers, in lower case, that the handler's provider signs with."""
    places = [preset.scheme.signature for preset in case.own_presets]
    return frozenset(
        name.lower() for place in places if place and place.place == "header" for name in (place.name, *place.also)
    )


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _without_additions(name: str) -> str:
    """The name without what gateways write before it (`X-Original-`, `X-Forwarded-`, `HTTP_`)."""
    plain = name.lower().replace("_", "-")
    while (shorter := _ADDED_BY_PROXIES.sub("", plain)) != plain:
        plain = shorter
    return plain


def _usual_places(case: Case) -> frozenset[tuple[str, ...]]:
    """How the preset that the handler was made from, and those of its provider, cut their header."""
    return frozenset(_form(each.scheme.signature) for each in case.own_presets if each.scheme.signature is not None)


def _form(place: SignaturePlace) -> tuple[str, ...]:
    extra = {"prefix": (place.prefix,), "kv": (place.item_sep, place.kv_sep, place.key)}.get(place.format, ())
    return (place.name.lower(), place.format, *extra)


def _encoding_cause(encoding: str, configured: str) -> tuple[str, int]:
    if encoding == configured:
        return "", 0
    if encoding in _DOUBLE or configured in _DOUBLE:
        return "encoding-double", 3
    if "base64url" in (encoding, configured) and "hex" not in (encoding, configured):
        return "encoding-base64url", 2
    return "encoding-hex-vs-base64", 2


def _cuts(case: Case, reading: Reading) -> Iterator[_Cut]:
    place = case.scheme.signature
    if place is None:
        return
    configured = find_signatures(reading, place)
    if isinstance(configured, Found):
        yield from (_Cut(text, place, (), 0) for text in configured.signatures)
    if place.place != "header":
        value = _elsewhere(reading, place)
        if value:
            yield from _pieces(value, place, (), 0)
    yield from _header_cuts(case, reading, place)
    for raw_name, value in reading.query():
        name = raw_name.decode("latin-1")
        if (place.place, place.name) != ("query", name) and len(value) < LONGEST_VALUE:
            moved = SignaturePlace(place="query", name=name)
            yield from _pieces(value, moved, ("header-wrong-name",), 4, whole=True)


def _header_cuts(case: Case, reading: Reading, place: SignaturePlace) -> Iterator[_Cut]:
    names = {name.lower() for name in (place.name, *place.also)} if place.place == "header" else set()
    usual = usual_headers(case)
    own_first = sorted(reading.request.headers, key=lambda line: line[0].decode("latin-1").lower() not in names)
    for raw_name, value in own_first:
        name = raw_name.decode("latin-1")
        if len(value) > LONGEST_VALUE or raw_name.lower() in NOT_SIGNATURES:
            continue
        if name.lower() in names:
            yield from _pieces(value, place, (), 0)
            continue
        cause, cost = header_cause(place.name, name, usual)
        moved = replace(place, place="header", name=name, path="", also=())
        if place.place == "header" and (cut := split(value, place)) is not None:
            yield from (_Cut(text, moved, (cause,), cost) for text in cut.signatures)
        yield from _pieces(value, moved, (cause,), cost, whole=place.place != "header")


def _elsewhere(reading: Reading, place: SignaturePlace) -> bytes | None:
    match place.place:
        case "query":
            return reading.query_parameter(place.name)
        case "form":
            return reading.form_field(place.name)
        case "json" | "json-or-form":
            return reading.json(place.path) or reading.form_field(place.name or place.path)
        case "numbered-headers":
            return reading.header(place.name.replace("{n}", "1"))
    return None


def _pieces(
    value: bytes, place: SignaturePlace, causes: tuple[str, ...], cost: int, *, whole: bool = False
) -> Iterator[_Cut]:
    """The value cut otherwise than the handler's format cuts it; `whole`: the whole value counts as well."""
    value = value.strip()
    if whole:
        yield _Cut(value, _as(place, format="raw"), causes, cost)
    if place.format != "raw":
        yield _Cut(value, _as(place, format="raw"), (*causes, "prefix-missing"), cost + 2)
    if match := _PREFIX.match(value):
        prefix = match[0].decode("latin-1")
        if place.format != "prefix" or place.prefix != prefix:
            wrong = "prefix-extra" if place.format == "raw" else "prefix-missing"
            how = _as(place, format="prefix", prefix=prefix)
            yield _Cut(value[len(match[0]) :], how, (*causes, wrong), cost + 2)
    yield from _listed(value, place, causes, cost)


def _listed(value: bytes, place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    yield from _keyed(value, "", place, causes, cost)
    for separator in _SEPARATORS:
        items = [item.strip() for item in value.split(separator.encode(), 50)]
        if len(items) < 2:
            continue
        if separator == "," and place.format in ("raw", "prefix") and _alike(items):
            yield from _doubled(items, place, causes, cost)
        for item in items:
            yield from _keyed(item, separator, place, causes, cost)
            how = _as(place, format="list", item_sep=separator, trim=True)
            yield _Cut(item, how, (*causes, "signature-list-not-split"), cost + 4)


def _keyed(item: bytes, separator: str, place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    """The text behind the key of one `key=value` item."""
    kv_sep = next((s for s in ("=", ",", ":") if s.encode() in item.rstrip(b"=") and s != separator), "")
    key, _, text = item.partition(kv_sep.encode()) if kv_sep else (b"", b"", b"")
    if not key or not text or len(key) > 20:
        return
    item_sep = separator or ("," if kv_sep != "," else " ")
    how = _as(place, format="kv", item_sep=item_sep, kv_sep=kv_sep, key=key.strip().decode("latin-1"), trim=True)
    if place.format == "kv" and _form(how) == _form(place):
        return
    yield _Cut(text.strip(), how, (*causes, "signature-list-not-split"), cost + 3)


def _alike(items: Sequence[bytes]) -> bool:
    """Whether the items look like the same header several times: same length and same prefix."""
    first = _PREFIX.match(items[0])
    if first is not None and first[0][-1:] == b"=" and len(first[0]) <= 3:  # `v1=`: a list of its own making
        return len(set(items)) == 1
    return all(len(item) == len(items[0]) and (first is None or item.startswith(first[0])) for item in items)


def _doubled(items: Sequence[bytes], place: SignaturePlace, causes: tuple[str, ...], cost: int) -> Iterator[_Cut]:
    for item in dict.fromkeys(items):
        text = item
        if place.format == "prefix" and item.startswith(place.prefix.encode()):
            text = item[len(place.prefix) :]
        how = _as(place, format="list", item_sep=",", trim=True)
        yield _Cut(text, how, (*causes, "header-duplicate-joined"), cost + 2)


def _as(place: SignaturePlace, **form: object) -> SignaturePlace:
    return replace(SignaturePlace(place=place.place, name=place.name, path=place.path, also=place.also), **form)
