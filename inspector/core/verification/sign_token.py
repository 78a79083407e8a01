"""Make the token that `check_jwt` accepts for a request."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.exceptions import PyJWTError

from inspector.core.verification.draft import CannotSign
from inspector.core.verification.encodings import encode
from inspector.core.verification.jwt import ALGORITHMS, CONFIGURED, claim_digest, claim_subject
from inspector.core.verification.key import key_from
from inspector.core.verification.public_key import private_key
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Claims, Scheme
from inspector.core.verification.secret import Secret

LIFETIME_S = 300


def sign_token(
    reading: Reading, scheme: Scheme, secret: Secret, issued_at: int, parameters: Mapping[str, str]
) -> bytes:
    """A token for this request, good for five minutes, signed with a shared secret or a private key."""
    name, key = _signer(scheme, secret)
    header = {"alg": name, "typ": "JWT", **({"kid": parameters["key_id"]} if "key_id" in parameters else {})}
    payload = _payload(reading, scheme.claims or Claims(), issued_at, parameters)
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, payload)]
    signed = b".".join(encode(part, "base64url") for part in parts)
    try:
        return signed + b"." + encode(ALGORITHMS[name].sign(signed, key), "base64url")
    except (PyJWTError, ValueError, TypeError):
        raise CannotSign(f"the key does not fit {name}") from None


def _signer(scheme: Scheme, secret: Secret) -> tuple[str, Any]:
    """The algorithm and its key: a shared secret where the scheme has one, else the private key decides."""
    accepted = scheme.algorithms or ("HS256",)
    if not secret.value.lstrip().startswith("-----"):
        if (shared := next((name for name in accepted if name.startswith("HS")), None)) is None:
            raise CannotSign("only a private key can sign this token")
        return shared, key_from(secret.value, scheme.secret)
    key = private_key(secret.value)
    kinds = {"RS": rsa.RSAPrivateKey, "ES": ec.EllipticCurvePrivateKey, "PS": rsa.RSAPrivateKey}
    for name in accepted:
        if (kind := kinds.get(name[:2])) is not None and isinstance(key, kind):
            return name, key
    raise CannotSign(f"the key fits none of {', '.join(accepted)}")


def _payload(reading: Reading, claims: Claims, issued_at: int, parameters: Mapping[str, str]) -> dict[str, object]:
    payload: dict[str, object] = {"iat": issued_at, "nbf": issued_at, "exp": issued_at + LIFETIME_S}
    for key, wanted in (("iss", claims.iss), ("aud", claims.aud), ("email", claims.email)):
        if text := parameters.get(key, "") if CONFIGURED.fullmatch(wanted) else wanted:
            payload[key] = text
    for check in (claims.body_digest, claims.url_digest, claims.request_digest):
        if check is not None and not (check.absent_if_empty and not reading.request.body):
            payload[check.claim] = claim_digest(claim_subject(reading, check), check)
    if claims.url is not None:
        payload[claims.url.claim] = reading.url
    return payload
