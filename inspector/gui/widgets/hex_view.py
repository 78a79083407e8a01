"""A read-only view of bytes: offset, hexadecimal, text. Only the rows in sight are painted."""

from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from inspector.gui.theme import fixed_font
from inspector.gui.widgets.lines import Buffer

LARGEST_COPY = 1 << 20  # bytes
_SHOWN = "".join(chr(code) if 0x20 <= code < 0x7F else "·" for code in range(256))


class HexView(QAbstractScrollArea):
    """Bytes of any number, 16 a row (8 where it is narrow), with a cursor, a selection and copying."""

    moved = Signal(object)  # int: the offset of the cursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Buffer = b""
        self._cursor = self._anchor = 0
        self._selecting = False
        self.setFont(fixed_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)

    def show_data(self, data: Buffer) -> None:
        """Show `data` from its first byte."""
        self._data = data
        self._cursor = self._anchor = 0
        self._selecting = False
        self.verticalScrollBar().setValue(0)
        self._set_ranges()
        self.viewport().update()

    @property
    def cursor_offset(self) -> int:
        """The byte that the cursor is on."""
        return self._cursor

    @property
    def selection(self) -> tuple[int, int]:
        """The selected bytes: the first, and the one after the last; empty when they are the same."""
        if not self._selecting:
            return self._cursor, self._cursor
        first, last = sorted((self._anchor, self._cursor))
        return first, min(last + 1, len(self._data))

    def select(self, start: int, end: int) -> None:
        """Select the bytes from `start` up to `end` and bring them into sight."""
        self._anchor, self._cursor = start, max(start, end - 1)
        self._selecting = end > start
        self._show(self._cursor)
        self._show(start)
        self._announce()

    def go_to(self, offset: int) -> None:
        """Put the cursor on the byte at `offset` and bring it into sight."""
        self._move(offset, extend=False)

    def copied(self) -> str:
        """The selected bytes (all, without a selection; at most LARGEST_COPY) as hexadecimal digits."""
        start, end = self.selection
        if start == end:
            start, end = 0, len(self._data)
        return bytes(self._data[start : min(end, start + LARGEST_COPY)]).hex(" ")

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 46, metrics.height() * 12)

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._anchor, self._cursor, self._selecting = 0, max(len(self._data) - 1, 0), bool(self._data)
            self._announce()
        elif (offset := self._moved_by(event)) is None:
            super().keyPressEvent(event)
        else:
            self._move(offset, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _moved_by(self, event: QKeyEvent) -> int | None:
        width, page = self._width(), self._rows() * self._width()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row = self._cursor - self._cursor % width
        steps: dict[int, int] = {
            Qt.Key.Key_Left: self._cursor - 1,
            Qt.Key.Key_Right: self._cursor + 1,
            Qt.Key.Key_Up: self._cursor - width,
            Qt.Key.Key_Down: self._cursor + width,
            Qt.Key.Key_PageUp: self._cursor - page,
            Qt.Key.Key_PageDown: self._cursor + page,
            Qt.Key.Key_Home: 0 if control else row,
            Qt.Key.Key_End: len(self._data) if control else row + width - 1,
        }
        return steps.get(event.key())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move(self._offset_at(event.position().toPoint()), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self._offset_at(event.position().toPoint()), extend=True)

    def _move(self, offset: int, *, extend: bool) -> None:
        self._cursor = min(max(offset, 0), self._last_place())
        self._selecting = extend
        if not extend:
            self._anchor = self._cursor
        self._show(self._cursor)
        self._announce()

    def _last_place(self) -> int:
        """Where the cursor can be at most."""
        return max(len(self._data) - 1, 0)

    def _announce(self) -> None:
        start, end = self.selection
        shown = bytes(self._data[start : min(max(end, start + 1), start + 16)]).hex(" ")
        self.setAccessibleDescription(self.tr("Offset {offset}: {bytes}").format(offset=f"{start:08x}", bytes=shown))
        self.viewport().update()
        self.moved.emit(self._cursor)

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        first = self.verticalScrollBar().value()
        self._set_ranges()
        self.verticalScrollBar().setValue(first)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self.viewport())
        painter.translate(-self.horizontalScrollBar().value(), 0)
        metrics, width = self.fontMetrics(), self._width()
        top = self.verticalScrollBar().value()
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        text = self.palette().color(QPalette.ColorRole.Text)
        for row in range(self._rows() + 1):
            offset = (top + row) * width
            if offset > self._last_place() and offset:
                break
            piece = bytes(self._data[offset : offset + width])
            self._paint_ground(painter, row, offset)
            self._paint_selection(painter, row, offset)
            baseline = row * metrics.height() + metrics.ascent()
            painter.setPen(muted)
            painter.drawText(QPointF(self._x(0), baseline), f"{offset:08x}")
            painter.setPen(text)
            painter.drawText(QPointF(self._x(10), baseline), _spaced(piece))
            shown = "".join(_SHOWN[byte] for byte in piece)
            painter.drawText(QPointF(self._x(self._text_column()), baseline), shown)

    def _paint_ground(self, painter: QPainter, row: int, offset: int) -> None:
        """What is beneath the bytes of a row; nothing, where they cannot be changed."""

    def _paint_selection(self, painter: QPainter, row: int, offset: int) -> None:
        start, end = self.selection
        if start == end:
            end = min(start + 1, self._last_place() + 1)
        first, last = max(start, offset), min(end, offset + self._width())
        if first >= last:
            return
        # The active colour even without the keyboard: what was found must be seen while the find line has it.
        colour = self.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)
        height, char = self.fontMetrics().height(), self._char()
        left, right = _column(first - offset), _column(last - 1 - offset) + 2
        painter.fillRect(QRectF(self._x(10 + left), row * height, (right - left) * char, height), colour)
        at = self._text_column() + first - offset
        painter.fillRect(QRectF(self._x(at), row * height, (last - first) * char, height), colour)

    # Geometry, in characters

    def _char(self) -> float:
        """The width of a character; on a screen of high resolution it has fractions, which add up in a row."""
        return QFontMetricsF(self.font()).horizontalAdvance("0" * 64) / 64

    def _x(self, column: int) -> float:
        return (column + 0.5) * self._char()

    def _width(self) -> int:
        """Bytes in a row."""
        return 16 if self.viewport().width() >= self._x(10 + 49 + 1 + 16) else 8

    def _byte_column(self, number: int) -> int:
        return _column(number)

    def _text_column(self) -> int:
        return 10 + (50 if self._width() == 16 else 25)

    def _rows(self) -> int:
        return max(1, self.viewport().height() // self.fontMetrics().height())

    def _set_ranges(self) -> None:
        rows = -(-(self._last_place() + 1) // self._width())
        self.verticalScrollBar().setRange(0, max(0, rows - self._rows()))
        self.verticalScrollBar().setPageStep(self._rows())
        wide = ceil(self._x(self._text_column() + self._width()))
        self.horizontalScrollBar().setRange(0, max(0, wide - self.viewport().width()))
        self.horizontalScrollBar().setSingleStep(round(self._char()))

    def _offset_at(self, point: QPoint) -> int:
        width = self._width()
        row = self.verticalScrollBar().value() + point.y() // self.fontMetrics().height()
        column = int((point.x() + self.horizontalScrollBar().value()) / self._char() - 0.5)
        if column >= self._text_column():
            return row * width + min(column - self._text_column(), width - 1)
        column = min(max(column - 10, 0), _column(width - 1))
        column -= 1 if column >= 24 else 0
        return row * width + column // 3

    def _show(self, offset: int) -> None:
        row, bar = offset // self._width(), self.verticalScrollBar()
        if row < bar.value():
            bar.setValue(row)
        elif row >= bar.value() + self._rows():
            bar.setValue(row - self._rows() + 1)

    @Slot()
    def _scrolled(self) -> None:
        self.viewport().update()


def _column(number: int) -> int:
    """Where byte `number` of a row begins, behind the offset: a wider gap in the middle."""
    return number * 3 + (1 if number >= 8 else 0)


def _spaced(piece: bytes) -> str:
    return piece[:8].hex(" ") if len(piece) <= 8 else f"{piece[:8].hex(' ')}  {piece[8:].hex(' ')}"
