"""Which templates of the signed content may have been meant, and with which values."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from msgspec.structs import replace

from inspector.core.diagnosis.case import Case, ProviderScheme
from inspector.core.diagnosis.choices import ContentChoice, first_of_each
from inspector.core.diagnosis.values import (
    Value,
    identifiers_in,
    is_time,
    items_of,
    other_time_texts,
    own_values,
    substitutes,
    times_in,
)
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import BODY, Part, Scheme, Source

SEPARATORS = (".", ":", "", "|", "\n", "-", ",", ";", " ", "/", "_", "+", "&", "=", "\r\n", "::", "..", "#", "~")
LARGEST_PARSED_BYTES = 256 * 1024
"""In a larger body no other provider's fields are looked for."""

_RENAMED = "header-renamed-by-proxy"
_MARKS = ("v0:", "v1:", "v1.", "v0.", "v2:")
_URL = Part(part="url")
_PATH = Part(part="url", component="path-query")
_METHOD = Part(part="method")
_TIME, _ID = Part(part="value", name="timestamp"), Part(part="value", name="id")


@dataclass(frozen=True, slots=True)
class _Own:
    """The handler's template, and the values that the request has for it."""

    scheme: Scheme
    parts: tuple[Part, ...]
    values: Mapping[str, bytes]
    items: Mapping[str, bytes]


def content_choices(case: Case, reading: Reading) -> Iterator[ContentChoice]:
    """The handler's template, then its near misses, then those of all presets, without duplicates."""
    own = _Own(case.scheme, tuple(case.scheme.content), own_values(reading, case.scheme), items_of(reading))
    return first_of_each(_all(case, reading, own))


def _all(case: Case, reading: Reading, own: _Own) -> Iterator[ContentChoice]:
    yield ContentChoice("", 0, own.parts, own.values)
    yield from _from_elsewhere(reading, own)
    yield from _other_times(reading, own)
    yield from _doubled_values(own)
    yield from _of_presets(case, reading, own, case.own_presets)
    for choice in (*_other_texts(own), *_other_orders(own), *_with_or_without_time(reading, own), *_with_url(own)):
        yield choice
        yield from _lead_changed(choice)
    yield from _of_presets(case, reading, own, case.presets)


def _named(own: _Own) -> Sequence[str]:
    """The names of the values that the template uses."""
    parts = [part.source if part.part == "optional" and part.source is not None else part for part in own.parts]
    return [part.name for part in parts if part.part == "value"]


def _from_elsewhere(reading: Reading, own: _Own) -> Iterator[ContentChoice]:
    """A value that is missing where the handler reads it, from a header that may have been meant."""
    for name in _named(own):
        if name not in own.values and name in own.scheme.values:
            for cause, value in substitutes(reading, own.scheme, name):
                facts = {"where": value.where, "configured_where": own.scheme.values[name].name}
                facts |= {"header": value.where, "configured_header": own.scheme.values[name].name}
                filled = {**own.values, name: value.text}
                yield ContentChoice(cause, 3, own.parts, filled, facts, {name: value.source})
    yield from _all_renamed(reading, own)


def _all_renamed(reading: Reading, own: _Own) -> Iterator[ContentChoice]:
    """Each value whose header is missing from the one that a proxy may have made of it."""
    missing = [name for name in _named(own) if name not in own.values and name in own.scheme.values]
    renamed = {
        name: next((each for cause, each in substitutes(reading, own.scheme, name) if cause == _RENAMED), None)
        for name in dict.fromkeys(missing)
    }
    there = {name: value for name, value in renamed.items() if value is not None}
    if len(there) < 2:
        return
    first = next(iter(there))
    facts = {"header": there[first].where, "configured_header": own.scheme.values[first].name}
    filled = {**own.values, **{name: value.text for name, value in there.items()}}
    yield ContentChoice(_RENAMED, 3, own.parts, filled, facts, {name: value.source for name, value in there.items()})


def _other_times(reading: Reading, own: _Own) -> Iterator[ContentChoice]:
    """The time in another unit or form, or taken from elsewhere."""
    for name in _named(own):
        value = own.values.get(name, b"")
        if not value or not is_time(own.scheme, name):
            continue
        for cost, text in other_time_texts(value):
            yield ContentChoice("timestamp-unit", cost, own.parts, {**own.values, name: text}, rewritten=True)
        for other in times_in(reading):
            if other.text != value:
                facts = {"where": other.where}
                filled = {**own.values, name: other.text}
                yield ContentChoice("timestamp-other-source", 4, own.parts, filled, facts, {name: other.source})


