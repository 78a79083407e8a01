"""What is remarked about a secret while it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.request import Headers, Request
from inspector.core.verification.lint import (
    KINDS_OF_KEY,
    LooksLikeSignature,
    NotDecodable,
    OtherKindOfKey,
    Remark,
    SpaceAtEnd,
    TestKeyOfLiveHandler,
    TooShort,
    lint,
)
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace
from inspector.core.verification.secret import Secret
from tests.signing import signing_headers

HUB = Scheme("hmac", "sha256", signature=SignaturePlace(name="X-Hub-Signature-256", format="prefix", prefix="sha256="))
BASE64_SECRET = Scheme("hmac", "sha256", signature=SignaturePlace(name="S"), secret=SecretReading(decode="base64"))
HEX_SECRET = Scheme("hmac", "sha256", signature=SignaturePlace(name="S"), secret=SecretReading(decode="hex"))
STANDARD = Scheme(
    "hmac",
    "sha256",
    "base64",
    signature=SignaturePlace(name="webhook-signature"),
    secret=SecretReading(strip_prefix="whsec_", decode="base64", pattern="^whsec_[A-Za-z0-9+/=]+$"),
)
TOKEN = Scheme("token", signature=SignaturePlace(name="X-Gitlab-Token"))
LONG = "It's a Secret to Everybody"


def test_a_good_secret_is_not_remarked_on() -> None:
    assert lint(LONG, HUB, "github-live") == ()


def test_nothing_typed_is_not_remarked_on() -> None:
    assert lint("", HUB) == ()


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (LONG + "\n", 0, 1),
        (LONG + "\r\n", 0, 2),
        ("\t" + LONG + "  ", 1, 2),
        ("\ufeff" + LONG, 1, 0),
        (LONG + "\u200b\u00a0", 0, 2),
    ],
)
def test_white_space_and_invisible_characters_at_an_end_are_counted(text: str, before: int, after: int) -> None:
    assert lint(text, HUB) == (SpaceAtEnd(before, after),)


def test_a_secret_of_nothing_but_white_space_is_also_too_short() -> None:
    assert lint("   ", HUB) == (SpaceAtEnd(3, 0), TooShort(0))


def test_white_space_within_a_secret_is_part_of_it() -> None:
    assert lint("several words make a secret", HUB) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "stripe-api"),
        ("rk_test_4eC39HqLyjWDarjtT1zdp7dc", "stripe-api"),
        ("pk_live_4eC39HqLyjWDarjtT1zdp7dc", "publishable"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "github-token"),
        ("github_pat_11ABCDEFG0123456789_abcdef", "github-token"),
        ("glpat-abcdefghij0123456789", "gitlab-token"),
        ("xoxb-1234567890-abcdefghij", "slack-token"),
        ("AKIAIOSFODNN7EXAMPLE", "aws-key-id"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "jwt"),
        ("-----BEGIN PUBLIC KEY-----\nMFkw", "public-key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private-key"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "webhook-secret"),
        ("https://example.com/secret/of/mine", "url"),
    ],
)
def test_a_key_of_another_kind_is_told_by_its_beginning(text: str, kind: str) -> None:
    (remark,) = lint(text, HUB)
    assert isinstance(remark, OtherKindOfKey)
    assert remark.kind == kind
    assert text.startswith(remark.prefix)


def test_a_prefix_that_the_scheme_expects_is_right() -> None:
    assert lint("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", STANDARD) == ()


def test_no_prefix_hides_a_longer_one_behind_it() -> None:
    seen: list[str] = []
    for prefix in KINDS_OF_KEY:
        assert not any(prefix.startswith(earlier) for earlier in seen), prefix
        seen.append(prefix)


@pytest.mark.parametrize("text", ["not base64 at all!", "abcde", "MfKQ9r8G_Yqr-wjUPD8ILPZIo2LaLaSw"])
def test_what_is_not_base64_is_told_where_the_scheme_decodes_it(text: str) -> None:
    assert lint(text, BASE64_SECRET) == (NotDecodable("base64"),)


def test_what_is_not_hex_is_told_where_the_scheme_decodes_it() -> None:
    assert lint("xyz" * 12, HEX_SECRET) == (NotDecodable("hex"),)


def test_the_decoded_key_is_measured() -> None:
    assert lint("00112233445566778899aabbccddee", HEX_SECRET) == (TooShort(15),)
    assert lint("00112233445566778899aabbccddeeff", HEX_SECRET) == ()


@pytest.mark.parametrize(("text", "remarks"), [("x" * 15, (TooShort(15),)), ("x" * 16, ()), ("ü" * 8, ())])
def test_a_key_below_sixteen_bytes_is_short(text: str, remarks: tuple[Remark, ...]) -> None:
    assert lint(text, HUB) == remarks


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("whk_test_0123456789abcdef", "shop-live", True),
        ("test_0123456789abcdefghij", "Production shop", True),
        ("whk-test-0123456789abcdef", "PROD", True),
        ("whk_test_0123456789abcdef", "shop-test", False),
        ("whk_test_0123456789abcdef", "delivery", False),  # "live" within another word
        ("whk_live_0123456789abcdef", "shop-live", False),
        ("the-latest-greatest-secret", "shop-live", False),
    ],
)
def test_a_test_mode_key_is_remarked_on_in_a_live_handler_only(text: str, name: str, told: bool) -> None:
    assert (TestKeyOfLiveHandler() in lint(text, HUB, name)) is told


@pytest.mark.parametrize(
    "text",
    [
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "X-Hub-Signature-256: sha256=757107ea",
        "t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    ],
)
def test_a_pasted_signature_is_told_and_nothing_else_about_it(text: str) -> None:
    assert lint(text, HUB) == (LooksLikeSignature(),)


def test_a_token_may_look_like_a_signature() -> None:
    assert lint("sha256=0123456789abcdef", TOKEN) == ()


def test_a_pasted_header_line_is_told_for_a_token_too() -> None:
    assert lint("x-gitlab-token: 0123456789abcdef", TOKEN) == (LooksLikeSignature(),)


@given(st.text(), st.sampled_from([HUB, BASE64_SECRET, HEX_SECRET, STANDARD, TOKEN]))
def test_no_remark_has_the_secret_in_it(text: str, scheme: Scheme) -> None:
    for remark in lint(text, scheme, "live"):
        assert len(text) < 12 or text not in repr(remark)


@given(st.text(min_size=1), st.sampled_from([HUB, STANDARD, BASE64_SECRET]))
def test_a_secret_without_remarks_can_sign(text: str, scheme: Scheme) -> None:
    if lint(text, scheme) == ():
        assert signing_headers(Request("POST", "/", "1.1", Headers()), scheme, Secret("", text))
