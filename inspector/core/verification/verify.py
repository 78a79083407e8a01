"""Verify one request against one scheme: find the signature, build the content, compare, and last look at the time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from msgspec.structs import replace

from inspector.core.request import Request
from inspector.core.verification.check import Check
from inspector.core.verification.computed import FROM_REQUEST, check_computed
from inspector.core.verification.context import Context
from inspector.core.verification.credentials import check_basic, check_bearer, check_token
from inspector.core.verification.digests import digest_named
from inspector.core.verification.outcome import (
    CannotBeChecked,
    Mismatch,
    MissingHeader,
    Outcome,
    TokenMismatch,
    Verified,
)
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.select import selected
from inspector.core.verification.signatures import Found, find_signatures

type Candidates = Sequence[Secret | UnreadableSecret]

KEYS_MAY_BE_FETCHED = frozenset({"jwks", "jwk-by-kid", "public-key-by-kid", "certificate-url"})
"""Types of secret that need not be configured: an edge can fetch the keys."""


_ITS_OWN = Found("", ())
"""Message signatures find theirs themselves: a list that several lines may make up (RFC 9421, 4.2)."""


def verify(
    request: Request,
    scheme: Scheme,
    secrets: Candidates,
    *,
    now: datetime | None,
    url: str = "",
    material: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Outcome:
    """Say whether `request` was signed with one of `secrets`, and if not, why.

    A failed verification is an answer, so it is returned, never raised. `now` must be timezone-aware;
    None leaves the timestamp unchecked. `url` is the URL as the sender called it, where the request alone
    does not tell. Secrets are tried in order (rotation). See Context for the rest.
    """
    return verify_reading(Reading(request, url), scheme, secrets, Context(now, material or {}, parameters or {}))


def verify_reading(reading: Reading, scheme: Scheme, secrets: Candidates, context: Context) -> Outcome:
    """As `verify`, for a request whose decoded fields several handlers share."""
    if scheme.kind == "none":
        return Verified()
    if context.tolerance_s is not None:
        scheme = _with_tolerance(scheme, context.tolerance_s)
    kind = check_of(scheme.kind)
    if kind is None or scheme.signature is None:
        return CannotBeChecked("kind-not-available", scheme.kind)
    if not (scheme.signature.name or scheme.signature.path or scheme.signature.place == "body"):
        return CannotBeChecked("parameter-missing", scheme.signature.place)  # the user has to name the header
    if scheme.kind in ("hmac", "hash") and scheme.algorithm != FROM_REQUEST and digest_named(scheme.algorithm) is None:
        return CannotBeChecked("algorithm-not-available", scheme.algorithm)
    readable = [secret for secret in secrets if isinstance(secret, Secret) and secret.value]
    unread = len(readable) != len(secrets)
    if not readable and (unread or scheme.secret.type not in KEYS_MAY_BE_FETCHED):
        return _unreadable(secrets, with_label=False)
    if scheme.select is not None and not selected(reading, scheme.select):
        return MissingHeader(scheme.select.header)
    found = find_signatures(reading, scheme.signature) if scheme.kind != "http-message-signatures" else _ITS_OWN
    if not isinstance(found, Found):
        return found
    outcome = kind(Check(reading, scheme, readable, found, context))
    if unread and isinstance(outcome, Mismatch | TokenMismatch):
        # A secret that could not be read might have been the right one: then we do not know that it failed.
        return _unreadable(secrets, with_label=True)
    return outcome


@cache
def check_of(kind: str) -> Callable[[Check], Outcome] | None:
    """How schemes of this kind are checked; None where this version does not know it.

    The libraries of the rarer kinds take a tenth of a second to load: they are loaded when a handler needs them.
    """
    match kind:
        case "hmac" | "hash":
            return check_computed
        case "token":
            return check_token
        case "bearer":
            return check_bearer
        case "basic":
            return check_basic
        case "asymmetric":
            from inspector.core.verification.asymmetric import check_asymmetric

            return check_asymmetric
        case "jwt":
            from inspector.core.verification.jwt import check_jwt

            return check_jwt
        case "http-message-signatures":
            from inspector.core.verification.message_signatures import check_message_signature

            return check_message_signature
        case "sns":
            from inspector.core.verification.sns import check_sns

            return check_sns
        case "plugin":
            from inspector.core.verification.plug import check_plug

            return check_plug
    return None


def _unreadable(secrets: Candidates, *, with_label: bool) -> CannotBeChecked:
    for secret in secrets:
        if isinstance(secret, UnreadableSecret):
            return CannotBeChecked(secret.reason, secret.label if with_label else "")
        if with_label and not secret.value:
            return CannotBeChecked("secret-missing", secret.label)
    return CannotBeChecked("secret-missing")


def _with_tolerance(scheme: Scheme, tolerance_s: int) -> Scheme:
    if scheme.timestamp is None:
        return scheme
    return replace(scheme, timestamp=replace(scheme.timestamp, tolerance_s=tolerance_s))
