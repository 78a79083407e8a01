"""HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import http_sf
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from http_message_signatures import HTTPMessageSignaturesException, HTTPSignatureComponentResolver, algorithms
from http_sf.compat import InnerList, Item

from inspector.core.verification.check import Check
from inspector.core.verification.context import Context
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.key_set import is_public, keys_in
from inspector.core.verification.material import fetched_keys
from inspector.core.verification.outcome import (
    BodyHashMismatch,
    CannotBeChecked,
    MalformedHeader,
    MalformedTimestamp,
    Mismatch,
    MissingHeader,
    MissingTimestamp,
    Outcome,
    Stale,
    UnexpectedAlgorithm,
    Verified,
)
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import ContentDigest, Scheme, TimestampCheck
from inspector.core.verification.timestamp import compare_time, moment_at

ALGORITHMS: dict[str, type[algorithms.HTTPSignatureAlgorithm]] = {
    "hmac-sha256": algorithms.HMAC_SHA256,
    "ed25519": algorithms.ED25519,
    "ecdsa-p256-sha256": algorithms.ECDSA_P256_SHA256,
    "ecdsa-p384-sha384": algorithms.ECDSA_P384_SHA384,
    "rsa-pss-sha512": algorithms.RSA_PSS_SHA512,
    "rsa-v1_5-sha256": algorithms.RSA_V1_5_SHA256,
}
MAX_HEADER_BYTES = 64 * 1024
"""A longer header is not parsed: real ones have a few hundred bytes."""

MAX_SIGNATURES = 20
"""So many signatures of one message are tried."""

_component_resolver: Any = HTTPSignatureComponentResolver  # the library has no types for it
_DIGESTS = {"sha-256": "sha256", "sha-512": "sha512"}
_DEFAULT_DIGEST = ContentDigest()


@dataclass(frozen=True, slots=True)
class _Message:
    """The request in the shape that the library reads: text headers, joined as it joins them."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of the message: its label, what it covers in order, its parameters, its bytes."""

    label: str
    components: Sequence[Item]
    parameters: Mapping[str, Any]
    signature: bytes


def check_message_signature(check: Check) -> Outcome:
    """Say whether one of the message's signatures verifies, covers what it must, and is fresh."""
    reading, scheme = check.reading, check.scheme
    input_name = scheme.input or "Signature-Input"
    name = scheme.signature.name if scheme.signature else "Signature"
    for header in (input_name, name):
        value = reading.header(header)
        if not value:
            return MissingHeader(header)
        if len(value) > MAX_HEADER_BYTES:
            return MalformedHeader(header)
    signatures = _signatures(reading, input_name, name)
    if not signatures:
        return MalformedHeader(name)
    worst: Outcome = Mismatch(name)
    for signed in signatures:
        outcome = _check_one(check, signed, name)
        if isinstance(outcome, Verified):
            return outcome
        if not isinstance(outcome, Mismatch):
            worst = outcome
    return worst


def signature_base(reading: Reading, signed: Signed) -> bytes | None:
    """The signature base (RFC 9421, 2.5); None where a covered component is absent."""
    message = _Message(reading.request.method, reading.url, _joined_headers(reading))
    try:
        resolver: Any = _component_resolver(message)
        lines = [f"{component}: {resolver.resolve(component)}" for component in signed.components]
    except (HTTPMessageSignaturesException, ValueError, KeyError, TypeError):
        return None
    parameters = InnerList(list(signed.components))
    parameters.params.update(signed.parameters)
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode("latin-1", "replace")


def _check_one(check: Check, signed: Signed, name: str) -> Outcome:
    reading, scheme = check.reading, check.scheme
    covered = {str(component.value) for component in signed.components}
    for component in scheme.required_components:
        if component not in covered:
            return MissingHeader(component)
    named = signed.parameters.get("alg")
    if named is not None and named not in scheme.algorithms:
        return UnexpectedAlgorithm(str(named)[:40])
    base = signature_base(reading, signed)
    if base is None:
        absent = (part for part in covered if not part.startswith("@") and reading.header(part) is None)
        return MissingHeader(gone) if (gone := min(absent, default="")) else Mismatch(name)
    label = _signer(check, base, signed)
    if not isinstance(label, str):
        return label or Mismatch(name)
    if "content-digest" in covered and not _digest_fits(reading, scheme.content_digest or _DEFAULT_DIGEST):
        return BodyHashMismatch((scheme.content_digest or _DEFAULT_DIGEST).header)
    return _wrong_time(signed, scheme.timestamp, check.context, label) or Verified(label)


