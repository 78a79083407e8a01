"""Bytes are shown by offset; they can be searched, selected and copied."""

import asyncio
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.hex_panel import HexPanel, offset_in, searched_bytes

DATA = bytes(range(256)) * 40


@pytest.fixture
def panel(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> HexPanel:
    panel = HexPanel("Bytes")
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_data(memoryview(DATA))
    return panel


def test_the_keyboard_moves_selects_and_copies(panel: HexPanel) -> None:
    view = panel.view
    QTest.keyClick(view, Qt.Key.Key_Down)
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.selection == (16, 19)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "10 11 12"


def test_without_a_selection_all_is_copied(panel: HexPanel) -> None:
    panel.show_data(b"\x00\xff")
    assert panel.view.copied() == "00 ff"


def test_the_cursor_stops_at_both_ends(panel: HexPanel) -> None:
    QTest.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.view.cursor_offset == 0
    QTest.keyClick(panel.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.cursor_offset == len(DATA) - 1


def test_what_the_cursor_is_on_is_told_to_screen_readers(panel: HexPanel) -> None:
    panel.view.go_to(0x41)
    assert panel.view.accessibleDescription() == "Offset 00000041: 41"


@pytest.mark.parametrize("column", [11, 60 + 1])
def test_a_click_on_digits_or_text_goes_to_its_byte(panel: HexPanel, column: int) -> None:
    row = panel.view.fontMetrics().height()
    x = round(QFontMetricsF(panel.view.font()).horizontalAdvance("0") * (column + 1))
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, row + 2))
    assert panel.view.cursor_offset in (16, 17)


def test_an_offset_that_is_typed_is_gone_to(panel: HexPanel) -> None:
    field = panel.findChild(QLineEdit, "hex_offset")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "0x1f40")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.view.cursor_offset == 0x1F40


@pytest.mark.parametrize(
    ("text", "offset"), [("1f40", 0x1F40), ("0x1F40", 0x1F40), ("8000.", 8000), (" 1,000. ", 1000), ("nowhere", None)]
)
def test_an_offset_is_hexadecimal_or_decimal_with_a_point(text: str, offset: int | None) -> None:
    assert offset_in(text) == offset


@pytest.mark.parametrize(
    ("text", "needle"),
    [("0x0d0a", b"\r\n"), ("0D 0A", b"\r\n"), ("cafe", b"cafe"), ("né", b"n\xc3\xa9"), ("0xz", b"0xz")],
)
def test_bytes_are_searched_by_digits_or_as_text(text: str, needle: bytes) -> None:
    assert searched_bytes(text) == needle


def test_finding_goes_on_and_around_in_both_directions(panel: HexPanel, window_loop: asyncio.AbstractEventLoop) -> None:
    found = []
    for backward in (False, False, True, True):
        assert window_loop.run_until_complete(panel.find_text("41 42", backward=backward))
        found.append(panel.view.selection)
    assert found == [(65, 67), (256 + 65, 256 + 67), (65, 67), (39 * 256 + 65, 39 * 256 + 67)]
    assert not window_loop.run_until_complete(panel.find_text("42 41", backward=False))


def test_fifty_megabytes_open_and_paint_at_once(panel: HexPanel) -> None:
    data = memoryview(bytes(50 << 20))
    begun = perf_counter()
    panel.show_data(data)
    panel.grab()
    assert perf_counter() - begun < 0.1


def test_a_narrow_view_has_eight_bytes_a_row(panel: HexPanel) -> None:
    panel.resize(420, 300)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.view.cursor_offset == 8
