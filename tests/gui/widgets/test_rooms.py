"""Widgets that keep to their room: one scrolls where it is low, one keeps what it once took."""

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.fitting_scroll import FittingScroll
from inspector.gui.widgets.steady_text import SteadyText


def fields(count: int) -> tuple[QWidget, list[QLineEdit]]:
    held = QWidget()
    column = QVBoxLayout(held)
    made = [QLineEdit(held) for _ in range(count)]
    for field in made:
        column.addWidget(field)
    return held, made


def test_a_form_is_as_tall_as_it_wants_and_can_be_made_low(qtbot: QtBot) -> None:
    held, _ = fields(20)
    scroll = FittingScroll(held, 100)
    qtbot.addWidget(scroll)
    assert scroll.sizeHint().height() == held.sizeHint().height()
    assert scroll.minimumSizeHint().height() == 100
    assert FittingScroll(QLabel("short"), 100).minimumSizeHint().height() < 100


def test_what_has_the_keyboard_is_brought_into_sight(qtbot: QtBot) -> None:
    held, made = fields(20)
    scroll = FittingScroll(held, 100)
    qtbot.addWidget(scroll)
    scroll.resize(200, 120)
    with qtbot.waitExposed(scroll):
        scroll.show()
    scroll.activateWindow()
    made[-1].setFocus()
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().value() == scroll.verticalScrollBar().maximum() > 0)


def test_text_that_changes_takes_more_room_and_gives_none_back(qtbot: QtBot) -> None:
    text = SteadyText(2)
    qtbot.addWidget(text)
    text.resize(120, 60)
    with qtbot.waitExposed(text):
        text.show()
    text.set_text("short")
    one = text.sizeHint().height()
    text.set_text("a text that is much longer than one line of this widget is wide")
    assert text.sizeHint().height() == 2 * one
    text.set_text("short")
    assert (text.text(), text.sizeHint().height()) == ("short", 2 * one)
    assert text.accessibleName() == "short"
