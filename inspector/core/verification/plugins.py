"""Six providers whose signed content no template describes: each with a function for its content."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from inspector.core.verification.encodings import encode
from inspector.core.verification.reading import Reading
from inspector.core.verification.signed_content import path_and_query


class ParameterMissing(ValueError):
    """The handler lacks a parameter that the content needs; the message is its name."""


_COMPONENT = "-_.!~*'()"  # what JavaScript's encodeURIComponent leaves as it is

type ContentOf = Callable[[Reading, Mapping[str, str]], bytes]


def contentful_content(reading: Reading, _parameters: Mapping[str, str]) -> bytes:
    """Method, encoded path, the headers named in x-contentful-signed-headers, body, one a line.

    Source: npm @contentful/node-apps-toolkit 3.16.1 (canonical request).
    """
    listed = (reading.header("x-contentful-signed-headers") or b"").decode("latin-1").lower()
    names = sorted(name.strip() for name in listed.split(",")[:200])
    headers = ";".join(f"{name}:{(reading.header(name) or b'').decode('latin-1').strip()}" for name in names)
    path, _, query = path_and_query(reading.url).encode("latin-1", "replace").partition(b"?")
    # The toolkit escapes the query and then encodes the whole once more, percent signs included.
    escaped = path + (b"?" + quote(query, safe=_COMPONENT).encode() if query else b"")
    target = quote(escaped, safe=_COMPONENT + ";,/?:@&=+$#")
    return b"\n".join((
        reading.request.method.encode(), target.encode("latin-1"), headers.encode("latin-1"),
        bytes(reading.request.body),
    ))  # fmt: skip


def paypal_content(reading: Reading, parameters: Mapping[str, str]) -> bytes:
    """Transmission id, time, webhook id and the body's CRC-32 in decimal, joined with `|`.

    Source: PayPal developer documentation, "Verify webhook signature offline".
    """
    if not parameters.get("webhook_id"):
        raise ParameterMissing("webhook_id")
    id_, time = (reading.header(f"PAYPAL-TRANSMISSION-{name}") or b"" for name in ("ID", "TIME"))
    checksum = zlib.crc32(reading.request.body)
    return b"|".join((id_, time, parameters["webhook_id"].encode(), str(checksum).encode()))


def plivo_content(reading: Reading, _parameters: Mapping[str, str]) -> bytes:
    """The URL with its query sorted, the form parameters sorted, the nonce.

    Source: PyPI plivo 4.63.0 (signature_v3.py).
    """
    nonce = reading.header("X-Plivo-Signature-V3-Nonce") or b""
    base, _, query = reading.url.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    form = sorted((k.decode("utf-8", "replace"), v.decode("utf-8", "replace")) for k, v in reading.form())
    if reading.request.method == "GET":  # its fields count as more of the query
        pairs, form = sorted([*pairs, *(field for field in form if field[0] not in dict(pairs))]), []
    text = base
    if pairs or form:
        text += "?" + "&".join(f"{k}={v}" for k, v in pairs)
    if form:
        text += ("." if pairs else "") + "".join(k + v for k, v in form)
    return text.encode() + b"." + nonce


def ebay_content(reading: Reading, _parameters: Mapping[str, str]) -> bytes:
    """The body; the signature's header is JSON in base64. Source: npm event-notification-nodejs-sdk."""
    return bytes(reading.request.body)


def paddle_classic_content(reading: Reading, _parameters: Mapping[str, str]) -> bytes:
    """PHP's serialisation of the sorted form fields without p_signature.

    Source: Paddle Classic documentation, "Verifying webhooks".
    """
    fields = sorted((k, v) for k, v in dict(reading.form()).items() if k != b"p_signature")
    inner = b"".join(_php_string(k) + _php_string(v) for k, v in fields)
    return b"a:%d:{%s}" % (len(fields), inner)


def ms_hmac_content(reading: Reading, _parameters: Mapping[str, str]) -> bytes:
    """Method, path and query, then date, host and body digest joined with `;`, one a line.

    Source: Microsoft documentation of HMAC request authentication, which Vipps MobilePay follows.
    """
    date, host = (reading.header(name) or b"" for name in ("x-ms-date", "host"))
    if not host:
        host = urlsplit(reading.url).netloc.encode()
    digest = reading.header("x-ms-content-sha256") or b""
    target = path_and_query(reading.url).encode("latin-1", "replace")
    return b"\n".join((reading.request.method.encode(), target, b";".join((date, host, digest))))


def body_digest_fits(reading: Reading) -> bool:
    """Whether x-ms-content-sha256 is the body's SHA-256 in base64."""
    expected = encode(hashlib.sha256(reading.request.body).digest(), "base64")
    return reading.header("x-ms-content-sha256") == expected


def ebay_header(value: bytes) -> tuple[bytes, str] | None:
    """The signature's text and the key's id from eBay's header; None where it is not such a header."""
    try:
        document = json.loads(base64.b64decode(value, validate=True))
        return document["signature"].encode(), str(document.get("kid", ""))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def hmac_parameters(value: bytes) -> Mapping[str, bytes] | None:
    """The parameters of an `HMAC-SHA256 name=value&...` header; None where it is none."""
    scheme, _, rest = value.partition(b" ")
    if scheme.upper() != b"HMAC-SHA256":
        return None
    pairs = (item.partition(b"=") for item in rest.replace(b",", b"&").split(b"&", 20))
    return {key.strip().decode("latin-1"): text.strip() for key, _, text in pairs}


def _php_string(text: bytes) -> bytes:
    return b's:%d:"%s";' % (len(text), text)


CONTENTS: Mapping[str, ContentOf] = {
    "contentful-canonical": contentful_content,
    "paypal-cert": paypal_content,
    "plivo-v3": plivo_content,
    "ebay-signature": ebay_content,
    "paddle-classic": paddle_classic_content,
    "ms-hmac-auth": ms_hmac_content,
}
