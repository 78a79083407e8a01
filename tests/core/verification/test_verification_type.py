"""The verification types that are offered, and what becomes of a scheme that says more."""

import pytest
from msgspec.structs import replace

from inspector.core.handler import Handler
from inspector.core.handler_check import problems
from inspector.core.verification.scheme import Part, Scheme, SecretReading, SignaturePlace, TimestampCheck
from inspector.core.verification.verification_type import (
    TYPES,
    VerificationType,
    scheme_with,
    type_named,
    type_of,
)


@pytest.mark.parametrize("each", TYPES, ids=lambda each: each.id)
def test_a_type_recognises_its_own_scheme_and_its_own_word(each: VerificationType) -> None:
    assert type_of(each.scheme) is each
    assert type_named(each.id) is each


@pytest.mark.parametrize("each", TYPES, ids=lambda each: each.id)
def test_a_handler_of_what_a_type_begins_with_can_be_stored(each: VerificationType) -> None:
    assert problems(Handler("a", each.scheme)) == ()


@pytest.mark.parametrize("word", ["base64 hmac", "base64-hmac", "Base64 HMAC", "BASE64_HMAC"])
def test_the_word_may_be_written_as_people_write_it(word: str) -> None:
    assert type_named(word) is TYPES[0]


def test_an_unknown_word_names_no_type() -> None:
    assert type_named("rot13") is None


PLACE = SignaturePlace(name="S")


@pytest.mark.parametrize(
    "scheme",
    [
        Scheme("jwt", signature=PLACE),
        Scheme("hmac", "sha256"),
        Scheme("hmac", "sha256", "base64url", signature=PLACE),
        Scheme("hmac", "sha256", signature=replace(PLACE, format="kv", key="v1")),
        Scheme("hmac", "sha256", signature=replace(PLACE, place="query")),
        Scheme("hmac", "sha256", signature=replace(PLACE, also=("T",))),
        Scheme("hmac", "sha256", signature=PLACE, content=(Part(part="text", text="v0:"), Part(part="body"))),
        Scheme("hmac", "sha256", signature=PLACE, timestamp=TimestampCheck("header:Date")),
    ],
)
def test_a_scheme_that_says_more_is_of_no_type(scheme: Scheme) -> None:
    assert type_of(scheme) is None


def test_what_has_no_field_stays_as_it_is() -> None:
    scheme = Scheme("hmac", "sha1", hex_upper=True, signature=PLACE, secret=SecretReading(decode="base64"))
    changed = scheme_with(scheme, algorithm="sha512", header="X-Other", prefix="v1=")
    assert changed == replace(
        scheme, algorithm="sha512", signature=SignaturePlace(name="X-Other", format="prefix", prefix="v1=")
    )


def test_an_empty_prefix_means_the_whole_value() -> None:
    scheme = Scheme("hmac", "sha1", signature=SignaturePlace(name="S", format="prefix", prefix="sha1="))
    changed = scheme_with(scheme, algorithm="sha1", header="S", prefix="")
    assert changed.signature == SignaturePlace(name="S")


def test_a_scheme_without_a_signature_has_nothing_to_fill_in() -> None:
    assert scheme_with(Scheme("none"), algorithm="sha256", header="S", prefix="p") == Scheme("none")
