"""Secrets that the sender simply shows: a token, a bearer token, a user with a password."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from inspector.core.verification.check import Check
from inspector.core.verification.outcome import MalformedHeader, Outcome, TokenMismatch, Verified


def check_token(check: Check) -> Outcome:
    """Say whether what was shown is one of the secrets."""
    if check.found.every:
        return _all_shown(check)
    return _shown(check, check.found.signatures)


def check_bearer(check: Check) -> Outcome:
    """A bearer token (RFC 6750, 2.1) in a header of its own or behind the scheme's name."""
    tokens = check.found.signatures
    if check.scheme.signature is None or check.scheme.signature.format != "prefix":
        tokens = [token[7:].strip() for token in tokens if token[:7].lower() == b"bearer "]
    return _shown(check, tokens) if any(tokens) else MalformedHeader(check.found.where)


def check_basic(check: Check) -> Outcome:
    """HTTP Basic (RFC 7617); the secret is `user:password`."""
    text = check.found.signatures[0]
    if check.scheme.signature is None or check.scheme.signature.format != "prefix":
        kind, _, text = text.partition(b" ")
        if kind.lower() != b"basic":
            return MalformedHeader(check.found.where)
    try:
        credentials = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return MalformedHeader(check.found.where)
    return _shown(check, [credentials]) if b":" in credentials else MalformedHeader(check.found.where)


def _all_shown(check: Check) -> Outcome:
    for secret in check.secrets:
        wanted = secret.value.encode("utf-8", "surrogateescape")
        if all(hmac.compare_digest(wanted, text) for text in check.found.signatures):
            return Verified(secret.label)
    known = {secret.value.encode("utf-8", "surrogateescape") for secret in check.secrets}
    wrong = next((number for number, text in enumerate(check.found.signatures) if text not in known), 0)
    return TokenMismatch(check.found.where.replace("*", str(wrong)))


def _shown(check: Check, texts: Sequence[bytes]) -> Outcome:
    for secret in check.secrets:
        wanted = secret.value.encode("utf-8", "surrogateescape")
        if any(hmac.compare_digest(wanted, text) for text in texts):
            return Verified(secret.label)
    return TokenMismatch(check.found.where)
