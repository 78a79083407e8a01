"""Headers and body as text to edit: what is not touched comes back byte for byte."""

import pytest

from inspector.core.request import Headers
from inspector.gui.resend.editing import MASK, HeaderText, LineMalformed, body_of, body_text, changed_lines
from inspector.gui.resend.header_changes import ChangesMalformed, parsed_changes

HEADERS = Headers([(b"X-A", b"1"), (b"Cookie", b"id=\xe9"), (b"x-a", b"2"), (b"Cookie", b"other")])


@pytest.mark.parametrize("masked", [True, False])
def test_untouched_headers_come_back_in_order_and_case(masked: bool) -> None:
    text = HeaderText(HEADERS)
    assert text.read(text.text(masked=masked)) == HEADERS


def test_values_of_credentials_are_masked() -> None:
    assert HeaderText(HEADERS).text(masked=True).split("\n")[1] == f"Cookie: {MASK}"


def test_a_mask_under_another_name_stands_for_nothing() -> None:
    with pytest.raises(LineMalformed):
        HeaderText(HEADERS).read(f"X-Other: {MASK}")


@pytest.mark.parametrize("body", [b"a\r\nb\r\n", b"a\nb", b"", "caf\u00e9\u00a0x".encode()])
def test_a_body_of_text_comes_back_as_it_was(body: bytes) -> None:
    text = body_text(body)
    assert text is not None
    assert body_of(text, body) == body


@pytest.mark.parametrize("body", [b"a\rb", b"a\r\nb\nc", b"\xff", b"a\0b", b"x" * 70_000, "a\u2028b".encode()])
def test_a_body_that_would_not_come_back_is_not_edited(body: bytes) -> None:
    assert body_text(body) is None


def test_the_lines_between_what_stayed_are_marked() -> None:
    assert changed_lines("a\nb\nc", "a\nx\ny\nc") == range(1, 3)
    assert not changed_lines("a\nb", "a\nb")


def test_changes_set_headers_and_leave_them_out() -> None:
    assert parsed_changes("X-A: 1\n\n-Cookie\nX-B:2") == (((b"X-A", b"1"), (b"X-B", b"2")), (b"Cookie",))


@pytest.mark.parametrize("text", ["no colon", "a b: 1", "X: a\rb", "X: \u20ac", "-a b", ": 1"])
def test_what_is_no_header_is_named_by_its_line(text: str) -> None:
    with pytest.raises(ChangesMalformed, match="Line 2"):
        parsed_changes(f"X-Ok: 1\n{text}")
