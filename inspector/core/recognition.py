"""Which provider sent a delivery, and what it says of itself: event, identifier, attempt.

A signature header that several providers use proves nothing by itself: its companions, the user agent and fields of the
body do. What stays ambiguous is not recognised.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspector.core.delivery import Recognised
from inspector.core.verification.preset import DeliveryPlaces, Preset
from inspector.core.verification.reading import Reading

LARGEST_BODY_BYTES = 64 * 1024
"""A larger body is not parsed for recognition."""

LONGEST_TEXT = 200
"""Longer identifiers and events are cut."""

OF_ITS_OWN, SHARED, PROOF = 3, 1, 4
"""What a header counts that one provider sends, one that several send, and a user agent or fields of the body."""

ENOUGH = 2

MOST_NAMES = 64
"""A request with more header lines is not what any provider sends: its names are not kept."""

MOST_AGENTS = 512
"""So many user agents are remembered with whose they are."""

SAYS_LITTLE = frozenset(
    b"protocol link idempotency-key x-request-id x-timestamp x-topic signature x-signature x-delivery-id "
    b"x-webhook-id x-webhook-event x-webhook-signature x-webhook-timestamp x-webhook-secret webhook-signature".split()
)
"""Names that anybody might give to a header, even where only one provider is known to."""

STANDARDS = "standards"
"""The category of formats that many senders share: whoever is known by name comes first."""


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
        self._headers = _by_header(own)
        self._values = {
            name.encode(): [(p.id, pattern) for p in own if (pattern := _value_pattern(p, name)) is not None]
            for name in {name for p in own for name in p.recognition.match} | {"authorization", "content-type"}
        }
        agents = [preset for preset in own if preset.recognition.user_agent]
        self._agent = re.compile("|".join(f"({preset.recognition.user_agent})" for preset in agents))
        self._agents = _same_agent(agents)
        self._known_agents: dict[bytes, Sequence[str]] = {}
        self._known_names: dict[tuple[bytes, ...], tuple[Mapping[str, int], Sequence[tuple[int, bytes]]]] = {}
        self._json = _by_first_step(own)
        self._form = [_Fields(preset.id, preset.recognition.form) for preset in own if preset.recognition.form]
        self._query = [_Fields(preset.id, preset.recognition.query) for preset in own if preset.recognition.query]

    def recognise(self, reading: Reading, preferred: Sequence[str] = ()) -> Recognised | None:
        """Who sent this request; None where nobody is known to, or several might have.

        `preferred` are providers that handlers name: one of them is taken where it sends what was recognised.
        """
        points = self._points(reading)
        small = len(reading.request.body) <= LARGEST_BODY_BYTES
        if small:
            self._add_body(reading, points)
        provider = self._best(points)
        if provider is None:
            return None
        provider = next((name for name in preferred if provider in self._same.get(name, ())), provider)
        return _told(provider, self._places[provider], reading, small=small)

    def _points(self, reading: Reading) -> dict[str, int]:
        """What the head of the request counts for each provider."""
        headers = reading.request.headers
        known, telling = self._by_names(tuple(name for name, _ in headers))
        points = dict(known)
        for place, key in telling:
            value = headers[place][1]
            if key == b"user-agent":
                for provider in self._by_agent(value[:LONGEST_TEXT]):
                    points[provider] = points.get(provider, 0) + PROOF
            else:
                text = value[:LONGEST_TEXT].decode("latin-1")
                for provider, pattern in self._values[key]:
                    if pattern.match(text):
                        points[provider] = points.get(provider, 0) + OF_ITS_OWN
        if "?" in reading.url:
            for fields in self._query:
                if all(reading.query_parameter(name) is not None for name in fields.names):
                    points[fields.provider] = points.get(fields.provider, 0) + SHARED
        return points

    def _by_names(self, names: tuple[bytes, ...]) -> tuple[Mapping[str, int], Sequence[tuple[int, bytes]]]:
        """What the names of headers count, and the places of those whose value tells more.

        A sender's headers have the same names each time.
        """
        known = self._known_names.get(names)
        if known is None:
            points: dict[str, int] = {}
            keys = [name.lower() for name in names]
            for key in keys:
                for provider, weight in self._headers.get(key, ()):
                    points[provider] = points.get(provider, 0) + weight
            telling = [(n, key) for n, key in enumerate(keys) if key == b"user-agent" or key in self._values]
            known = points, telling
            if len(self._known_names) >= MOST_AGENTS:
                self._known_names.clear()
            if len(names) <= MOST_NAMES:
                self._known_names[names] = known
        return known

    def _by_agent(self, value: bytes) -> Sequence[str]:
        """The providers that call themselves so. A sender says the same each time, and looking is slow."""
        found = self._known_agents.get(value)
        if found is None:
            match = self._agent.match(value.decode("latin-1"))
            found = self._agents[(match.lastindex or 1) - 1] if match else ()
            if len(self._known_agents) >= MOST_AGENTS:
                self._known_agents.clear()
            self._known_agents[value] = found
        return found

    def _add_body(self, reading: Reading, points: dict[str, int]) -> None:
        """What fields of the body add, where they can decide anything."""
        sure = [provider for provider, count in points.items() if count >= ENOUGH]
        if len(sure) == 1 and sure[0] not in self._standards:
            return
        if bytes(reading.request.body[:1]) in (b"{", b"["):
            for step in reading.json_names():
                for fields in self._json.get(step, ()):
                    if all(reading.json(path) is not None for path in fields.names):
                        points[fields.provider] = points.get(fields.provider, 0) + PROOF
        elif b"form" in (reading.request.headers.first("content-type") or b""):
            for fields in self._form:
                if all(reading.form_field(name) is not None for name in fields.names):
                    points[fields.provider] = points.get(fields.provider, 0) + PROOF

    def _best(self, points: Mapping[str, int]) -> str | None:
        enough = {provider: count for provider, count in points.items() if count >= ENOUGH}
        named = {provider: count for provider, count in enough.items() if provider not in self._standards} or enough
        if not named:
            return None
        for provider in [p for p in named if p in self._over]:
            named = {p: count for p, count in named.items() if p not in self._over[provider]}
        highest = max(named.values())
        best = [provider for provider, count in named.items() if count == highest]
        return best[0] if len(best) == 1 else None


def _by_header(presets: Iterable[Preset]) -> Mapping[bytes, Sequence[tuple[str, int]]]:
    found: defaultdict[bytes, list[str]] = defaultdict(list)
    for preset in presets:
        for name in preset.recognition.headers:
            found[name.lower().encode()].append(preset.id)
    return {
        name: [(provider, OF_ITS_OWN if len(who) == 1 and name not in SAYS_LITTLE else SHARED) for provider in who]
        for name, who in found.items()
    }


def _value_pattern(preset: Preset, name: str) -> re.Pattern[str] | None:
    """What that header's value looks like when this provider sends it."""
    recognition = preset.recognition
    plain = {"authorization": recognition.authorization, "content-type": recognition.content_type}.get(name, "")
    text = recognition.match.get(name) or re.escape(plain)
    return re.compile(text) if text else None


