"""Which provider sent a delivery, and what it says of itself: event, identifier, attempt.

A signature header that several providers use proves nothing by itself: its companions, the user agent and fields of the
body do. What stays ambiguous is not recognised.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspector.core.delivery import Recognised
from inspector.core.recognition_head import ENOUGH, PROOF, SHARED, STANDARDS, Heads, Kind, Place, Points
from inspector.core.verification.preset import Preset
from inspector.core.verification.reading import Reading

LARGEST_BODY_BYTES = 64 * 1024
"""A larger body is not parsed for recognition."""

LONGEST_TEXT = 200
"""Longer identifiers and events are cut."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """Fields of a body or query that give a provider away, all of them."""

    provider: str
    names: Sequence[str]


class Recogniser:
    """All that is known of providers, by what can be looked up in a request; built once."""

    def __init__(self, presets: Iterable[Preset]) -> None:
        known = [preset for preset in presets if not preset.receiver]
        self._places = {preset.id: preset.delivery for preset in known}
        self._standards = {preset.id for preset in known if preset.category == STANDARDS}
        self._over = {preset.id: preset.recognition.over for preset in known if preset.recognition.over}
        self._same = {preset.id: preset.recognition.shared_with for preset in known}
        own = [preset for preset in known if not preset.extends]
        self._heads = Heads(own)
        self._json = _by_first_step(own)
        self._form = [_Fields(preset.id, preset.recognition.form) for preset in own if preset.recognition.form]
        self._query = [_Fields(preset.id, preset.recognition.query) for preset in own if preset.recognition.query]

    def recognise(self, reading: Reading, preferred: Iterable[str] = ()) -> Recognised | None:
        """Who sent this request; None where nobody is known to, or several might have.

        `preferred` are providers that handlers name: one of them is taken where it sends what was recognised.
        """
        lines = reading.request.headers
        names, values = zip(*lines, strict=True) if lines else ((), ())
        kind = self._heads.kind(names)
        points, provider = self._heads.told(kind, values)
        if reading.has_query:
            points = self._with_query(reading, points)
            provider = self._heads.sure(points)
        if provider is None:
            if len(reading.request.body) <= LARGEST_BODY_BYTES:
                points = self._with_body(reading, points)
            provider = self._best(points)
            if provider is None:
                return None
        for name in preferred:
            if provider in self._same.get(name, ()):
                provider = name
                break
        return self._told(provider, kind, values, reading)

    def _with_query(self, reading: Reading, points: Points) -> Points:
        counts = dict(points)
        for fields in self._query:
            if all(reading.query_parameter(name) is not None for name in fields.names):
                counts[fields.provider] = counts.get(fields.provider, 0) + SHARED
        return counts

    def _with_body(self, reading: Reading, points: Points) -> Points:
        """What fields of the body add."""
        counts = dict(points)
        if bytes(reading.request.body[:1]) in (b"{", b"["):
            for step in reading.json_names():
                for fields in self._json.get(step, ()):
                    if all(reading.json(path) is not None for path in fields.names):
                        counts[fields.provider] = counts.get(fields.provider, 0) + PROOF
        elif b"form" in (reading.request.headers.first("content-type") or b""):
            for fields in self._form:
                if all(reading.form_field(name) is not None for name in fields.names):
                    counts[fields.provider] = counts.get(fields.provider, 0) + PROOF
        return counts

    def _best(self, points: Points) -> str | None:
        enough = {provider: count for provider, count in points.items() if count >= ENOUGH}
        named = {provider: count for provider, count in enough.items() if provider not in self._standards} or enough
        if not named:
            return None
        for provider in [p for p in named if p in self._over]:
            named = {p: count for p, count in named.items() if p not in self._over[provider]}
        highest = max(named.values())
        best = [provider for provider, count in named.items() if count == highest]
        return best[0] if len(best) == 1 else None

    def _told(self, provider: str, kind: Kind, values: Sequence[bytes], reading: Reading) -> Recognised:
        event, id_, attempt = kind.places(provider, self._places[provider])
        number = _text(attempt, values, reading)
        return Recognised(
            provider,
            _text(event, values, reading),
            _text(id_, values, reading),
            int(number) if number and number.isascii() and number.isdigit() and len(number) < 10 else None,
        )


def _by_first_step(presets: Iterable[Preset]) -> Mapping[str, Sequence[_Fields]]:
    found: defaultdict[str, list[_Fields]] = defaultdict(list)
    for preset in presets:
        if paths := preset.recognition.body_json:
            found[paths[0].partition(".")[0]].append(_Fields(preset.id, paths))
    return found


def _text(place: Place, values: Sequence[bytes], reading: Reading) -> str:
    value: bytes | None = None
    if place.line is not None:
        value = values[place.line]
    elif place.where == "header":  # none, or several lines
        value = reading.header(place.name)
    elif place.where == "json" and len(reading.request.body) <= LARGEST_BODY_BYTES:
        value = reading.json(place.name)
    return value[:LONGEST_TEXT].decode("utf-8", "replace") if value else ""
