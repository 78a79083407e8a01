"""Bytes to be edited as hexadecimal digits: what was typed differs from what it began with by a ground of its own."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.theme import State, state_colour
from inspector.gui.widgets.hex_view import HexView
from inspector.gui.widgets.lines import Buffer

_GROUND_ALPHA = 72
_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Insert)
_DIGITS = re.compile(r"(?:[0-9A-Fa-f]{2}[\s,:]*)+")


class HexEdit(HexView):
    """Digits write over the byte at the cursor; behind the last byte, and after Insert, they put in a new one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first: Buffer = b""
        self._inserting = False
        self._half = False  # one digit of the byte at the cursor is typed
        self._done: list[tuple[int, bytes, bytes]] = []  # where, what was there, what came there
        self._undone: list[tuple[int, bytes, bytes]] = []

    def start_from(self, received: Buffer, now: Buffer) -> None:
        """Edit `now`; what is not as in `received` is marked."""
        self._first = received
        self._done.clear()
        self._undone.clear()
        self._half = False
        self.show_data(bytes(now))

    def data(self) -> bytes:
        """The bytes as they are now."""
        return bytes(self._data)

    @property
    def inserting(self) -> bool:
        """Whether digits put in new bytes."""
        return self._inserting

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Take the keys that edit before they are commands of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._edits(event):
            event.accept()
            return True
        return super().event(event)

    def _edits(self, event: QKeyEvent) -> bool:
        own = (QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return any(event.matches(key) for key in own) or (
            plain and (event.text().isprintable() or event.key() in _KEYS)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text().lower()
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if plain and digit and digit in "0123456789abcdef":
            self._type(int(digit, 16))
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._take_back(self._done, self._undone)
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._take_back(self._undone, self._done)
        elif event.key() == Qt.Key.Key_Insert:
            self._inserting = not self._inserting
            self._half = False
            self._announce()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and plain:
            self._delete(backward=event.key() == Qt.Key.Key_Backspace)
        else:
            self._half = self._half and event.key() == Qt.Key.Key_Shift
            super().keyPressEvent(event)

    def _type(self, digit: int) -> None:
        at = self._cursor
        if self._half:
            old = self._data[at]
            self._replace(at, at + 1, bytes([old & 0xF0 | digit]))
            self._half = False
            self._place(at + 1)
            return
        start, end = self.selection
        if start == end:
            end = start if self._inserting or start >= len(self._data) else start + 1
        low = self._data[start] & 0x0F if end == start + 1 else 0
        self._replace(start, end, bytes([digit << 4 | low]))
        self._half = True
        self._place(start)

    def _delete(self, *, backward: bool) -> None:
        start, end = self.selection
        if start == end:
            start, end = (start - 1, start) if backward else (start, start + 1)
        if start >= 0 and start < min(end, len(self._data)):
            self._replace(start, min(end, len(self._data)), b"")
            self._place(start)
        self._half = False

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text().strip()
        if _DIGITS.fullmatch(text):
            start, end = self.selection
            new = bytes.fromhex(re.sub(r"[\s,:]", "", text))
            if start == end and not self._inserting:
                end = min(start + len(new), len(self._data))
            self._replace(start, end, new)
            self._place(start + len(new))
        self._half = False

    def _replace(self, start: int, end: int, new: bytes) -> None:
        old = bytes(self._data[start:end])
        if old != new:
            self._done.append((start, old, new))
            self._undone.clear()
            self._put(start, len(old), new)

    def _take_back(self, from_: list[tuple[int, bytes, bytes]], to: list[tuple[int, bytes, bytes]]) -> None:
        self._half = False
        if from_:
            start, old, new = from_.pop()
            to.append((start, new, old))
            self._put(start, len(new), old)
            self._place(start)

    def _put(self, start: int, count: int, new: bytes) -> None:
        data = bytes(self._data)
        self._data = data[:start] + new + data[start + count :]
        self._set_ranges()
        self.viewport().update()
        self.changed.emit()

    def _place(self, offset: int) -> None:
        half = self._half
        self._move(offset, extend=False)
        self._half = half

    def _last_place(self) -> int:
        return len(self._data)

    # Painting

    def _paint_ground(self, painter: QPainter, row: int, offset: int) -> None:
        colour = state_colour(State.STALE, self.palette())
        colour.setAlpha(_GROUND_ALPHA)
        height, char = self.fontMetrics().height(), self._char()
        for at in self._changed_in(offset):
            left = self._x(10 + self._byte_column(at))
            painter.fillRect(QRectF(left - char / 2, row * height, 3 * char, height), colour)
            painter.fillRect(QRectF(self._x(self._text_column() + at), row * height, char, height), colour)

    def _changed_in(self, offset: int) -> Iterator[int]:
        """The places in the row at `offset` whose bytes are not as they were, those put in between too."""
        piece, first = bytes(self._data[offset : offset + self._width()]), self._first
        if len(self._data) == len(first):
            yield from (at for at, byte in enumerate(piece) if first[offset + at] != byte)
            return
        head, tail = self._same()
        yield from (at for at in range(len(piece)) if head <= offset + at < len(self._data) - tail)

    def _same(self) -> tuple[int, int]:
        """How many bytes the beginning and the end have in common with what it began with."""
        old, new = bytes(self._first), bytes(self._data)
        most = min(len(old), len(new))
        head = _common(old, new, most)
        return head, _common(old[::-1], new[::-1], most - head)


def _common(one: bytes, other: bytes, most: int) -> int:
    """The length of what both begin with, found by halving: comparing slices is what C does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
