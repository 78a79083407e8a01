"""Two signatures stand above each other, and the first difference is known."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.comparison import Comparison


@pytest.fixture
def comparison(qtbot: QtBot) -> Comparison:
    comparison = Comparison("received", "expected")
    qtbot.addWidget(comparison)
    comparison.resize(300, 200)
    return comparison


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [("abc", "abc", None), ("abc", "abd", 2), ("abc", "ab", 2), ("", "x", 0), ("", "", None)],
)
def test_the_first_difference_is_found(comparison: Comparison, first: str, second: str, place: int | None) -> None:
    comparison.compare(first, second, QColor("red"))
    assert comparison.first_difference == place


def test_both_texts_are_told_to_screen_readers(comparison: Comparison) -> None:
    comparison.compare("ab", "cd", QColor("red"))
    assert comparison.accessibleDescription() == "received: ab; expected: cd"


def test_a_longer_text_takes_more_rows(comparison: Comparison) -> None:
    comparison.compare("ab", "cd", QColor("red"))
    short = comparison.heightForWidth(300)
    comparison.compare("ab" * 64, "cd" * 64, QColor("red"))
    assert comparison.heightForWidth(300) > 2 * short


def test_the_place_of_the_difference_is_painted_in_its_colour(comparison: Comparison) -> None:
    comparison.compare("abcd", "abxd", QColor("#ff0000"))
    image = comparison.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert "#ff0000" in colours
    comparison.compare("abcd", "abcd", QColor("#ff0000"))
    image = comparison.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert "#ff0000" not in colours


def test_one_alone_takes_half_the_room_and_is_told_alone(comparison: Comparison) -> None:
    comparison.compare("ab", "ab", QColor("red"))
    both = comparison.heightForWidth(300)
    comparison.show_alone("ab")
    assert comparison.heightForWidth(300) * 2 == both
    assert comparison.accessibleDescription() == "received: ab"
    assert comparison.first_difference is None
