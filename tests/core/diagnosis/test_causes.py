"""Each everyday mistake, made on deliveries of many providers, is named at once and its remedy proved."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as changed

from inspector import presets
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.finding import Finding
from inspector.core.request import Headers
from inspector.core.verification.scheme import BODY, Part
from tests.core.diagnosis.failures import FORM, JSON, NOW, OTHER, Sent, first, secret_of, sent

DOCUMENT = json.loads(JSON)
SPACED = json.dumps(DOCUMENT, ensure_ascii=False).encode()
A_FORM = b"application/x-www-form-urlencoded"
BASE64_SECRET = "c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2g="
SHOP = "https://shop.test/in"


def other(name: str, provider: str) -> KnownSecret:
    return KnownSecret(name, "", OTHER, provider, presets.preset(provider).schemes[0].scheme)


def upper(sent_: Sent) -> Sent:
    return sent_.with_lines(lambda name, value: [(name, b"sha256=" + value[7:].upper())])


def reversed_parts(sent_: Sent) -> Sent:
    return sent_.with_scheme(content=tuple(reversed(sent_.case.scheme.content)))


def every_line(sent_: Sent, change: Callable[[bytes, bytes], tuple[bytes, bytes]]) -> Sent:
    """All headers but the one that every request has, changed on the way."""
    lines = [line if line[0] == b"Content-Type" else change(*line) for line in sent_.case.request.headers]
    return sent_.but(request=replace(sent_.case.request, headers=Headers(lines)))


def separated_by(text: str, sent_: Sent) -> Sent:
    parts = [changed(part, text=text) if part.part == "text" else part for part in sent_.case.scheme.content]
    return sent_.with_scheme(content=tuple(parts))


SECRETS_AND_KEYS: Mapping[str, tuple[Sent, str]] = {
    "a line feed behind the secret": (sent("github").with_secret(secret_of("github") + "\n"), "secret-whitespace"),
    "quotation marks around the secret": (sent("stripe").with_secret(f'"{secret_of("")}"'), "secret-whitespace"),
    "the secret of another handler": (
        sent("paystack", signed_with=OTHER).with_others(other("second", "paystack")), "secret-other-handler"
    ),
    "the secret of test mode": (
        sent("stripe", signed_with=OTHER).with_others(other("stripe-test", "stripe")), "secret-test-live-mixed"
    ),
    "the secret before the last rotation": (
        sent("typeform", signed_with=OTHER).with_others(KnownSecret("x", "", OTHER, "typeform", retired=True)),
        "secret-rotated-old",
    ),
    "a base64 secret used as text": (
        sent("standard-webhooks").with_reading(decode="utf8"), "secret-needs-base64-decode"
    ),
    "a hexadecimal secret used as text": (
        sent("authorize-net").with_reading(decode="utf8"), "secret-needs-hex-decode"
    ),
    "a plain secret decoded": (
        sent("github", secret=BASE64_SECRET).with_reading(decode="base64"), "secret-must-be-raw"
    ),
    "a prefix that is no part of the key": (sent("svix").with_reading(strip_prefix=""), "secret-prefix-kept"),
    "a key that is a digest of the secret": (
        sent("braintree", b"bt_payload=eyJ4IjoxfQ%3D%3D", kind=A_FORM).with_reading(derive=""),
        "secret-derivation-missing",
    ),
}  # fmt: skip

SETTINGS: Mapping[str, tuple[Sent, str]] = {
    "hex instead of base64": (sent("shopify").with_scheme(encoding="hex"), "encoding-hex-vs-base64"),
    "base64 instead of hex": (sent("sentry").with_scheme(encoding="base64"), "encoding-hex-vs-base64"),
    "the other base64 alphabet": (sent("sanity").with_scheme(encoding="base64"), "encoding-base64url"),
    "encoded twice": (
        sent("shopify", signer=changed(presets.scheme("shopify").scheme, encoding="base64-of-hex")), "encoding-double"
    ),
    "another digest": (sent("intercom").with_scheme(algorithm="sha256"), "digest-wrong"),
    "a plain hash instead of HMAC": (
        sent("razorpay").with_scheme(kind="hash", content=(Part(part="secret"), BODY)), "kind-hash-vs-hmac"
    ),
    "HMAC instead of a plain hash": (
        sent("recharge").with_scheme(kind="hmac", content=(BODY,)), "kind-hash-vs-hmac"
    ),
    "a prefix taken for the signature": (sent("jira").with_place(format="raw"), "prefix-extra"),
    "a prefix that nobody sends": (
        sent("github").with_lines(lambda name, value: [(name, value[7:])]), "prefix-missing"
    ),
    "a list taken for the signature": (
        sent("standard-webhooks").with_place(format="raw"), "signature-list-not-split"
    ),
    "another header": (sent("linear", b'{"a":1}').with_place(name="X-Signature"), "header-wrong-name"),
    "a template without the time": (
        sent("slack").with_scheme(content=(BODY,), values={}, timestamp=None), "content-timestamp-omitted"
    ),
    "other separators": (separated_by(":", sent("mux")), "content-wrong-separator"),
    "no separators": (
        sent("stripe").with_scheme(content=(Part(part="value", name="timestamp"), BODY)), "content-wrong-separator"
    ),
    "another order": (reversed_parts(sent("stripe")), "content-wrong-order"),
    "an order that ends with the time": (reversed_parts(sent("box:primary")), "content-wrong-order"),
    "seconds read as milliseconds": (
        sent("stripe").with_unit("ms"),
        "timestamp-unit",
    ),
    "another version of the provider's signatures": (
        Sent(sent("github:sha256").but(scheme=presets.scheme("github:sha1").scheme, scheme_id="sha1").case),
        "scheme-version-mismatch",
    ),
}  # fmt: skip

ON_THE_WAY: Mapping[str, tuple[Sent, str]] = {
    "blanks added to the JSON": (sent("typeform").with_body(SPACED), "body-json-respaced"),
    "blanks taken from the JSON": (sent("woocommerce", SPACED).with_body(JSON), "body-json-respaced"),
    "keys in another order": (
        sent("xero", b'{"a":1,"b":{"c":2,"d":3}}').with_body(b'{"b":{"d":3,"c":2},"a":1}'), "body-json-keys-reordered"
    ),
    "letters escaped": (
        sent("line").with_body(JSON.replace("ë".encode(), b"\\u00eb")), "body-unicode-escapes"
    ),
    "slashes escaped": (sent("github").with_body(JSON.replace(b"/", b"\\/")), "body-slash-escapes"),
    "zeros cut from numbers": (sent("paystack").with_body(JSON.replace(b"12.0", b"12")), "body-number-format"),
    "a line feed added": (sent("mux").with_body(JSON + b"\n"), "body-final-newline-added"),
    "a line feed lost": (sent("razorpay", JSON + b"\n").with_body(JSON), "body-final-newline-removed"),
    "line ends changed": (sent("zendesk", b"a\r\nb\r\n").with_body(b"a\nb\n"), "body-line-endings"),
    "a byte order mark added": (sent("vercel").with_body(b"\xef\xbb\xbf" + JSON), "body-bom-added"),
    "another charset": (
        sent("trello").with_body(JSON.decode().encode("latin-1")), "body-charset-transcoded"
    ),
    "still compressed": (sent("coinbase-commerce").with_body(gzip.compress(JSON)), "body-gzip"),
    "a form written again": (
        sent("asana", FORM, kind=A_FORM).with_body(FORM.replace(b"+", b"%20")), "body-form-reencoded"
    ),
    "signed before the body was there": (sent("notion", b"").with_body(JSON), "body-empty-signed"),
    "the header renamed": (
        sent("sentry").with_lines(lambda name, value: [(b"X-Original-" + name, value)]), "header-renamed-by-proxy"
    ),
    "the header joined with itself": (
        sent("shopify").with_lines(lambda name, value: [(name, value + b", " + value)]), "header-duplicate-joined"
    ),
    "the header twice": (
        sent("shopify").with_lines(lambda name, value: [(name, b"stale"), (name, value)]), "header-duplicate-joined"
    ),
    "https in front of http": (sent("square", url=SHOP).with_url("http://shop.test/in"), "url-scheme"),
    "a host behind a proxy": (
        sent("square", url=SHOP).with_url("https://10.0.0.7/in", ("X-Forwarded-Host", "shop.test")), "url-host"
    ),
    "a port behind a proxy": (sent("trello", url=SHOP).with_url("https://shop.test:8443/in"), "url-port"),
    "a slash at the end of the address": (sent("hubspot:v3", url=SHOP).with_url(SHOP + "/"), "url-trailing-slash"),
    "a query that the sender does not know": (sent("square", url=SHOP).with_url(SHOP + "?a=1"), "url-query-lost"),
    "the address of a form behind a proxy": (
        sent("twilio:form-sha1", FORM, kind=A_FORM, url=SHOP).with_url("http://shop.test/in"), "url-scheme"
    ),
}  # fmt: skip

BESIDES: Mapping[str, tuple[Sent, str]] = {
    "a longer beginning of the secret": (
        sent("paystack", secret="f3d1c0ffee5ecre7f3d1c0ffee5ecre7").with_secret("sk_test_" + secret_of("")),
        "secret-prefix-kept",
    ),
    "every header renamed": (
        every_line(sent("standard-webhooks"), lambda name, value: (b"X-Original-" + name, value)),
        "header-renamed-by-proxy",
    ),
    "every header joined with itself": (
        every_line(sent("svix"), lambda name, value: (name, value + b", " + value)), "header-duplicate-joined"
    ),
    "a time that the sender does not sign": (
        sent("podium", signer=changed(presets.scheme("podium").scheme, content=(BODY,))), "content-timestamp-omitted"
    ),
    "another provider's template under other headers": (
        sent("svix:v1-unbranded").with_scheme(content=(BODY,)), "content-timestamp-omitted"
    ),
    "a secret, where the time that the handler wants is missing besides": (
        sent("linear", b'{"a":1}').with_secret(secret_of("") + "\n"), "secret-whitespace"
    ),
    "a port that the proxy tells": (
        sent("square", url="https://shop.test:9443/in").with_url(SHOP, ("X-Forwarded-Port", "9443")), "url-port"
    ),
    "one parameter more": (sent("square", url=SHOP + "?a=1").with_url(SHOP + "?a=1&utm=2"), "url-query-lost"),
    "line ends of old": (sent("zendesk", b"a\nb\n").with_body(b"a\rb\r"), "body-line-endings"),
    "a mark before and a line feed behind": (
        sent("github").with_body(b"\xef\xbb\xbf" + JSON + b"\n"), "body-bom-added"
    ),
    "JSON that came in a form": (
        sent("github", b"payload=%7B%22a%22%3A1%7D").with_body(b'{"a":1}'), "body-payload-field"
    ),
    "a form as PHP writes it": (
        sent("github", b"a=%7Ex+y", kind=A_FORM).with_body(b"a=~x+y"), "body-form-reencoded"
    ),
    "a form as .NET writes it": (
        sent("github", b"a=x%2by+z!", kind=A_FORM).with_body(b"a=x%2By%20z%21"), "body-form-reencoded"
    ),
    "empty objects that PHP made lists": (
        sent("github", b'{"a":{},"b":[],"c":[{}]}').with_body(b'{"a":[],"b":[],"c":[[]]}'), "body-empty-objects"
    ),
    "whole numbers that Gson made doubles": (
        sent("github", b'{"a":530,"b":"<c>"}').with_body(b'{"a":530.0,"b":"\\u003cc\\u003e"}'), "body-number-format"
    ),
    "as Jackson writes it for people": (
        sent("github", b'{\n  "a" : [ {\n    "b" : 1\n  }, 2 ],\n  "c" : { },\n  "d" : [ ]\n}')
        .with_body(b'{"a":[{"b":1},2],"c":{},"d":[]}'),
        "body-json-respaced",
    ),
    "as Python writes a character that others leave": (
        sent("github", b'{"a": "\\u007f"}').with_body(b'{"a":"\x7f"}'), "body-unicode-escapes"
    ),
}  # fmt: skip

NEVER_RIGHT: Mapping[str, tuple[Sent, str]] = {
    "too old": (sent("stripe", at=NOW - timedelta(hours=2)), "timestamp-expired"),
    "from the future": (sent("slack", at=NOW + timedelta(hours=2)), "timestamp-future"),
    "upper case for a picky service": (upper(sent("github")).but(strict_hex_case=True), "encoding-uppercase-hex"),
    "lower case header for a picky service": (
        sent("github").with_lines(lambda name, value: [(name.lower(), value)]).but(case_sensitive_headers=True),
        "header-case-sensitive",
    ),
}  # fmt: skip

UNPROVED: Mapping[str, tuple[Sent, str]] = {
    "no signature": (sent("github").with_lines(lambda _name, _value: []), "unsigned-delivery"),
    "another provider's delivery": (
        Sent(sent("stripe").but(provider="github", scheme=presets.scheme("github").scheme, scheme_id="sha256",
                                secrets=("unknown",)).case),
        "wrong-provider",
    ),
    "a body that breaks off": (sent("github").with_body(JSON[:30]), "body-truncated"),
}  # fmt: skip


@pytest.mark.parametrize("name", [*SECRETS_AND_KEYS, *SETTINGS, *ON_THE_WAY, *BESIDES, *NEVER_RIGHT])
def test_the_first_finding_is_the_cause_and_its_remedy_verifies(name: str) -> None:
    failure, cause = {**SECRETS_AND_KEYS, **SETTINGS, **ON_THE_WAY, **BESIDES, **NEVER_RIGHT}[name]
    finding = first(failure)
    assert (finding.cause, finding.confidence, finding.verified) == (cause, "proved", True)


@pytest.mark.parametrize("name", [*SECRETS_AND_KEYS, *SETTINGS])
def test_a_mistake_in_the_handler_is_mended_by_a_change_of_the_handler(name: str) -> None:
    failure, _ = {**SECRETS_AND_KEYS, **SETTINGS}[name]
    change = first(failure).remedy.change
    assert change is not None
    assert [part for part in (change.scheme, change.secret, change.secret_of, change.url) if part is not None]


@pytest.mark.parametrize("name", UNPROVED)
def test_what_cannot_be_proved_is_called_likely(name: str) -> None:
    failure, cause = UNPROVED[name]
    finding = first(failure)
    assert (finding.cause, finding.confidence, finding.verified) == (cause, "likely", False)


def test_a_body_that_was_changed_comes_with_the_body_that_was_signed() -> None:
    finding = first(sent("typeform").with_body(SPACED))
    assert finding.signed_body == JSON
    assert finding.facts["differs_at"] == str(len(b'{"id":'))


def test_two_mistakes_at_once_are_found() -> None:
    finding = first(sent("typeform").with_body(SPACED).with_secret(secret_of("") + "\n"))
    assert (finding.cause, finding.also, finding.verified) == ("secret-whitespace", ("body-json-respaced",), True)


def test_a_hidden_secret_is_named_and_not_told() -> None:
    finding = first(sent("paystack", signed_with=OTHER).with_others(other("second", "paystack")))
    assert finding.remedy.change is not None
    assert (finding.remedy.change.secret, finding.remedy.change.secret_of) == (None, ("second", ""))
    assert OTHER not in repr(finding)


def test_nothing_is_wrong_with_a_delivery_that_verifies() -> None:
    assert first(sent("github")) == Finding("verifies", "proved", first(sent("github")).remedy, verified=True)


def test_a_hexadecimal_secret_with_a_blank_is_told_though_we_overlook_it() -> None:
    finding = first(sent("authorize-net").with_secret(secret_of("authorize-net") + " "))
    assert (finding.cause, finding.confidence) == ("secret-whitespace", "likely")


def test_what_we_overlook_is_told_where_a_stricter_service_refuses_it() -> None:
    twice = sent("mux").with_lines(lambda name, value: [(name, value + b", " + value)])
    assert (first(twice).cause, first(twice).verified) == ("header-duplicate-joined", True)
    form = sent("twilio:form-sha1", FORM, kind=A_FORM, url=SHOP).with_url("https://shop.test:443/in")
    assert (first(form).cause, first(form).verified) == ("url-port", True)


def test_a_time_in_another_unit_is_told_where_the_scheme_does_not_look_ahead() -> None:
    scheme = presets.scheme("stripe").scheme
    assert scheme.timestamp is not None
    made = sent("stripe", signer=changed(scheme, timestamp=changed(scheme.timestamp, unit="ms")))
    assert (first(made).cause, first(made).verified) == ("timestamp-unit", True)


def test_a_value_keeps_its_place_when_another_template_is_proposed() -> None:
    change = first(BESIDES["another provider's template under other headers"][0]).remedy.change
    assert change is not None
    assert change.scheme is not None
    assert {source.name for source in change.scheme.values.values()} == {"webhook-id", "webhook-timestamp"}


def test_a_custom_handler_is_diagnosed_without_knowing_its_provider() -> None:
    case: Case = sent("sentry").with_scheme(encoding="base64").but(provider="", scheme_id="").case
    assert first(case).cause == "encoding-hex-vs-base64"
