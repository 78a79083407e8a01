"""A read-only view of a text of any size: only the rows and columns in sight are laid out and painted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from inspector.gui.theme import fixed_font
from inspector.gui.widgets.json_spans import Colours, Span
from inspector.gui.widgets.lines import Lines

type Place = tuple[int, int]  # line, column

LARGEST_COPY = 4 << 20  # characters
_NOTHING = Lines(b"")


class TextView(QAbstractScrollArea):
    """Shows `Lines`, with keyboard, selection, copying and one highlighted find. Scrolls by whole rows and columns."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._colours = _NOTHING, colours
        self._spans: Callable[[str], Sequence[Span]] | None = None
        self._cursor: Place = (0, 0)
        self._anchor: Place = (0, 0)
        self.setFont(fixed_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.verticalScrollBar().valueChanged.connect(self._moved)

    def show_lines(self, lines: Lines, spans: Callable[[str], Sequence[Span]] | None = None) -> None:
        """Show `lines` from the top; colour them by `spans`."""
        self._lines, self._spans = lines, spans
        self._cursor = self._anchor = (0, 0)
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.lines_grew()

    def lines_grew(self) -> None:
        """More of the lines are known: the scroll bars follow, what is in sight stays."""
        rows = self._rows()
        self.verticalScrollBar().setRange(0, max(0, self._lines.count - rows))
        self.verticalScrollBar().setPageStep(rows)
        self._set_columns()
        self.viewport().update()

    def set_colours(self, colours: Colours) -> None:
        """Other colours from now on."""
        self._colours = colours
        self.viewport().update()

    @property
    def cursor_place(self) -> Place:
        """Where the cursor is: line and column."""
        return self._cursor

    def select(self, start: Place, end: Place) -> None:
        """Select from `start` to `end` and bring the end into sight."""
        self._anchor, self._cursor = start, end
        self._show(start)
        self._show(end)
        self.viewport().update()

    def selected_text(self) -> str:
        """What is selected, as it is shown; at most LARGEST_COPY characters of it."""
        (first, start), (last, end) = sorted((self._anchor, self._cursor))
        if first == last:
            return self._lines.line(first)[start:end]
        pieces = [self._lines.line(first)[start:]]
        size = len(pieces[0])
        for number in range(first + 1, last):
            pieces.append(self._lines.line(number))
            size += len(pieces[-1]) + 1
            if size > LARGEST_COPY:
                return "\n".join(pieces)
        return "\n".join([*pieces, self._lines.line(last)[:end]])

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 40, metrics.height() * 12)

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            if text := self.selected_text():
                QGuiApplication.clipboard().setText(text)
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            last = self._lines.count - 1
            self._anchor, self._cursor = (0, 0), (last, len(self._lines.line(last)))
            self.viewport().update()
            return
        if (place := self._moved_by(event)) is None:
            super().keyPressEvent(event)
            return
        self._cursor = place
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = place
        self._show(place)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._cursor = self._place_at(event.position())
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._anchor = self._cursor
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._cursor = self._place_at(event.position())
            self._show(self._cursor)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number, column = self._place_at(event.position())
        text = self._lines.line(number)
        start, end = column, column
        while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        self._anchor, self._cursor = (number, start), (number, end)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _moved_by(self, event: QKeyEvent) -> Place | None:
        number, column = self._cursor
        last = self._lines.count - 1
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Up:
                number -= 1
            case Qt.Key.Key_Down:
                number += 1
            case Qt.Key.Key_PageUp:
                number -= self._rows()
            case Qt.Key.Key_PageDown:
                number += self._rows()
            case Qt.Key.Key_Left:
                column -= 1
            case Qt.Key.Key_Right:
                column += 1
            case Qt.Key.Key_Home:
                number, column = (0 if control else number), 0
            case Qt.Key.Key_End:
                number = last if control else number
                column = len(self._lines.line(number))
            case _:
                return None
        number = min(max(number, 0), last)
        return number, min(max(column, 0), len(self._lines.line(number)))

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lines_grew()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        height = self.fontMetrics().height()
        top = self.verticalScrollBar().value()
        for row in range(self._rows() + 2):
            number = top + row
            if number >= self._lines.count:
                break
            layout = self._layout(number)
            layout.draw(painter, QPointF(self._margin(), row * height))
            if number == self._cursor[0] and self.hasFocus():
                column = self._cursor[1] - self.horizontalScrollBar().value()
                if 0 <= column <= len(layout.text()):
                    layout.drawCursor(painter, QPointF(self._margin(), row * height), column, 1)
        self._set_columns()

    def _layout(self, number: int) -> QTextLayout:
        """The part of a line that is in sight, with its colours and its part of the selection."""
        left = self.horizontalScrollBar().value()
        line = self._lines.line(number)
        layout = QTextLayout(line[left : left + self._columns() + 2], self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * 4)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        layout.setFormats([*self._coloured(line, left), *self._selected(number, len(line), left)])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return layout

    def _coloured(self, line: str, left: int) -> list[QTextLayout.FormatRange]:
        if self._spans is None:
            return []
        right = left + self._columns() + 2
        return [
            _range(max(start - left, 0), start + length - max(start, left), foreground=self._colours[kind])
            for start, length, kind in self._spans(line[:right])
            if start + length > left
        ]

    def _selected(self, number: int, length: int, left: int) -> list[QTextLayout.FormatRange]:
        (first, start), (last, end) = sorted((self._anchor, self._cursor))
        if not first <= number <= last or (first, start) == (last, end):
            return []
        begin = max((start if number == first else 0) - left, 0)
        stop = (end if number == last else length) - left
        if stop <= begin:
            return []
        palette = self.palette()
        # The active colours even without the keyboard: what was found must be seen while the find line has it.
        group = QPalette.ColorGroup.Active
        foreground = palette.color(group, QPalette.ColorRole.HighlightedText)
        background = palette.color(group, QPalette.ColorRole.Highlight)
        return [_range(begin, stop - begin, foreground, background)]

    # Geometry

    def _margin(self) -> int:
        return self.fontMetrics().averageCharWidth() // 2

    def _rows(self) -> int:
        return max(1, self.viewport().height() // self.fontMetrics().height())

    def _columns(self) -> int:
        return max(1, self.viewport().width() // self.fontMetrics().averageCharWidth())

    def _set_columns(self) -> None:
        bar = self.horizontalScrollBar()
        beyond = max(0, self._lines.longest - self._columns() + 2)
        if bar.maximum() != beyond:
            bar.setRange(0, beyond)
        bar.setPageStep(self._columns())

    def _place_at(self, position: QPointF) -> Place:
        row = int(position.y() // self.fontMetrics().height())
        number = min(max(self.verticalScrollBar().value() + row, 0), self._lines.count - 1)
        layout = self._layout(number)  # kept: its lines do not outlive it
        column = layout.lineAt(0).xToCursor(position.x() - self._margin())
        return number, self.horizontalScrollBar().value() + column

    def _show(self, place: Place) -> None:
        for bar, at, page in (
            (self.verticalScrollBar(), place[0], self._rows()),
            (self.horizontalScrollBar(), place[1], self._columns() - 2),
        ):
            self._set_columns()
            if at < bar.value():
                bar.setValue(at)
            elif at >= bar.value() + page:
                bar.setValue(at - page + 1)

    @Slot()
    def _moved(self) -> None:
        self.viewport().update(QRect())
        self.viewport().update()


def _range(start: int, length: int, foreground: QColor, background: QColor | None = None) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length = start, length
    style = QTextCharFormat()
    style.setForeground(QBrush(foreground))
    if background is not None:
        style.setBackground(QBrush(background))
    found.format = style
    return found