def _same_agent(presets: Sequence[Preset]) -> Sequence[Sequence[str]]:
    """For each user agent in order, all providers that use it."""
    patterns = [preset.recognition.user_agent for preset in presets]
    return [[p.id for p in presets if p.recognition.user_agent == pattern] for pattern in patterns]


def _by_first_step(presets: Iterable[Preset]) -> Mapping[str, Sequence[_Fields]]:
    found: defaultdict[str, list[_Fields]] = defaultdict(list)
    for preset in presets:
        if paths := preset.recognition.body_json:
            found[paths[0].partition(".")[0]].append(_Fields(preset.id, paths))
    return found


def _told(provider: str, places: DeliveryPlaces, reading: Reading, *, small: bool) -> Recognised:
    attempt = _text(reading, places.attempt, small=small)
    return Recognised(
        provider,
        _text(reading, places.event, small=small),
        _text(reading, places.id, small=small),
        int(attempt) if attempt.isascii() and attempt.isdigit() and len(attempt) < 10 else None,
    )


def _text(reading: Reading, place: str, *, small: bool) -> str:
    where, _, name = place.partition(":")
    value: bytes | None = None
    if where == "header":
        value = reading.header(name)
    elif where == "json" and small:
        value = reading.json(name)
    return "" if value is None else value[:LONGEST_TEXT].decode("utf-8", "replace")
