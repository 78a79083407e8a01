"""The parts of the signed content complete themselves while one types, with the keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.handlers.template_edit import TemplateEdit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def edit(qtbot: QtBot) -> TemplateEdit:
    made = TemplateEdit(lambda: ("timestamp",), lambda: ("header:X-Time", "header:X-Token"))
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def offered(edit: TemplateEdit) -> list[str]:
    return [str(edit._words.index(row).data()) for row in range(edit._words.rowCount())]


def key(edit: TemplateEdit, code: Qt.Key) -> None:
    """To whoever has the keyboard: the popup while it is there."""
    QTest.keyClick(edit.popup if edit.popup.isVisible() else edit, code)


def test_a_brace_offers_every_part_and_letters_narrow_them(edit: TemplateEdit) -> None:
    QTest.keyClicks(edit, "v2;{")
    assert {"body", "url", "timestamp", "header:"} <= set(offered(edit))
    QTest.keyClicks(edit, "ti")
    assert offered(edit) == ["timestamp"]
    assert edit.popup.isVisible()


@pytest.mark.parametrize("code", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_enter_and_tab_take_what_is_offered_and_close_the_brace(edit: TemplateEdit, code: Qt.Key) -> None:
    QTest.keyClicks(edit, "v2;{ur")
    key(edit, code)
    assert edit.toPlainText() == "v2;{url}"
    QTest.keyClicks(edit, ";{bod")
    key(edit, code)
    assert edit.toPlainText() == "v2;{url};{body}"
    assert not edit.popup.isVisible()


def test_the_arrows_choose_among_them(edit: TemplateEdit) -> None:
    QTest.keyClicks(edit, "{header:X-T")
    assert offered(edit) == ["header:X-Time", "header:X-Token"]
    key(edit, Qt.Key.Key_Down)
    key(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "{header:X-Token}"


def test_a_part_that_wants_a_name_leaves_room_for_it(edit: TemplateEdit) -> None:
    QTest.keyClicks(edit, "{head")
    key(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "{header:"


def test_escape_takes_none_and_leaves_the_text(edit: TemplateEdit) -> None:
    QTest.keyClicks(edit, "{ur")
    key(edit, Qt.Key.Key_Escape)
    assert not edit.popup.isVisible()
    assert edit.toPlainText() == "{ur"


def test_a_brace_that_is_there_is_not_closed_twice(edit: TemplateEdit) -> None:
    edit.setPlainText("{}.{body}")
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    edit.moveCursor(QTextCursor.MoveOperation.Right)
    QTest.keyClicks(edit, "ti")
    key(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "{timestamp}.{body}"
