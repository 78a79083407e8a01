"""The six providers whose content is made by code: what it is made of has to be there."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import MissingHeader, Outcome, TokenMismatch, UnexpectedAlgorithm, Verified
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify
from tests.core.verification.test_sign import NOON, PARAMETERS, SCHEMES, secret_pair, signed


def outcome_of(request: Request, name: str) -> Outcome:
    secret = Secret("s", secret_pair(SCHEMES[name])[1])
    return verify(request, SCHEMES[name], [secret], now=NOON, parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("contentful:canonical", "x-contentful-signed-headers"),
        ("paypal:cert", "PAYPAL-TRANSMISSION-ID"),
        ("plivo:v3", "X-Plivo-Signature-V3-Nonce"),
        ("vipps-mobilepay:hmac", "x-ms-content-sha256"),
    ],
)
def test_a_header_that_is_a_part_of_the_content_is_missed(name: str, header: str) -> None:
    request = signed(SCHEMES[name])
    lines = [line for line in request.headers if line[0].lower() != header.lower().encode()]
    assert len(lines) == len(request.headers) - 1
    assert outcome_of(replace(request, headers=Headers(lines)), name) == MissingHeader(header)


def test_plivo_counts_the_fields_of_a_get_as_its_query_and_of_all_else_as_a_form() -> None:
    scheme = SCHEMES["plivo:v3"]
    for method in ("GET", "POST", "PUT"):
        request = replace(signed(scheme), method=method)
        assert (outcome_of(request, "plivo:v3").reason is None) is (method != "GET")


def test_a_signature_that_names_another_digest_says_why_it_does_not_match() -> None:
    request = signed(SCHEMES["worldpay:sha256"])
    value = request.headers.first("Event-Signature") or b""
    lines = [(b"Event-Signature", value.replace(b"/sha256/", b"/SHA512/"))]
    changed = replace(request, headers=Headers(lines), body=b"{}")
    assert outcome_of(changed, "worldpay:sha256") == UnexpectedAlgorithm("SHA512")
    assert outcome_of(replace(request, headers=Headers(lines)), "worldpay:sha256") == Verified("s")


def test_the_item_that_has_the_wrong_token_is_named() -> None:
    scheme = presets.scheme("microsoft-graph").scheme
    body = b'{"value":[{"clientState":"s1"},{"clientState":"s2"}]}'
    request = Request("POST", "/", "1.1", Headers(), body)
    assert verify(request, scheme, [Secret("s", "s1")], now=NOON) == TokenMismatch("value.1.clientState")
    one = replaced(scheme, signature=replaced(scheme.signature, path="value.0.clientState"))  # type: ignore[type-var]
    assert verify(request, one, [Secret("s", "s1")], now=NOON) == Verified("s")
