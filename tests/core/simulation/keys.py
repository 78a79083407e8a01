"""Private keys of every kind, made once: making one of RSA takes a while."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.core.simulation.secret_form import KeyKind, key_kind, public_text, shared_secret
from inspector.core.verification.scheme import Scheme

TOKEN = bytes(range(200, 248))


@cache
def private_pem(kind: KeyKind) -> str:
    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    match kind:
        case "ed25519":
            key = ed25519.Ed25519PrivateKey.generate()
        case "ec":
            key = ec.generate_private_key(ec.SECP256R1())
        case _:
            key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def secret_pair(scheme: Scheme) -> tuple[str, str]:
    """What signs, and what a handler with this scheme is given: the same where the secret is shared."""
    if kind := key_kind(scheme):
        return private_pem(kind), public_text(private_pem(kind), scheme)
    return (shared_secret(scheme, TOKEN),) * 2
