"""Verify one request against one scheme: find the signature, build the content, compare, and last look at the time."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inspector.core.request import Body, Request
from inspector.core.verification.context import Context
from inspector.core.verification.digests import Digest, digest_named
from inspector.core.verification.encodings import decode, encode
from inspector.core.verification.jwt import check_jwt
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.message_signatures import check_message_signature
from inspector.core.verification.outcome import (
    BodyHashMismatch,
    CannotBeChecked,
    MalformedHeader,
    Mismatch,
    MissingHeader,
    Outcome,
    TokenMismatch,
    UnexpectedAlgorithm,
    UntrustedCertificate,
    Verified,
)
from inspector.core.verification.plugins import (
    CONTENTS,
    ParameterMissing,
    body_digest_fits,
    ebay_header,
    hmac_parameters,
)
from inspector.core.verification.public_key import WrongKind, public_key, verifies
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, Select
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.signed_content import Values, collect_values, contents, uses_secret
from inspector.core.verification.sns import check_sns, trusted_address
from inspector.core.verification.timestamp import check_form, check_time

type Candidates = Sequence[Secret | UnreadableSecret]
type _Check = Callable[[Reading, Scheme, Sequence[Secret], Found, Context], Outcome]

_KEYS_MAY_BE_FETCHED = frozenset({"jwks", "jwk-by-kid", "public-key-by-kid", "certificate-url"})


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
    None leaves the timestamp unchecked. Secrets are tried in order (rotation). See Context for the rest.
    Source: https://www.rfc-editor.org/rfc/rfc2104 (HMAC), and the provider that the scheme belongs to.
    """
    return verify_reading(Reading(request, url), scheme, secrets, Context(now, url, material or {}, parameters or {}))


def verify_reading(reading: Reading, scheme: Scheme, secrets: Candidates, context: Context) -> Outcome:
    """As `verify`, for a request whose decoded fields several handlers share."""
    if context.tolerance_s is not None and scheme.timestamp is not None:
        scheme = _with_tolerance(scheme, context.tolerance_s)
    if scheme.kind == "none":
        return Verified()
    check = _KINDS.get(scheme.kind)
    if check is None or scheme.signature is None:
        return CannotBeChecked("kind-not-available", scheme.kind)
    if scheme.kind == "hmac" and scheme.algorithm != "from-prefix" and digest_named(scheme.algorithm) is None:
        return CannotBeChecked("algorithm-not-available", scheme.algorithm)
    readable = [secret for secret in secrets if isinstance(secret, Secret) and secret.value]
    if not readable and scheme.secret.type not in _KEYS_MAY_BE_FETCHED:
        unreadable = next((s for s in secrets if isinstance(s, UnreadableSecret)), None)
        return CannotBeChecked(unreadable.reason if unreadable else "secret-missing")
    if scheme.select is not None and not selected(reading, scheme.select):
        return MissingHeader(scheme.select.header)
    found = find_signatures(reading, scheme.signature)
    if not isinstance(found, Found):
        return found
    outcome = check(reading, scheme, readable, found, context)
    if not isinstance(outcome, Mismatch | TokenMismatch) or len(readable) == len(secrets):
        return outcome
    # A secret that could not be read might have been the right one: then we do not know that it failed.
    unread = next(s for s in secrets if not (isinstance(s, Secret) and s.value))
    return CannotBeChecked(unread.reason if isinstance(unread, UnreadableSecret) else "secret-missing", unread.label)


def selected(reading: Reading, select: Select) -> bool:
    """Whether the scheme that `select` guards applies to this request."""
    value = reading.header(select.header)
    if value is None:
        return False
    text = value.decode("latin-1")
    return (not select.equals or text == select.equals) and select.contains in text


def expected_signatures(reading: Reading, scheme: Scheme, secret: Secret, context: Context) -> Sequence[bytes]:
    """What the signature would have to be for `secret`, encoded: one, or one for each form of the URL.

    Empty where it cannot be computed. Never to be shown to a sender.
    """
    found = find_signatures(reading, scheme.signature) if scheme.signature else None
    filled = collect_values(reading, scheme, found if isinstance(found, Found) else Found("", ()))
    values = filled if isinstance(filled, Mapping) else {}
    try:
        key = key_from(secret.value, scheme.secret)
        if scheme.kind == "plugin":
            datas: Sequence[Body] = (CONTENTS[scheme.plugin](reading, context.parameters),)
        else:
            datas = contents(reading, scheme, values, key)
    except (SecretMalformed, ParameterMissing, KeyError):
        return ()
    digest = digest_named(_digest_name(scheme, found) or "")
    match scheme.kind:
        case "hmac" | "plugin" if digest is not None:
            computed = [digest.hmac(key, data) for data in datas]
        case "hash":
            computed = [hashlib.new(scheme.algorithm, data, usedforsecurity=False).digest() for data in datas]
        case _:
            return ()
    return tuple(encode(value, scheme.encoding, upper=scheme.hex_upper) for value in computed)


