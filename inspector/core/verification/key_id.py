"""Which key of a published set a request says it was signed with, and whether the set that is at hand has it."""

import json
from functools import lru_cache

from inspector.core.verification.encodings import decode
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.signatures import Found, find_signatures

LONGEST_ID = 500
LONGEST_HEAD = 8_192
"""A token's header with more bytes names no key."""


def named_key(reading: Reading, scheme: Scheme) -> str:
    """The id of the key in a token's header (RFC 7515, 4.1.4), or in the header that the scheme names; else empty."""
    if scheme.secret.by:
        value = reading.header(scheme.secret.by)
        return "" if value is None else value[:LONGEST_ID].decode("latin-1")
    if scheme.kind != "jwt" or scheme.signature is None:
        return ""
    found = find_signatures(reading, scheme.signature)
    if not isinstance(found, Found):
        return ""
    text = found.signatures[0][: LONGEST_HEAD + 1].partition(b".")[0]
    head = decode(text, "base64url") if len(text) <= LONGEST_HEAD else None
    try:
        kid = json.loads(head or b"")["kid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return kid[:LONGEST_ID] if isinstance(kid, str) else ""


def lacks(text: str, key_id: str) -> bool:
    """Whether `text` is a set of keys with ids (RFC 7517), and this id is none of them."""
    known = _ids(text)
    return bool(key_id and known) and key_id not in known


@lru_cache(maxsize=64)
def _ids(text: str) -> frozenset[str]:
    try:
        keys = json.loads(text)["keys"]
        return frozenset(str(key["kid"]) for key in keys if "kid" in key)
    except (ValueError, KeyError, TypeError, RecursionError):
        return frozenset()
