"""A file of test deliveries is read whatever its vectors bring, and one that cannot be read stops no other."""

import base64
import json
from typing import Any

import pytest

from inspector import presets
from inspector.core.formats.vectors import Result, Unread, VectorsMalformed, holds, result_of, vectors_from
from tests.core.verification.test_key_set import jwk
from tests.core.verification.test_sign import NOON, PARAMETERS, SCHEMES, secret_pair, signed

NOW = NOON.timestamp()


def results(*vectors: object) -> list[Result]:
    found = vectors_from(json.dumps({"vectors": vectors}).encode())
    return [result_of(vector, lambda name: presets.scheme(name).scheme) for vector in found]


def a_vector(name: str, **changes: Any) -> dict[str, Any]:
    """A delivery of this scheme, rightly signed."""
    provider, _, scheme = name.partition(":")
    request = signed(SCHEMES[name])
    described = {
        "method": request.method,
        "url": f"http://hooks.example.test{request.target}",
        "headers": [[name.decode(), value.decode("latin-1")] for name, value in request.headers],
        "body_b64": base64.b64encode(request.body).decode(),
    }
    usual = {"id": name, "provider": provider, "scheme": scheme, "now": NOW, "request": described}
    return {**usual, "secret": secret_pair(SCHEMES[name])[1], **changes}


def token_vector(provider: str, url: str, body: bytes = b"", *headers: list[str], **options: str) -> dict[str, Any]:
    request = {
        "method": "POST", "url": url, "headers": headers, "body_b64": base64.b64encode(body).decode(),
    }  # fmt: skip
    return {"id": "t", "provider": provider, "scheme": "token", "secret": "s3", "request": request, "options": options}


def test_the_name_that_the_user_chose_is_honoured_wherever_the_signature_is() -> None:
    assert results(
        token_vector("generic-header-token", "http://h/", b"", ["x-mine", "s3"], header="X-Mine"),
        token_vector("generic-query-token", "http://h/?mine=s3", header="mine"),
        token_vector("generic-body-token", "http://h/", b'{"a":{"mine":"s3"}}', header="a.mine"),
        token_vector("generic-body-token", "http://h/", b"mine=s3", header="mine"),
        token_vector("generic-body-token", "http://h/", b"mine=s4", header="mine"),
        token_vector("generic-body-token", "http://h/", b"s3"),
    ) == [
        *[Result("t", valid=True, reason=None, signature_ok=True)] * 4,
        Result("t", valid=False, reason="token-mismatch", signature_ok=False),
        Result("t", valid=False, reason="parameter-missing", signature_ok=False),
    ]


def test_white_space_around_a_headers_value_is_not_a_part_of_it() -> None:
    (result,) = results(token_vector("generic-header-token", "http://h/", b"", ["X-Mine", " \ts3  "], header="X-Mine"))
    assert result.valid


def test_paypals_webhook_id_is_an_option_or_stands_in_the_secrets_place() -> None:
    key = secret_pair(SCHEMES["paypal:cert"])[1]
    address = "https://api.paypal.com/v1/notifications/certs/CERT-1"
    brought = {"material": {address: key}}
    by_option = a_vector("paypal:cert", **brought, secret=None, options={"webhook_id": PARAMETERS["webhook_id"]})
    by_secret = a_vector("paypal:cert", **brought, secret=PARAMETERS["webhook_id"])
    wrong = a_vector("paypal:cert", **brought, secret="another")
    assert [each.reason for each in results(by_option, by_secret, wrong)] == [None, None, "signature-mismatch"]


@pytest.mark.parametrize("name", ["plaid:jwt", "ebay:ecdsa", "circle:ecdsa"])
def test_keys_by_id_are_found_in_the_material(name: str) -> None:
    public = secret_pair(SCHEMES[name])[1]
    for material in ({"k1": public}, {"k1": jwk("ec", kid="k1")}, {"any": {"keys": [jwk("ec", kid="k1")]}}):
        (result,) = results(a_vector(name, secret=None, material=material))
        assert result.valid
    (result,) = results(a_vector(name, secret=None, material={"k1": jwk("rsa", kid="k1")}))
    assert not result.valid


def test_a_key_may_be_written_as_the_json_that_it_is() -> None:
    (result,) = results(a_vector("kinde:jwt-body", secret={"keys": [jwk("rsa")]}))
    assert result.valid


def test_a_secret_that_nobody_can_read_has_not_signed() -> None:
    texts = ("not base64!", ["not base64!", "c2VjcmV0"])
    wrong = [a_vector("standard-webhooks:v1", secrets=text if isinstance(text, list) else [text]) for text in texts]
    found = results(*wrong, a_vector("discord:ed25519", secret="an application's secret"))
    assert [(each.valid, each.reason) for each in found] == [(False, "signature-mismatch")] * 3


def test_a_tolerance_and_a_moment_may_have_decimals() -> None:
    vector = a_vector("slack:v0", tolerance_s=60.0, now=NOW + 60.5)
    assert [each.reason for each in results(vector, {**vector, "now": NOW + 60.0})] == ["timestamp-expired", None]


def test_a_member_that_is_no_vector_has_a_reason_and_stops_no_other() -> None:
    broken = [{"id": "b", "provider": 7}, 5, {"id": 7}, a_vector("slack:v0", now="noon")]
    found = results(*broken, a_vector("slack:v0"))
    assert [(each.id, each.reason) for each in found] == [
        ("b", "vector-malformed"), ("vectors[1]", "vector-malformed"), ("vectors[2]", "vector-malformed"),
        ("slack:v0", "vector-malformed"), ("slack:v0", None),
    ]  # fmt: skip
    (unread,) = vectors_from(b'{"vectors":[{"id":"b","expect":{"valid":true}}]}')
    assert isinstance(unread, Unread)
    assert unread.expect is not None
    assert "provider" in unread.problem or "request" in unread.problem


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"vectors":7}', b"\xff", b'{"vectors":[', b"[" * 100_000])
def test_what_is_no_file_of_vectors_is_named_as_such(text: bytes) -> None:
    with pytest.raises(VectorsMalformed):
        vectors_from(text)


def test_without_an_expectation_anything_holds() -> None:
    (vector,) = vectors_from(json.dumps({"vectors": [a_vector("slack:v0", secret="wrong")]}).encode())
    result = result_of(vector, lambda name: presets.scheme(name).scheme)
    assert not result.valid
    assert holds(vector.expect, result)


def test_a_url_that_is_not_ascii_is_its_utf_8() -> None:
    key, url = "sq-key", "http://h/ü?é=1"
    import hashlib
    import hmac

    signature = base64.b64encode(hmac.digest(key.encode(), url.encode() + b"{}", hashlib.sha256)).decode()
    request = {"method": "POST", "url": url, "headers": [["x-square-hmacsha256-signature", signature]]}
    vector = {"id": "u", "provider": "square", "scheme": "sha256", "secret": key}
    (result,) = results({**vector, "request": {**request, "body_b64": "e30="}})
    assert result.valid
