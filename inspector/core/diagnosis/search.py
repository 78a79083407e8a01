"""The search for a near miss of the handler's settings that verifies the delivery.

Every hypothesis is one choice in each dimension: key, digest, template, body, URL. What the request carries is
known beforehand (`targets`), so a computed digest is one look-up. First every single change, then two and more
changes at once in the order of their cost.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from inspector.core.diagnosis.body_forms import cheap_bodies, rewritten_bodies
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import (
    BodyChoice,
    Choice,
    ContentChoice,
    DigestChoice,
    KeyChoice,
    Target,
    UrlChoice,
    first_of_each,
)
from inspector.core.diagnosis.contents import content_choices
from inspector.core.diagnosis.digest_choices import digest_choices
from inspector.core.diagnosis.filling import Filling
from inspector.core.diagnosis.keys import key_choices
from inspector.core.diagnosis.targets import targets
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.verification.digests import digest_named
from inspector.core.verification.reading import Reading
from inspector.core.verification.signatures import Found, find_signatures

MOST_HASHES = 100_000
MOST_HASHED_BYTES = 600 << 20
"""The whole search ends there too: large bodies would make it long."""

_TRIES_A_STEP = 256
_BYTES_A_STEP = 4 << 20
"""So much is computed between two steps: some milliseconds."""

_NOT_MADE = hmac.new(b"", None, "sha256")
_UNREADABLE = b"\0 the configured secret cannot be read \0"
"""Stands for the handler's own key where its secret has no such reading; nobody signs with it."""

_KEY, _DIGEST, _CONTENT, _BODY, _URL = range(5)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One choice in each dimension."""

    key: KeyChoice
    digest: DigestChoice
    content: ContentChoice
    body: BodyChoice
    url: UrlChoice

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices in the order of the dimensions."""
        return (self.key, self.digest, self.content, self.body, self.url)

    @property
    def causes(self) -> tuple[str, ...]:
        """What is assumed to be wrong."""
        changed = [choice for choice in self.choices if choice.cause]
        return (*(choice.cause for choice in changed), *(cause for choice in changed for cause in choice.also))

    @property
    def cost(self) -> int:
        """How unlikely the whole is."""
        return sum(choice.cost for choice in self.choices)


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


type Step = Match | None
"""A match, or None now and then, so that the caller can show progress and stop."""


