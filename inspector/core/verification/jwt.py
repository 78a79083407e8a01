"""Tokens in JWS compact form (RFC 7515, RFC 7519) whose claims bind them to the request."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms
from jwt.exceptions import PyJWTError

from inspector.core.verification.check import Check
from inspector.core.verification.context import Context
from inspector.core.verification.encodings import decode, encode
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.key_set import is_public, keys_in
from inspector.core.verification.material import fetched_keys
from inspector.core.verification.outcome import (
    BodyHashMismatch,
    CannotBeChecked,
    ClaimMismatch,
    FromTheFuture,
    MalformedHeader,
    MalformedTimestamp,
    Mismatch,
    MissingTimestamp,
    Outcome,
    Stale,
    UnexpectedAlgorithm,
    UrlMismatch,
    Verified,
)
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import ClaimDigest, Claims, Scheme
from inspector.core.verification.signed_content import path_and_query
from inspector.core.verification.timestamp import compare_time, moment_at

ALGORITHMS = get_default_algorithms()
CONFIGURED = re.compile(r"<(.+)>")
"""A claim that the handler configures."""
_NO_CLAIMS = Claims()


@dataclass(frozen=True, slots=True)
class _Token:
    """The parts of a token that tell who signed it."""

    algorithm: str
    key_id: str
    signed: bytes
    signature: bytes


def check_jwt(check: Check) -> Outcome:
    """Say whether the token was signed with one of the secrets and claims what this request is."""
    scheme, where, token = check.scheme, check.found.where, check.found.signatures[0]
    header, claims = _object(token, 0), _object(token, 1)
    signed, _, text = token.rpartition(b".")
    signature = decode(text, "base64url")
    if header is None or claims is None or signature is None or token.count(b".") != 2 or "crit" in header:
        return MalformedHeader(where)  # an extension that has to be understood is not (RFC 7515, 4.1.11)
    name = header.get("alg")
    if not isinstance(name, str) or name not in (scheme.algorithms or ("HS256",)) or name == "none":
        return UnexpectedAlgorithm(str(name)[:40])
    label = _signer(_Token(name, _key_id(header), signed, signature), check)
    if not isinstance(label, str):
        return label or Mismatch(where)
    wrong = _wrong_claim(claims, check.reading, scheme.claims or _NO_CLAIMS, check.context)
    return wrong or _wrong_time(claims, scheme, check.context, label) or Verified(label)


def _object(token: bytes, position: int) -> dict[str, Any] | None:
    pieces = token.split(b".", 3)
    data = decode(pieces[position], "base64url") if position < len(pieces) else None
    if data is None:
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _key_id(header: Mapping[str, Any]) -> str:
    kid = header.get("kid")
    return kid if isinstance(kid, str) else ""


def _signer(token: _Token, check: Check) -> str | CannotBeChecked | UnexpectedAlgorithm | None:
    """The label of the secret or key that signed; None where none did."""
    algorithm: Any = ALGORITHMS.get(token.algorithm)
    if algorithm is None:
        return CannotBeChecked("algorithm-not-available", token.algorithm)
    candidates = [*check.secrets, *fetched_keys(check, token.key_id)]
    if candidates and token.algorithm.startswith("HS") and all(is_public(secret.value) for secret in candidates):
        return UnexpectedAlgorithm(token.algorithm)  # what anybody can know is no secret to sign with (RFC 8725, 2.1)
    problem: CannotBeChecked | None = None
    for secret in candidates:
        try:
            keys = _keys(token, secret.value, check.scheme)
        except SecretMalformed:
            problem = CannotBeChecked("secret-malformed", secret.label)
            continue
        if any(_signed_with(key, algorithm, token) for key in keys):
            return secret.label
    return problem if candidates else CannotBeChecked("key-not-available", token.key_id)


def _signed_with(key: Any, algorithm: Any, token: _Token) -> bool:
    try:
        return bool(algorithm.verify(token.signed, key, token.signature))
    except (PyJWTError, ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _keys(token: _Token, text: str, scheme: Scheme) -> Sequence[Any]:
    """The keys that `text` has for this token. Raises SecretMalformed where it has none of the right kind."""
    if token.algorithm.startswith("HS"):
        return () if is_public(text) else (key_from(text, scheme.secret),)
    found = keys_in(text, scheme.secret, token.key_id, token.algorithm)
    fitting = [key for key in found if _fits(token.algorithm, key)]
    if found and not fitting:
        raise SecretMalformed("a key of another kind")
    return fitting


def _fits(name: str, key: object) -> bool:
    """Whether the key is of the kind that the algorithm needs: the library takes that for granted."""
    match name[:2]:
        case "RS" | "PS":
            return isinstance(key, rsa.RSAPublicKey)
        case "ES":
            return isinstance(key, ec.EllipticCurvePublicKey)
    return isinstance(key, ed25519.Ed25519PublicKey)


def _wrong_claim(claims: Mapping[str, Any], reading: Reading, wanted: Claims, context: Context) -> Outcome | None:
    for name, text in (("iss", wanted.iss), ("aud", wanted.aud), ("email", wanted.email)):
        expected = context.parameters.get(name, "") if CONFIGURED.fullmatch(text) else text
        if expected and expected not in _texts(claims.get(name)):
            return ClaimMismatch(name)
    checks: tuple[tuple[ClaimDigest | None, Callable[[str], Outcome]], ...] = (
        (wanted.url_digest, UrlMismatch),
        (wanted.request_digest, UrlMismatch),
        (wanted.body_digest, BodyHashMismatch),
    )
    if wanted.url is not None and not _is_url(claims.get(wanted.url.claim), reading.url):
        return UrlMismatch(wanted.url.claim)
    for check, wrong in checks:
        if check is not None and not _digest_fits(claims.get(check.claim), reading, check):
            return wrong(check.claim)
    return None


def _is_url(claimed: object, url: str) -> bool:
    """Whether the claim is this URL, whose characters are the bytes that came."""
    return isinstance(claimed, str) and claimed.encode("utf-8", "replace") == url.encode("latin-1", "replace")


def _texts(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else (value,)


def _digest_fits(claimed: object, reading: Reading, check: ClaimDigest) -> bool:
    if claimed is None:
        return check.optional or (check.absent_if_empty and not reading.request.body)
    if not isinstance(claimed, str):
        return False
    expected = claim_digest(claim_subject(reading, check), check)
    text = claimed.rstrip("=") if check.encoding == "base64url" else claimed
    return hmac.compare_digest(expected.encode(), text.encode("utf-8", "replace"))


def claim_digest(data: bytes | memoryview, check: ClaimDigest) -> str:
    """The text that the claim must have for `data`."""
    return encode(hashlib.new(check.digest, data).digest(), check.encoding).decode()


def claim_subject(reading: Reading, check: ClaimDigest) -> bytes | memoryview:
    """The part of the request that the claim is about."""
    match check.of:
        case "body":
            return reading.request.body
        case "url":
            return reading.url.encode("latin-1", "replace")
    return _canonical_request(reading).encode()


def _canonical_request(reading: Reading) -> str:
    """`METHOD&path&query` with sorted, percent-encoded parameters: Atlassian's `qsh` (understanding JWT, read 2026)."""
    target = urlsplit(path_and_query(reading.url).encode("latin-1", "replace").decode("utf-8", "replace"))
    parameters: dict[str, list[str]] = {}
    for key, value in parse_qsl(target.query, keep_blank_values=True):
        if key != "jwt":
            parameters.setdefault(quote(key, safe="-._~"), []).append(quote(value, safe="-._~"))
    query = "&".join(f"{key}={','.join(sorted(values))}" for key, values in sorted(parameters.items()))
    return f"{reading.request.method.upper()}&{target.path.rstrip('/') or '/'}&{query}"


