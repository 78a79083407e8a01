"""Whatever `sign` makes, `verify` accepts; one flipped bit is never accepted; and each failure has its name."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from inspector.core.request import Headers, Request
from inspector.core.verification.computed import expected_signature
from inspector.core.verification.outcome import (
    CannotBeChecked,
    DuplicateHeader,
    MalformedHeader,
    Mismatch,
    MissingHeader,
    Outcome,
    TokenMismatch,
    Verified,
)
from inspector.core.verification.scheme import BODY, Encoding, Part, Scheme, SecretReading, SignaturePlace
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.sign import CannotSign
from inspector.core.verification.verify import verify
from tests.signing import signing_headers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = Secret("current", "It's a Secret to Everybody")
OTHER = Secret("previous", "another secret, long enough")
HUB = Scheme("hmac", "sha256", signature=SignaturePlace(name="X-Hub-Signature-256", format="prefix", prefix="sha256="))
BASE64 = Scheme("hmac", "sha256", "base64", signature=SignaturePlace(name="Webhook-Signature"))
TOKEN = Scheme("token", signature=SignaturePlace(name="X-Gitlab-Token"))
GITHUB_EXAMPLE = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def a_request(*headers: tuple[bytes, bytes], body: bytes = b"Hello, World!") -> Request:
    return Request("POST", "/hook", "1.1", Headers(headers), body)


def outcome_of(request: Request, scheme: Scheme, *secrets: Secret | UnreadableSecret) -> Outcome:
    return verify(request, scheme, secrets, now=NOON)


# Published examples


def test_githubs_documented_example_verifies() -> None:
    """https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries, read 2026-11."""
    request = a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE))
    assert outcome_of(request, HUB, SECRET) == Verified("current")


RFC_4231 = [  # https://www.rfc-editor.org/rfc/rfc4231, section 4: key, data, SHA-224, SHA-256, SHA-384, SHA-512
    (
        "0b" * 20,
        b"Hi There".hex(),
        "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        (
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
            "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
    ),
    (
        b"Jefe".hex(),
        b"what do ya want for nothing?".hex(),
        "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        (
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
    ),
    (
        "aa" * 20,
        "dd" * 50,
        "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        (
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
            "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"
        ),
    ),
    (
        "0102030405060708090a0b0c0d0e0f10111213141516171819",
        "cd" * 50,
        "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        (
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
            "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"
        ),
    ),
    (
        "aa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
        "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        (
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
            "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
    ),
]


@pytest.mark.parametrize("case", range(len(RFC_4231)))
@pytest.mark.parametrize(("column", "algorithm"), [(2, "sha224"), (3, "sha256"), (4, "sha384"), (5, "sha512")])
def test_rfc_4231_vectors_verify(case: int, column: int, algorithm: str) -> None:
    vector = RFC_4231[case]
    scheme = Scheme("hmac", algorithm, signature=SignaturePlace(name="Signature"), secret=SecretReading(decode="hex"))
    request = a_request((b"Signature", vector[column].encode()), body=bytes.fromhex(vector[1]))
    assert outcome_of(request, scheme, Secret("rfc", vector[0])) == Verified("rfc")


# Properties

_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1, max_size=30)
_PREFIXES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)


@st.composite
def hmac_schemes(draw: st.DrawFn) -> Scheme:
    prefix = draw(_PREFIXES)
    encodings: list[Encoding] = ["hex", "base64", "base64url"]
    return Scheme(
        "hmac",
        draw(st.sampled_from(["sha256", "sha1", "sha512", "SHA-512/256", "sha3-256", "md5", "blake2b"])),
        draw(st.sampled_from(encodings)),
        hex_upper=draw(st.booleans()),
        signature=SignaturePlace(name=draw(_NAMES), format="prefix" if prefix else "raw", prefix=prefix),
        content=draw(st.sampled_from([(BODY,), (Part(part="text", text="v1."), BODY)])),
        secret=SecretReading(derive=draw(st.sampled_from(["", "sha1", "sha256"]))),
    )


@given(hmac_schemes(), st.binary(max_size=300), st.text(min_size=1))
def test_whatever_sign_makes_verify_accepts(scheme: Scheme, body: bytes, value: str) -> None:
    secret = Secret("mine", value)
    request = a_request(*signing_headers(a_request(body=body), scheme, secret), body=body)
    assert outcome_of(request, scheme, secret) == Verified("mine")


@given(hmac_schemes(), st.binary(min_size=1, max_size=300), st.data())
def test_one_flipped_bit_of_the_body_is_never_accepted(scheme: Scheme, body: bytes, data: st.DataObject) -> None:
    headers = signing_headers(a_request(body=body), scheme, SECRET)
    changed = flipped(body, data)
    assert not isinstance(outcome_of(a_request(*headers, body=changed), scheme, SECRET), Verified)


@given(hmac_schemes(), st.binary(max_size=100), st.data())
def test_one_flipped_bit_of_the_signature_is_never_accepted(scheme: Scheme, body: bytes, data: st.DataObject) -> None:
    ((name, value),) = signing_headers(a_request(body=body), scheme, SECRET)
    changed = flipped(value, data)
    # The case of a hex digit is one bit, and carries nothing.
    assume(
        not (
            scheme.encoding == "hex"
            and signature_part(changed, scheme).lower() == signature_part(value, scheme).lower()
        )
    )
    assert not isinstance(outcome_of(a_request((name, changed), body=body), scheme, SECRET), Verified)


@given(st.text(min_size=1), st.data())
def test_one_flipped_bit_of_a_token_is_never_accepted(value: str, data: st.DataObject) -> None:
    sent = value.encode()
    secret = Secret("mine", value)
    assert outcome_of(a_request((b"x-gitlab-token", sent)), TOKEN, secret) == Verified("mine")
    changed = flipped(sent, data)
    assert outcome_of(a_request((b"x-gitlab-token", changed)), TOKEN, secret) == TokenMismatch("X-Gitlab-Token")


@given(st.binary(max_size=80), hmac_schemes())
def test_no_header_value_breaks_the_check(value: bytes, scheme: Scheme) -> None:
    assert scheme.signature is not None
    request = a_request((scheme.signature.name.encode(), value))
    assert isinstance(outcome_of(request, scheme, SECRET), MissingHeader | MalformedHeader | Mismatch)


@given(st.text(min_size=1), st.text(min_size=1))
def test_another_secret_is_never_accepted(right: str, wrong: str) -> None:
    # RFC 2104 pads the key with zeros up to the block, so that trailing zeros are the same key.
    assume(right.encode().rstrip(b"\0") != wrong.encode().rstrip(b"\0"))
    assume(max(len(right.encode()), len(wrong.encode())) <= 64)
    request = a_request(*signing_headers(a_request(), BASE64, Secret("", right)))
    assert outcome_of(request, BASE64, Secret("", wrong)) == Mismatch("Webhook-Signature")


def flipped(value: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def signature_part(value: bytes, scheme: Scheme) -> bytes:
    assert scheme.signature is not None
    return value.removeprefix(scheme.signature.prefix.encode())


# Each failure has its name


@pytest.mark.parametrize("name", [b"x-hub-signature-256", b"X-HUB-SIGNATURE-256", b"X-Hub-Signature-256"])
def test_the_case_of_the_header_does_not_matter(name: bytes) -> None:
    assert outcome_of(a_request((name, GITHUB_EXAMPLE)), HUB, SECRET) == Verified("current")


@pytest.mark.parametrize("headers", [[], [(b"X-Hub-Signature", b"sha1=00")], [(b"X-Hub-Signature-256", b"")]])
def test_an_absent_or_empty_header_is_missing(headers: list[tuple[bytes, bytes]]) -> None:
    assert outcome_of(a_request(*headers), HUB, SECRET) == MissingHeader("X-Hub-Signature-256")


def test_a_doubled_header_is_an_outcome_of_its_own_even_when_both_are_right() -> None:
    request = a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE), (b"x-hub-signature-256", GITHUB_EXAMPLE))
    assert outcome_of(request, HUB, SECRET) == DuplicateHeader("X-Hub-Signature-256")


@pytest.mark.parametrize(
    "value",
    [
        GITHUB_EXAMPLE.removeprefix(b"sha256="),  # without its prefix
        b"sha256=",
        b"SHA256=" + GITHUB_EXAMPLE.removeprefix(b"sha256="),
        b"sha256= " + GITHUB_EXAMPLE.removeprefix(b"sha256="),
        GITHUB_EXAMPLE + b"0",
        GITHUB_EXAMPLE[:-1] + b"g",
        GITHUB_EXAMPLE + b"\xff",
        b"sha256=" + base64.b64encode(bytes(32)),
    ],
)
def test_a_value_of_another_form_is_malformed(value: bytes) -> None:
    outcome = outcome_of(a_request((b"X-Hub-Signature-256", value)), HUB, SECRET)
    assert outcome == MalformedHeader("X-Hub-Signature-256")


@pytest.mark.parametrize("length", [1, 31, 33, 64])
def test_a_signature_of_another_length_does_not_match(length: int) -> None:
    request = a_request((b"X-Hub-Signature-256", b"sha256=" + b"00" * length))
    assert outcome_of(request, HUB, SECRET) == Mismatch("X-Hub-Signature-256")


def test_upper_case_hex_is_the_same_signature() -> None:
    value = b"sha256=" + GITHUB_EXAMPLE.removeprefix(b"sha256=").upper()
    assert outcome_of(a_request((b"X-Hub-Signature-256", value)), HUB, SECRET) == Verified("current")


def test_base64_must_be_what_an_encoder_writes() -> None:
    right = base64.b64encode(hmac.digest(SECRET.value.encode(), b"Hello, World!", "sha256"))
    assert outcome_of(a_request((b"Webhook-Signature", right)), BASE64, SECRET) == Verified("current")
    # The last digit before the padding has two bits that mean nothing; a decoder would overlook them.
    stray = right[:-2] + bytes([right[-2] + 1]) + b"="
    for odd in (right.rstrip(b"="), right + b"=", b"-" + right[1:], stray, right[:20] + b"\n" + right[20:]):
        outcome = outcome_of(a_request((b"Webhook-Signature", odd)), BASE64, SECRET)
        assert outcome in (MalformedHeader("Webhook-Signature"), Mismatch("Webhook-Signature"))


def test_base64url_is_read_with_and_without_padding() -> None:
    scheme = replace(BASE64, encoding="base64url")
    padded = base64.urlsafe_b64encode(hmac.digest(SECRET.value.encode(), b"Hello, World!", "sha256"))
    for value in (padded, padded.rstrip(b"=")):
        assert outcome_of(a_request((b"Webhook-Signature", value)), scheme, SECRET) == Verified("current")


# Secrets and algorithms


def test_secrets_are_tried_in_order_and_the_outcome_says_which_matched() -> None:
    request = a_request(*signing_headers(a_request(), HUB, OTHER))
    assert outcome_of(request, HUB, SECRET, OTHER) == Verified("previous")
    assert outcome_of(request, HUB, SECRET) == Mismatch("X-Hub-Signature-256")


@pytest.mark.parametrize("secrets", [(), (Secret("empty", ""),), (UnreadableSecret("gone"),)])
def test_without_a_secret_nothing_can_be_checked(secrets: Sequence[Secret | UnreadableSecret]) -> None:
    outcome = verify(a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE)), HUB, secrets, now=NOON)
    assert isinstance(outcome, CannotBeChecked)
    assert outcome.reason == "secret-missing"


def test_an_unreadable_secret_does_not_hide_one_that_matches() -> None:
    request = a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE))
    assert outcome_of(request, HUB, UnreadableSecret("old", "keyring-locked"), SECRET) == Verified("current")


def test_a_mismatch_is_not_certain_while_a_secret_cannot_be_read() -> None:
    request = a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE))
    outcome = outcome_of(request, HUB, OTHER, UnreadableSecret("old", "keyring-locked"))
    assert outcome == CannotBeChecked("keyring-locked", "old")


def test_a_malformed_header_is_certain_also_while_a_secret_cannot_be_read() -> None:
    request = a_request((b"X-Hub-Signature-256", b"sha256=no hex"))
    outcome = outcome_of(request, HUB, OTHER, UnreadableSecret("old", "keyring-locked"))
    assert outcome == MalformedHeader("X-Hub-Signature-256")


def test_a_secret_of_the_wrong_shape_is_named_by_its_label_only() -> None:
    scheme = replace(HUB, secret=SecretReading(decode="base64"))
    outcome = outcome_of(a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE)), scheme, Secret("mine", "not base64!"))
    assert outcome == CannotBeChecked("secret-malformed", "mine")


@pytest.mark.parametrize("headers", [[], [(b"X-Hub-Signature-256", GITHUB_EXAMPLE)]])
def test_an_algorithm_that_the_machine_lacks_cannot_be_checked(headers: list[tuple[bytes, bytes]]) -> None:
    outcome = outcome_of(a_request(*headers), replace(HUB, algorithm="gost-1994"), SECRET)
    assert outcome == CannotBeChecked("algorithm-not-available", "gost-1994")


def test_a_part_that_cannot_be_filled_cannot_be_checked() -> None:
    scheme = replace(HUB, content=(Part(part="value", name="timestamp"), BODY))
    outcome = outcome_of(a_request((b"X-Hub-Signature-256", GITHUB_EXAMPLE)), scheme, SECRET)
    assert outcome == CannotBeChecked("value-not-defined", "timestamp")


def test_a_kind_that_this_version_does_not_know_cannot_be_checked() -> None:
    scheme = Scheme("mtls", signature=SignaturePlace(name="Authorization"))
    assert outcome_of(a_request(), scheme, SECRET) == CannotBeChecked("kind-not-available", "mtls")


def test_none_verifies_everything_without_a_secret() -> None:
    assert outcome_of(a_request(), Scheme("none")) == Verified(None)


def test_a_mapped_body_is_checked_as_bytes_are() -> None:
    body = memoryview(b"Hello, World!")
    request = Request("POST", "/", "1.1", Headers([(b"X-Hub-Signature-256", GITHUB_EXAMPLE)]), body)
    assert outcome_of(request, HUB, SECRET) == Verified("current")


def test_the_expected_signature_is_the_one_that_verifies() -> None:
    assert expected_signature(a_request(), HUB, SECRET) == GITHUB_EXAMPLE.removeprefix(b"sha256=")


# Reading of the secret


@pytest.mark.parametrize(
    ("reading", "stored", "key"),
    [
        (SecretReading(), "plain", b"plain"),
        (SecretReading(decode="base64"), "AAEC/w==", b"\x00\x01\x02\xff"),
        (SecretReading(decode="base64"), "AAEC/w", b"\x00\x01\x02\xff"),
        (SecretReading(decode="hex"), "00FFab", b"\x00\xff\xab"),
        (SecretReading(strip_prefix="whsec_", decode="base64"), "whsec_AAEC/w==", b"\x00\x01\x02\xff"),
        (SecretReading(strip_prefix="v1,whsec_", strip_prefix_alt=("whsec_",)), "whsec_x", b"x"),
        (SecretReading(append="&"), "twitter", b"twitter&"),
        (SecretReading(derive="sha1"), "x", hashlib.sha1(b"x").digest()),
        (SecretReading(derive="sha256"), "x", hashlib.sha256(b"x").digest()),
        (SecretReading(normalize="NFKD"), "é", b"e\xcc\x81"),
    ],
)
def test_the_stored_text_becomes_the_key_as_the_scheme_says(reading: SecretReading, stored: str, key: bytes) -> None:
    scheme = Scheme("hmac", "sha256", signature=SignaturePlace(name="S"), secret=reading)
    expected = hmac.digest(key, b"Hello, World!", "sha256").hex().encode()
    assert expected_signature(a_request(), scheme, Secret("", stored)) == expected


# Signing says why it cannot


@pytest.mark.parametrize(
    ("scheme", "secret"),
    [
        (HUB, None),
        (HUB, Secret("empty", "")),
        (replace(HUB, algorithm="gost-1994"), SECRET),
        (replace(HUB, secret=SecretReading(decode="hex")), SECRET),
        (Scheme("mtls", signature=SignaturePlace(name="Authorization")), SECRET),
        (replace(HUB, signature=SignaturePlace()), SECRET),
    ],
)
def test_what_cannot_be_signed_is_said_without_the_secret(scheme: Scheme, secret: Secret | None) -> None:
    with pytest.raises(CannotSign) as caught:
        signing_headers(a_request(), scheme, secret)
    assert SECRET.value not in str(caught.value)


def test_a_secrets_repr_has_no_part_of_its_value() -> None:
    assert repr(SECRET) == "Secret(label='current')"
