"""Alternatives: each differs from the handler's setting in one way, has a cause, and a cost.

The cost orders hypotheses: 0 is the setting itself, small numbers are mistakes that people make every day.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inspector.core.verification.scheme import Part, Scheme, SecretReading, Source

type Facts = Mapping[str, str]
"""Words and numbers for the sentence of a finding; never a secret or a key."""

NO_FACTS: Facts = {}


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Bytes to use as the key, and what of the handler changes for them.

    `text` is the stored text after the change, None where it stays. `secret_of` names another known secret.
    """

    cause: str
    cost: int
    key: bytes = field(repr=False)
    reading: SecretReading | None = None
    text: str | None = field(default=None, repr=False)
    secret_of: tuple[str, str] | None = None
    facts: Facts = field(default_factory=dict)
    also: tuple[str, ...] = ()

    @property
    def identity(self) -> Hashable:
        """Equal for keys that come to the same thing."""
        return self.key


@dataclass(frozen=True, slots=True)
class DigestChoice:
    """The digest to compute, with HMAC or without."""

    cause: str
    cost: int
    name: str
    hmac: bool
    secret_first: bool = True  # of a plain hash: where the secret stands; ignored where the template says
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentChoice:
    """A template of the signed content, with values of its own where it needs them."""

    cause: str
    cost: int
    parts: tuple[Part, ...]
    values: Mapping[str, bytes] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)  # where the handler can read those values
    rewritten: bool = False  # a value is not as sent: no setting of the handler makes it so
    also: tuple[str, ...] = ()

    @property
    def identity(self) -> Hashable:
        """Equal for templates that give the same bytes: values count by what they are, not by their name."""
        return tuple(
            (part.part, self.values.get(part.name)) if part.part == "value" else part
            for part in self.parts
            if part.part != "text" or part.text
        )


@dataclass(frozen=True, slots=True)
class BodyChoice:
    """Another form of the body; `form` is its name."""

    cause: str
    cost: int
    form: str
    body: bytes = field(repr=False)
    also: tuple[str, ...] = ()

    @property
    def identity(self) -> Hashable:
        """Equal for equal bytes."""
        return self.body


@dataclass(frozen=True, slots=True)
class UrlChoice:
    """Another form of the URL."""

    cause: str
    cost: int
    url: str
    also: tuple[str, ...] = ()

    @property
    def identity(self) -> Hashable:
        """Equal for equal URLs."""
        return self.url


@dataclass(frozen=True, slots=True)
class Target:
    """A digest found in the request, and how the handler must read the request to find it there."""

    causes: tuple[str, ...]
    cost: int
    scheme: Scheme
    where: str


type Choice = KeyChoice | DigestChoice | ContentChoice | BodyChoice | UrlChoice


def first_of_each[T: (KeyChoice, ContentChoice, BodyChoice, UrlChoice)](choices: Iterable[T]) -> Iterator[T]:
    """The choices without those that come to the same thing as an earlier one."""
    seen: set[Hashable] = set()
    for choice in choices:
        if choice.identity not in seen:
            seen.add(choice.identity)
            yield choice
