"""Keys and certificates that an edge fetched: used when they are there, and only from the provider's own hosts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm

from inspector.core.verification.draft import Draft
from inspector.core.verification.material import key_address
from inspector.core.verification.outcome import CannotBeChecked, MissingHeader, UntrustedCertificate, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from inspector.core.verification.verify import verify
from tests.core.verification.test_sign import PARAMETERS, SCHEMES, a_request, key_pair, secret_pair, signed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAYPAL, SNS = SCHEMES["paypal:cert"], SCHEMES["aws-sns:sns"]
PAYPAL_ADDRESS = "https://api.paypal.com/v1/notifications/certs/CERT-1"
SNS_ADDRESS = "https://sns.us-east-1.amazonaws.com/cert.pem"


def a_certificate() -> str:
    key = serialization.load_pem_private_key(key_pair("rsa")[0].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = builder.not_valid_before(NOON).not_valid_after(NOON + timedelta(days=1)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(("name", "address"), [("paypal:cert", PAYPAL_ADDRESS), ("aws-sns:sns", SNS_ADDRESS)])
def test_a_fetched_certificate_verifies_what_its_owner_signed(name: str, address: str) -> None:
    request, material = signed(SCHEMES[name]), {address: a_certificate()}
    outcome = verify(request, SCHEMES[name], [], now=NOON, material=material, parameters=PARAMETERS)
    assert isinstance(outcome, Verified)


@pytest.mark.parametrize(("name", "address"), [("paypal:cert", PAYPAL_ADDRESS), ("aws-sns:sns", SNS_ADDRESS)])
def test_without_the_certificate_it_cannot_be_checked_and_its_address_is_named(name: str, address: str) -> None:
    outcome = verify(signed(SCHEMES[name]), SCHEMES[name], [], now=NOON, parameters=PARAMETERS)
    assert outcome == CannotBeChecked("key-not-available", address)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.paypal.com/cert", "https://paypal.com.example.test/cert", "https://api.paypal.com:8443/cert",
        "https://user@api.paypal.com/cert", "https://evilpaypal.com/cert", "https://[", "https://api.paypal.com:x/",
        "ftp://api.paypal.com/", "https://api.paypal.com@example.test/cert", "https://example.test/#.paypal.com",
    ],
)  # fmt: skip
def test_a_certificate_of_another_host_is_not_trusted_even_when_it_is_there(address: str) -> None:
    draft = Draft(signed(PAYPAL), "")
    draft.header("PAYPAL-CERT-URL", address.encode())
    material = {address: a_certificate()}
    outcome = verify(draft.request, PAYPAL, [], now=NOON, material=material, parameters=PARAMETERS)
    assert isinstance(outcome, UntrustedCertificate)


def test_a_certificate_that_is_not_named_is_missing() -> None:
    draft = Draft(signed(PAYPAL), "")
    draft.header("PAYPAL-CERT-URL", b"")
    outcome = verify(draft.request, PAYPAL, [], now=NOON, parameters=PARAMETERS)
    assert outcome == MissingHeader("PAYPAL-CERT-URL")


@pytest.mark.parametrize(
    "address",
    [
        *("https://sns.amazonaws.com/c.pem", "https://sns.us-east-1.amazonaws.com.example.test/c.pem", "x"),
        *("https://sns.us-east-1.amazonaws.com/c.txt", "https://sns.us-east-1.amazonaws.com/c#.pem"),
    ],
)
def test_snss_certificate_comes_from_snss_hosts_only(address: str) -> None:
    draft = Draft(signed(SNS), "")
    draft.json("SigningCertURL", address)
    outcome = verify(draft.request, SNS, [], now=NOON, material={address: a_certificate()})
    assert isinstance(outcome, UntrustedCertificate)


def test_a_set_of_keys_is_searched_for_the_one_that_the_token_names() -> None:
    scheme = SCHEMES["plaid:jwt"]
    jwk = json.loads(ECAlgorithm.to_jwk(serialization.load_pem_public_key(key_pair("ec")[1].encode())))  # type: ignore[arg-type]
    other = {**jwk, "kid": "k2", "x": jwk["y"], "y": jwk["x"]}
    keys = json.dumps({"keys": [other, {**jwk, "kid": "k1"}]})
    assert verify(signed(scheme), scheme, [], now=NOON, material={"k1": keys}) == Verified("k1")
    assert verify(signed(scheme), scheme, [Secret("pasted", keys)], now=NOON) == Verified("pasted")
    without = json.dumps({"keys": [other]})
    assert not isinstance(verify(signed(scheme), scheme, [Secret("pasted", without)], now=NOON), Verified)


@pytest.mark.parametrize("name", ["plaid:jwt", "ebay:ecdsa"])
def test_a_key_by_id_that_nobody_has_cannot_be_checked(name: str) -> None:
    outcome = verify(signed(SCHEMES[name]), SCHEMES[name], [], now=NOON)
    assert isinstance(outcome, CannotBeChecked)
    assert outcome.reason == "key-not-available"


def test_a_scheme_without_its_parameter_cannot_be_checked() -> None:
    outcome = verify(signed(PAYPAL), PAYPAL, [Secret("key", key_pair("rsa")[1])], now=NOON)
    assert outcome == CannotBeChecked("parameter-missing", "webhook_id")


@pytest.mark.parametrize("kind", ["ed25519", "ec", "rsa"])
def test_a_message_signature_is_made_and_checked_with_any_kind_of_key(kind: str) -> None:
    scheme = SCHEMES["http-message-signatures:rfc9421"]
    private, public = key_pair(kind)
    request = signed_request(a_request(scheme, "hello"), scheme, Secret("s", private), now=NOON)
    assert verify(request, scheme, [Secret("s", public)], now=NOON) == Verified("s")
    for other in {"ed25519", "ec", "other"} - {kind}:
        assert not isinstance(verify(request, scheme, [Secret("s", key_pair(other)[1])], now=NOON), Verified)


def test_a_key_that_was_fetched_for_another_request_does_not_count() -> None:
    for name in ("paypal:cert", "aws-sns:sns", "plaid:jwt", "fal-ai:ed25519", "ebay:ecdsa", "circle:ecdsa"):
        scheme = SCHEMES[name]
        keys = {"https://other.example.test/key": secret_pair(scheme)[1], "another id": secret_pair(scheme)[1]}
        outcome = verify(signed(scheme), scheme, [], now=NOON, material=keys, parameters=PARAMETERS)
        assert isinstance(outcome, CannotBeChecked)


@pytest.mark.parametrize(
    ("name", "parameters", "address"),
    [
        ("google-pubsub-push:oidc", {}, "https://www.googleapis.com/oauth2/v3/certs"),
        ("kinde:jwt-body", {"jwks_url": "https://me.example.test/keys"}, "https://me.example.test/keys"),
        ("kinde:jwt-body", {}, ""),
        ("aws-sns:sns", {}, SNS_ADDRESS),
        ("paypal:cert", PARAMETERS, PAYPAL_ADDRESS),
        ("github:sha256", {}, ""),
    ],
)
def test_an_edge_is_told_where_the_key_of_a_request_is(name: str, parameters: dict[str, str], address: str) -> None:
    assert key_address(Reading(signed(SCHEMES[name])), SCHEMES[name], parameters) == address


def test_a_set_of_keys_is_used_from_its_address() -> None:
    scheme = SCHEMES["fal-ai:ed25519"]
    address = scheme.secret.address
    public = secret_pair(scheme)[1]
    assert verify(signed(scheme), scheme, [], now=NOON, material={address: public}) == Verified(address)
