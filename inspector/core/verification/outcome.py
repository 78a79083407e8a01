"""What verifying one request against one scheme can answer: one class an answer, with its facts."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Verified:
    """The request was signed with the secret of this label (None: the scheme has no secret)."""

    secret_label: str | None = None
    reason: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class MissingHeader:
    """The header that carries the signature is absent or empty."""

    detail: str  # its name
    reason: ClassVar[str] = "header-missing"


@dataclass(frozen=True, slots=True)
class DuplicateHeader:
    """The header that carries the signature came more than once: which one counts is anybody's guess."""

    detail: str
    reason: ClassVar[str] = "header-duplicate"


@dataclass(frozen=True, slots=True)
class MalformedHeader:
    """The header is there, but does not have the form that the scheme describes."""

    detail: str  # the header's name
    reason: ClassVar[str] = "header-malformed"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The signature has the right form and is not what any of the secrets gives."""

    detail: str  # the header's name
    reason: ClassVar[str] = "signature-mismatch"


@dataclass(frozen=True, slots=True)
class TokenMismatch:
    """The shared secret that was sent is none of the configured ones."""

    detail: str  # the header's name
    reason: ClassVar[str] = "token-mismatch"


@dataclass(frozen=True, slots=True)
class CannotBeChecked:
    """Something on our side is missing, so that nothing can be said about the request.

    `reason` is one of `secret-missing`, `secret-malformed`, `keyring-locked`, `keyring-timeout`,
    `algorithm-not-available`, `key-not-available`, `kind-not-available`; `detail` names the thing.
    """

    reason: str
    detail: str = ""


type Failure = MissingHeader | DuplicateHeader | MalformedHeader | Mismatch | TokenMismatch
type Outcome = Verified | Failure | CannotBeChecked
