"""The ways to verify that the form offers, each with the scheme that it begins with."""

from collections.abc import Mapping

from msgspec import structs
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.verification.digests import digest_named
from inspector.core.verification.scheme import (
    Claims,
    ContentDigest,
    Scheme,
    SecretReading,
    SignaturePlace,
)
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.texts import type_help, type_words

_BEARER = SignaturePlace(name="Authorization", format="prefix", prefix="Bearer ")

STARTS: Mapping[str, Scheme] = {
    **{each.id: each.scheme for each in TYPES if each.id != "none"},
    "hmac-encoded": Scheme("hmac", "sha256", "base64url", signature=SignaturePlace(name="Webhook-Signature")),
    "hash": Scheme("hash", "sha256", signature=SignaturePlace(name="X-Signature")),
    "asymmetric": Scheme(
        "asymmetric", "ed25519", signature=SignaturePlace(name="X-Signature"), secret=SecretReading(type="public-key")
    ),
    "bearer": Scheme("bearer", signature=_BEARER),
    "basic": Scheme(
        "basic",
        signature=SignaturePlace(name="Authorization", format="prefix", prefix="Basic "),
        secret=SecretReading(type="user-password"),
    ),
    "jwt": Scheme("jwt", signature=_BEARER, algorithms=("HS256",), claims=Claims(exp=True)),
    "http-message-signatures": Scheme(
        "http-message-signatures",
        signature=SignaturePlace(name="Signature"),
        input="Signature-Input",
        algorithms=("hmac-sha256",),
        required_components=("@method", "content-digest"),
        content_digest=ContentDigest(),
    ),
    "none": Scheme("none"),
}
"""By the kind's identifier. What else there is comes with its preset only."""

_WORDS = {
    "hmac-encoded": QT_TRANSLATE_NOOP("Kinds", "HMAC, encoded otherwise"),
    "hash": QT_TRANSLATE_NOOP("Kinds", "Digest with the secret inside"),
    "asymmetric": QT_TRANSLATE_NOOP("Kinds", "Public key (Ed25519, ECDSA, RSA)"),
    "bearer": QT_TRANSLATE_NOOP("Kinds", "Bearer token"),
    "basic": QT_TRANSLATE_NOOP("Kinds", "User and password (Basic)"),
    "jwt": QT_TRANSLATE_NOOP("Kinds", "JSON Web Token"),
    "http-message-signatures": QT_TRANSLATE_NOOP("Kinds", "HTTP Message Signatures (RFC 9421)"),
    "sns": QT_TRANSLATE_NOOP("Kinds", "Amazon SNS"),
    "plugin": QT_TRANSLATE_NOOP("Kinds", "The provider’s own way"),
    "mtls": QT_TRANSLATE_NOOP("Kinds", "Client certificate (TLS)"),
}
_HELP = {
    "hmac-encoded": QT_TRANSLATE_NOOP("Kinds", "An HMAC in base64url or in two encodings."),
    "hash": QT_TRANSLATE_NOOP("Kinds", "A plain digest of a text that has the secret in it: {secret}{body}."),
    "asymmetric": QT_TRANSLATE_NOOP("Kinds", "The sender signs with a private key; you paste the public one."),
    "bearer": QT_TRANSLATE_NOOP("Kinds", "The Authorization header carries the secret behind “Bearer”."),
    "basic": QT_TRANSLATE_NOOP("Kinds", "The Authorization header carries user and password."),
    "jwt": QT_TRANSLATE_NOOP("Kinds", "The header carries a signed token whose claims are checked."),
    "http-message-signatures": QT_TRANSLATE_NOOP("Kinds", "Chosen parts of the request are signed."),
    "sns": QT_TRANSLATE_NOOP("Kinds", "The message is signed with the key of Amazon’s certificate."),
    "plugin": QT_TRANSLATE_NOOP("Kinds", "What is signed is built by code of this program."),
    "mtls": QT_TRANSLATE_NOOP("Kinds", "The sender shows a certificate when it connects."),
}


def kind_of(scheme: Scheme) -> str:
    """The identifier of the way in which `scheme` verifies."""
    if scheme.kind != "hmac":
        return scheme.kind
    return {"base64": "base64-hmac", "hex": "hmac"}.get(scheme.encoding, "hmac-encoded")


def begun_as(kind: str, before: Scheme) -> Scheme:
    """The scheme that this kind begins with, after another one: a header that was typed there stays."""
    start = STARTS[kind]
    old, new, usual = before.signature, start.signature, STARTS.get(kind_of(before))
    if old is None or new is None or not old.place == new.place == "header" or not old.name:
        return start
    typed = usual is None or usual.signature is None or old.name != usual.signature.name
    if not typed or kind in ("bearer", "basic", "jwt"):
        return start
    return structs.replace(start, signature=structs.replace(new, name=old.name))


def kind_words(kind: str) -> str:
    """What a person calls it."""
    return QCoreApplication.translate("Kinds", str(_WORDS[kind])) if kind in _WORDS else type_words(kind)


def kind_help(kind: str) -> str:
    """What it does, in a sentence."""
    return QCoreApplication.translate("Kinds", str(_HELP[kind])) if kind in _HELP else type_help(kind)


def verification_words(scheme: Scheme) -> str:
    """How `scheme` verifies, in a few words: `HMAC (hex), sha256, X-Hub-Signature-256`."""
    if scheme.kind == "none":
        return QCoreApplication.translate("Kinds", "Verifies everything")
    place, algorithm = scheme.signature, scheme.algorithm
    if scheme.kind in ("hmac", "hash") and algorithm != "from-prefix" and digest_named(algorithm) is None:
        algorithm = QCoreApplication.translate("Kinds", "{algorithm} (not on this machine)").format(algorithm=algorithm)
    facts = (kind_words(kind_of(scheme)), algorithm, (place.name or place.path) if place else "")
    return ", ".join(fact for fact in facts if fact)
