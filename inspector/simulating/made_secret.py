"""Secrets that are made on the spot: shared ones, and private keys with the public key that a handler is given."""

import secrets as randomness

from inspector.core.simulation.secret_form import key_kind, public_text, shared_secret
from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.scheme import Scheme
from inspector.simulating.simulation import CannotSimulate


def made_secret(scheme: Scheme) -> tuple[str, str]:
    """A secret of the form that the scheme wants, and what a handler is given: the same, or the public key of it.

    Takes a tenth of a second for RSA.
    """
    kind = key_kind(scheme)
    if not kind:
        text = shared_secret(scheme, randomness.token_bytes(48))
        return text, text
    private = _private_key(kind)
    return private, public_text(private, scheme)


def handlers_secret(scheme: Scheme, secret: str) -> str:
    """What a handler with this scheme is given for a secret that signs. Raises CannotSimulate."""
    if not key_kind(scheme):
        return secret
    try:
        return public_text(secret, scheme)
    except SecretMalformed:
        raise CannotSimulate("This is no private key, in PEM, that can be read.") from None


def _private_key(kind: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    match kind:
        case "ed25519":
            key = ed25519.Ed25519PrivateKey.generate()
        case "ec":
            key = ec.generate_private_key(ec.SECP256R1())
        case _:
            key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
