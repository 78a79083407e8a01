"""Texts of any size are shown as plain text, can be searched, selected and copied."""

import asyncio
from time import perf_counter

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector.gui.deliveries.syntax import syntax_colours
from inspector.gui.widgets.json_spans import json_spans
from inspector.gui.widgets.text_panel import SMALL, TextPanel
from inspector.gui.widgets.text_view import TextView

LONG = b"".join(b'  "number %d": %d,\n' % (number, number) for number in range(20_000))


@pytest.fixture
def panel(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> TextPanel:
    panel = TextPanel("Text", syntax_colours(QGuiApplication.palette()))
    qtbot.addWidget(panel)
    panel.resize(400, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def small(panel: TextPanel) -> QPlainTextEdit:
    view = panel.findChild(QPlainTextEdit)
    assert isinstance(view, QPlainTextEdit)
    return view


def large(panel: TextPanel) -> TextView:
    view = panel.findChild(TextView)
    assert isinstance(view, TextView)
    return view


def test_markup_stays_the_text_that_it_is(panel: TextPanel) -> None:
    panel.show_text(b"<img src=file:///etc/passwd><b>x</b>")
    assert panel.text() == "<img src=file:///etc/passwd><b>x</b>"


def test_a_small_text_is_for_screen_readers_a_large_one_paints_its_rows(panel: TextPanel) -> None:
    panel.show_text(b"x" * SMALL)
    assert small(panel).isVisible()
    panel.show_text(b"x" * (SMALL + 1))
    assert large(panel).isVisible()
    assert not small(panel).isVisible()


def test_keys_and_values_of_a_small_text_have_their_colours(panel: TextPanel) -> None:
    panel.show_text(b'{"key": 1}', spans=json_spans)
    formats = small(panel).document().firstBlock().layout().formats()
    assert [(span.start, span.length) for span in formats] == [(1, 5), (8, 1)]


@pytest.mark.parametrize(("backward", "expected"), [(False, 0), (True, 19_999)])
def test_finding_goes_through_a_large_text_and_around_its_end(
    panel: TextPanel, window_loop: asyncio.AbstractEventLoop, backward: bool, expected: int
) -> None:
    panel.show_text(LONG, spans=json_spans)
    assert window_loop.run_until_complete(panel.find_text("NUMBER 19999", backward=False))
    assert large(panel).selected_text() == "number 19999"
    again = panel.find_text('"number ', backward=backward)
    assert window_loop.run_until_complete(again)
    assert large(panel).cursor_place[0] == (expected if not backward else 19_999)


def test_what_is_not_there_is_not_found(panel: TextPanel, window_loop: asyncio.AbstractEventLoop) -> None:
    for text in (b"small", LONG):
        panel.show_text(text)
        assert not window_loop.run_until_complete(panel.find_text("missing", backward=False))


def test_finding_in_a_small_text_goes_around_its_end(panel: TextPanel, window_loop: asyncio.AbstractEventLoop) -> None:
    panel.show_text(b"one two one")
    places = []
    for _ in range(3):
        assert window_loop.run_until_complete(panel.find_text("one", backward=False))
        places.append(small(panel).textCursor().selectionStart())
    assert places == [0, 8, 0]


def test_the_keyboard_selects_and_copies_in_a_large_text(panel: TextPanel) -> None:
    panel.show_text(LONG)
    view = large(panel)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == '  "number 1": 1,'


def test_the_end_of_a_large_text_is_one_key_away(panel: TextPanel) -> None:
    panel.show_text(LONG)
    view = large(panel)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.cursor_place == (20_000, 0)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_the_mouse_selects_a_word_in_a_large_text(panel: TextPanel) -> None:
    panel.show_text(LONG)
    view = large(panel)
    place = QPointF(view.fontMetrics().averageCharWidth() * 6, view.fontMetrics().height() * 2.5).toPoint()
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.selected_text() == "number"


def test_everything_selected_is_copied_up_to_a_limit(panel: TextPanel) -> None:
    panel.show_text(LONG)
    view = large(panel)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_text() == LONG.decode()


def test_a_text_of_many_megabytes_opens_at_once_and_fills_in_slices(
    panel: TextPanel, window_loop: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    text = LONG * 100
    begun = perf_counter()
    panel.show_text(text, spans=json_spans)
    panel.grab()
    assert perf_counter() - begun < 0.2
    assert window_loop.run_until_complete(panel.find_text("number 19999", backward=True))
    assert large(panel).cursor_place[0] == 20_000 * 100 - 1
