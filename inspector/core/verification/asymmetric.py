"""Signatures that the sender makes with a private key and we check with the public one: Ed25519, ECDSA, RSA."""

import json
from collections.abc import Sequence

from inspector.core.request import Body
from inspector.core.verification.check import Check, Received, accepted, receive
from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.material import fetched_keys
from inspector.core.verification.outcome import CannotBeChecked, Mismatch, Outcome
from inspector.core.verification.public_key import PublicKey, WrongKind, public_key, verifies
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.signed_content import contents

MAX_KEYS = 50
"""So many keys of one set are tried."""

_JWK_TYPES = {"ed25519": "OKP", "ecdsa": "EC", "rsa": "RSA"}


def check_asymmetric(check: Check, datas: Sequence[Body] = ()) -> Outcome:
    """Say whether the owner of one of the keys, configured or fetched, signed the content.

    `datas` are the contents where no template describes them.
    """
    received = receive(check)
    if not isinstance(received, Received):
        return received
    datas = datas or contents(check.reading, check.scheme, received.values)
    key_id = _key_id(check)
    candidates = [*check.secrets, *fetched_keys(check, key_id)]
    if not candidates:
        return CannotBeChecked("key-not-available", key_id[:200])
    problem: Outcome | None = None
    for secret in candidates:
        try:
            for key in _keys(secret.value, check.scheme):
                if _any_verifies(key, check.scheme, received, datas):
                    return accepted(check, received.values, secret.label)
        except (SecretMalformed, WrongKind):
            problem = CannotBeChecked("secret-malformed", secret.label)
    return problem or Mismatch(check.found.where)


def _key_id(check: Check) -> str:
    """The id of the key, where the signature or a header names it."""
    name = check.scheme.secret.by
    value = check.found.item("kid") or (check.reading.header(name) if name else None) or b""
    return value.decode("latin-1")


def _any_verifies(key: PublicKey, scheme: Scheme, received: Received, datas: Sequence[Body]) -> bool:
    return any(verifies(key, scheme.algorithm, s, data) for s in received.signatures for data in datas)


def _keys(text: str, scheme: Scheme) -> Sequence[PublicKey]:
    """The keys of a pasted secret: one, or those of a JWK set that are of the algorithm's kind."""
    if not text.lstrip().startswith("{"):
        return (public_key(text, scheme.secret),)
    try:
        document = json.loads(text)
        jwks = document.get("keys", [document])
    except (ValueError, AttributeError, RecursionError):
        raise SecretMalformed("not a JWK set") from None
    wanted = _JWK_TYPES.get(scheme.algorithm.partition("-")[0])
    if not isinstance(jwks, list):
        raise SecretMalformed("not a JWK set")
    fitting = [jwk for jwk in jwks if isinstance(jwk, dict) and jwk.get("kty") == wanted]
    return [public_key(json.dumps(jwk), scheme.secret) for jwk in fitting[:MAX_KEYS]]
