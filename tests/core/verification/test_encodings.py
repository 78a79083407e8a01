"""A signature's text is read strictly, and what is changed in it never passes for what was sent."""

import base64

import pytest

from inspector.core.verification.encodings import decode

SIGNATURE = bytes(range(32))
BASE64 = base64.b64encode(SIGNATURE)


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (SIGNATURE.hex().encode(), "hex", SIGNATURE),
        (SIGNATURE.hex().upper().encode(), "hex", SIGNATURE),
        (SIGNATURE.hex().encode()[:-1], "hex", None),
        (b"0x" + SIGNATURE.hex().encode(), "hex", None),
        (b" " + SIGNATURE.hex().encode(), "hex", None),
        (BASE64, "base64", SIGNATURE),
        (BASE64.rstrip(b"="), "base64", None),
        (BASE64 + b"\n", "base64", None),
        (b"\xff" + BASE64[1:], "base64", None),
        (base64.urlsafe_b64encode(b"\xfb\xff"), "base64url", b"\xfb\xff"),
        (b"-_8", "base64url", b"\xfb\xff"),
        (b"+/8=", "base64url", None),
        (b"-_8 ", "base64url", None),
        (b"-_8=", "base64", None),
    ],
)
def test_a_text_of_another_form_stands_for_no_signature(text: bytes, encoding: str, expected: bytes | None) -> None:
    assert decode(text, encoding) == expected


@pytest.mark.parametrize("encoding", ["base64", "base64url"])
def test_stray_bits_in_the_last_digit_have_the_right_form_and_are_no_signature(encoding: str) -> None:
    changed = BASE64[:-2] + bytes([BASE64[-2] + 1]) + b"="
    assert base64.b64decode(changed) == SIGNATURE  # what a careless decoder would accept
    assert decode(changed, encoding) == b""
