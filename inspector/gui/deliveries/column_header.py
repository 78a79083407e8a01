"""The headings of the delivery table, in line with what stands below them."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.theme import muted_colour, spacing

PATH = next(place for place, column in enumerate(COLUMNS) if column.name == "path")
_STEPPING_BACK = tuple(
    next(place for place, column in enumerate(COLUMNS) if column.name == name)
    for name in ("sender", "size", "method", "event", "provider")
)
"""Columns that give way, in this order, where there is no room for the path."""


class ColumnHeader(QHeaderView):
    """Quiet headings. A narrow table hides the columns of least use; the user's own choice is kept beside that."""

    wanted_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("columns")
        self.setAccessibleName(self.tr("Columns"))
        self.setHighlightSections(False)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self._unwanted: frozenset[int] = frozenset()

    def arrange(self) -> None:
        """Give every column its first width; the path takes what is left."""
        digit = self.fontMetrics().horizontalAdvance("0")
        self.setMinimumSectionSize(digit * 4)
        for place, column in enumerate(COLUMNS):
            self.resizeSection(place, digit * column.width + spacing(4))
        self.setSectionResizeMode(PATH, QHeaderView.ResizeMode.Stretch)

    @property
    def unwanted(self) -> frozenset[int]:
        """The columns that the user does not want to see."""
        return self._unwanted

    def want_all_but(self, columns: frozenset[int]) -> None:
        """Show all columns but these, as far as there is room."""
        if columns != self._unwanted:
            self._unwanted = columns
            self.wanted_changed.emit()
        self.fit()

    def fit(self) -> None:
        """Hide what there is no room for."""
        shown = [place for place in range(self.count()) if place not in self._unwanted]
        needed = sum(self._width(place) for place in shown)
        hidden = set(self._unwanted)
        for place in _STEPPING_BACK:
            if needed <= self.viewport().width():
                break
            if place not in hidden:
                hidden.add(place)
                needed -= self._width(place)
        for place in range(self.count()):
            if self.isSectionHidden(place) != (place in hidden):
                self.setSectionHidden(place, place in hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, palette.color(QPalette.ColorRole.Midlight))
        painter.setPen(muted_colour(palette))
        side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else Qt.AlignmentFlag.AlignLeft
        inner = rect.adjusted(spacing(2), 0, -spacing(2), -1)
        text = self.fontMetrics().elidedText(COLUMNS[section].heading(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _width(self, place: int) -> int:
        """The room a column needs: its width, or the least that a path can be read in."""
        if place == PATH:
            return self.fontMetrics().horizontalAdvance("0") * COLUMNS[PATH].width
        hidden = self.isSectionHidden(place)
        default = self.fontMetrics().horizontalAdvance("0") * COLUMNS[place].width + spacing(4)
        return default if hidden else self.sectionSize(place)