def expected_signature(request: Request, scheme: Scheme, secret: Secret) -> bytes | None:
    """What the signature would have to be for `secret`, encoded; None where it cannot be computed."""
    return next(iter(expected_signatures(Reading(request), scheme, secret, Context())), None)


def _with_tolerance(scheme: Scheme, tolerance_s: int) -> Scheme:
    from msgspec.structs import replace as replaced

    timestamp = scheme.timestamp
    return scheme if timestamp is None else replaced(scheme, timestamp=replaced(timestamp, tolerance_s=tolerance_s))


def _digest_name(scheme: Scheme, found: object) -> str | None:
    """The digest to use; None where the request names one that the scheme does not allow."""
    if scheme.algorithm != "from-prefix":
        return scheme.algorithm or "sha256"
    named = found.digest if isinstance(found, Found) else ""
    return named if named in scheme.algorithms else None


def _check_hmac(reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context) -> Outcome:
    name = _digest_name(scheme, found)
    if name is None:
        return UnexpectedAlgorithm(found.digest[:40])
    digest = digest_named(name)
    if digest is None:
        return CannotBeChecked("algorithm-not-available", name)
    return _check_computed(reading, scheme, secrets, found, context, lambda key, data: _hmac(digest, key, data))


def _hmac(digest: Digest, key: bytes, data: Body) -> bytes:
    return digest.hmac(key, data)


def _check_hash(reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context) -> Outcome:
    digest = digest_named(scheme.algorithm)
    if digest is None:
        return CannotBeChecked("algorithm-not-available", scheme.algorithm)
    return _check_computed(
        reading,
        scheme,
        secrets,
        found,
        context,
        lambda _key, data: hashlib.new(digest.name, data, usedforsecurity=False).digest(),
    )


def _check_computed(
    reading: Reading,
    scheme: Scheme,
    secrets: Sequence[Secret],
    found: Found,
    context: Context,
    compute: Callable[[bytes, Body], bytes],
) -> Outcome:
    """Compare every signature that was sent with what every secret gives for every form of the content."""
    values = collect_values(reading, scheme, found)
    if not isinstance(values, Mapping):
        return values
    received = [s for text in found.signatures if (s := decode(text, scheme.encoding)) is not None]
    if not received:
        return MalformedHeader(found.where)
    if scheme.timestamp is not None and (unread := check_form(reading, scheme.timestamp, values)) is not None:
        return unread
    datas = () if uses_secret(scheme) else contents(reading, scheme, values)
    malformed = ""
    for secret in secrets:
        try:
            key = key_from(secret.value, scheme.secret)
        except SecretMalformed:
            malformed = malformed or secret.label
            continue
        for data in datas or contents(reading, scheme, values, key):
            expected = compute(key, data)
            if any([hmac.compare_digest(expected, signature) for signature in received]):
                return _bound_and_fresh(reading, scheme, values, context, secret.label)
    return CannotBeChecked("secret-malformed", malformed) if malformed else Mismatch(found.where)


def _bound_and_fresh(reading: Reading, scheme: Scheme, values: Values, context: Context, label: str) -> Outcome:
    """The signature is right: is the body the one that a signed digest names, and is the time near enough?"""
    if (bound := scheme.body_digest) is not None:
        sent = reading.query_parameter(bound.name)
        expected = encode(hashlib.new(bound.digest, reading.request.body).digest(), bound.encoding)
        if sent is None or not hmac.compare_digest(sent.lower() if bound.encoding == "hex" else sent, expected):
            return BodyHashMismatch(bound.name)
    if scheme.timestamp is not None:
        late = check_time(reading, scheme.timestamp, values, context.now, label)
        if late is not None:
            return late
    return Verified(label)


def _check_asymmetric(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context
) -> Outcome:
    values = collect_values(reading, scheme, found)
    if not isinstance(values, Mapping):
        return values
    return _check_public(
        reading, scheme, secrets, found.where, found.signatures, contents(reading, scheme, values), values, context
    )


def _check_public(
    reading: Reading,
    scheme: Scheme,
    secrets: Sequence[Secret],
    where: str,
    texts: Sequence[bytes],
    datas: Sequence[Body],
    values: Values,
    context: Context,
) -> Outcome:
    received = [s for text in texts if (s := decode(text, scheme.encoding)) is not None]
    if not received:
        return MalformedHeader(where)
    if scheme.timestamp is not None and (unread := check_form(reading, scheme.timestamp, values)) is not None:
        return unread
    candidates = [*secrets, *(Secret(name, text) for name, text in context.material.items())]
    if not candidates:
        return CannotBeChecked("key-not-available")
    problem: Outcome | None = None
    for secret in candidates:
        try:
            for key in _keys(secret.value, scheme):
                if any(verifies(key, scheme.algorithm, sig, data) for sig in received for data in datas):
                    return _bound_and_fresh(reading, scheme, values, context, secret.label)
        except (SecretMalformed, WrongKind):
            problem = CannotBeChecked("secret-malformed", secret.label)
    return problem or Mismatch(where)


