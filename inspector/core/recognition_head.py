"""What the head of a request tells of its sender, worked out once for each set of header names.

A sender's headers have the same names each time, and mostly the same user agent: what is left for each request is to
look them up.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from inspector.core.verification.preset import DeliveryPlaces, Preset

OF_ITS_OWN, SHARED, PROOF = 3, 1, 4
"""What a header counts that one provider sends, one that several send, and a user agent or fields of the body."""

LONGEST_VALUE = 200
"""So many bytes of a header's value are looked at."""

MOST_NAMES = 64
"""A request with more header lines is not what any provider sends: nothing of it is remembered."""

MOST_KEPT = 512
"""So many sets of names, and so many values, are remembered."""

SAYS_LITTLE = frozenset(
    b"protocol link idempotency-key x-request-id x-timestamp x-topic signature x-signature x-delivery-id "
    b"x-webhook-id x-webhook-event x-webhook-signature x-webhook-timestamp x-webhook-secret webhook-signature".split()
)
"""Names that anybody might give to a header, even where only one provider is known to."""

_AGENT = b"user-agent"
_REPEATED = frozenset({_AGENT, b"content-type"})  # their values are mostly the last ones again

ENOUGH = 2
"""What has to speak for a provider."""

STANDARDS = "standards"
"""The category of formats that many senders share: whoever is known by name comes first."""

type Points = Mapping[str, int]
"""How much speaks for each provider; never changed."""


class Told(NamedTuple):
    """What a head tells. `provider` is who it is where that is enough, None where the body might decide."""

    points: Points
    provider: str | None


class Place(NamedTuple):
    """Where a delivery tells something of itself: in a line of its head, or as `where` and `name` say."""

    where: str
    name: str
    line: int | None = None


class Kind:
    """All requests whose headers have the same names in the same order."""

    __slots__ = ("_keys", "_places", "points", "telling", "told")

    def __init__(self, keys: Sequence[bytes], points: Points, telling: Sequence[tuple[int, bytes]]) -> None:
        self.points = points  # of the names alone
        self.telling = telling  # the lines whose value says more, with their names
        self.told: dict[tuple[Sequence[str], ...], Told] = {}  # by whose those values are
        self._keys = keys
        self._places: dict[str, Sequence[Place]] = {}

    def places(self, provider: str, places: DeliveryPlaces) -> Sequence[Place]:
        """Where `provider` tells the event, its identifier and the attempt in such a request."""
        found = self._places.get(provider)
        if found is None:
            found = [self._place(text) for text in (places.event, places.id, places.attempt)]
            self._places[provider] = found
        return found

    def _place(self, text: str) -> Place:
        where, _, name = text.partition(":")
        lines = [line for line, key in enumerate(self._keys) if key.decode("latin-1") == name.lower()]
        return Place(where, name, lines[0] if where == "header" and len(lines) == 1 else None)


class Heads:
    """What is known of providers by the heads of their requests."""

    def __init__(self, presets: Sequence[Preset]) -> None:
        self._standards = {preset.id for preset in presets if preset.category == STANDARDS}
        self._headers = _by_header(presets)
        self._values = {
            name.encode(): [(p.id, pattern) for p in presets if (pattern := _value_pattern(p, name)) is not None]
            for name in {name for p in presets for name in p.recognition.match} | {"authorization", "content-type"}
        }
        agents = [preset for preset in presets if preset.recognition.user_agent]
        self._agent = re.compile("|".join(f"({preset.recognition.user_agent})" for preset in agents))
        self._agents = _same_agent(agents)
        self._kinds: dict[tuple[bytes, ...], Kind] = {}
        self._whose: dict[tuple[bytes, bytes], Sequence[str]] = {}

    def kind(self, names: tuple[bytes, ...]) -> Kind:
        """The kind of a request with headers of these names."""
        kind = self._kinds.get(names)
        if kind is None:
            kind = self._new_kind([name.lower() for name in names])
            if len(self._kinds) >= MOST_KEPT:
                self._kinds.clear()
            if len(names) <= MOST_NAMES:
                self._kinds[names] = kind
        return kind

    def told(self, kind: Kind, values: Sequence[bytes]) -> Told:
        """What the head of a request of this kind tells, whose headers have these values."""
        whose = tuple([self._whose_value(key, values[line][:LONGEST_VALUE]) for line, key in kind.telling])
        told = kind.told.get(whose)
        if told is None:
            counts = dict(kind.points)
            for (_, key), providers in zip(kind.telling, whose, strict=True):
                for provider in providers:
                    counts[provider] = counts.get(provider, 0) + (PROOF if key == _AGENT else OF_ITS_OWN)
            told = kind.told[whose] = Told(counts, self.sure(counts))
        return told

    def sure(self, points: Points) -> str | None:
        """Who it is where nothing else need be looked at, else None."""
        sure = [provider for provider, count in points.items() if count >= ENOUGH]
        return sure[0] if len(sure) == 1 and sure[0] not in self._standards else None

    def _new_kind(self, keys: Sequence[bytes]) -> Kind:
        counts: dict[str, int] = {}
        for key in keys:
            for provider, weight in self._headers.get(key, ()):
                counts[provider] = counts.get(provider, 0) + weight
        return Kind(
            keys, counts, [(line, key) for line, key in enumerate(keys) if key == _AGENT or key in self._values]
        )

    def _whose_value(self, key: bytes, value: bytes) -> Sequence[str]:
        """The providers that send this value. Looking takes long, so what a sender repeats is remembered."""
        if key not in _REPEATED:
            return self._who_sends(key, value)
        found = self._whose.get((key, value))
        if found is None:
            found = self._who_sends(key, value)
            if len(self._whose) >= MOST_KEPT:
                self._whose.clear()
            self._whose[key, value] = found
        return found

    def _who_sends(self, key: bytes, value: bytes) -> Sequence[str]:
        text = value.decode("latin-1")
        if key != _AGENT:
            return tuple(provider for provider, pattern in self._values[key] if pattern.match(text))
        match = self._agent.match(text)
        return self._agents[(match.lastindex or 1) - 1] if match else ()


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
    return [tuple(p.id for p in presets if p.recognition.user_agent == pattern) for pattern in patterns]
