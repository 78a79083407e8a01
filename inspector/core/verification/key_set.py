"""Sets of keys (RFC 7517) as people paste them and providers publish them: which keys of one a check may use."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.public_key import PublicKey, is_der, public_key
from inspector.core.verification.scheme import SecretReading

MAX_KEYS = 50
"""So many keys of one set are read."""


class SetKey(Struct, frozen=True):
    """One key of a set, with the id and the algorithm that the set gives it; empty where it gives none."""

    id: str
    algorithm: str
    key: PublicKey


def keys_in(text: str, reading: SecretReading, key_id: str = "", algorithm: str = "") -> Sequence[PublicKey]:
    """The keys of `text` that may have signed: the one that it is, or those of a set that fit id and algorithm.

    A key to which its set gives no id may have any. Without `key_id` all count. Raises SecretMalformed.
    """
    if not text.lstrip().startswith("{"):
        return (public_key(text, reading),)
    return [
        each.key
        for each in _key_set(text, reading)
        if (not key_id or not each.id or each.id == key_id) and (not algorithm or each.algorithm in ("", algorithm))
    ]


@lru_cache(maxsize=256)
def is_public(text: str) -> bool:
    """Whether `text` is plainly a public key or a set of them: everybody may know it, so it is no shared secret.

    32 bytes in hex or base64 can be either and count as a secret.
    """
    stripped = text.strip()
    if stripped.startswith("-----"):
        return True
    if stripped.startswith("{"):
        return any(jwk.get("kty") in ("RSA", "EC", "OKP") for jwk in _jwks(stripped) or ())
    return is_der(stripped)


@lru_cache(maxsize=64)
def _key_set(text: str, reading: SecretReading) -> Sequence[SetKey]:
    """The keys of a set that this machine can read. Raises SecretMalformed where there is none."""
    found = []
    for jwk in (_jwks(text) or ())[:MAX_KEYS]:
        if jwk.get("use", "sig") != "sig":
            continue
        try:
            key = public_key(json.dumps(jwk), reading)
        except SecretMalformed:
            continue  # a key of a kind that nobody here knows does not spoil the others
        found.append(SetKey(_text(jwk, "kid"), _text(jwk, "alg"), key))
    if not found:
        raise SecretMalformed("no key in the set")
    return tuple(found)


def _jwks(text: str) -> list[dict[str, Any]] | None:
    """The members of a set, or the single key, as they are written; None where this is no set."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    keys = document.get("keys", [document]) if isinstance(document, dict) else None
    return [jwk for jwk in keys if isinstance(jwk, dict)] if isinstance(keys, list) else None


def _text(jwk: dict[str, Any], name: str) -> str:
    value = jwk.get(name)
    return value if isinstance(value, str) else ""
