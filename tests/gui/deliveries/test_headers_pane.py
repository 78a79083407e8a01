"""The headers as they were sent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from inspector.core.request import Headers
from inspector.gui.deliveries.headers_pane import HeadersPane
from tests.gui.deliveries.samples import a_delivery, a_request

LINES = ((b"X-b", b"2"), (b"x-B", b"caf\xe9"), (b"Authorization", b"Bearer abc"), (b"X-Long", b"v" * 900))


@pytest.fixture
def pane(qtbot: QtBot) -> HeadersPane:
    pane = HeadersPane()
    qtbot.addWidget(pane)
    pane.resize(450, 500)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.show_delivery(a_delivery(a_request(b"", *LINES, trailers=Headers([(b"X-Checksum", b"1")]))))
    return pane


def rows(pane: HeadersPane) -> list[tuple[str, str]]:
    model = table(pane).model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def table(pane: HeadersPane) -> QTableView:
    found = pane.findChild(QTableView, "headers")
    assert isinstance(found, QTableView)
    return found


def child[T](pane: HeadersPane, kind: type[T], name: str) -> T:
    found = pane.findChild(kind, name)  # type: ignore[type-var]
    assert isinstance(found, kind)
    return found


def trigger(pane: HeadersPane, name: str) -> str:
    next(action for action in table(pane).actions() if action.objectName() == name).trigger()
    return QGuiApplication.clipboard().text()


def test_lines_stand_in_order_with_the_trailers_behind_them(pane: HeadersPane) -> None:
    names = [name for name, _ in rows(pane)]
    assert names == ["Host", "X-b", "x-B", "Authorization", "X-Long", "X-Checksum (trailer)"]
    assert child(pane, QLabel, "header_count").text() == "Lines: 6"


def test_the_filter_looks_at_names_and_values(pane: HeadersPane) -> None:
    child(pane, QLineEdit, "header_filter").setText("CAF")
    assert rows(pane) == [("x-B", "café")]
    assert child(pane, QLabel, "header_count").text() == "Lines: 1 of 6"


def test_the_filter_does_not_find_by_what_is_masked(pane: HeadersPane) -> None:
    child(pane, QLineEdit, "header_filter").setText("Bearer")
    assert rows(pane) == []


def test_credentials_are_shown_when_they_are_asked_for(pane: HeadersPane) -> None:
    assert rows(pane)[3] == ("Authorization", "•••••••• (10 bytes)")
    child(pane, QCheckBox, "show_values").click()
    assert rows(pane)[3] == ("Authorization", "Bearer abc")


def test_a_value_or_a_line_is_copied_whole(pane: HeadersPane) -> None:
    table(pane).selectRow(4)
    assert trigger(pane, "copy_value") == "v" * 900
    assert trigger(pane, "copy_line") == "X-Long: " + "v" * 900


def test_all_lines_are_copied_as_they_were_sent(pane: HeadersPane) -> None:
    next(b for b in pane.findChildren(QToolButton) if b.accessibleName() == "Copy all headers").click()
    assert QGuiApplication.clipboard().text().splitlines()[1:4] == ["X-b: 2", "x-B: café", "Authorization: Bearer abc"]


def test_a_value_that_its_row_cuts_stands_below_whole(pane: HeadersPane) -> None:
    whole = child(pane, QPlainTextEdit, "whole_value")
    table(pane).selectRow(1)
    assert not whole.isVisible()
    table(pane).selectRow(4)
    assert whole.isVisible()
    assert whole.toPlainText() == "v" * 900


def test_copying_works_by_keyboard(pane: HeadersPane) -> None:
    copy = next(action for action in table(pane).actions() if action.objectName() == "copy_value")
    assert isinstance(copy, QAction)
    assert copy.shortcut().toString() == "Ctrl+C"
    assert copy.shortcutContext() is Qt.ShortcutContext.WidgetShortcut
