"""Messages appear where the work is, and go when they have ended."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.widgets import message_bar
from inspector.gui.widgets.message_bar import Message, MessageBar, Tone


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    window = QWidget()
    column = QVBoxLayout(window)
    shown, elsewhere = MessageBar(window), QLineEdit(window)
    column.addWidget(shown)
    column.addWidget(elsewhere)
    qtbot.addWidget(window)
    window.resize(600, 200)
    with qtbot.waitExposed(window):
        window.show()
    elsewhere.setFocus()
    yield shown
    window.close()


def test_it_takes_no_room_while_there_is_nothing_to_say(bar: MessageBar) -> None:
    bar.show_lasting("store", Message("The disk is full.", Tone.WARNING))
    assert bar.isVisible()
    bar.clear("store")
    assert not bar.isVisible()


def test_a_lasting_message_is_replaced_by_the_next_of_its_source(bar: MessageBar) -> None:
    for text in ("The disk is full.", "The disk is still full."):
        bar.show_lasting("store", Message(text, Tone.WARNING))
    bar.show_lasting("keyring", Message("The keyring is locked."))
    assert bar.texts == ["The disk is still full.", "The keyring is locked."]


def test_its_button_does_what_it_says_and_closes_it(bar: MessageBar) -> None:
    done: list[int] = []
    bar.show_lasting(
        "listener", Message("Port 8080 is taken.", Tone.WARNING, [("Use port 8081", lambda: done.append(8081))])
    )
    button = bar.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (done, bar.texts) == ([8081], [])


def test_a_passing_message_goes_by_itself(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "PASSING_MS", 30)
    bar.show_passing(Message("Copied."))
    assert bar.texts == ["Copied."]
    qtbot.waitUntil(lambda: bar.texts == [])


def test_a_passing_message_does_not_take_a_later_one_with_it(
    bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_bar, "PASSING_MS", 60)
    bar.show_passing(Message("one"))
    monkeypatch.setattr(message_bar, "PASSING_MS", 60_000)
    bar.show_passing(Message("two"))
    qtbot.wait(120)
    assert bar.texts == ["two"]


def test_its_text_is_never_taken_for_html(bar: MessageBar) -> None:
    bar.show_lasting("store", Message("<b>bold</b>"))
    formats = {label.textFormat() for label in bar.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}
