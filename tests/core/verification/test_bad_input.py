"""Whatever is sent, and whatever key is configured: an outcome, in bounded time, never an exception."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import CannotBeChecked, DuplicateHeader, MalformedHeader, Mismatch, Verified
from inspector.core.verification.scheme import Part, Scheme, SignaturePlace
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import CannotSign, signed_request
from inspector.core.verification.verify import verify
from tests.core.verification.test_key_set import jwk, jwks
from tests.core.verification.test_sign import PARAMETERS, SCHEMES, a_request, key_pair, secret_pair, signed
from tests.counted import Counted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST_STEPS = 20_000
"""Above what any of it takes, and far below what looking at each of a million things would."""

TEXTS = (
    *(
        b"",
        b"=",
        b",",
        b";",
        b"t=1",
        b"v1=",
        b"v1,",
        b"sha256=",
        b"sha1=",
        b"Bearer ",
        b"Basic ",
        b"JWT ",
        b"v0=",
        b"a.b.c",
    ),
    *(b"sig1=:AA==:", b'sig1=("@method");alg="ed25519"', b"1767225600", b"9" * 18, b"-1", b"\xff\xfe", b"whsec_"),
)
PIECES = st.one_of(
    st.sampled_from(TEXTS),
    st.binary(max_size=12),
    st.binary(max_size=40).map(base64.b64encode),
    st.binary(max_size=40).map(lambda data: data.hex().encode()),
)
VALUES = st.lists(PIECES, max_size=6).map(b"".join)
ODD_BODIES = (
    *(b"", b"{}", b"[]", b"null", b'"', b"[" * 3000, b'{"a":' * 3000, b'{"a":1', b"\xef\xbb\xbf{}"),
    *(b"a=1&b=%ff&&=", b'{"token":{"x":[1]}}'),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(ODD_BODIES),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ).map(lambda value: json.dumps(value).encode()),
)
TARGETS = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30).map(lambda text: f"/{text}")
ODD_SECRETS = (
    *(*key_pair("ec"), *key_pair("rsa"), *key_pair("ed25519")),
    *("{}", '{"keys":[]}', '{"keys":[{"kty":"OKP"}]}', '{"keys":7}', '{"kty":"RSA","n":"AQ","e":"AQAB"}'),
    *("-----BEGIN PUBLIC KEY-----", "[" * 5000, "{" * 5000, '{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}'),
    *('{"kty":"oct","k":"AQ"}', '{"kty":1}', '{"kty":"OKP","crv":"X"}', '{"keys":[{"kty":"EC","kid":"k1"}]}', "{}x"),
)
SECRETS = st.one_of(st.text(max_size=40), st.sampled_from(ODD_SECRETS))


def names_of(scheme: Scheme) -> list[str]:
    """The headers that a scheme looks at."""
    sources = [source.name for source in scheme.values.values() if source.place == "header"]
    time = [scheme.timestamp.value.rpartition(":")[2]] if scheme.timestamp is not None else []
    place = scheme.signature
    own = [place.name.replace("{n}", "1"), *place.also] if place is not None and place.place.endswith("headers") else []
    own = own or [place.name] if place is not None else own
    others = [
        "Content-Type",
        "Host",
        scheme.input,
        scheme.secret.header,
        "Content-Digest",
        "x-contentful-signed-headers",
    ]
    selecting = [scheme.select.header] if scheme.select is not None else []
    return [name for name in (*sources, *time, *own, *others, *selecting) if name and name.isascii()]


@given(st.sampled_from(sorted(SCHEMES)), SECRETS, BODIES, TARGETS, st.data())
def test_any_request_gets_an_outcome(name: str, secret: str, body: bytes, target: str, data: st.DataObject) -> None:
    scheme = SCHEMES[name]
    lines = data.draw(st.lists(st.tuples(st.sampled_from([n.encode() for n in names_of(scheme)]), VALUES), max_size=8))
    request = Request(data.draw(st.sampled_from(["POST", "GET", "x"])), target, "1.1", Headers(lines), body)
    outcome = verify(request, scheme, [Secret("s", secret)], now=NOON, parameters=PARAMETERS)
    assert isinstance(outcome, Verified) or outcome.reason


@given(st.sampled_from(sorted(SCHEMES)), SECRETS)
def test_any_key_that_is_configured_gets_an_outcome_for_a_right_request(name: str, secret: str) -> None:
    scheme = SCHEMES[name]
    outcome = verify(signed(scheme), scheme, [Secret("s", secret)], now=NOON, parameters=PARAMETERS)
    assert outcome.reason or secret in secret_pair(scheme)


@given(st.sampled_from(sorted(SCHEMES)), SECRETS, BODIES, TARGETS)
def test_signing_anything_gives_a_request_or_says_why_not(name: str, secret: str, body: bytes, target: str) -> None:
    request = replace(a_request(SCHEMES[name], ""), body=body, target=target)
    assert signed_or_refused(request, SCHEMES[name], secret)


def signed_or_refused(request: Request, scheme: Scheme, secret: str) -> bool:
    try:
        return signed_request(request, scheme, Secret("s", secret), now=NOON, parameters=PARAMETERS) is not None
    except CannotSign as error:
        return bool(str(error))


HUGE: dict[str, Callable[[bytes], bytes]] = {
    "20,000 signatures": lambda signature: b",".join([b"v1=" + b"0" * 64] * 20_000) + signature,
    "5 MB of text": lambda signature: b"a" * 5_000_000,
    "5 MB of commas": lambda signature: b"," * 5_000_000,
    "5 MB of dots": lambda signature: b"." * 5_000_000,
    "5 MB of equals signs": lambda signature: b"=" * 5_000_000,
    "5 MB of spaces": lambda signature: b" " * 5_000_000,
    "5 MB of brackets": lambda signature: b"sig1=" + b"(" * 5_000_000,
    "5 MB of base64": lambda signature: base64.b64encode(b"[" * 3_700_000),
}


@pytest.mark.parametrize("what", HUGE)
@pytest.mark.parametrize(
    "name",
    ["persona:v1", "mollie:next-gen",
     "stripe:v1", "standard-webhooks:v1", "github:sha256", "braintree:sha1", "recurly:sha256", "worldpay:sha256",
     "discord:ed25519", "wise:sha256", "upstash-qstash:jwt", "http-message-signatures:rfc9421", "generic-basic:basic",
     "generic-bearer:bearer", "ebay:ecdsa", "vipps-mobilepay:hmac", "plivo:v3", "contentful:canonical", "paypal:cert"],
)  # fmt: skip
def test_a_huge_header_is_answered_in_time(name: str, what: str) -> None:
    scheme = SCHEMES[name]
    request = signed(scheme)
    lines = [(key, HUGE[what](value) if is_signature(key, scheme) else value) for key, value in request.headers]
    secret = Secret("s", secret_pair(scheme)[1])
    sent = replace(request, headers=Headers(lines))
    found = Counted(lambda: verify(sent, scheme, [secret], now=NOON, parameters=PARAMETERS))
    assert found.steps < MOST_STEPS
    assert isinstance(found.result, Verified) or found.result.reason


def is_signature(name: bytes, scheme: Scheme) -> bool:
    return scheme.signature is not None and name.decode().lower() in (scheme.signature.name.lower(), "signature-input")


def test_of_many_signatures_the_first_hundred_count() -> None:
    scheme = SCHEMES["stripe:v1"]
    request = signed(scheme)
    right = request.headers.first("stripe-signature") or b""
    for wrong, verified in ((99, True), (100, False)):
        time, signature = right.split(b",")
        value = b",".join([time, *[b"v1=" + b"0" * 64] * wrong, signature])
        sent = replace(request, headers=Headers([(b"Stripe-Signature", value)]))
        outcome = verify(sent, scheme, [Secret("s", secret_pair(scheme)[1])], now=NOON)
        assert isinstance(outcome, Verified) == verified


@pytest.mark.parametrize("name", ["stripe:v1", "discord:ed25519", "upstash-qstash:jwt", "generic-basic:basic"])
def test_a_signature_header_that_came_twice_is_named(name: str) -> None:
    scheme = SCHEMES[name]
    request = signed(scheme)
    doubled = replace(
        request, headers=Headers([*request.headers, *[h for h in request.headers if is_signature(h[0], scheme)]])
    )
    outcome = verify(doubled, scheme, [Secret("s", secret_pair(scheme)[1])], now=NOON, parameters=PARAMETERS)
    assert isinstance(outcome, DuplicateHeader)
    assert scheme.signature is not None
    assert outcome.detail == scheme.signature.name


@pytest.mark.parametrize(
    "body", [b"[" * 1_000_000, b'{"signature":' * 300_000, b'{"signature":{"signature":"' + b"a" * 5_000_000]
)
def test_deep_or_broken_json_is_absent_in_bounded_time(body: bytes) -> None:
    request = Request("POST", "/", "1.1", Headers(), body)
    for name in ("mailgun:json", "microsoft-graph:client-state", "adyen:standard"):
        scheme = SCHEMES[name]
        found = Counted(partial(verify, request, scheme, [Secret("s", "5a" * 32)], now=NOON))
        assert found.steps < MOST_STEPS
        assert found.result.reason == "header-missing"


def test_a_form_of_a_million_fields_is_read_in_bounded_time() -> None:
    scheme = SCHEMES["twilio:form-sha1"]
    request = replace(signed(scheme), body=b"&".join([b"a=%41"] * 1_000_000))
    secret = Secret("s", secret_pair(scheme)[1])
    found = Counted(lambda: verify(request, scheme, [secret], now=NOON))
    assert found.steps < MOST_STEPS * 100  # 20,000 fields are read
    assert found.result.reason == "signature-mismatch"


def test_a_body_that_is_not_utf_8_is_signed_as_it_is() -> None:
    scheme = SCHEMES["github:sha256"]
    request = replace(a_request(scheme, ""), body=b"\xff\xfe\x00\x80")
    secret = Secret("s", secret_pair(scheme)[0])
    assert verify(signed_request(request, scheme, secret, now=NOON), scheme, [secret], now=NOON) == Verified("s")


ABSENT = (
    Part(part="header", name="X"),
    Part(part="query", name="q"),
    Part(part="form", name="f"),
    Part(part="json", path="a.b.0"),
)


def test_a_template_that_reads_what_is_absent_fills_it_with_nothing() -> None:
    scheme = Scheme("hmac", "sha256", signature=SignaturePlace(name="S"), content=ABSENT)
    secret = Secret("s", "a secret")
    request = signed_request(Request("POST", "/", "1.1", Headers(), b"\xff"), scheme, secret, now=NOON)
    assert verify(request, scheme, [secret], now=NOON) == Verified("s")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("discord:ed25519", "rsa"),
        ("wise:sha256", "ec"),
        ("sendgrid:ecdsa", "ed25519"),
        ("plaid:jwt", "rsa"),
        ("wix:jwt-body", "ec"),
    ],
)
def test_a_key_of_the_wrong_kind_cannot_check(name: str, key: str) -> None:
    scheme = SCHEMES[name]
    outcome = verify(signed(scheme), scheme, [Secret("wrong", key_pair(key)[1])], now=NOON, parameters=PARAMETERS)
    assert outcome == CannotBeChecked("secret-malformed", "wrong")


def test_a_scheme_whose_header_nobody_named_cannot_be_checked() -> None:
    scheme = presets.scheme("tiki").scheme
    assert verify(a_request(scheme, ""), scheme, [Secret("s", "secret")], now=NOON) == CannotBeChecked(
        "parameter-missing", "header"
    )


def test_a_signature_of_another_encoding_is_malformed() -> None:
    request = Request("POST", "/", "1.1", Headers([(b"X-Hub-Signature-256", b"sha256=+/==")]), b"")
    outcome = verify(request, SCHEMES["github:sha256"], [Secret("s", "secret")], now=NOON)
    assert outcome == MalformedHeader("X-Hub-Signature-256")


def test_many_components_of_many_signatures_are_resolved_in_bounded_time() -> None:
    scheme = SCHEMES["http-message-signatures:rfc9421"]
    request = signed(scheme)
    members = " ".join(['"@target-uri"'] * 4_000)
    lines = [
        (b"Signature-Input", f"a=({members})".encode()),
        (b"Signature", ",".join(f"{'a' * n}=:AA==:" for n in range(1, 300)).encode()),
    ]
    secret = Secret("s", secret_pair(scheme)[1])
    sent = replace(request, headers=Headers(lines))
    found = Counted(lambda: verify(sent, scheme, [secret], now=NOON))
    assert found.steps < MOST_STEPS * 100
    assert found.result.reason


GIANT = "9" * 5_000
NUMBERS = {
    "giant numbers": f'{{"signature":{{"timestamp":{GIANT},"token":{GIANT},"signature":{GIANT}}}}}',
    "giant exponents": '{"signature":{"timestamp":1e999999999,"token":-1e-999999999,"signature":"00"}}',
    "no numbers": '{"signature":{"timestamp":NaN,"token":Infinity,"signature":"00"}}',
    "numbers as objects": '{"signature":{"timestamp":{},"token":[],"signature":"00"}}',
    "true and null": '{"signature":{"timestamp":true,"token":null,"signature":false}}',
}


@pytest.mark.parametrize("what", NUMBERS)
def test_numbers_of_any_size_get_an_outcome(what: str) -> None:
    request = Request("POST", "/", "1.1", Headers(), NUMBERS[what].encode())
    found = Counted(lambda: verify(request, SCHEMES["mailgun:json"], [Secret("s", "secret")], now=NOON))
    assert found.steps < MOST_STEPS
    assert found.result.reason


@pytest.mark.parametrize("place", ["json", "form", "query", "body", "json-or-form"])
def test_a_huge_signature_is_answered_in_time_wherever_it_stands(place: str) -> None:
    text = b"v1=" + b",".join([b"0" * 64] * 20_000)
    target = f"/?s={text.decode()}" if place == "query" else "/"
    bodies = {"json": b'{"s":"%b"}' % text, "form": b"s=" + text, "json-or-form": b"s=" + text, "body": text}
    lines = Headers([(b"Content-Type", b"application/x-www-form-urlencoded" if "form" in place else b"text/plain")])
    request = Request("POST", target, "1.1", lines, bodies.get(place, b""))
    where: Any = place
    scheme = Scheme("hmac", "sha256", signature=SignaturePlace(where, "s", "s", "kv", key="v1"))
    found = Counted(lambda: verify(request, scheme, [Secret("s", "secret")], now=NOON))
    assert found.steps < MOST_STEPS
    assert found.result.reason == "signature-mismatch"


def test_a_batch_of_endless_items_is_looked_at_up_to_a_limit() -> None:
    scheme = SCHEMES["microsoft-graph:client-state"]
    request = Request(
        "POST", "/", "1.1", Headers(), b'{"value":[' + b",".join([b'{"clientState":"s"}'] * 100_000) + b"]}"
    )
    found = Counted(lambda: verify(request, scheme, [Secret("s", "s")], now=NOON))
    assert found.steps < MOST_STEPS * 50
    assert found.result == MalformedHeader("value.*.clientState")


def test_a_set_of_endless_keys_is_tried_up_to_a_limit() -> None:
    scheme = SCHEMES["kinde:jwt-body"]
    request = signed(scheme)
    keys = jwks(*[jwk("other", kid=str(number)) for number in range(2_000)])
    found = Counted(lambda: verify(request, scheme, [Secret("s", keys)], now=NOON))
    assert found.steps < MOST_STEPS
    assert isinstance(found.result, Mismatch)


def test_endless_secrets_of_endless_signatures_stay_a_product_of_limits() -> None:
    scheme = SCHEMES["stripe:v1"]
    header = b"t=1," + b",".join([b"v1=" + b"0" * 64] * 20_000)
    request = Request("POST", "/", "1.1", Headers([(b"Stripe-Signature", header)]), b"{}")
    secrets = [Secret(str(number), f"secret {number}") for number in range(50)]
    found = Counted(lambda: verify(request, scheme, secrets, now=NOON))
    assert found.steps < MOST_STEPS * 10
    assert isinstance(found.result, Mismatch)