def _keys(text: str, scheme: Scheme) -> Sequence[object]:
    """The keys of a pasted secret: one, or those of a JWK set that are of the algorithm's kind."""
    if not text.lstrip().startswith("{"):
        return (public_key(text, scheme.secret),)
    import json

    try:
        document = json.loads(text)
        jwks = document.get("keys", [document])
    except (ValueError, AttributeError, RecursionError):
        raise SecretMalformed("not a JWK set") from None
    kinds = {"ed25519": "OKP", "ecdsa": "EC", "rsa": "RSA"}
    wanted = kinds.get(scheme.algorithm.partition("-")[0])
    fitting = [jwk for jwk in jwks if isinstance(jwk, dict) and jwk.get("kty") == wanted]
    return [public_key(json.dumps(jwk), scheme.secret) for jwk in fitting[:50]]


def _check_token(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context
) -> Outcome:
    for secret in secrets:
        wanted = secret.value.encode("utf-8", "surrogateescape")
        if any([hmac.compare_digest(wanted, text) for text in found.signatures]):
            return Verified(secret.label)
    return TokenMismatch(found.where)


def _check_bearer(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context
) -> Outcome:
    """A bearer token (RFC 6750, 2.1) in a header of its own or behind the scheme's name."""
    tokens = tuple(t[7:].strip() if t[:7].lower() == b"bearer " else b"" for t in found.signatures)
    if scheme.signature is not None and scheme.signature.format == "prefix":
        tokens = tuple(found.signatures)
    if not any(tokens):
        return MalformedHeader(found.where)
    return _check_token(reading, scheme, secrets, replace(found, signatures=tokens), context)


def _check_basic(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context
) -> Outcome:
    """HTTP Basic (RFC 7617); the secret is `user:password`."""
    kind, _, text = found.signatures[0].partition(b" ") if scheme.signature and scheme.signature.format == "raw" else (
        b"basic", b"", found.signatures[0]
    )  # fmt: skip
    try:
        credentials = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return MalformedHeader(found.where)
    if kind.lower() != b"basic" or b":" not in credentials:
        return MalformedHeader(found.where)
    return _check_token(reading, scheme, secrets, replace(found, signatures=(credentials,)), context)


def _check_message(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], _found: Found, context: Context
) -> Outcome:
    return check_message_signature(reading, scheme, secrets, context)


def _check_sns(reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context) -> Outcome:
    return check_sns(reading, scheme, tuple(secrets), found.signatures[0], context)


def _check_plugin(
    reading: Reading, scheme: Scheme, secrets: Sequence[Secret], found: Found, context: Context
) -> Outcome:
    texts: Sequence[bytes] = found.signatures
    if scheme.plugin == "ebay-signature":
        parsed = ebay_header(texts[0])
        if parsed is None:
            return MalformedHeader(found.where)
        texts = (parsed[0],)
    if scheme.plugin == "ms-hmac-auth":
        parameters = hmac_parameters(texts[0])
        if parameters is None or "Signature" not in parameters:
            return MalformedHeader(found.where)
        texts = (parameters["Signature"],)
    try:
        content = CONTENTS[scheme.plugin](reading, context.parameters)
    except ParameterMissing as missing:
        return CannotBeChecked("parameter-missing", str(missing))
    except KeyError:
        return CannotBeChecked("kind-not-available", scheme.plugin)
    if scheme.secret.type == "shared":
        outcome = _check_computed(
            reading, scheme, secrets, replace(found, signatures=texts), context,
            lambda key, _data: hmac.digest(key, content, scheme.algorithm),
        )  # fmt: skip
    else:
        if scheme.plugin == "paypal-cert" and not secrets:
            address = (reading.header(scheme.secret.header) or b"").decode("latin-1")
            if not trusted_address(address, scheme.secret.host_pattern or r"(.+\.)?paypal\.com"):
                return UntrustedCertificate(address[:200])
            if address not in context.material:
                return CannotBeChecked("key-not-available", address[:200])
        outcome = _check_public(reading, scheme, secrets, found.where, texts, (content,), {}, context)
    if scheme.plugin == "ms-hmac-auth" and isinstance(outcome, Verified) and not body_digest_fits(reading):
        return BodyHashMismatch("x-ms-content-sha256")
    return outcome


_KINDS: dict[str, _Check] = {
    "hmac": _check_hmac,
    "hash": _check_hash,
    "asymmetric": _check_asymmetric,
    "token": _check_token,
    "bearer": _check_bearer,
    "basic": _check_basic,
    "jwt": check_jwt,
    "http-message-signatures": _check_message,
    "sns": _check_sns,
    "plugin": _check_plugin,
}
