"""Verify one request against one scheme."""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

from inspector.core.request import Request
from inspector.core.verification.digests import digest_named
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.outcome import (
    CannotBeChecked,
    DuplicateHeader,
    MalformedHeader,
    Mismatch,
    MissingHeader,
    Outcome,
    TokenMismatch,
    Verified,
)
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.signed_content import PartNotAvailable, signed_content

type Candidates = Sequence[Secret | UnreadableSecret]
type _Check = Callable[[bytes, Request, Scheme, Sequence[Secret], str], Outcome]


def verify(request: Request, scheme: Scheme, secrets: Candidates, *, now: datetime | None) -> Outcome:  # noqa: ARG001 - signed times are checked against it
    """Say whether `request` was signed with one of `secrets`, and if not, why.

    A failed verification is an answer, so it is returned, never raised. `now` must be timezone-aware;
    None leaves the timestamp unchecked. Secrets are tried in order (rotation).
    Source: https://www.rfc-editor.org/rfc/rfc2104 (HMAC).
    """
    if scheme.kind == "none":
        return Verified()
    check = _KINDS.get(scheme.kind)
    if check is None or scheme.signature is None or scheme.signature.place != "header":
        return CannotBeChecked("kind-not-available", scheme.kind)
    if scheme.kind == "hmac" and digest_named(scheme.algorithm) is None:
        return CannotBeChecked("algorithm-not-available", scheme.algorithm)
    readable = [secret for secret in secrets if isinstance(secret, Secret) and secret.value]
    if not readable:
        unreadable = next((s for s in secrets if isinstance(s, UnreadableSecret)), None)
        return CannotBeChecked(unreadable.reason if unreadable else "secret-missing")
    name = scheme.signature.name
    values = request.headers.all(name)
    if len(values) > 1:
        return DuplicateHeader(name)
    if not values or not values[0]:
        return MissingHeader(name)
    received = signature_in(values[0], scheme.signature)
    if received is None:
        return MalformedHeader(name)
    outcome = check(received, request, scheme, readable, name)
    if not isinstance(outcome, Mismatch | TokenMismatch) or len(readable) == len(secrets):
        return outcome
    # A secret that could not be read might have been the right one: then we do not know that it failed.
    unread = next(s for s in secrets if not (isinstance(s, Secret) and s.value))
    return CannotBeChecked(unread.reason if isinstance(unread, UnreadableSecret) else "secret-missing", unread.label)


def signature_in(value: bytes, place: SignaturePlace) -> bytes | None:
    """The signature's own text within a header's value; None where the value has not the form of `place`."""
    match place.format:
        case "raw":
            return value
        case "prefix":
            prefix = place.prefix.encode("utf-8")
            return value[len(prefix) :] if value.startswith(prefix) and len(value) > len(prefix) else None
    return None


def encoded(signature: bytes, scheme: Scheme) -> bytes:
    """The signature in the scheme's encoding."""
    match scheme.encoding:
        case "base64":
            return base64.b64encode(signature)
        case "base64url":
            return base64.urlsafe_b64encode(signature).rstrip(b"=")
    text = signature.hex()
    return (text.upper() if scheme.hex_upper else text).encode()


def expected_signature(request: Request, scheme: Scheme, secret: Secret) -> bytes | None:
    """What the signature would have to be for `secret`, encoded; None where it cannot be computed."""
    digest = digest_named(scheme.algorithm)
    if scheme.kind != "hmac" or digest is None:
        return None
    try:
        return encoded(digest.hmac(key_from(secret.value, scheme.secret), signed_content(request, scheme)), scheme)
    except (SecretMalformed, PartNotAvailable):
        return None


def _check_hmac(received: bytes, request: Request, scheme: Scheme, secrets: Sequence[Secret], name: str) -> Outcome:
    digest = digest_named(scheme.algorithm)
    if digest is None:
        return CannotBeChecked("algorithm-not-available", scheme.algorithm)
    signature = _decoded(received, scheme)
    if signature is None:
        return MalformedHeader(name)
    try:
        content = signed_content(request, scheme)
    except PartNotAvailable as absent:
        return CannotBeChecked("kind-not-available", str(absent))
    malformed = ""
    for secret in secrets:
        try:
            key = key_from(secret.value, scheme.secret)
        except SecretMalformed:
            malformed = malformed or secret.label
            continue
        if hmac.compare_digest(digest.hmac(key, content), signature):
            return Verified(secret.label)
    return CannotBeChecked("secret-malformed", malformed) if malformed else Mismatch(name)


def _decoded(text: bytes, scheme: Scheme) -> bytes | None:
    """The signature's bytes, or None where `text` is not such a signature in this encoding.

    The text must be the one that encoding gives back, but for the case of hex digits and the padding
    of base64url: a decoder that overlooks stray characters would accept what no sender writes.
    """
    try:
        match scheme.encoding:
            case "hex":
                signature = binascii.unhexlify(text)
            case "base64":
                signature = base64.b64decode(text, validate=True)
            case "base64url":
                signature = base64.urlsafe_b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))
                text = text.rstrip(b"=")
    except (binascii.Error, ValueError):
        return None
    same = (
        text.lower() == encoded(signature, scheme).lower()
        if scheme.encoding == "hex"
        else text == encoded(signature, scheme)
    )
    return signature if same else None


def _check_token(received: bytes, _request: Request, _scheme: Scheme, secrets: Sequence[Secret], name: str) -> Outcome:
    for secret in secrets:
        if hmac.compare_digest(secret.value.encode("utf-8", "surrogateescape"), received):
            return Verified(secret.label)
    return TokenMismatch(name)


_KINDS: dict[str, _Check] = {"hmac": _check_hmac, "token": _check_token}
