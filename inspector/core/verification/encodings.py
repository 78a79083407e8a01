"""A signature's bytes from its text and back."""

import base64
import binascii


def encode(signature: bytes, encoding: str, *, upper: bool = False) -> bytes:
    """The text of `signature` in this encoding."""
    match encoding:
        case "base64":
            return base64.b64encode(signature)
        case "base64url":
            return base64.urlsafe_b64encode(signature).rstrip(b"=")
        case "base64-of-hex":
            return base64.b64encode(signature.hex().encode())
        case "base64-of-base64":
            return base64.b64encode(base64.b64encode(signature))
    text = signature.hex()
    return (text.upper() if upper else text).encode()


def decode(text: bytes, encoding: str) -> bytes | None:
    """The bytes that `text` stands for, or None where it is not a text of this encoding.

    It must be the text that encoding gives back, but for the case of hex digits and the padding of base64url:
    a decoder that overlooks stray bits would accept what no sender writes. Such a text has the right form and
    stands for nothing: it is empty.
    """
    try:
        signature = _lenient(text, encoding)
    except (binascii.Error, ValueError):
        return None
    if encoding == "hex":  # its decoder overlooks nothing
        return signature
    if encoding == "base64url":
        text = text.rstrip(b"=")
    return signature if encode(signature, encoding) == text else b""


def _lenient(text: bytes, encoding: str) -> bytes:
    match encoding:
        case "base64":
            return base64.b64decode(text, validate=True)
        case "base64url":
            bare = text.rstrip(b"=")
            if b"+" in bare or b"/" in bare:
                raise ValueError("the other alphabet")
            return base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_", validate=True)
        case "base64-of-hex":
            return binascii.unhexlify(base64.b64decode(text, validate=True))
        case "base64-of-base64":
            return base64.b64decode(base64.b64decode(text, validate=True), validate=True)
    return binascii.unhexlify(text)
