"""Paints the rows of the delivery table from texts that are ready.

Painting whole rows costs a third of what a delegate in Python costs, which is called for each cell.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from inspector.gui.icons import state_pixmap
from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.models.delivery_table import DeliveryTable
from inspector.gui.theme import State, muted_colour, spacing, state_colour

VERDICT = 0
_FIRST_RANK = {VERDICT, 3, 4}  # what a reader looks for; the other columns step back
_BAR = 3  # pixels of accent before the row that has the focus

_ALIGNMENTS = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
_FLAGS = tuple(
    int((_ALIGNMENTS[column.right] | Qt.AlignmentFlag.AlignVCenter).value | Qt.TextFlag.TextSingleLine.value)
    for column in COLUMNS
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a column is painted: its place in COLUMNS, left edge and width."""

    column: int
    left: int
    width: int


class RowPainter:
    """The look of a row: the verdict as an icon and its word, the other facts as texts."""

    def __init__(self, model: DeliveryTable, view: QWidget) -> None:
        self._model = model
        self._view = view
        self.refresh()

    def refresh(self) -> None:
        """Take colours, sizes and shapes anew from the view."""
        palette = self._view.palette()
        self._metrics = QFontMetrics(self._view.font())
        self._widest = self._metrics.horizontalAdvance("W")
        self._icon_size = round(self._metrics.height() * 0.95)
        self._gap, self._margin = spacing() + 2, 2 * spacing()
        self._states = {state: state_colour(state, palette) for state in State}
        self._text, self._muted = palette.color(QPalette.ColorRole.Text), muted_colour(palette)
        self._chosen_text = palette.color(QPalette.ColorRole.HighlightedText)
        self._chosen = palette.color(QPalette.ColorRole.Highlight)
        self._chosen_elsewhere = palette.color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight)
        self._accent = palette.color(QPalette.ColorRole.Accent)
        self._ratio = 0.0

    def paint(
        self, painter: QPainter, rows: range, *, top: int, height: int, cells: Sequence[Cells], chosen: Collection[int]
    ) -> None:
        """Paint `rows`, the first at `top`, all `height` high; those in `chosen` as selected."""
        self._take_shapes(self._view.devicePixelRatioF())
        focused = self._view.hasFocus()
        background = self._chosen if focused else self._chosen_elsewhere
        current = self._view.currentIndex().row() if focused else -1  # type: ignore[attr-defined]
        width = self._view.width()
        for place, row in enumerate(rows):
            y = top + place * height
            if row in chosen:
                painter.fillRect(0, y, width, height, background)
            for cell in cells:
                self._paint_cell(painter, row, y, height, cell, chosen=row in chosen)
            if row == current:
                painter.fillRect(0, y, _BAR, height, self._accent)

    def _take_shapes(self, ratio: float) -> None:
        """A window may move to a screen of another density."""
        if ratio != self._ratio:
            palette, self._ratio = self._view.palette(), ratio
            self._shapes = {state: state_pixmap(state, palette, self._icon_size, ratio) for state in State}

    def _paint_cell(self, painter: QPainter, row: int, y: int, height: int, cell: Cells, *, chosen: bool) -> None:
        column, left, width = cell.column, cell.left + self._margin, cell.width - 2 * self._margin
        pen = self._pen(row, column, chosen=chosen)
        if column == VERDICT:
            shape = self._shapes[self._model.row(row).state]
            painter.drawPixmap(left, y + (height - self._icon_size + 1) // 2, shape)
            left, width = left + self._icon_size + self._gap, width - self._icon_size - self._gap
        text = self._model.text(row, column)
        if not text.isascii() or len(text) * self._widest > width:
            text = self._metrics.elidedText(text, COLUMNS[column].elide, width)
        painter.setPen(pen)
        painter.drawText(left, y, width, height, _FLAGS[column], text)

    def _pen(self, row: int, column: int, *, chosen: bool) -> QColor:
        if column == VERDICT and not chosen:
            return self._states[self._model.row(row).state]
        if chosen:
            return self._chosen_text
        return self._text if column in _FIRST_RANK else self._muted
