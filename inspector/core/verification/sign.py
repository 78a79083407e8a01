"""Sign a request: the inverse of verify."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inspector.core.request import Request
from inspector.core.verification.computed import FROM_REQUEST, computing
from inspector.core.verification.context import NOTHING
from inspector.core.verification.digests import canonical
from inspector.core.verification.draft import CannotSign, Draft
from inspector.core.verification.encodings import encode
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.plugins import CONTENTS, ParameterMissing
from inspector.core.verification.public_key import PrivateKey, WrongKind, private_key, signed
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, Source
from inspector.core.verification.secret import Secret
from inspector.core.verification.select import selected
from inspector.core.verification.sign_message import sign_message
from inspector.core.verification.sign_token import sign_token
from inspector.core.verification.signature_text import signature_text
from inspector.core.verification.signatures import Found
from inspector.core.verification.signed_content import collect_values, contents
from inspector.core.verification.sns import sns_content
from inspector.core.verification.time_text import time_text

__all__ = ["CannotSign", "signed_request"]


@dataclass(frozen=True, slots=True)
class _Signing:
    """What a signature is made with: scheme, secret, moment, identifier, parameters."""

    scheme: Scheme
    secret: Secret
    now: datetime
    identifier: str
    parameters: Mapping[str, str]


def signed_request(
    unsigned: Request,
    scheme: Scheme,
    secret: Secret | None,
    *,
    now: datetime,
    url: str = "",
    identifier: str = "1",
    parameters: Mapping[str, str] = NOTHING,
) -> Request:
    """`unsigned` with signature, timestamp and identifiers wherever the scheme has them, replacing old ones.

    `secret` is a private key where the scheme checks with a public one. `now` is timezone-aware. `url` is the URL
    that is signed where it is not the request's own; `identifier` is written where the scheme wants one and there is
    none yet. Raises CannotSign where scheme, secret or body do not allow it.
    """
    if scheme.kind == "none":
        return unsigned
    maker = _MAKERS.get(scheme.kind)
    if maker is None or (scheme.signature is None):
        raise CannotSign(f"signing is not available for {scheme.kind!r}")
    if secret is None or not secret.value:
        raise CannotSign("there is no secret to sign with")
    draft = Draft(unsigned, url or Reading(unsigned).url)
    signing = _Signing(scheme, secret, now, identifier, parameters)
    try:
        maker(draft, signing)
    except SecretMalformed:
        raise CannotSign("the secret is not in the form that the scheme wants") from None
    except WrongKind as wrong:
        raise CannotSign(str(wrong)) from None
    except ParameterMissing as missing:
        raise CannotSign(f"the parameter {missing} is missing") from None
    return draft.request


def _make_computed(draft: Draft, signing: _Signing) -> None:
    scheme = signing.scheme
    algorithm = scheme.algorithm or "sha256"
    if algorithm == FROM_REQUEST:
        algorithm = next((a for a in scheme.algorithms if canonical(a) == "sha256"), next(iter(scheme.algorithms), ""))
    compute = computing(scheme.kind, algorithm)
    if compute is None:
        raise CannotSign(f"the algorithm {algorithm!r} is not available on this machine")
    key = key_from(signing.secret.value, scheme.secret)
    items = _prepared(draft, signing)
    data = _content(draft, signing, items, key)
    _place(draft, signing, items, encode(compute(key, data), scheme.encoding, upper=scheme.hex_upper), algorithm)


def _make_asymmetric(draft: Draft, signing: _Signing) -> None:
    key = _private(signing)
    items = _prepared(draft, signing)
    signature = signed(key, signing.scheme.algorithm, _content(draft, signing, items))
    _place(draft, signing, items, encode(signature, signing.scheme.encoding))


def _make_token(draft: Draft, signing: _Signing) -> None:
    _place(draft, signing, {}, signing.secret.value.encode("utf-8", "surrogateescape"))


def _make_bearer(draft: Draft, signing: _Signing) -> None:
    start = b"" if _format(signing.scheme) == "prefix" else b"Bearer "
    _place(draft, signing, {}, start + signing.secret.value.encode("utf-8", "surrogateescape"))


def _make_basic(draft: Draft, signing: _Signing) -> None:
    start = b"" if _format(signing.scheme) == "prefix" else b"Basic "
    _place(draft, signing, {}, start + base64.b64encode(signing.secret.value.encode("utf-8", "surrogateescape")))


def _make_token_of_claims(draft: Draft, signing: _Signing) -> None:
    reading = Reading(draft.request, draft.url)
    token = sign_token(reading, signing.scheme, signing.secret, int(signing.now.timestamp()), signing.parameters)
    _place(draft, signing, {}, token)


def _make_message(draft: Draft, signing: _Signing) -> None:
    sign_message(draft, signing.scheme, signing.secret, int(signing.now.timestamp()), signing.parameters)


def _make_sns(draft: Draft, signing: _Signing) -> None:
    scheme = signing.scheme
    version, algorithm = max(scheme.versions.items())
    fields = {
        "Type": "Notification",
        "MessageId": signing.identifier,
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:inspector",
        "Message": bytes(draft.request.body).decode("utf-8", "replace"),
        "Timestamp": time_text(signing.now, "iso8601"),
        scheme.secret.path: signing.parameters.get("certificate_url", "https://sns.us-east-1.amazonaws.com/cert.pem"),
    }
    if Reading(draft.request).json("Type") is None:  # the body is a message's text, not an envelope yet
        draft.body(b"{}")
    for name, text in fields.items():
        if Reading(draft.request).json(name) is None:
            draft.json(name, text)
    draft.json("SignatureVersion", version)
    draft.header("x-amz-sns-message-type", Reading(draft.request).json("Type") or b"")
    signature = signed(_private(signing), algorithm, sns_content(Reading(draft.request), scheme))
    _place(draft, signing, {}, encode(signature, "base64"))


def _make_plug(draft: Draft, signing: _Signing) -> None:
    scheme, time = signing.scheme, signing.scheme.timestamp
    if time is not None:
        name = time.value.removeprefix("header:")
        draft.header(name, time_text(signing.now, time.unit).encode())
    for name, value in _PLUG_HEADERS.get(scheme.plugin, {}).items():
        if draft.request.headers.first(name) is None:
            draft.header(name, value.replace("{id}", signing.identifier).encode())
    if scheme.plugin == "ms-hmac-auth":
        draft.header("x-ms-content-sha256", encode(hashlib.sha256(draft.request.body).digest(), "base64"))
    content = CONTENTS[scheme.plugin](Reading(draft.request, draft.url), signing.parameters)
    if scheme.secret.type == "shared":
        compute = computing("hmac", scheme.algorithm)
        made = compute(key_from(signing.secret.value, scheme.secret), content) if compute else b""
    else:
        made = signed(_private(signing), scheme.algorithm, content)
    _place(draft, signing, {}, encode(made, scheme.encoding))


_PLUG_HEADERS: Mapping[str, Mapping[str, str]] = {
    "contentful-canonical": {"x-contentful-signed-headers": "x-contentful-timestamp,x-contentful-signed-headers"},
    "paypal-cert": {
        "PAYPAL-TRANSMISSION-ID": "{id}",
        "PAYPAL-CERT-URL": "https://api.paypal.com/v1/notifications/certs/CERT-1",
    },
    "plivo-v3": {"X-Plivo-Signature-V3-Nonce": "{id}"},
}


_MAKERS: Mapping[str, Callable[[Draft, _Signing], None]] = {
    "hmac": _make_computed,
    "hash": _make_computed,
    "asymmetric": _make_asymmetric,
    "token": _make_token,
    "bearer": _make_bearer,
    "basic": _make_basic,
    "jwt": _make_token_of_claims,
    "http-message-signatures": _make_message,
    "sns": _make_sns,
    "plugin": _make_plug,
}


def _private(signing: _Signing) -> PrivateKey:
    return private_key(signing.secret.value)


def _format(scheme: Scheme) -> str:
    return scheme.signature.format if scheme.signature else "raw"


def _prepared(draft: Draft, signing: _Signing) -> dict[str, bytes]:
    """Write all that the content needs into the draft; gives the items that stand beside the signature."""
    scheme, time = signing.scheme, signing.scheme.timestamp
    items: dict[str, bytes] = {}
    for name, source in scheme.values.items():
        if time is not None and time.value == name:
            _write(draft, source, items, time_text(signing.now, time.unit).encode(), number=True)
        elif _read(draft, source) is None:
            _write(draft, source, items, signing.identifier.encode())
    if time is not None and time.value not in scheme.values:
        place, _, name = time.value.rpartition(":")
        where = Source(place="json", path=name) if place == "json" else Source(place="header", name=name)
        _write(draft, where, items, time_text(signing.now, time.unit).encode(), number=True)
    if scheme.select is not None and not selected(Reading(draft.request), scheme.select):
        draft.header(scheme.select.header, (scheme.select.equals or scheme.select.contains or "1").encode())
    if (bound := scheme.body_digest) is not None:
        draft.query(bound.name, encode(hashlib.new(bound.digest, draft.request.body).digest(), bound.encoding))
    return items


def _read(draft: Draft, source: Source) -> bytes | None:
    reading = Reading(draft.request, draft.url)
    match source.place:
        case "header":
            return reading.header(source.name) or None
        case "json":
            return reading.json(source.path)
        case "form":
            return reading.form_field(source.name)
        case "query":
            return reading.query_parameter(source.name)
        case "signature":
            return None
    return b""  # derived from the rest


def _write(draft: Draft, source: Source, items: dict[str, bytes], text: bytes, *, number: bool = False) -> None:
    match source.place:
        case "header":
            draft.header(source.name, text)
        case "json":
            plain = text.decode("latin-1")
            draft.json(source.path, int(plain) if number and plain.isdigit() else plain)
        case "form":
            draft.form(source.name, text)
        case "query":
            draft.query(source.name, text)
        case "signature":
            items[source.key] = text


def _content(draft: Draft, signing: _Signing, items: Mapping[str, bytes], key: bytes = b"") -> bytes:
    reading = Reading(draft.request, draft.url)
    values = collect_values(reading, signing.scheme, Found("", (), items))
    if not isinstance(values, Mapping):
        raise CannotSign(f"{values.detail} is missing")
    return bytes(contents(reading, signing.scheme, values, key)[0])


def _place(
    draft: Draft, signing: _Signing, items: Mapping[str, bytes], signature: bytes, algorithm: str = "sha256"
) -> None:
    place = signing.scheme.signature
    if place is None:
        return
    text = signature_text(place, signature, items, algorithm, signing.parameters.get("key_id", signing.identifier))
    match place.place:
        case "header":
            draft.header(place.name, text)
        case "numbered-headers":
            draft.header(place.name.replace("{n}", "1"), text)
        case "query":
            draft.query(place.name, text)
        case "form":
            draft.form(place.name, text)
        case "body":
            draft.body(text)
        case "json-or-form" if not draft.is_json:
            draft.form(place.name or place.path, text)
        case _:
            draft.json(place.path.replace("*", "0"), text.decode("utf-8", "replace"))
