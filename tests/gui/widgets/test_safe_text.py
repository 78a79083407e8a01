"""What cannot be seen, or deceives, is shown as a mark."""

import pytest

from inspector.gui.widgets.safe_text import as_text, marked, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/stripe?x=1", "/stripe?x=1"),
        ("Grüße, 東京", "Grüße, 東京"),
        ("a\r\nb\tc", "a‹CR›‹LF›b‹TAB›c"),
        ("\x00\x1b[31m\x7f", "‹NUL›‹ESC›[31m‹DEL›"),
        ("\x85", "‹U+0085›"),
        ("user\u202egpj.exe", "user‹RLO›gpj.exe"),
        ("a\u200bb\ufeff", "a‹ZWSP›b‹BOM›"),
        ("a\u00a0b", "a‹NBSP›b"),
        ("\U000e0041", "‹U+E0041›"),
        ("\ud800", "‹U+D800›"),
        ("\u2800\u3164", "‹U+2800›‹U+3164›"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_a_mark(text: str, shown: str) -> None:
    assert marked(text) == shown


def test_a_cyrillic_letter_in_a_latin_word_is_marked() -> None:
    assert marked("p\u0430ypal") == "p\u0430‹U+0430›ypal"


def test_a_cyrillic_word_of_its_own_is_left_alone() -> None:
    assert marked("привет") == "привет"


def test_a_stack_of_combining_characters_is_marked_after_the_third() -> None:
    assert marked("a" + "\u0301" * 5) == "a\u0301\u0301\u0301‹U+0301›‹U+0301›"


def test_the_characters_to_keep_stay() -> None:
    assert marked("a\n\tb\r", keep="\n\t") == "a\n\tb‹CR›"


def test_a_long_value_is_cut_in_its_middle_with_its_length() -> None:
    assert shortened("a" * 6 + "b" * 6, 4) == "aa…bb (12 characters)"


def test_a_short_value_is_left_whole() -> None:
    assert shortened("abc", 4) == "abc"


@pytest.mark.parametrize(
    ("latin", "text"), [("/a", "/a"), ("caf\xc3\xa9", "café"), ("caf\xe9", "café"), ("\u20ac", "€")]
)
def test_bytes_kept_as_latin_1_are_read_as_utf_8_where_they_are_that(latin: str, text: str) -> None:
    assert as_text(latin) == text
