"""Two bodies at the place where they begin to differ."""

from inspector.gui.diagnosis.body_difference import excerpts


def test_text_is_shown_as_text_around_the_difference() -> None:
    shown = excerpts(b"a" * 100 + b" b", b"a" * 100 + b"b", 100)
    assert (shown.received, shown.signed) == ("a" * 40 + " b", "a" * 40 + "b")


def test_a_line_break_is_visible() -> None:
    assert excerpts(b"a\r\n", b"a\n", 1).received == "a‹CR›‹LF›"


def test_what_is_no_text_is_shown_in_hexadecimal() -> None:
    assert excerpts(b"\x1f\x8b\x08", b"{}", 0).received == "1f 8b 08"


def test_no_character_is_cut_in_two() -> None:
    shown = excerpts(("é" * 50 + "x").encode(), ("é" * 50 + "y").encode(), 100)
    assert shown.received.endswith("éx")
    assert "‹" not in shown.received
