"""What a secret of a scheme looks like, for one that is made here, and the public key of a private one."""

import base64
import re
from collections.abc import Iterator
from typing import Literal

from inspector.core.verification.scheme import Scheme

type KeyKind = Literal["", "ed25519", "ec", "rsa"]

_KEYS: dict[str, KeyKind] = {
    "ed25519": "ed25519", "EdDSA": "ed25519", "ecdsa": "ec", "rsa": "rsa",
    "RS256": "rsa", "RS384": "rsa", "RS512": "rsa", "PS256": "rsa", "ES256": "ec",
}  # fmt: skip


def key_kind(scheme: Scheme) -> KeyKind:
    """The kind of private key that signs; empty where a shared secret does, or nothing."""
    if scheme.kind == "sns":
        return "rsa"
    if scheme.secret.type in ("shared", "shared-or-public", "user-password", "client-certificate"):
        return ""
    names = (scheme.algorithm.partition("-")[0], *(name.partition("-")[0] for name in scheme.algorithms))
    return next((_KEYS[name] for name in names if name in _KEYS), "")


def shared_secret(scheme: Scheme, token: bytes) -> str:
    """A secret of the form that the scheme wants, made of `token`: 32 bytes of chance or more."""
    if scheme.kind == "none":
        return ""
    if scheme.secret.type == "user-password":
        return f"simulator:{token[:16].hex()}"
    return next(text for text in _forms(scheme, token) if re.search(scheme.secret.pattern, text))


def public_text(private: str, scheme: Scheme) -> str:
    """The public key of the private one, as a handler with this scheme is given it. Raises SecretMalformed."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # slow to load

    from inspector.core.verification.public_key import private_key

    public = private_key(private).public_key()
    match scheme.secret.format:
        case "raw-hex":
            return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        case "raw-base64":
            raw = base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
            return (scheme.secret.strip_prefix or "") + raw
        case "der-base64":
            return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _forms(scheme: Scheme, token: bytes) -> Iterator[str]:
    """Texts to try, the likeliest first: the pattern decides."""
    reading = scheme.secret
    prefix = reading.strip_prefix
    if not prefix and (literal := re.match(r"\^([A-Za-z_]+)(?![\[{*+?.])", reading.pattern)):
        prefix = literal[1]
    match reading.decode:
        case "hex":
            yield prefix + token[:32].hex()
        case "base64":
            yield prefix + base64.b64encode(token[:32]).decode()
        case _:
            yield prefix + token[:24].hex()
    yield token[:16].hex()
    yield token[:32].hex()
    yield (token[:32].hex() * 4)[:64]
    yield prefix + base64.b64encode(token[:32]).decode()