def _wrong_time(claims: Mapping[str, Any], scheme: Scheme, context: Context, label: str) -> Outcome | None:
    wanted, check = scheme.claims or _NO_CLAIMS, scheme.timestamp
    if context.now is None:
        return None
    leeway = timedelta(seconds=wanted.leeway_s)
    if check is not None and check.value == "claim:exp":
        leeway = max(leeway, timedelta(seconds=check.tolerance_s or 0))
    expires, starts = _moment(claims, "exp"), _moment(claims, "nbf")
    for name, moment in (("exp", expires), ("nbf", starts)):
        if moment is None and name in claims:
            return MalformedTimestamp(name)
    for name, needed in (("exp", wanted.exp), ("nbf", wanted.nbf), ("iat", wanted.iat)):
        if needed and name not in claims:
            return MissingTimestamp(name)
    if expires is not None and context.now - expires >= leeway:  # "on or after" (RFC 7519, 4.1.4)
        return Stale("exp", context.now - expires, leeway, label)
    if starts is not None and starts - context.now > leeway:
        return FromTheFuture("nbf", starts - context.now, leeway, label)
    if check is None or not check.value.startswith("claim:") or check.value == "claim:exp":
        return None
    name = check.value.removeprefix("claim:")
    issued = _moment(claims, name)
    if issued is None:
        return MissingTimestamp(name) if name not in claims else MalformedTimestamp(name)
    return compare_time(issued, check, context.now, label)


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    return moment_at(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
