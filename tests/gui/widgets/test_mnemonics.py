"""Each control of a page has a letter of its own, which no menu has."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.mnemonics import letter_of, make_distinct


def page_of(qtbot: QtBot, *texts: str) -> tuple[QWidget, list[QPushButton]]:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    buttons = [QPushButton(text) for text in texts]
    for button in buttons:
        column.addWidget(button)
    return page, buttons


@pytest.mark.parametrize(
    ("text", "letter"), [("&Send", "s"), ("Se&nd", "n"), ("R&&D", ""), ("R&&D &Now", "n"), ("Plain", ""), ("End&", "")]
)
def test_a_text_marks_one_letter_or_none(text: str, letter: str) -> None:
    assert letter_of(text) == letter


def test_who_comes_first_keeps_its_letter_and_a_menu_has_it_before_all(qtbot: QtBot) -> None:
    page, buttons = page_of(qtbot, "&Send", "&Save", "Make a &handler", "Plain")
    make_distinct(page, {"h"})
    assert [button.text() for button in buttons] == ["&Send", "S&ave", "&Make a handler", "Plain"]


def test_a_second_look_changes_nothing(qtbot: QtBot) -> None:
    page, buttons = page_of(qtbot, "&Send", "&Save", "&Stop")
    make_distinct(page, ())
    before = [button.text() for button in buttons]
    make_distinct(page, ())
    assert [button.text() for button in buttons] == before


def test_where_no_letter_is_left_none_is_marked(qtbot: QtBot) -> None:
    page, buttons = page_of(qtbot, "&ab", "&ba", "a&b &&")
    make_distinct(page, {"a", "b"})
    assert [button.text() for button in buttons] == ["ab", "ba", "ab &&"]


def test_a_label_that_leads_to_a_field_counts(qtbot: QtBot) -> None:
    page, (button,) = page_of(qtbot, "&Name it")
    label, field = QLabel("&Name", page), QLineEdit(page)
    label.setBuddy(field)
    make_distinct(page, ())
    assert (button.text(), label.text()) == ("&Name it", "N&ame")
