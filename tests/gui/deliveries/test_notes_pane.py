"""What people write to a delivery is told once it is written, and not while nothing has changed."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector.core.annotation import Annotation
from inspector.gui.deliveries.annotating import Annotating
from inspector.gui.deliveries.notes_pane import NotesPane
from tests.gui.deliveries.samples import a_delivery

WRITTEN = Annotation("ask Ann", ("refund", "urgent"))


@pytest.fixture
def pane(qtbot: QtBot) -> NotesPane:
    pane = NotesPane()
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()
    return pane


def fields(pane: NotesPane) -> tuple[QLineEdit, QPlainTextEdit]:
    tags, note = pane.findChild(QLineEdit, "tags"), pane.findChild(QPlainTextEdit, "note")
    assert isinstance(tags, QLineEdit)
    assert isinstance(note, QPlainTextEdit)
    return tags, note


def told_by(pane: NotesPane) -> list[tuple[int, Annotation]]:
    told: list[tuple[int, Annotation]] = []
    pane.written.connect(lambda id_, annotation: told.append((id_, annotation)))
    return told


def test_what_was_written_is_shown(pane: NotesPane) -> None:
    pane.show_delivery(replace(a_delivery(), annotation=WRITTEN))
    tags, note = fields(pane)
    assert (tags.text(), note.toPlainText()) == ("refund, urgent", "ask Ann")


def test_tags_are_told_on_enter_and_once(pane: NotesPane) -> None:
    told = told_by(pane)
    pane.show_delivery(a_delivery(number=7))
    tags, _ = fields(pane)
    QTest.keyClicks(tags, " refund ,, refund,urgent")
    QTest.keyClick(tags, Qt.Key.Key_Return)
    QTest.keyClick(tags, Qt.Key.Key_Return)
    assert told == [(7, Annotation("", ("refund", "urgent")))]


def test_a_note_is_told_when_one_leaves_it_or_goes_to_another_delivery(pane: NotesPane) -> None:
    told = told_by(pane)
    pane.show_delivery(a_delivery(number=7))
    tags, note = fields(pane)
    note.setFocus()
    QTest.keyClicks(note, "ask")
    tags.setFocus()
    note.setFocus()
    QTest.keyClicks(note, " Ann")
    pane.show_delivery(a_delivery(number=8))
    assert told == [(7, Annotation("ask")), (7, Annotation("ask Ann"))]
    assert note.toPlainText() == ""


def test_what_somebody_else_wrote_is_shown_and_not_told_again(pane: NotesPane) -> None:
    told = told_by(pane)
    pane.show_delivery(a_delivery(number=7))
    pane.show_annotation(WRITTEN)
    pane.save()
    assert (fields(pane)[1].toPlainText(), told) == ("ask Ann", [])


def test_writing_can_be_undone(qtbot: QtBot) -> None:
    written: list[dict[int, Annotation]] = []
    stack = QUndoStack()
    stack.push(Annotating(lambda annotations: written.append(dict(annotations)), 3, Annotation(), WRITTEN))
    stack.undo()
    stack.redo()
    assert written == [{3: WRITTEN}, {3: Annotation()}, {3: WRITTEN}]
    assert stack.undoText() == "change a note"
