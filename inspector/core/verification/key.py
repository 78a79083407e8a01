"""How the stored text of a secret becomes the bytes of the key."""

import base64
import binascii
import hashlib
import unicodedata

from inspector.core.verification.scheme import SecretReading


class SecretMalformed(ValueError):
    """The stored text cannot be read the way the scheme says; the message has no part of it."""


def key_from(text: str, reading: SecretReading) -> bytes:
    """The key that `text` stands for: strip, decode, normalise, append, derive, in this order.

    Raises SecretMalformed where the text is not valid base64 or hex and the scheme wants that.
    """
    if reading.is_plain:
        return text.encode("utf-8", "surrogateescape")
    for prefix in (reading.strip_prefix, *reading.strip_prefix_alt):
        if prefix and text.startswith(prefix):
            text = text.removeprefix(prefix)
            break
    if reading.normalize:
        text = unicodedata.normalize(reading.normalize, text)
    key = _decoded(text, reading.decode) + reading.append.encode()
    match reading.derive:
        case "sha1":
            return hashlib.sha1(key, usedforsecurity=False).digest()
        case "sha256":
            return hashlib.sha256(key).digest()
    return key


def _decoded(text: str, how: str) -> bytes:
    try:
        match how:
            case "base64":
                return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            case "hex":
                return bytes.fromhex(text)
    except (binascii.Error, ValueError):
        raise SecretMalformed(f"not valid {how}") from None
    return text.encode("utf-8", "surrogateescape")
