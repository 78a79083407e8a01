"""The search for a near miss of the handler's settings that verifies the delivery.

Every hypothesis is one choice in each dimension: key, digest, template, body, URL. What the request carries is
known beforehand (`targets`), so a computed digest is one look-up. First every single change, then pairs of changes
in the order of their cost.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from inspector.core.diagnosis.body_forms import body_choices
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import BodyChoice, ContentChoice, DigestChoice, KeyChoice, Target, UrlChoice
from inspector.core.diagnosis.contents import content_choices
from inspector.core.diagnosis.digest_choices import digest_choices
from inspector.core.diagnosis.keys import key_choices
from inspector.core.diagnosis.targets import targets
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.verification.digests import digest_named
from inspector.core.verification.reading import Reading
from inspector.core.verification.signed_content import fill

MOST_HASHES = 100_000
_UNREADABLE = b"\0 the configured secret cannot be read \0"
"""Stands for the handler's own key where its secret has no such reading; nobody signs with it."""

_DIMENSIONS = ("key", "digest", "content", "body", "url")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One choice in each dimension."""

    key: KeyChoice
    digest: DigestChoice
    content: ContentChoice
    body: BodyChoice
    url: UrlChoice

    @property
    def causes(self) -> tuple[str, ...]:
        """What is assumed to be wrong, the content of the request last."""
        choices = (self.key, self.digest, self.content, self.body, self.url)
        also = (*self.key.also, *self.body.also)
        return (*(choice.cause for choice in choices if choice.cause), *also)

    @property
    def cost(self) -> int:
        """How unlikely the whole is."""
        return self.key.cost + self.digest.cost + self.content.cost + self.body.cost + self.url.cost


@dataclass(frozen=True, slots=True)
class Match:
    """A hypothesis whose digest is in the request, and where."""

    hypothesis: Hypothesis
    target: Target

    @property
    def causes(self) -> tuple[str, ...]:
        """Everything that has to be assumed, without repetition."""
        return tuple(dict.fromkeys((*self.hypothesis.causes, *self.target.causes)))

    @property
    def cost(self) -> int:
        """How unlikely it is; several changes at once weigh more than one."""
        return self.hypothesis.cost + self.target.cost + 3 * max(0, len(self.causes) - 1)


@dataclass(slots=True)
class Space:
    """The alternatives of one case, and the computing of their digests with everything shared computed once."""

    case: Case
    reading: Reading
    keys: Sequence[KeyChoice]
    digests: Sequence[DigestChoice]
    contents: Sequence[ContentChoice]
    bodies: Sequence[BodyChoice]
    urls: Sequence[UrlChoice]
    targets: Mapping[bytes, Sequence[Target]]
    tried: int = 0
    _readings: dict[tuple[int, int], Reading] = field(default_factory=dict)
    _hmacs: dict[tuple[bytes, str], "hmac.HMAC"] = field(default_factory=dict)

    def singles(self) -> Iterator[Match | None]:
        """The matches of the setting itself and of every single change of it, cheapest first."""
        yield from self._tried(self._default())
        for _, _, name, choice in self._single_changes():
            yield from self._tried(replace(self._default(), **{name: choice}))

    def pairs(self, *, most_hashes: int = MOST_HASHES) -> Iterator[Match | None]:
        """The matches of two changes at once, by the sum of their costs; None now and then, for progress."""
        by_name: dict[str, list[tuple[int, object]]] = {name: [] for name in _DIMENSIONS}
        for cost, _, name, choice in self._single_changes():
            by_name[name].append((cost, choice))
        for hypothesis in self._pairs(self._default(), by_name):
            if self.tried >= most_hashes:
                return
            yield from self._tried(hypothesis)

    def planned(self) -> int:
        """How many hypotheses the whole search has."""
        sizes = [len(choices) - 1 for choices in self._all()]
        return 1 + sum(sizes) + sum(one * two for one, two in combinations(sizes, 2))

    def _all(self) -> tuple[Sequence[object], ...]:
        return (self.keys, self.digests, self.contents, self.bodies, self.urls)

    def _default(self) -> Hypothesis:
        return Hypothesis(self.keys[0], self.digests[0], self.contents[0], self.bodies[0], self.urls[0])

    def _single_changes(self) -> list[tuple[int, int, str, object]]:
        singles = [
            (choice.cost, position, name, choice)  # type: ignore[attr-defined]
            for name, choices in zip(_DIMENSIONS, self._all(), strict=True)
            for position, choice in enumerate(choices[1:])
        ]
        return sorted(singles, key=lambda single: single[:2])

    def _pairs(self, default: Hypothesis, by_name: Mapping[str, Sequence[tuple[int, object]]]) -> Iterator[Hypothesis]:
        """All pairs of changes in two dimensions, by the sum of their costs: grouped by cost, so nothing is sorted."""
        groups: dict[str, dict[int, list[object]]] = {}
        for name, choices in by_name.items():
            for cost, choice in choices:
                groups.setdefault(name, {}).setdefault(cost, []).append(choice)
        plan = [
            (one_cost + two_cost, one, one_cost, two, two_cost)
            for one, two in combinations(groups, 2)
            for one_cost in groups[one]
            for two_cost in groups[two]
        ]
        for _, one, one_cost, two, two_cost in sorted(plan):
            for first in groups[one][one_cost]:
                for second in groups[two][two_cost]:
                    yield replace(default, **{one: first, two: second})

    def _tried(self, hypothesis: Hypothesis) -> Iterator[Match | None]:
        self.tried += 1
        computed = self._digest(hypothesis)
        for target in self.targets.get(computed, ()):
            yield Match(hypothesis, target)
        if self.tried % 256 == 0:
            yield None

    def _digest(self, hypothesis: Hypothesis) -> bytes:
        key, digest = hypothesis.key.key, hypothesis.digest
        content = self._content(hypothesis)
        if digest.hmac:
            return self._hmac(key, digest.name, content)
        if not any(part.part == "secret" for part in hypothesis.content.parts):
            content = key + content if digest.secret_first else content + key
        return hashlib.new(digest.name, content, usedforsecurity=False).digest()

    def _hmac(self, key: bytes, name: str, content: bytes) -> bytes:
        context = self._hmacs.get((key, name))
        if context is None:
            try:
                context = hmac.new(key, None, name)
            except ValueError:
                found = digest_named(name)
                return found.hmac(key, content) if found else b""
            self._hmacs[key, name] = context
        fresh = context.copy()
        fresh.update(content)
        return fresh.digest()

    def _content(self, hypothesis: Hypothesis) -> bytes:
        content, body, url = hypothesis.content, hypothesis.body, hypothesis.url
        pieces: list[bytes] = []
        for part in content.parts:
            match part.part:
                case "body":
                    pieces.append(body.body)
                case "text":
                    pieces.append(part.text.encode())
                case "value":
                    pieces.append(content.values.get(part.name, b""))
                case "secret" if not hypothesis.digest.cause or not hypothesis.digest.hmac:
                    pieces.append(hypothesis.key.key)
                case "secret":
                    pass  # HMAC instead of a plain digest: the secret is the key and no part of the content
                case _:
                    reading = self._reading(body, url)
                    pieces.append(bytes(fill(reading, part, content.values, hypothesis.key.key)))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _reading(self, body: BodyChoice, url: UrlChoice) -> Reading:
        key = (id(body), id(url))
        if key not in self._readings:
            request = replace(self.case.request, body=body.body)
            self._readings[key] = Reading(request, url.url)
        return self._readings[key]


def space_of(case: Case) -> Space:
    """The alternatives of `case`; only digests of a size that the request carries are computed."""
    reading = Reading(case.request, case.url)
    digests = digest_choices(case.scheme)
    sizes = {choice.name: size_of(choice.name) for choice in digests}
    found = targets(reading, case.scheme, frozenset(sizes.values()))
    wanted = {len(digest) for digest in found}
    keys = list(key_choices(case))
    if not keys or keys[0].cause:
        keys.insert(0, KeyChoice("", 0, _UNREADABLE))
    return Space(
        case,
        reading,
        keys,
        [digests[0], *(d for d in digests[1:] if sizes[d.name] in wanted)],
        content_choices(case, reading),
        body_choices(reading),
        url_choices(reading) if _url_matters(case) else [UrlChoice("", 0, reading.url)],
        found,
    )


def _url_matters(case: Case) -> bool:
    return any(part.part in ("url", "query") for part in case.scheme.content)


def size_of(name: str) -> int:
    """The size in bytes of the digest of that name; 0 where this machine has none."""
    found = digest_named(name)
    return found.size if found else 0
