"""Bytes edited as hexadecimal digits: written over, put in, taken out, undone; what changed is marked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.hex_edit import HexEdit

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def edit(qtbot: QtBot) -> HexEdit:
    made = HexEdit()
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.start_from(b"abcdef", b"abcdef")
    return made


def marked(edit: HexEdit) -> list[int]:
    return list(edit._changed_in(0))


def test_two_digits_write_over_a_byte_and_go_on(edit: HexEdit) -> None:
    QTest.keyClicks(edit, "00fF")
    assert edit.data() == b"\x00\xffcdef"
    assert edit.cursor_offset == 2
    assert marked(edit) == [0, 1]


def test_one_digit_is_the_high_half(edit: HexEdit) -> None:
    QTest.keyClicks(edit, "7")
    assert edit.data() == b"qbcdef"
    QTest.keyClick(edit, Qt.Key.Key_Right)
    QTest.keyClicks(edit, "00")
    assert edit.data() == b"q\x00cdef"


def test_shift_between_two_digits_does_not_part_them(edit: HexEdit) -> None:
    QTest.keyClicks(edit, "f")
    QTest.keyClick(edit, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "F")
    assert edit.data() == b"\xffbcdef"


def test_behind_the_last_byte_new_ones_are_put_in(edit: HexEdit) -> None:
    QTest.keyClick(edit, Qt.Key.Key_End, CTRL)
    QTest.keyClicks(edit, "6768")
    assert edit.data() == b"abcdefgh"
    assert marked(edit) == [6, 7]


def test_insert_puts_bytes_in_between(edit: HexEdit) -> None:
    QTest.keyClick(edit, Qt.Key.Key_Right)
    QTest.keyClick(edit, Qt.Key.Key_Insert)
    QTest.keyClicks(edit, "4142")
    assert edit.data() == b"aABbcdef"
    assert marked(edit) == [1, 2]


def test_bytes_are_taken_out_and_that_is_undone(edit: HexEdit) -> None:
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClick(edit, Qt.Key.Key_Right)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.data() == b"cdef"
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    assert edit.data() == b"abcdef"
    assert marked(edit) == []
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert edit.data() == b"bcdef"


def test_what_is_selected_is_taken_out_at_once(edit: HexEdit) -> None:
    edit.select(1, 5)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    assert edit.data() == b"af"
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.data() == b""
    QTest.keyClicks(edit, "41")
    assert edit.data() == b"A"


@pytest.mark.parametrize(("text", "data"), [("58 59", b"XYcdef"), ("no hex", b"abcdef"), ("5", b"abcdef")])
def test_digits_are_pasted_and_nothing_else(edit: HexEdit, text: str, data: bytes) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(edit, Qt.Key.Key_V, CTRL)
    assert edit.data() == data


def test_large_bodies_are_edited_and_painted(edit: HexEdit, qtbot: QtBot) -> None:
    body = bytes(range(256)) * 4096
    edit.start_from(body, body)
    edit.show()
    edit.go_to(500_000)
    QTest.keyClick(edit, Qt.Key.Key_Insert)
    QTest.keyClicks(edit, "aa")
    assert len(edit.data()) == len(body) + 1
    assert edit.grab().width() == 700
    assert edit._same() == (500_000, len(body) - 500_000)
