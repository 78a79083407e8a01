"""Whatever `sign` makes with a preset, `verify` accepts; a flipped bit in what is covered is never accepted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import FromTheFuture, Outcome, Stale, Verified
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import CannotSign, signed_request
from inspector.core.verification.verify import verify

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PARAMETERS = {"webhook_id": "WH-1", "iss": "somebody", "aud": "us", "email": "sender@example.test", "key_id": "k1"}
KEYS = {"ed25519": "ed25519", "ecdsa": "ec", "rsa": "rsa", "RS256": "rsa", "ES256": "ec"}


@cache
def key_pair(kind: str) -> tuple[str, str]:
    """A private key and its public one, both in PEM."""
    match kind:
        case "ed25519":
            key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
            key = ed25519.Ed25519PrivateKey.generate()
        case "ec":
            key = ec.generate_private_key(ec.SECP256R1())
        case _:
            key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def secret_pair(scheme: Scheme) -> tuple[str, str]:
    """What signs and what verifies with this scheme: the same text where the secret is shared."""
    if scheme.kind == "sns":
        return key_pair("rsa")
    if scheme.secret.type == "user-password":
        return "user:password", "user:password"
    if scheme.secret.type in ("shared", "shared-or-public"):
        text = {"hex": "5a" * 32, "base64": "c2VjcmV0" * 5, "utf8": "a secret, long enough for any digest of them all"}
        return (scheme.secret.strip_prefix + text[scheme.secret.decode],) * 2
    names = [scheme.algorithm.partition("-")[0], *scheme.algorithms]
    return key_pair(next(KEYS[name] for name in names if name in KEYS))


def needs_form(scheme: Scheme) -> bool:
    places = {scheme.signature.place if scheme.signature else "", *(s.place for s in scheme.values.values())}
    return (
        "form" in places
        or scheme.plugin in ("plivo-v3", "paddle-classic")
        or any(part.part in ("form", "form-sorted") for part in scheme.content)
    )


def a_request(scheme: Scheme, text: str) -> Request:
    if needs_form(scheme):
        kind, body = b"application/x-www-form-urlencoded", b"message=" + text.encode().hex().encode()
    else:
        kind, body = b"application/json", b'{"message":"' + text.encode().hex().encode() + b'"}'
    headers = Headers([(b"Host", b"hooks.example.test"), (b"Content-Type", kind)])
    return Request("POST", "/in?shop=1", "1.1", headers, body)


def signed(scheme: Scheme, text: str = "hello", *, now: datetime = NOON) -> Request:
    secret = Secret("signer", secret_pair(scheme)[0])
    unsigned = a_request(scheme, text)
    return signed_request(unsigned, scheme, secret, now=now, identifier="msg_1", parameters=PARAMETERS)


def outcome_of(request: Request, scheme: Scheme, *, now: datetime = NOON) -> Outcome:
    return verify(request, scheme, [Secret("current", secret_pair(scheme)[1])], now=now, parameters=PARAMETERS)


def every_scheme() -> Mapping[str, Scheme]:
    found: dict[str, Scheme] = {}
    for id_, preset in presets.presets().items():
        for each in preset.schemes:
            named = each.scheme.signature is not None and (each.scheme.signature.name or each.scheme.signature.path)
            body = each.scheme.signature is not None and each.scheme.signature.place == "body"
            if named or body:
                found[f"{id_}:{each.id}"] = each.scheme
    return found


SCHEMES = every_scheme()
COVERING = [
    name
    for name, scheme in SCHEMES.items()
    if scheme.kind in ("hmac", "hash", "asymmetric", "plugin")
    and scheme.plugin not in ("paddle-classic",)
    and (scheme.kind == "plugin" or any(part.part in ("body", "body-digest", "form-sorted") for part in scheme.content))
]


def test_nearly_every_preset_can_sign() -> None:
    assert len(SCHEMES) > 205


@pytest.mark.parametrize("name", SCHEMES)
def test_what_a_preset_signs_it_verifies(name: str) -> None:
    scheme = SCHEMES[name]
    assert outcome_of(signed(scheme), scheme) == Verified("current")


@given(st.sampled_from(sorted(SCHEMES)), st.text())
def test_any_body_is_signed_and_verified(name: str, text: str) -> None:
    scheme = SCHEMES[name]
    assert outcome_of(signed(scheme, text), scheme) == Verified("current")


@given(st.sampled_from(COVERING), st.data())
def test_a_flipped_bit_of_a_covered_body_is_never_accepted(name: str, data: st.DataObject) -> None:
    scheme = SCHEMES[name]
    request = signed(scheme)
    body = bytearray(request.body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not isinstance(outcome_of(replace(request, body=bytes(body)), scheme), Verified)


@pytest.mark.parametrize("name", [name for name, scheme in SCHEMES.items() if scheme.timestamp is not None])
def test_a_signature_grows_old_where_the_scheme_has_a_tolerance(name: str) -> None:
    scheme = SCHEMES[name]
    request, check = signed(scheme), scheme.timestamp
    late = outcome_of(request, scheme, now=NOON + timedelta(days=365))
    early = outcome_of(request, scheme, now=NOON - timedelta(days=365))
    if check is not None and check.tolerance_s is not None:
        assert isinstance(late, Stale)
        if check.future_checked:
            assert isinstance(early, FromTheFuture | Verified if check.value == "claim:exp" else FromTheFuture)
    elif check is not None and not check.expires:
        assert late == early == Verified("current")


@pytest.mark.parametrize("name", SCHEMES)
def test_a_signature_of_another_key_is_not_accepted(name: str) -> None:
    scheme = SCHEMES[name]
    other = {"user-password": "user:other"}.get(scheme.secret.type, "another secret, as long as the first one, or more")
    if scheme.secret.decode != "utf8":
        other = scheme.secret.strip_prefix + ("6b" * 32 if scheme.secret.decode == "hex" else "b3RoZXI=" * 4)
    if secret_pair(scheme)[0].startswith("-----"):
        other = key_pair("other")[1]
    outcome = verify(signed(scheme), scheme, [Secret("other", other)], now=NOON, parameters=PARAMETERS)
    assert not isinstance(outcome, Verified)


def test_an_old_signature_is_replaced_and_the_rest_stays() -> None:
    scheme = SCHEMES["stripe:v1"]
    first = signed(scheme)
    again = signed_request(first, scheme, Secret("s", secret_pair(scheme)[0]), now=NOON + timedelta(hours=1))
    assert [name for name, _ in again.headers] == [name for name, _ in first.headers]
    assert again.headers.first("stripe-signature") != first.headers.first("stripe-signature")
    assert outcome_of(again, scheme, now=NOON + timedelta(hours=1)) == Verified("current")


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("braintree:sha1", b"{}", "a form"),
        ("adyen:standard", b"[1]", "JSON with a place"),
        ("adyen:standard", b"x", "JSON"),
    ],
)
def test_a_body_that_has_no_place_for_the_signature_is_said(name: str, body: bytes, words: str) -> None:
    scheme = SCHEMES[name]
    request = Request("POST", "/", "1.1", Headers([(b"Content-Type", b"application/json")]), body)
    with pytest.raises(CannotSign, match=words):
        signed_request(request, scheme, Secret("s", secret_pair(scheme)[0]), now=NOON)


@pytest.mark.parametrize("name", ["stripe:v1", "discord:ed25519", "upstash-qstash:jwt", "generic-basic:basic"])
def test_without_a_secret_nothing_is_signed(name: str) -> None:
    with pytest.raises(CannotSign, match="no secret"):
        signed_request(a_request(SCHEMES[name], "x"), SCHEMES[name], None, now=NOON)


@pytest.mark.parametrize("name", ["discord:ed25519", "wise:sha256", "paypal:cert", "wix:jwt-body", "aws-sns:sns"])
def test_a_private_key_of_the_wrong_kind_is_said(name: str) -> None:
    wrong = key_pair("ec")[0]
    request = a_request(SCHEMES[name], "x")
    with pytest.raises(CannotSign):
        signed_request(request, SCHEMES[name], Secret("s", wrong), now=NOON, parameters=PARAMETERS)
    with pytest.raises(CannotSign):
        signed_request(request, SCHEMES[name], Secret("s", "no key at all"), now=NOON, parameters=PARAMETERS)
