"""Alternatives: each differs from the handler's setting in one way, has a cause, and a cost.

The cost orders hypotheses: 0 is the setting itself, small numbers are mistakes that people make every day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from inspector.core.verification.scheme import Part, Scheme, SecretReading, Source


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Bytes to use as the key, and what of the handler changes for them."""

    cause: str
    cost: int
    key: bytes = field(repr=False)
    reading: SecretReading | None = None
    text: str | None = field(default=None, repr=False)
    secret_of: tuple[str, str] | None = None
    facts: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestChoice:
    """The digest to compute, with HMAC or without."""

    cause: str
    cost: int
    name: str
    hmac: bool
    secret_first: bool = True  # of a plain hash: where the secret stands; ignored where the template says


@dataclass(frozen=True, slots=True)
class ContentChoice:
    """A template of the signed content, with values of its own where it needs them."""

    cause: str
    cost: int
    parts: tuple[Part, ...]
    values: dict[str, bytes] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)  # where the handler can read those values
    rewritten: bool = False  # a value is not as sent: no setting of the handler makes it so


@dataclass(frozen=True, slots=True)
class BodyChoice:
    """Another form of the body; `form` is its name."""

    cause: str
    cost: int
    form: str
    body: bytes = field(repr=False)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrlChoice:
    """Another form of the URL."""

    cause: str
    cost: int
    url: str


@dataclass(frozen=True, slots=True)
class Target:
    """A digest found in the request, and how the handler must read the request to find it there."""

    causes: tuple[str, ...]
    cost: int
    scheme: Scheme
    where: str


def first_of_each[T](choices: Iterable[T], identity: str) -> Sequence[T]:
    """The choices without those that come to the same thing (same attribute `identity`) as an earlier one."""
    seen: set[object] = set()
    kept: list[T] = []
    for choice in choices:
        key = getattr(choice, identity)
        if key not in seen:
            seen.add(key)
            kept.append(choice)
    return kept
