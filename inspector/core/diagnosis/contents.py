"""Which templates of the signed content may have been meant, and with which values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import permutations

from msgspec.structs import replace

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import ContentChoice
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import BODY, Part, Scheme, Source
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.signed_content import collect_values
from inspector.core.verification.timestamp import read_time

SEPARATORS = (".", ":", "", "|", "\n", "-", ",", ";", " ", "/", "_", "+", "&", "=", "\r\n", "::", "..")
_TIME_KEYS = ("t", "ts", "timestamp", "time")
_TIME_NAME = re.compile(r"time|date|(^|[-_])ts$|(^|[-_])t$", re.IGNORECASE)
_ID_NAME = re.compile(r"(^|[-_])(id|nonce|uuid)$", re.IGNORECASE)
_URL = Part(part="url")
_METHOD = Part(part="method")


def content_choices(case: Case, reading: Reading) -> Sequence[ContentChoice]:
    """The handler's template, then its near misses, then those of all presets, without duplicates."""
    own = tuple(case.scheme.content)
    values = own_values(reading, case.scheme)
    made = [
        ContentChoice("", 0, own, dict(values)),
        *_other_times(case, reading, own, values),
        *_other_texts(own, values),
        *_other_orders(own, values),
        *_with_or_without_time(case, reading, own, values),
        *_with_url(own, values),
        *_of_presets(case, reading, values),
    ]
    seen: set[tuple[object, ...]] = set()
    kept = []
    for choice in made:
        key = (choice.parts, tuple(sorted((n, v) for n, v in choice.values.items() if _uses(choice.parts, n))))
        if key not in seen:
            seen.add(key)
            kept.append(choice)
    return kept


def own_values(reading: Reading, scheme: Scheme) -> Mapping[str, bytes]:
    """The scheme's values as far as the request has them, also where its signature cannot be found."""
    found = find_signatures(reading, scheme.signature) if scheme.signature else None
    located = found if isinstance(found, Found) else Found("", (), _items(reading, scheme))
    collected: dict[str, bytes] = {}
    for name, source in scheme.values.items():
        value = collect_values(reading, replace(scheme, values={name: source}, timestamp=None), located)
        if isinstance(value, Mapping):
            collected.update(value)
    return collected


def _items(reading: Reading, scheme: Scheme) -> Mapping[str, bytes]:
    """`key=value` items of whatever header looks like the signature's, for values that stand beside it."""
    found: dict[str, bytes] = {}
    for name, value in reading.request.headers:
        if b"sig" in name.lower() or b"hmac" in name.lower():
            for item in re.split(rb"[,;\s]+", value):
                key, sep, text = item.partition(b"=")
                if sep and text and len(key) <= 20:
                    found.setdefault(key.decode("latin-1"), text)
    return found


def _uses(parts: Sequence[Part], name: str) -> bool:
    return any(part.name == name or (part.source is not None and part.source.name == name) for part in parts)


def _is_time(scheme: Scheme, name: str) -> bool:
    return (scheme.timestamp is not None and scheme.timestamp.value == name) or bool(_TIME_NAME.search(name))


def _other_times(
    case: Case, reading: Reading, own: tuple[Part, ...], values: Mapping[str, bytes]
) -> Iterator[ContentChoice]:
    """The time in another unit or form, or taken from elsewhere."""
    for name, value in values.items():
        if not _uses(own, name) or not _is_time(case.scheme, name):
            continue
        for cost, text in _time_texts(value):
            yield ContentChoice("timestamp-unit", cost, own, {**values, name: text}, rewritten=True)
        for where, text in _times_in(reading):
            if text != value:
                source = {name: Source(place="header", name=where)}
                yield ContentChoice("timestamp-other-source", 4, own, {**values, name: text}, {"where": where}, source)


def _time_texts(value: bytes) -> Iterator[tuple[int, bytes]]:
    text = value.decode("latin-1").strip()
    if text.isdigit():
        if len(text) >= 13:
            yield 3, text[:-3].encode()
            yield 4, f"{int(text) // 1000}".encode()
        else:
            yield 3, f"{text}000".encode()
        seconds = int(text) // 1000 if len(text) >= 13 else int(text)
        try:
            moment = datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return
        yield 5, moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        yield 5, moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").encode()
    else:
        for unit in ("iso8601", "rfc1123"):
            if (read := read_time(value, unit)) is not None:
                yield 4, str(int(read.timestamp())).encode()
                yield 4, str(int(read.timestamp() * 1000)).encode()


def _times_in(reading: Reading) -> Iterator[tuple[str, bytes]]:
    """Header values that are times, by the name of their header."""
    for name, value in reading.request.headers:
        if len(value) <= 40 and _TIME_NAME.search(name.decode("latin-1")) and any(
            read_time(value, unit) is not None for unit in ("auto", "iso8601", "rfc1123")
        ):
            yield name.decode("latin-1"), value


