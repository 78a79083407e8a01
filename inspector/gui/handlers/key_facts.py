"""What is told of a key, a certificate or a set of keys: its kind, and the fingerprint to compare it by."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.public_key import PublicKey, pem, public_key
from inspector.core.verification.scheme import Scheme, SecretReading

PUBLIC_TYPES = frozenset(
    {"public-key", "jwks", "public-key-by-kid", "jwk-by-kid", "certificate-url", "client-certificate"}
)
"""Types of secret that are no secrets: there is nothing to mask, and they have several lines."""

_MOST_KEYS = 20


def is_public(scheme: Scheme) -> bool:
    """Whether the handler of this scheme keeps public keys rather than secrets."""
    return scheme.secret.type in PUBLIC_TYPES


def key_facts(text: str, reading: SecretReading) -> Sequence[str]:
    """A line for each key in `text`; empty where there is none that can be read."""
    stripped = text.strip()
    if stripped.startswith("{") and (keys := _jwks(stripped)):
        return [_jwk_line(key) for key in keys[:_MOST_KEYS]]
    try:
        key = public_key(text, reading)
    except SecretMalformed:
        return ()
    line = _tr(QT_TRANSLATE_NOOP("KeyFacts", "{kind}, SHA-256 {fingerprint}")).format(
        kind=_kind(key), fingerprint=_fingerprint(key)
    )
    return (line, *_certificate_lines(stripped))


def _jwks(text: str) -> Sequence[Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    keys = document.get("keys", [document]) if isinstance(document, dict) else []
    return [key for key in keys if isinstance(key, dict) and "kty" in key] if isinstance(keys, list) else []


def _jwk_line(key: Mapping[str, Any]) -> str:
    """The key's identifier and its thumbprint (RFC 7638)."""
    needed = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "oct": ("k", "kty")}
    members = {name: key.get(name, "") for name in needed.get(str(key["kty"]), ("kty",))}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return _tr(QT_TRANSLATE_NOOP("KeyFacts", "{kind} “{name}”, thumbprint {thumbprint}")).format(
        kind=str(key.get("crv") or key["kty"])[:20],
        name=str(key.get("kid", ""))[:80],
        thumbprint=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    )


def _kind(key: PublicKey) -> str:
    match key:
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ec.EllipticCurvePublicKey():
            return f"ECDSA {key.curve.name}"
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"


def _fingerprint(key: PublicKey) -> str:
    """In groups, so that it can be compared by eye and does not make a form wider than it is."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digits = hashlib.sha256(der).hexdigest()
    return " ".join(digits[place : place + 8] for place in range(0, len(digits), 8))


def _certificate_lines(text: str) -> Sequence[str]:
    if not text.startswith("-----BEGIN CERTIFICATE"):
        return ()
    certificate = x509.load_pem_x509_certificate(pem(text))
    return (
        _tr(QT_TRANSLATE_NOOP("KeyFacts", "Certificate of {subject}, valid {first} to {last}")).format(
            subject=certificate.subject.rfc4514_string()[:120],
            first=f"{certificate.not_valid_before_utc:%Y-%m-%d}",
            last=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        ),
    )


def _tr(text: object) -> str:
    return QCoreApplication.translate("KeyFacts", str(text))
