"""What verifying one request against one scheme can answer: one class an answer, with its facts."""

from datetime import timedelta
from typing import ClassVar

from msgspec import Struct


class Verified(Struct, frozen=True, gc=False):
    """The request was signed with the secret of this label (None: the scheme has no secret)."""

    secret_label: str | None = None
    reason: ClassVar[None] = None


class _Failure(Struct, frozen=True, gc=False):
    """`detail` names what it is about: a header, a field, a claim."""

    detail: str
    reason: ClassVar[str]
    signature_ok: ClassVar[bool] = False


class MissingHeader(_Failure, frozen=True, gc=False):
    """The header or field that carries the signature, or that it covers, is absent or empty."""

    reason: ClassVar[str] = "header-missing"


class DuplicateHeader(_Failure, frozen=True, gc=False):
    """The header that carries the signature came more than once: which one counts is anybody's guess."""

    reason: ClassVar[str] = "header-duplicate"


class MalformedHeader(_Failure, frozen=True, gc=False):
    """The header is there, but does not have the form that the scheme describes."""

    reason: ClassVar[str] = "header-malformed"


class Mismatch(_Failure, frozen=True, gc=False):
    """The signature has the right form and is not what any of the secrets gives."""

    reason: ClassVar[str] = "signature-mismatch"


class TokenMismatch(_Failure, frozen=True, gc=False):
    """The shared secret that was sent is none of the configured ones."""

    reason: ClassVar[str] = "token-mismatch"


class MissingTimestamp(_Failure, frozen=True, gc=False):
    """The signed time is absent."""

    reason: ClassVar[str] = "timestamp-missing"


class MalformedTimestamp(_Failure, frozen=True, gc=False):
    """The signature is right, but its time cannot be read in the scheme's unit."""

    reason: ClassVar[str] = "timestamp-malformed"


class Stale(_Failure, frozen=True, gc=False):
    """The signature is right and its time lies further back than the scheme tolerates."""

    age: timedelta
    tolerance: timedelta
    secret_label: str | None = None
    reason: ClassVar[str] = "timestamp-expired"
    signature_ok: ClassVar[bool] = True


class FromTheFuture(_Failure, frozen=True, gc=False):
    """The signature is right and its time lies further ahead than the scheme tolerates."""

    ahead: timedelta
    tolerance: timedelta
    secret_label: str | None = None
    reason: ClassVar[str] = "timestamp-future"
    signature_ok: ClassVar[bool] = True


class BodyHashMismatch(_Failure, frozen=True, gc=False):
    """The digest of the body that was sent along is not the digest of this body."""

    reason: ClassVar[str] = "body-hash-mismatch"


class UrlMismatch(_Failure, frozen=True, gc=False):
    """The URL that was signed is not the one that was called."""

    reason: ClassVar[str] = "url-mismatch"


class ClaimMismatch(_Failure, frozen=True, gc=False):
    """A claim of the token is absent or not what the handler expects."""

    reason: ClassVar[str] = "claim-mismatch"


class UnexpectedAlgorithm(_Failure, frozen=True, gc=False):
    """The request names an algorithm that the scheme does not accept."""

    reason: ClassVar[str] = "algorithm-unexpected"


class UntrustedCertificate(_Failure, frozen=True, gc=False):
    """The address of the certificate is not one of the provider's, or the certificate is not valid."""

    reason: ClassVar[str] = "certificate-untrusted"


class CannotBeChecked(Struct, frozen=True, gc=False):
    """Something on our side is missing, so that nothing can be said about the request.

    `reason` is one of `secret-missing`, `secret-malformed`, `keyring-locked`, `keyring-timeout`,
    `algorithm-not-available`, `key-not-available`, `parameter-missing`, `value-not-defined`, `kind-not-available`;
    `detail` names the thing.
    """

    reason: str
    detail: str = ""


type Failure = (
    MissingHeader
    | DuplicateHeader
    | MalformedHeader
    | Mismatch
    | TokenMismatch
    | MissingTimestamp
    | MalformedTimestamp
    | Stale
    | FromTheFuture
    | BodyHashMismatch
    | UrlMismatch
    | ClaimMismatch
    | UnexpectedAlgorithm
    | UntrustedCertificate
)
type Outcome = Verified | Failure | CannotBeChecked
