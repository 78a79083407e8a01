"""Templates of the signed content that somebody may have thought of: parts of the request in every order, joined."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import combinations, permutations, product

from inspector.core.diagnosis.choices import ContentChoice
from inspector.core.diagnosis.contents import SEPARATORS
from inspector.core.diagnosis.targets import NOT_SIGNATURES
from inspector.core.diagnosis.values import Value, identifiers_in, items_of, times_in
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import BODY, Part, Source

MOST_PARTS = 5
"""So many parts a template has at the most, with its beginning."""

_MARKS = ("v1", "v0", "v2", "1", "2", "hmac", "v3")
_SEPARATOR_COSTS = {".": 0, ":": 0, "": 0, "\n": 1, "|": 1, ";": 1}
_RARE_COST = 2
_COST_OF_MANY = {1: 0, 2: 1, 3: 2, 4: 4, 5: 7}
_FREE_SEPARATORS = frozenset((".", ":", "", "\n", "|", ";", ",", "&"))
"""Between four and more parts no other signs are tried."""

_LONGEST_HEADER = 80
_MOST_HEADERS = 4


@dataclass(frozen=True, slots=True)
class _Atom:
    """One part that may be signed; of a group at most one is."""

    group: str
    part: Part
    cost: int = 0
    value: bytes | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class _Template:
    atoms: tuple[_Atom, ...]
    separator: str
    mark: str = ""
    ending: str = ""
    values: Mapping[str, bytes] = field(default_factory=dict)


def wide_contents(reading: Reading, *, with_secret: bool = False) -> Iterator[ContentChoice]:
    """The templates for this request, the likeliest first; `with_secret`: those of plain hashes, the secret in them."""
    atoms = [*_atoms(reading)]
    secret = _Atom("secret", Part(part="secret"))
    by_size = [_of_size(atoms, size, secret if with_secret else None) for size in range(1, MOST_PARTS + 1)]
    for cost, template in merge(*by_size, key=lambda each: each[0]):
        yield _choice(cost, template)


def _atoms(reading: Reading) -> Iterator[_Atom]:
    yield _Atom("body", BODY)
    for digest, encoding, cost in (
        ("sha256", "hex", 2),
        ("md5", "hex", 3),
        ("sha256", "base64", 3),
        ("md5", "base64", 4),
    ):
        yield _Atom("body", Part(part="body-digest", digest=digest, encoding=encoding), cost)  # type: ignore[arg-type]
    for number, time in enumerate(_times(reading)):
        yield _named("timestamp", time, number)
    for number, value in enumerate(identifiers_in(reading)[:3]):
        yield _named("id", value, number)
    yield _Atom("url", Part(part="url"))
    yield _Atom("url", Part(part="url", component="path-query"))
    if "?" in reading.url:
        yield _Atom("url", Part(part="url", component="no-query"), 1)
    yield _Atom("method", Part(part="method"), 1)
    yield from _headers(reading)


def _named(name: str, value: Value, cost: int) -> _Atom:
    return _Atom(name, Part(part="value", name=name), cost, value.text, value.source)


def _times(reading: Reading) -> Sequence[Value]:
    found = [*times_in(reading)][:3]
    date = reading.request.headers.first("date")
    if date is not None and len(date) < _LONGEST_HEADER:
        found.append(Value("Date", Source(place="header", name="Date"), date))
    return found


def _headers(reading: Reading) -> Iterator[_Atom]:
    """Other headers of the sender's own, whose text is short: an event, a topic, an account."""
    used = {value.where.lower() for value in (*_times(reading), *identifiers_in(reading))}
    count = 0
    items = items_of(reading)
    for raw, value in reading.request.headers:
        name = raw.decode("latin-1")
        signed = any(word in name.lower() for word in ("sign", "hmac", "hash", "digest", "authorization", "forwarded"))
        own = name.lower().startswith("x-") or raw.lower() in (b"host", b"content-type", b"user-agent")
        if (
            signed
            or not own
            or name.lower() in used
            or not 0 < len(value) <= _LONGEST_HEADER
            or value in items.values()
        ):
            continue
        if raw.lower() in NOT_SIGNATURES and raw.lower() not in (b"host", b"content-type"):
            continue
        yield _Atom("header", Part(part="header", name=name), 2)
        count += 1
        if count == _MOST_HEADERS:
            return


def _of_size(atoms: Sequence[_Atom], size: int, secret: _Atom | None) -> Iterator[tuple[int, _Template]]:
    """Every template of so many parts, by cost."""
    found: list[tuple[int, _Template]] = []
    for chosen in combinations(atoms, size - (secret is not None)):
        groups = [atom.group for atom in chosen]
        if len(set(groups)) < len(groups):
            continue
        without_body = "body" not in groups
        base = sum(atom.cost for atom in chosen) + _COST_OF_MANY[size] + 3 * without_body
        parts = (*chosen, secret) if secret is not None else chosen
        for order, separator in product(permutations(parts), SEPARATORS if size > 1 else ("",)):
            if size > 3 and separator not in _FREE_SEPARATORS:
                continue
            # The body, which is long, stands at an end where people write a text by hand.
            middle = size > 2 and any(atom.group == "body" for atom in order[1:-1])
            cost = base + _SEPARATOR_COSTS.get(separator, _RARE_COST) + 2 * middle
            found.append((cost, _Template(order, separator)))
            if size < MOST_PARTS and not middle:
                marks = _MARKS if separator else ()
                found += [(cost + 2 + (n > 2), _Template(order, separator, mark)) for n, mark in enumerate(marks)]
            if size < 4:
                ending = separator or "\n"
                found.append((cost + 4, _Template(order, separator, "", ending)))
    found.sort(key=lambda each: each[0])
    yield from found


def _choice(cost: int, template: _Template) -> ContentChoice:
    pieces: list[Part] = []
    texts = ""
    if template.mark:
        texts = template.mark + template.separator
    for number, atom in enumerate(template.atoms):
        texts += template.separator if number else ""
        if texts:
            pieces.append(Part(part="text", text=texts))
        pieces.append(atom.part)
        texts = ""
    if template.ending:
        pieces.append(Part(part="text", text=template.ending))
    values = {atom.part.name: atom.value for atom in template.atoms if atom.value is not None}
    sources = {atom.part.name: atom.source for atom in template.atoms if atom.source is not None}
    return ContentChoice("content-parts", cost, tuple(pieces), values, {}, sources)
