"""The search field: it answers as one types, and says where a search cannot be read."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.filters import EVERYTHING, parse
from inspector.gui.deliveries.search_field import SearchField

# The list of completions is a window of its own, of which the offscreen platform knows little.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[SearchField]:
    window = QWidget()
    shown = SearchField(window)
    QVBoxLayout(window).addWidget(shown)
    qtbot.addWidget(window)
    window.resize(500, 200)
    with qtbot.waitExposed(window):
        window.show()
    shown.setFocus()
    yield shown
    window.close()


def test_a_search_is_told_a_moment_after_the_last_letter(field: SearchField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.searched) as told:
        QTest.keyClicks(field, "verdict:failed")
    assert told.args == [parse("verdict:failed")]


def test_enter_searches_at_once_and_goes_to_the_list(field: SearchField, qtbot: QtBot) -> None:
    QTest.keyClicks(field, "path:/a")
    with qtbot.waitSignals([field.searched, field.left]):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.search == parse("path:/a")


def test_a_mistake_is_told_with_its_place_and_the_last_search_stays(field: SearchField) -> None:
    field.search_now("verdict:failed")
    field.search_now("verdict:failed size:>")
    assert field.mistake.endswith("(at character 21)")
    assert field.accessibleDescription() == field.mistake
    assert field.search == parse("verdict:failed")


def test_a_mistake_is_not_told_while_one_types(field: SearchField) -> None:
    QTest.keyClicks(field, "size:>")
    assert field.mistake == ""


def test_a_mistake_is_told_after_a_pause(field: SearchField, qtbot: QtBot) -> None:
    QTest.keyClicks(field, "size:>")
    qtbot.waitUntil(lambda: field.mistake != "")
    QTest.keyClicks(field, "1")
    assert field.mistake == ""


def test_escape_clears_and_in_an_empty_field_leaves(field: SearchField, qtbot: QtBot) -> None:
    field.search_now("path:/a")
    with qtbot.waitSignal(field.searched) as told:
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == [EVERYTHING]
    with qtbot.waitSignal(field.left):
        QTest.keyClick(field, Qt.Key.Key_Escape)


def test_the_same_search_is_not_told_twice(field: SearchField) -> None:
    told: list[object] = []
    field.searched.connect(told.append)
    field.search_now("path:/a")
    field.search_now("path:/a ")
    assert told == [parse("path:/a")]


def test_the_last_term_is_completed_and_what_is_before_it_stays(field: SearchField, qtbot: QtBot) -> None:
    QTest.keyClicks(field, "path:/a -verdict:f")
    popup = popup_of(field)
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "path:/a -verdict:failed"


def test_a_plain_word_is_not_completed(field: SearchField) -> None:
    QTest.keyClicks(field, "path:/a refund")
    assert not popup_of(field).isVisible()


def popup_of(field: SearchField) -> QAbstractItemView:
    popup = field.completer().popup()
    assert popup is not None
    return popup