@dataclass(slots=True)
class Space:
    """The alternatives of one case, and the computing of their digests with everything shared computed once."""

    case: Case
    reading: Reading
    targets: Mapping[bytes, Sequence[Target]]
    keys: Sequence[KeyChoice]
    digests: Sequence[DigestChoice]
    filling: Filling
    contents: list[ContentChoice] = field(default_factory=list)
    bodies: list[BodyChoice] = field(default_factory=list)
    urls: list[UrlChoice] = field(default_factory=list)
    tried: int = 0
    hashed_bytes: int = 0
    _owed: int = 0  # bytes hashed since the last step
    _contexts: dict[tuple[bytes, str], "hmac.HMAC | None"] = field(default_factory=dict)
    _last: Hypothesis | None = None
    _last_content: bytes = b""

    def near(self) -> Iterator[Step]:
        """The matches of the setting itself, and of every other key or digest: they need no other content."""
        yield from self._try(self.default)
        yield from self._changed(_KEY, self.keys[1:])
        yield from self._changed(_DIGEST, self.digests[1:])

    def further(self) -> Iterator[Step]:
        """The matches of every other template, URL and form of the body, the likeliest first; made on the way."""
        self.urls = [*url_choices(self.reading)] if self._url_matters() else self.urls
        self.contents = [*content_choices(self.case, self.reading)]
        yield None
        for body in self._new_bodies(cheap_bodies(self.reading), as_dear_as=2):
            self.bodies.append(body)
            if self._is_due():
                yield None
        places = ((_CONTENT, self.contents), (_URL, self.urls), (_BODY, self.bodies))
        changes = [(dimension, choice) for dimension, choices in places for choice in choices[1:]]
        for dimension, choice in sorted(changes, key=lambda change: change[1].cost):
            yield from self._changed(dimension, [choice])
        for body in self._new_bodies(rewritten_bodies(self.reading), as_dear_as=128):
            self.bodies.append(body)
            yield from self._changed(_BODY, [body])

    def several(self, changes: int, most_cost: int = 99) -> Iterator[Step]:
        """The matches of so many changes at once, by the sum of their costs up to `most_cost`."""
        groups = [self._by_cost(dimension) for dimension in range(5)]
        # The key varies fastest: the content is then the same from one hypothesis to the next.
        plan = [
            (sum(costs), dimensions, costs)
            for dimensions in combinations((_BODY, _URL, _CONTENT, _DIGEST, _KEY), changes)
            for costs in product(*(groups[dimension] for dimension in dimensions))
            if sum(costs) <= most_cost
        ]
        default = self.default.choices
        for _, dimensions, costs in sorted(plan):
            slots = list(default)
            for chosen in product(*(groups[dim][cost] for dim, cost in zip(dimensions, costs, strict=True))):
                for dimension, choice in zip(dimensions, chosen, strict=True):
                    slots[dimension] = choice
                hypothesis = Hypothesis(*slots)  # type: ignore[arg-type]
                if _CONTENT not in dimensions or not self._was_tried(hypothesis):
                    yield from self._try(hypothesis)

    def every(
        self, contents: Iterable[ContentChoice], digests: Sequence[DigestChoice], keys: Sequence[KeyChoice]
    ) -> Iterator[Step]:
        """The matches of every combination of these with the body as it came; URLs count where they are signed."""
        for content in contents:
            signed = any(part.part in ("url", "query") for part in content.parts)
            for url in self.urls if signed else self.urls[:1]:
                for digest in digests:
                    for key in keys:
                        yield from self._try(Hypothesis(key, digest, content, self.bodies[0], url))

    @property
    def out_of_bytes(self) -> bool:
        """Whether so much was hashed that a search that is not deep ends."""
        return self.hashed_bytes >= MOST_HASHED_BYTES

    @property
    def exhausted(self) -> bool:
        """Whether the bounds of a search that is not deep are reached."""
        return self.tried >= MOST_HASHES or self.hashed_bytes >= MOST_HASHED_BYTES

    @property
    def planned(self) -> int:
        """How many hypotheses there are with up to two changes, as far as is known by now."""
        sizes = [max(0, len(choices) - 1) for choices in self._dimensions()]
        return 1 + sum(sizes) + sum(one * two for one, two in combinations(sizes, 2))

    @property
    def default(self) -> Hypothesis:
        """The handler's own settings."""
        return Hypothesis(self.keys[0], self.digests[0], self.contents[0], self.bodies[0], self.urls[0])

    def _dimensions(self) -> tuple[Sequence[Choice], ...]:
        return (self.keys, self.digests, self.contents, self.bodies, self.urls)

    def _by_cost(self, dimension: int) -> Mapping[int, Sequence[Choice]]:
        groups: dict[int, list[Choice]] = {}
        for choice in self._dimensions()[dimension][1:]:
            groups.setdefault(choice.cost, []).append(choice)
        return groups

    def _url_matters(self) -> bool:
        return any(part.part in ("url", "query") or part.source is not None for part in self.case.scheme.content)

    def _changed(self, dimension: int, choices: Sequence[Choice]) -> Iterator[Step]:
        slots = list(self.default.choices)
        for choice in sorted(choices, key=lambda choice: choice.cost):
            slots[dimension] = choice
            yield from self._try(Hypothesis(*slots))  # type: ignore[arg-type]

    def _new_bodies(self, forms: Iterator[BodyChoice], *, as_dear_as: int) -> Iterator[BodyChoice]:
        """The forms that are not among the bodies yet; making one costs as much as hashing it so many times."""
        known = {body.body for body in self.bodies}
        for body in first_of_each(forms):
            self._owed += as_dear_as * len(body.body)
            if body.body not in known:
                yield body

    def _try(self, hypothesis: Hypothesis) -> Iterator[Step]:
        self.tried += 1
        for target in self.targets.get(self._digest(hypothesis), ()):
            yield Match(hypothesis, target)
        if self._is_due():
            yield None

    def _was_tried(self, hypothesis: Hypothesis) -> bool:
        """Whether it comes to what was tried with fewer changes: its content has no body, or no URL, to be changed."""
        content, url = hypothesis.content, hypothesis.url
        if hypothesis.body.cause and not self.filling.may_have_body(content, url):
            return True
        return bool(url.cause) and self.filling.is_same_at(content, url, self.urls[0])

    def _is_due(self) -> bool:
        """Whether so much was computed since the last step that it is time for one."""
        if self._owed < _BYTES_A_STEP and self.tried % _TRIES_A_STEP:
            return False
        self._owed = 0
        return True

    def _digest(self, hypothesis: Hypothesis) -> bytes:
        key, digest = hypothesis.key.key, hypothesis.digest
        content = self._content(hypothesis)
        self.hashed_bytes += len(content)
        self._owed += len(content)
        if digest.hmac:
            return self._hmac(key, digest.name, content)
        if not _has_secret(hypothesis.content):
            content = key + content if digest.secret_first else content + key
        return hashlib.new(digest.name, content, usedforsecurity=False).digest()

    def _hmac(self, key: bytes, name: str, content: bytes) -> bytes:
        context = self._contexts.get((key, name), _NOT_MADE)
        if context is _NOT_MADE:
            try:
                context = hmac.new(key, None, name)
            except ValueError:
                context = None  # known to another library only
            self._contexts[key, name] = context
        if context is None:
            found = digest_named(name)
            return found.hmac(key, content) if found else b""
        fresh = context.copy()
        fresh.update(content)
        return fresh.digest()

    def _content(self, hypothesis: Hypothesis) -> bytes:
        body, url = hypothesis.body, hypothesis.url
        last = self._last  # held, so that nothing new can be taken for it
        if last is not None and hypothesis.content is last.content and body is last.body and url is last.url:
            return self._last_content
        # HMAC instead of a plain digest: the secret is the key and no part of the content.
        as_hmac = hypothesis.digest.hmac and bool(hypothesis.digest.cause)
        content = self.filling.content(hypothesis.content, body, url, hypothesis.key.key, as_hmac=as_hmac)
        if self.filling.is_shared(hypothesis.content, url) or not _has_secret(hypothesis.content):
            self._last, self._last_content = hypothesis, content
        return content


def space_of(case: Case) -> Space:
    """The alternatives of `case`; only digests of a size that the request carries are computed."""
    reading = case.reading
    located = find_signatures(reading, case.scheme.signature) if case.scheme.signature else None
    digests = digest_choices(case.scheme, located.digest if isinstance(located, Found) else "")
    sizes = {choice.name: size_of(choice.name) for choice in digests}
    found = targets(case, reading, frozenset(sizes.values()))
    wanted = {len(digest) for digest in found}
    keys = list(key_choices(case))
    if not keys or keys[0].cause:
        keys.insert(0, KeyChoice("", 0, _UNREADABLE))
    return Space(
        case,
        reading,
        found,
        keys,
        [digests[0], *(choice for choice in digests[1:] if sizes[choice.name] in wanted)],
        Filling(case),
        [next(content_choices(case, reading))],
        [BodyChoice("", 0, "", bytes(case.request.body))],
        [UrlChoice("", 0, reading.url)],
    )


def size_of(name: str) -> int:
    """The size in bytes of the digest of that name; 0 where this machine has none."""
    found = digest_named(name)
    return found.size if found else 0


def _has_secret(content: ContentChoice) -> bool:
    return any(part.part == "secret" for part in content.parts)