def _other_texts(own: tuple[Part, ...], values: Mapping[str, bytes]) -> Iterator[ContentChoice]:
    """Other separators between the same parts in the same order."""
    texts = [n for n, part in enumerate(own) if part.part == "text"]
    between = [n for n in texts if 0 < n < len(own) - 1]
    for separator in SEPARATORS:
        if between:
            changed = tuple(Part(part="text", text=separator) if n in between else part for n, part in enumerate(own))
            yield ContentChoice("content-wrong-separator", 3, tuple(part for part in changed if part.part != "text" or part.text), dict(values))
        elif len(own) > 1 and separator:
            joined = [piece for part in own for piece in (Part(part="text", text=separator), part)][1:]
            yield ContentChoice("content-wrong-separator", 3, tuple(joined), dict(values))
    for n in texts:
        if n in (0, len(own) - 1):
            yield ContentChoice("content-wrong-separator", 4, own[:n] + own[n + 1 :], dict(values))
    for mark in ("v0:", "v1:", "v1.", "v2:"):
        if not texts or own[0].part != "text":
            yield ContentChoice("content-wrong-separator", 6, (Part(part="text", text=mark), *own), dict(values))
    if own and own[-1].part != "text":
        yield ContentChoice("content-wrong-separator", 6, (*own, Part(part="text", text="\n")), dict(values))


def _other_orders(own: tuple[Part, ...], values: Mapping[str, bytes]) -> Iterator[ContentChoice]:
    """The same parts in another order, the separators where they were."""
    places = [n for n, part in enumerate(own) if part.part != "text"]
    if not 2 <= len(places) <= 4:
        return
    for order in permutations(places):
        if list(order) != places:
            changed = list(own)
            for place, source in zip(places, order, strict=True):
                changed[place] = own[source]
            yield ContentChoice("content-wrong-order", 3, tuple(changed), dict(values))


def _with_or_without_time(
    case: Case, reading: Reading, own: tuple[Part, ...], values: Mapping[str, bytes]
) -> Iterator[ContentChoice]:
    named = [part.name for part in own if part.part == "value"]
    if len(own) > 1:
        yield ContentChoice("content-body-only", 4, (BODY,), dict(values))
    if any(_is_time(case.scheme, name) for name in named):
        return
    times = [(where, Source(place="header", name=where), text) for where, text in _times_in(reading)]
    items = _items(reading, case.scheme)
    times += [(key, Source(place="signature", key=key), items[key]) for key in _TIME_KEYS if key in items]
    times += [(name, case.scheme.values[name], text) for name, text in values.items() if _is_time(case.scheme, name)]
    identifiers = [
        (name.decode("latin-1"), value)
        for name, value in reading.request.headers
        if _ID_NAME.search(name.decode("latin-1")) and len(value) < 200
    ]
    time_part, id_part = Part(part="value", name="timestamp"), Part(part="value", name="id")
    for where, source, text in times[:4]:
        filled = {**values, "timestamp": text}
        facts, sources = {"where": where}, {"timestamp": source}
        for separator in SEPARATORS:
            mark = (Part(part="text", text=separator),) if separator else ()
            cost = 3 if separator in (".", ":", "") else 4
            yield ContentChoice("content-timestamp-omitted", cost, (time_part, *mark, *own), filled, facts, sources)
            yield ContentChoice("content-timestamp-omitted", cost + 1, (*own, *mark, time_part), filled, facts, sources)
            for header, identifier in identifiers[:3]:
                with_id = {**filled, "id": identifier}
                parts = (id_part, *mark, time_part, *mark, *own)
                named = {**sources, "id": Source(place="header", name=header)}
                yield ContentChoice("content-timestamp-omitted", cost + 1, parts, with_id, facts, named)
        for version in ("v0", "v1", "v2"):
            for sep in (":", "."):
                lead = (Part(part="text", text=f"{version}{sep}"), time_part, Part(part="text", text=sep))
                yield ContentChoice("content-timestamp-omitted", 5, (*lead, *own), filled, facts, sources)


def _with_url(own: tuple[Part, ...], values: Mapping[str, bytes]) -> Iterator[ContentChoice]:
    if any(part.part == "url" for part in own):
        without = tuple(part for part in own if part.part != "url")
        yield ContentChoice("content-url-not-signed", 5, without or (BODY,), dict(values))
        for component in ("", "no-query", "path-query"):
            changed = tuple(replace(part, component=component) if part.part == "url" else part for part in own)
            if changed != own:
                yield ContentChoice("url-query-lost", 5, changed, dict(values))
        return
    path = Part(part="url", component="path-query")
    for lead in ((_URL,), (path,), (_METHOD, _URL), (_METHOD, path)):
        yield ContentChoice("content-url-omitted", 5, (*lead, *own), dict(values))
        yield ContentChoice("content-url-omitted", 6, (*own, *lead), dict(values))


def _of_presets(case: Case, reading: Reading, values: Mapping[str, bytes]) -> Iterator[ContentChoice]:
    """The templates of all presets whose values this request has, under the handler's own header."""
    for preset in case.presets:
        scheme = preset.scheme
        if scheme.kind not in ("hmac", "hash") or any(part.part == "secret" for part in scheme.content):
            continue
        filled = {**values, **_matching(scheme.values, values, reading)}
        if not all(part.part != "value" or part.name in filled for part in scheme.content):
            continue
        same = preset.provider == case.provider
        cause = "scheme-version-mismatch" if same else "wrong-provider"
        facts = {"provider": preset.provider, "scheme": scheme.id}
        cost = 5 if same else 7
        yield ContentChoice(cause, cost, tuple(scheme.content), filled, facts, dict(scheme.values))


def _matching(wanted: Mapping[str, Source], values: Mapping[str, bytes], reading: Reading) -> Mapping[str, bytes]:
    filled: dict[str, bytes] = {}
    for name, source in wanted.items():
        value = reading.header(source.name) if source.place == "header" else None
        if value is None and _TIME_NAME.search(name):
            value = next((text for key, text in values.items() if _TIME_NAME.search(key)), None)
            if value is None:
                value = next((text for _, text in _times_in(reading)), None)
        if value is not None:
            filled[name] = value
    return filled


