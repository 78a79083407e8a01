"""RFC 9421: whoever has the key signed what the message says, in one header line or several."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import (
    CannotBeChecked,
    Mismatch,
    MissingHeader,
    Outcome,
    UnexpectedAlgorithm,
    Verified,
)
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from inspector.core.verification.verify import verify
from tests.core.verification.test_key_set import jwk, jwks
from tests.core.verification.test_sign import SCHEMES, a_request, key_pair

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCHEME = SCHEMES["http-message-signatures:rfc9421"]
SHARED = base64.b64encode(bytes(range(32))).decode()


def signed(secret: str, **parameters: str) -> Request:
    return signed_request(a_request(SCHEME, "x"), SCHEME, Secret("s", secret), now=NOON, parameters=parameters)


def outcome_of(request: Request, *secrets: str) -> Outcome:
    return verify(request, SCHEME, [Secret(str(n), text) for n, text in enumerate(secrets, 1)], now=NOON)


def with_header(request: Request, name: str, *values: bytes) -> Request:
    kept = [line for line in request.headers if line[0].lower() != name.lower().encode()]
    lines = Headers([*kept, *((name.encode(), value) for value in values)])
    return Request(request.method, request.target, request.version, lines, request.body)


@pytest.mark.parametrize("kind", ["ed25519", "ec", "rsa"])
def test_the_key_of_a_set_that_the_signature_names_is_used(kind: str) -> None:
    request = signed(key_pair(kind)[0], key_id="b")
    others = [jwk(each, kid="a") for each in ("ec", "rsa", "ed25519")]
    assert outcome_of(request, jwks(*others, jwk(kind, kid="b"))) == Verified("1")
    assert outcome_of(request, jwks(*others)) == UnexpectedAlgorithm(request_algorithm(kind))


def request_algorithm(kind: str) -> str:
    return {"ed25519": "ed25519", "ec": "ecdsa-p256-sha256", "rsa": "rsa-pss-sha512"}[kind]


def test_signatures_on_several_lines_are_one_list() -> None:
    request, other = signed(SHARED), signed(base64.b64encode(b"another").decode())
    inputs = [(r.headers.first("Signature-Input") or b"") for r in (other, request)]
    values = [(r.headers.first("Signature") or b"") for r in (other, request)]
    inputs[0], values[0] = inputs[0].replace(b"sig1", b"theirs"), values[0].replace(b"sig1", b"theirs")
    both = with_header(with_header(request, "Signature-Input", *inputs), "Signature", *values)
    assert outcome_of(both, SHARED) == Verified("1")
    assert outcome_of(both, base64.b64encode(b"a third").decode()) == Mismatch("Signature")


def test_who_knows_a_public_key_cannot_sign_with_it_as_a_secret() -> None:
    key = load_pem_public_key(key_pair("ed25519")[1].encode())
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    encoded = base64.b64encode(der).decode()
    forged = signed(encoded)
    assert outcome_of(forged, encoded) == UnexpectedAlgorithm("hmac-sha256")
    raw = base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    # 32 bytes can be a secret, so they are one, and never a public key besides.
    assert outcome_of(signed(key_pair("ed25519")[0]), raw) == UnexpectedAlgorithm("ed25519")
    assert outcome_of(signed(key_pair("ed25519")[0]), encoded) == Verified("1")


def test_a_scheme_that_takes_public_keys_only_reads_raw_ones() -> None:
    scheme = SCHEMES["mailchannels:rfc9421"]
    private, public = key_pair("ed25519")
    request = signed_request(a_request(scheme, "x"), scheme, Secret("s", private), now=NOON)
    raw = load_pem_public_key(public.encode()).public_bytes(Encoding.Raw, PublicFormat.Raw)
    for text in (raw.hex(), base64.b64encode(raw).decode(), public):
        assert verify(request, scheme, [Secret("k", text)], now=NOON) == Verified("k")


def test_what_is_missing_is_named() -> None:
    request = signed(SHARED)
    for name in ("Signature-Input", "Signature"):
        assert outcome_of(with_header(request, name), SHARED) == MissingHeader(name)
        assert outcome_of(with_header(request, name, b""), SHARED) == MissingHeader(name)
    assert outcome_of(request, "not base64!") == UnexpectedAlgorithm("hmac-sha256")
    nameless = with_header(
        request,
        "Signature-Input",
        (request.headers.first("Signature-Input") or b"").replace(b';alg="hmac-sha256"', b""),
    )
    assert outcome_of(nameless, "not base64!") == CannotBeChecked("secret-malformed", "1")


def test_a_covered_header_that_did_not_come_is_named() -> None:
    assert outcome_of(with_header(signed(SHARED), "Content-Digest"), SHARED) == MissingHeader("content-digest")