def _doubled_values(own: _Own) -> Iterator[ContentChoice]:
    """A value once that came twice, joined with a comma by a proxy."""
    halves = {name: value.partition(b",") for name, value in own.values.items()}
    once = {name: one for name, (one, _, two) in halves.items() if one and one.strip() == two.strip()}
    if once:
        facts = {"header": own.scheme.values[next(iter(once))].name}
        filled = {**own.values, **once}
        yield ContentChoice("header-duplicate-joined", 3, own.parts, filled, facts, rewritten=True)


def _choice(own: _Own, parts: Sequence[Part], cost: int) -> ContentChoice:
    kept = tuple(part for part in parts if part.part != "text" or part.text)
    return ContentChoice(content_cause(own.parts, own.values, kept, own.values, own.scheme), cost, kept, own.values)


def _text(text: str) -> Part:
    return Part(part="text", text=text)


def _other_texts(own: _Own) -> Iterator[ContentChoice]:
    """Other separators between the same parts in the same order, other texts before and after them."""
    parts, last = own.parts, len(own.parts) - 1
    texts = [n for n, part in enumerate(parts) if part.part == "text"]
    between = [n for n in texts if 0 < n < last]
    for separator in SEPARATORS:
        if between:
            yield _choice(own, [_text(separator) if n in between else part for n, part in enumerate(parts)], 3)
        elif last and separator:
            yield _choice(own, [piece for part in parts for piece in (_text(separator), part)][1:], 3)
    for n in texts:
        if n in (0, last):
            yield _choice(own, [*parts[:n], *parts[n + 1 :]], 4)
    if not texts or parts[0].part != "text":
        yield from (_choice(own, [_text(mark), *parts], 6) for mark in _MARKS)
    if parts and parts[-1].part != "text":
        yield _choice(own, [*parts, _text("\n")], 6)


def _lead_changed(choice: ContentChoice) -> Iterator[ContentChoice]:
    """The same with the separator between the parts also at the end of the text that leads them (`v0:` and `v0.`)."""
    parts = choice.parts
    if len(parts) < 3 or parts[0].part != "text" or not parts[0].text:
        return
    between = next((part.text for part in parts[1:-1] if part.part == "text"), "")
    lead = parts[0].text[:-1] + between
    if parts[0].text[-1:].isalnum() or lead == parts[0].text:
        return
    changed = replace(parts[0], text=lead)
    yield ContentChoice(
        choice.cause, choice.cost + 1, (changed, *parts[1:]), choice.values, choice.facts, choice.sources
    )


def _other_orders(own: _Own) -> Iterator[ContentChoice]:
    """The same parts in another order, the separators where they were."""
    places = [n for n, part in enumerate(own.parts) if part.part != "text"]
    if not 2 <= len(places) <= 4:
        return
    for order in permutations(places):
        if list(order) != places:
            changed = list(own.parts)
            for place, source in zip(places, order, strict=True):
                changed[place] = own.parts[source]
            yield _choice(own, changed, 3)


def _with_or_without_time(reading: Reading, own: _Own) -> Iterator[ContentChoice]:
    named = _named(own)
    if len(own.parts) > 1:
        yield _choice(own, (BODY,), 4)
    if any(is_time(own.scheme, name) for name in named):
        yield from _without_time(own)
        return
    cause, identifiers = "content-timestamp-omitted", identifiers_in(reading)[:3]
    for time in times_in(reading):
        filled = {**own.values, "timestamp": time.text}
        facts, sources = {"where": time.where}, {"timestamp": time.source}
        for separator in SEPARATORS:
            cost, mark = (3 if separator in (".", ":", "") else 4), (_text(separator),) * bool(separator)
            for parts in _inserted(own.parts, mark):
                yield ContentChoice(cause, cost, parts, filled, facts, sources)
            for value in identifiers:
                named_id = {**sources, "id": value.source}
                with_id = {**filled, "id": value.text}
                for some in ((_ID, *mark, _TIME, *mark, *own.parts), (_TIME, *mark, _ID, *mark, *own.parts),
                             (*own.parts, *mark, _ID, *mark, _TIME)):  # fmt: skip
                    yield ContentChoice(cause, cost + 1, some, with_id, facts, named_id)
        for version in ("v0", "v1", "v2"):
            for sep in (":", "."):
                lead = (_text(f"{version}{sep}"), _TIME, _text(sep))
                yield ContentChoice(cause, 5, (*lead, *own.parts), filled, facts, sources)


