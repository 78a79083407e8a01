"""A handler: what answers a path, how its deliveries are verified, and as whom they count."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.core.path_pattern import matcher
from inspector.core.verification.scheme import Scheme

EVERY_PATH = ""
"""The path pattern that every path matches."""


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret by its place in the secret store; the value is never part of a handler.

    `retired` ones are kept for old deliveries and not tried. The dates are for people, ISO 8601 or empty.
    """

    id: str
    label: str
    created: str = ""
    expires: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What the sender is answered."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str = "ok"


@dataclass(frozen=True, slots=True)
class Handler:
    """One handler as configured. `id` is 0 until it is stored; names are unique within a chain.

    `revision` is the stored form of these very values: outcomes refer to it, so that an old outcome
    still says what was checked. `preset` is the preset and scheme that this one began as (`stripe:v1`).
    `public_url` is how senders call it where the request does not tell (see `sender_url`), `parameters` are
    what the scheme wants besides secrets.
    """

    name: str
    scheme: Scheme
    user: str = ""
    enabled: bool = True
    path: str = EVERY_PATH
    secrets: tuple[SecretRef, ...] = ()
    response: Response = field(default_factory=Response)
    preset: str = ""
    public_url: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    revision: int = 0

    def matches(self, path: str) -> bool:
        """Whether this handler applies to the raw `path` (without its query)."""
        return not self.path or matcher(self.path)(path)
