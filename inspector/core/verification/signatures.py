"""Find the signature in a request and split it into its pieces."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from inspector.core.verification.outcome import DuplicateHeader, MalformedHeader, MissingHeader
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import SignaturePlace

MAX_SIGNATURES = 100
"""So many candidates are compared; a sender who rotates has two or three."""

MAX_ITEMS = 5_000
"""A list with more items than this is not a delivery."""


class Found(Struct, frozen=True, gc=False):
    """The signatures to compare, as text, with the other items of their header for those who ask by key."""

    where: str
    signatures: Sequence[bytes]
    items: Mapping[str, bytes] = {}
    digest: str = ""  # where the header names one itself
    every: bool = False  # all of them have to be right, where else one is enough

    def item(self, key: str) -> bytes | None:
        """The first item under `key` (or at that position)."""
        return self.items.get(key)


type Located = Found | MissingHeader | DuplicateHeader | MalformedHeader


def find_signatures(reading: Reading, place: SignaturePlace) -> Located:
    """The signatures where `place` says they are; a failure where they are absent or not in its form."""
    match place.place:
        case "header":
            return _in_header(reading, place)
        case "numbered-headers":
            return _in_numbered_headers(reading, place)
        case "query":
            return _split(reading.query_parameter(place.name), place, place.name)
        case "form":
            return _split(reading.form_field(place.name), place, place.name)
        case "json":
            return _in_every_item(reading, place) if "*" in place.path else _in_json(reading, place)
        case "json-or-form":
            value = reading.json(place.path)
            name = place.name or place.path
            return _split(value if value is not None else reading.form_field(name), place, name)
        case "body":
            return _split(bytes(reading.request.body).strip(), place, "body")


def split(value: bytes, place: SignaturePlace, where: str = "") -> Found | None:
    """The pieces of a signature's text in the format of `place`; None where it has not that form."""
    match place.format:
        case "raw":
            return Found(where, (value,))
        case "prefix":
            return _without_prefix(value, place.prefix_bytes, where)
        case "kv":
            return _key_values(value, place, where)
        case "positional":
            pieces = _items(value, place)
            return Found(where, pieces[1 : MAX_SIGNATURES + 1], {"0": pieces[0]}) if len(pieces) > 1 else None
        case "list":
            return Found(where, [item for item in _items(value, place) if item][:MAX_SIGNATURES])
        case "slash":
            return _slashes(value, place, where)
        case "algorithm-prefix":
            name, sep, text = value.partition(place.sep.encode())
            return Found(where, (text,), digest=name.decode("latin-1")) if sep and name and text else None
    return Found(where, (value,))


def _in_header(reading: Reading, place: SignaturePlace) -> Located:
    located = _in_lines(reading, place, place.name)
    if not place.also:
        return located
    others = [_in_lines(reading, place, name) for name in place.also]
    return _all_found([located, *others])


def _in_lines(reading: Reading, place: SignaturePlace, name: str) -> Located:
    """The signatures of one header, which comes once unless the sender repeats it."""
    values = reading.request.headers.all(name)
    if len(values) < 2:
        return _split(values[0] if values else None, place, name)
    if not place.repeated:
        return DuplicateHeader(name)
    return _all_found([_split(value, place, name) for value in values[:MAX_SIGNATURES]])


def _all_found(located: Sequence[Located]) -> Located:
    """What was found in several places together; where nothing was, the first that says more than that it is absent."""
    found = [each for each in located if isinstance(each, Found)]
    if found:
        return replace(found[0], signatures=[s for each in found for s in each.signatures][:MAX_SIGNATURES])
    return next((each for each in located if not isinstance(each, MissingHeader)), located[0])


def _in_json(reading: Reading, place: SignaturePlace) -> Located:
    return _split(reading.json(place.path), place, place.path)


def _in_every_item(reading: Reading, place: SignaturePlace) -> Located:
    """The same field of every item of a list."""
    before, _, behind = place.path.partition("*")
    found: list[bytes] = []
    for number in range(MAX_ITEMS):
        if reading.json(f"{before}{number}") is None:
            break
        value = reading.json(f"{before}{number}{behind}")
        if not value:
            return MissingHeader(f"{before}{number}{behind}")
        found.append(value)
    else:
        return MalformedHeader(place.path)
    return Found(place.path, found, every=True) if found else MissingHeader(place.path)


def _in_numbered_headers(reading: Reading, place: SignaturePlace) -> Located:
    found: list[bytes] = []
    for number in range(1, place.max + 1):
        value = reading.request.headers.first(place.name.replace("{n}", str(number)))
        if value:
            found.append(value)
    return Found(place.name, found) if found else MissingHeader(place.name.replace("{n}", "1"))


def _split(value: bytes | None, place: SignaturePlace, where: str) -> Located:
    if not value:
        return MissingHeader(where)
    found = split(value, place, where)
    return MalformedHeader(where) if found is None or not found.signatures else found


def _without_prefix(value: bytes, prefix: bytes, where: str) -> Found | None:
    # The names of authentication schemes know no case (RFC 9110, 11.1); every other prefix does.
    has = value[: len(prefix)].lower() == prefix.lower() if prefix == b"Bearer " else value.startswith(prefix)
    return Found(where, (value[len(prefix) :],)) if has and len(value) > len(prefix) else None


def _items(value: bytes, place: SignaturePlace) -> list[bytes]:
    for other in place.other_seps:
        value = value.replace(other.encode(), place.item_sep.encode())
    items = value.split(place.item_sep.encode(), MAX_SIGNATURES * 4)
    return [item.strip() for item in items] if place.trim else items


def _key_values(value: bytes, place: SignaturePlace, where: str) -> Found | None:
    kv_sep, wanted = place.kv_sep.encode(), place.key.encode()
    items: dict[str, bytes] = {}
    signatures: list[bytes] = []
    for item in _items(value, place):
        key, sep, text = item.partition(kv_sep)
        if not sep:
            continue
        items.setdefault(key.decode("latin-1"), text)
        if text and (place.key == "*" or key == wanted):
            signatures.append(text)
    return Found(where, signatures[:MAX_SIGNATURES], items) if signatures else None


def _slashes(value: bytes, place: SignaturePlace, where: str) -> Found | None:
    signatures, items = [], {}
    for item in _items(value, place):
        pieces = item.strip().split(b"/", len(place.fields) - 1)
        if len(pieces) != len(place.fields):
            continue
        named = dict(zip(place.fields, pieces, strict=True))
        signatures.append(named.get("signature", pieces[-1]))
        items.update(named)
    digest = items.get("digest", b"").decode("latin-1")
    return Found(where, signatures[:MAX_SIGNATURES], items, digest) if signatures else None
