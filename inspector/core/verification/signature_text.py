"""The text that carries a signature, in the format of its place: the inverse of `split`."""

import base64
import json
from collections.abc import Mapping

from inspector.core.verification.scheme import SignaturePlace


def signature_text(
    place: SignaturePlace, signature: bytes, items: Mapping[str, bytes], algorithm: str, key_id: str
) -> bytes:
    """The whole value: `signature` among the `items` that stand beside it.

    `key_id` is written where the format names the key, `algorithm` where it names the digest.
    """
    match place.format:
        case "prefix":
            return place.prefix.encode() + signature
        case "kv":
            key = key_id if place.key == "*" else place.key
            pairs = {**items, key: signature}
            return place.item_sep.encode().join(
                name.encode("latin-1", "replace") + place.kv_sep.encode() + text for name, text in pairs.items()
            )
        case "positional":
            return items.get("0", b"") + place.item_sep.encode() + signature
        case "slash":
            named = {"key_id": key_id.encode("latin-1", "replace"), "digest": algorithm.encode(), **items}
            pieces = {**named, "signature": signature}
            return b"/".join(pieces.get(field, b"") for field in place.fields)
        case "algorithm-prefix":
            return algorithm.encode() + place.sep.encode() + signature
        case "base64-json":
            document = {"alg": "ecdsa", "kid": key_id, place.key: signature.decode("latin-1"), "digest": "SHA1"}
            return base64.b64encode(json.dumps(document).encode())
        case "hmac-sha256-params":
            return b"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature
    return signature
