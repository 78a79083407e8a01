"""Public and private keys as users paste them, and signatures made with them."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509 import load_pem_x509_certificate

from inspector.core.request import Body
from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.scheme import SecretReading

type PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
type PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_HASHES: dict[str, Any] = {
    "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512,
}  # fmt: skip
_CURVES = {"ecdsa-p256": "secp256r1", "ecdsa-p384": "secp384r1", "ecdsa-p521": "secp521r1"}
_PADDINGS: dict[str, Callable[[Any], Any]] = {
    "rsa-pkcs1": lambda _: padding.PKCS1v15(),
    "rsa-pss": lambda digest: padding.PSS(padding.MGF1(digest), digest.digest_size),
}


_ARMOUR = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)([A-Za-z0-9+/=\s]*)(-----END [A-Z0-9 ]+-----)(.*)", re.DOTALL)


class WrongKind(ValueError):
    """The key is not of the kind that the algorithm needs; the message names both."""


@lru_cache(maxsize=512)
def public_key(text: str, reading: SecretReading) -> PublicKey:
    """The public key that `text` stands for: PEM (key or certificate), DER or raw bytes in base64 or hex.

    Whatever form the scheme names, the text is read by what it looks like: people paste what they are given.
    Raises SecretMalformed.
    """
    stripped = text.strip()
    for prefix in (reading.strip_prefix, *reading.strip_prefix_alt):
        if prefix and stripped.startswith(prefix):
            stripped = stripped.removeprefix(prefix)
            break
    try:
        key = _public_key(stripped)
    except (ValueError, UnsupportedAlgorithm, TypeError, KeyError, AttributeError, RecursionError):
        key = None
    if isinstance(key, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return key
    raise SecretMalformed("not a public key")


@lru_cache(maxsize=64)
def private_key(text: str) -> PrivateKey:
    """The private key in PEM, or 32 raw bytes of Ed25519 in hex or base64. Raises SecretMalformed."""
    stripped = text.strip()
    try:
        if stripped.startswith("-----"):
            key: object = serialization.load_pem_private_key(pem(stripped), password=None)
        else:
            key = ed25519.Ed25519PrivateKey.from_private_bytes(_bytes(stripped)[:32])
    except (ValueError, binascii.Error, UnsupportedAlgorithm, TypeError):
        key = None
    if isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        return key
    raise SecretMalformed("not a private key")


def is_known(algorithm: str) -> bool:
    """Whether signatures of this algorithm can be checked here."""
    kind, digest, raw = _parts(algorithm)
    if kind == "ed25519":
        return not raw
    return digest in _HASHES and (kind in _CURVES or (kind in _PADDINGS and not raw))


def verifies(key: PublicKey, algorithm: str, signature: bytes, content: Body) -> bool:
    """Whether `signature` over `content` is of `key`'s owner. Raises WrongKind where the key does not fit.

    `algorithm` is `ed25519`, `ecdsa-p256-<digest>` (DER; other curves alike), the same with `-raw` (the two numbers
    side by side), `rsa-pkcs1-<digest>` or `rsa-pss-<digest>`.
    """
    kind, digest, raw = _known_parts(algorithm)
    data = bytes(content)
    try:
        match key:
            case ed25519.Ed25519PublicKey() if kind == "ed25519":
                key.verify(signature, data)
            case ec.EllipticCurvePublicKey() if key.curve.name == _CURVES.get(kind):
                key.verify(_as_der(signature, key) if raw else signature, data, ec.ECDSA(_HASHES[digest]()))
            case rsa.RSAPublicKey() if kind in _PADDINGS:
                key.verify(signature, data, _PADDINGS[kind](_HASHES[digest]()), _HASHES[digest]())
            case _:
                raise WrongKind(f"{algorithm} needs another kind of key")
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def signed(key: PrivateKey, algorithm: str, content: Body) -> bytes:
    """The signature of `content`. Raises WrongKind where the key does not fit the algorithm."""
    kind, digest, raw = _known_parts(algorithm)
    data = bytes(content)
    match key:
        case ed25519.Ed25519PrivateKey() if kind == "ed25519":
            return key.sign(data)
        case ec.EllipticCurvePrivateKey() if key.curve.name == _CURVES.get(kind):
            der = key.sign(data, ec.ECDSA(_HASHES[digest]()))
            return _side_by_side(der, key) if raw else der
        case rsa.RSAPrivateKey() if kind in _PADDINGS:
            return key.sign(data, _PADDINGS[kind](_HASHES[digest]()), _HASHES[digest]())
    raise WrongKind(f"{algorithm} needs another kind of key")


def pem(text: str) -> bytes:
    """PEM with its lines, which it loses on the way through one-line fields: to spaces, to `\\n`, or altogether."""
    text = text.replace("\\n", "\n")
    found = _ARMOUR.match(text)
    if found is None:
        return text.encode()
    digits = "".join(found[2].split())
    lines = [digits[start : start + 64] for start in range(0, len(digits), 64)]
    return "\n".join((found[1], *lines, found[3], found[4])).encode()


def is_der(text: str) -> bool:
    """Whether `text` is a public key in DER, written in base64 or hex."""
    try:
        return bool(serialization.load_der_public_key(_bytes(text)))
    except (ValueError, UnsupportedAlgorithm, TypeError):
        return False


def _public_key(text: str) -> object:
    if text.startswith("-----BEGIN CERTIFICATE"):
        return load_pem_x509_certificate(pem(text)).public_key()
    if text.startswith("-----"):
        return serialization.load_pem_public_key(pem(text))
    if text.startswith("{"):
        return _from_jwk(json.loads(text))
    data = _bytes(text)
    if len(data) == 32:
        return ed25519.Ed25519PublicKey.from_public_bytes(data)
    return serialization.load_der_public_key(data)


def _from_jwk(jwk: dict[str, Any]) -> object:
    from jwt import PyJWK, PyJWTError

    try:
        return PyJWK(jwk).key
    except PyJWTError:
        raise ValueError("not a JWK") from None


def _bytes(text: str) -> bytes:
    compact = "".join(text.split())
    try:
        return bytes.fromhex(compact)
    except ValueError:
        padded = compact.rstrip("=")
        return base64.b64decode(
            padded + "=" * (-len(padded) % 4), altchars=b"-_" if "-" in padded or "_" in padded else None, validate=True
        )


def _parts(algorithm: str) -> tuple[str, str, bool]:
    """Kind of key, digest, and whether an ECDSA signature is the two numbers side by side."""
    name = algorithm.removesuffix("-raw")
    kind, digest = name.rpartition("-")[::2] if "-" in name else (name, "")
    return kind, digest, name != algorithm


def _known_parts(algorithm: str) -> tuple[str, str, bool]:
    if not is_known(algorithm):
        raise WrongKind(f"{algorithm} is not known")
    return _parts(algorithm)


def _as_der(signature: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """The signature in DER; its two numbers stand side by side (IEEE P1363)."""
    half = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * half:
        return b""
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


def _side_by_side(der: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    half = (key.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(half) for number in decode_dss_signature(der))
