"""An empty view says what is missing and what to do."""

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.empty_state import EmptyState


def test_a_button_does_what_its_action_does_and_looks_like_it(qtbot: QtBot) -> None:
    action = QAction("Do &it")
    action.setStatusTip("It does good.")
    state = EmptyState("Nothing", "yet", [action])
    qtbot.addWidget(state)
    state.show()
    done: list[bool] = []
    action.triggered.connect(lambda: done.append(True))
    (button,) = [each for each in state.findChildren(QAbstractButton) if each.isVisible()]
    assert button.text() == "Do &it"
    button.click()
    assert len(done) == 1
    action.setEnabled(False)
    assert not button.isEnabled()
    action.setVisible(False)
    assert not button.isVisible()
    assert "It does good." in [label.text() for label in state.findChildren(QLabel)]


def test_code_is_copied_as_it_is(qtbot: QtBot) -> None:
    state = EmptyState("Nothing", code="one\n  two")
    qtbot.addWidget(state)
    state.show()
    copy = state.findChild(QAbstractButton, "copy")
    assert isinstance(copy, QAbstractButton)
    copy.click()
    assert QGuiApplication.clipboard().text() == state.code == "one\n  two"


def test_without_code_there_is_none_to_see(qtbot: QtBot) -> None:
    state = EmptyState("Nothing", code="x")
    qtbot.addWidget(state)
    state.show()
    state.set_code(None)
    copy = state.findChild(QAbstractButton, "copy")
    assert isinstance(copy, QAbstractButton)
    assert not copy.isVisible()


def test_text_is_never_read_as_markup(qtbot: QtBot) -> None:
    state = EmptyState("<b>Nothing</b>", "<img src=x>")
    qtbot.addWidget(state)
    title, text = (state.findChild(QLabel, name) for name in ("title", "text"))
    assert isinstance(title, QLabel)
    assert isinstance(text, QLabel)
    for label, words in ((title, "<b>Nothing</b>"), (text, "<img src=x>")):
        assert label.text() == words
        assert label.textFormat().name == "PlainText"