def _inserted(parts: tuple[Part, ...], mark: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """The time before, behind and between the parts, with a separator that fits."""
    yield (_TIME, *mark, *parts)
    yield (*parts, *mark, _TIME)
    for n, part in enumerate(parts[1:], 1):
        if part.part != "text":
            yield (*parts[:n], _TIME, *mark, *parts[n:])


def _without_time(own: _Own) -> Iterator[ContentChoice]:
    """The template without its time and the separator beside it."""
    for n, part in enumerate(own.parts):
        if part.part == "value" and is_time(own.scheme, part.name):
            rest = [*own.parts[:n], *own.parts[n + 1 :]]
            yield _choice(own, rest, 4)
            for beside in (n, n - 1):
                if 0 <= beside < len(rest) and rest[beside].part == "text":
                    yield _choice(own, [*rest[:beside], *rest[beside + 1 :]], 4)


def _with_url(own: _Own) -> Iterator[ContentChoice]:
    parts = own.parts
    if any(part.part == "url" for part in parts):
        yield _choice(own, [part for part in parts if part.part != "url"] or [BODY], 5)
        for component in ("", "no-query", "path-query"):
            changed = [replace(part, component=component) if part.part == "url" else part for part in parts]
            yield _choice(own, changed, 5)
        if not any(part.part == "method" for part in parts):
            yield _choice(own, (_METHOD, *parts), 6)
        return
    for lead in ((_URL,), (_PATH,), (_METHOD, _URL), (_METHOD, _PATH)):
        yield _choice(own, (*lead, *parts), 5)
        yield _choice(own, (*parts, *lead), 6)


def _of_presets(case: Case, reading: Reading, own: _Own, presets: Sequence[ProviderScheme]) -> Iterator[ContentChoice]:
    """The templates of presets whose values this request has, under the handler's own header."""
    for preset in presets:
        scheme, theirs = preset.scheme, preset.provider == case.provider
        if scheme.kind not in ("hmac", "hash") or (case.scheme.kind == "hmac" and _has_secret(scheme)):
            continue
        if len(reading.request.body) > LARGEST_PARSED_BYTES and not _of_headers(scheme):
            continue
        theirs_filled, sources = _matching(scheme, own, reading)
        filled = {**own.values, **theirs_filled}
        if all(part.part != "value" or part.name in filled for part in scheme.content):
            parts = tuple(scheme.content)
            cause = content_cause(own.parts, own.values, parts, filled, own.scheme)
            facts = {"like_provider": preset.provider, "like_scheme": preset.id}
            yield ContentChoice(cause, 2 if theirs else 5, parts, filled, facts, sources)


def _of_headers(scheme: Scheme) -> bool:
    """Whether the scheme's values are to be had without parsing the body."""
    return all(source.place in ("header", "signature") for source in scheme.values.values())


def _has_secret(scheme: Scheme) -> bool:
    return any(part.part == "secret" for part in scheme.content)


def _matching(scheme: Scheme, own: _Own, reading: Reading) -> tuple[Mapping[str, bytes], Mapping[str, Source]]:
    """The values that a preset wants, as far as this request has them, if under other names; and where they are."""
    filled = dict(own_values(reading, scheme)) if scheme.values else {}
    sources = {name: scheme.values[name] for name in filled}
    for name in scheme.values:
        if name in filled or name in own.values:
            continue
        for time in _times(reading, own) if is_time(scheme, name) else ():
            filled[name], sources[name] = time.text, time.source
            break
    return filled, {name: each for name, each in sources.items() if own.scheme.values.get(name) != each}


def _times(reading: Reading, own: _Own) -> Iterator[Value]:
    """The time as the handler reads it, then what else the request says about its time."""
    for name, text in own.values.items():
        if is_time(own.scheme, name) and name in own.scheme.values:
            source = own.scheme.values[name]
            yield Value(source.name, source, text)
    yield from times_in(reading)


def content_cause(
    own: Sequence[Part],
    own_filled: Mapping[str, bytes],
    found: Sequence[Part],
    filled: Mapping[str, bytes],
    scheme: Scheme,
) -> str:
    """What is wrong with the template `own` where `found` is the right one."""
    mine, theirs = _tokens(own, own_filled), _tokens(found, filled)
    if mine == theirs:
        return "content-wrong-separator"
    if Counter(mine) == Counter(theirs):
        return "content-wrong-order"
    more, less = Counter(theirs) - Counter(mine), Counter(mine) - Counter(theirs)
    times = {value for name, value in {**own_filled, **filled}.items() if is_time(scheme, name) or name == "timestamp"}
    kinds = {part.part for part in (*own, *found)}
    if any(value in times for _, value in (*more, *less)):
        return "content-timestamp-omitted"
    if {kind for kind, _ in more} & {"url", "method"} and "url" in kinds:
        return "url-query-lost" if any(kind == "url" for kind, _ in less) else "content-url-omitted"
    if any(kind == "url" for kind, _ in less):
        return "content-url-not-signed"
    return "content-parts"


def _tokens(parts: Sequence[Part], filled: Mapping[str, bytes]) -> Sequence[tuple[str, object]]:
    return [
        (part.part, filled.get(part.name, part.name) if part.part == "value" else part)
        for part in parts
        if part.part != "text"
    ]