def _signer(check: Check, base: bytes, signed: Signed) -> str | Outcome | None:
    """The label of the secret or key that signed; None where none did."""
    key_id, named = signed.parameters.get("keyid"), signed.parameters.get("alg")
    key_id = key_id if isinstance(key_id, str) else ""
    fetched = fetched_keys(check, key_id)
    if not check.secrets and not fetched:
        return CannotBeChecked("key-not-available", key_id)
    useless = ""
    for secret in (*check.secrets, *fetched):
        tried = 0
        for name in [str(named)] if named else check.scheme.algorithms:
            for key in _keys(secret.value, check.scheme, name, key_id):
                tried += 1
                if _verifies(key, base, signed.signature):
                    return secret.label
        useless = useless or ("" if tried else secret.label)
    if not useless:
        return None
    return UnexpectedAlgorithm(str(named)[:40]) if named else CannotBeChecked("secret-malformed", useless)


def _keys(text: str, scheme: Scheme, name: str, key_id: str) -> Sequence[bytes | algorithms.HTTPSignatureAlgorithm]:
    """What `text` has to check the algorithm `name` with: bytes for HMAC, else keys ready to verify; none if none fits.

    Where a scheme takes secrets and public keys alike, what anybody can know never counts as a secret: else whoever
    has the public key could sign with it.
    """
    takes_secrets = "hmac-sha256" in scheme.algorithms
    public = is_public(text)
    try:
        if name == "hmac-sha256":
            return () if public else (key_from(text, scheme.secret),)
        if takes_secrets and not public:
            return ()
        algorithm: Any = ALGORITHMS[name]
        found = keys_in(text, scheme.secret, key_id)
    except (SecretMalformed, KeyError):
        return ()
    fitting = []
    for key in found:
        with suppress(HTTPMessageSignaturesException):  # a key of another kind
            fitting.append(algorithm(public_key=key))
    return fitting


def _verifies(key: bytes | algorithms.HTTPSignatureAlgorithm, base: bytes, signature: bytes) -> bool:
    if isinstance(key, bytes):
        return hmac.compare_digest(hmac.digest(key, base, "sha256"), signature)
    try:
        key.verify(signature=signature, message=base)
    except (HTTPMessageSignaturesException, InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _signatures(reading: Reading, input_name: str, name: str) -> Sequence[Signed]:
    try:
        inputs: Any = http_sf.parse(reading.header(input_name) or b"", tltype="dictionary")
        values: Any = http_sf.parse(reading.header(name) or b"", tltype="dictionary")
    except (ValueError, TypeError, AttributeError):
        return ()
    found = []
    for label, (members, parameters) in list(inputs.items())[:MAX_SIGNATURES]:
        signature = values.get(label, (None, None))[0]
        if isinstance(members, list) and isinstance(signature, bytes):
            found.append(Signed(label, [_item(*member) for member in members], parameters, signature))
    return found


def _item(value: Any, parameters: Any) -> Item:
    item = Item(value)
    item.params.update(parameters)
    return item


def _joined_headers(reading: Reading) -> Mapping[str, str]:
    joined: dict[str, str] = {}
    for name, value in reading.request.headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _digest_fits(reading: Reading, wanted: ContentDigest) -> bool:
    """Whether every digest of a known algorithm in the header is the body's, and there is one (RFC 9530, 2)."""
    try:
        named: Any = http_sf.parse(reading.header(wanted.header) or b"", tltype="dictionary")
    except (ValueError, TypeError):
        return False
    checked = [
        hmac.compare_digest(hashlib.new(_DIGESTS[name], reading.request.body).digest(), value[0])
        for name, value in named.items()
        if name in wanted.algorithms and name in _DIGESTS and isinstance(value[0], bytes)
    ]
    return bool(checked) and all(checked)


def _wrong_time(signed: Signed, check: TimestampCheck | None, context: Context, label: str) -> Outcome | None:
    if check is None or context.now is None:
        return None
    expires = signed.parameters.get(check.expires or "expires")
    if isinstance(expires, int) and (end := moment_at(expires)) is not None and context.now > end:
        return Stale("expires", context.now - end, end - end, label)
    created = signed.parameters.get(check.value)
    if created is None:
        return MissingTimestamp(check.value) if check.tolerance_s is not None else None
    moment = moment_at(created) if isinstance(created, int) else None
    return MalformedTimestamp(check.value) if moment is None else compare_time(moment, check, context.now, label)


def content_digest(body: bytes | memoryview, algorithm: str = "sha-256") -> bytes:
    """The value of a Content-Digest header for `body`."""
    digest = hashlib.new(_DIGESTS[algorithm], body).digest()
    return f"{algorithm}=:{base64.b64encode(digest).decode()}:".encode()
