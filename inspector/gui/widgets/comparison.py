"""Two texts above each other, in monospace, with the first difference marked."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.theme import fixed_font


class Comparison(QWidget):
    """Shows `first` above `second`, wrapped together, so that the same places stand below each other.

    From the first difference on both are in the colour for it, underlined; the place itself has a box.
    """

    def __init__(self, first_label: str, second_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = (first_label, second_label)
        self._texts = ("", "")
        self._lines = 2
        self._colour = self.palette().color(QPalette.ColorRole.Text)
        self.setFont(fixed_font())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def compare(self, first: str, second: str, colour: QColor) -> None:
        """Show these two, differences in `colour`."""
        self._texts, self._colour, self._lines = (first, second), colour, 2
        said = [f"{label}: {text}" for label, text in zip(self._labels, self._texts, strict=True)]
        self.setAccessibleName("; ".join(self._labels))
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def show_alone(self, first: str) -> None:
        """Show this one: there is nothing to compare it with."""
        self._texts, self._lines = (first, first), 1
        self.setAccessibleName(self._labels[0])
        self.setAccessibleDescription(f"{self._labels[0]}: {first}")
        self.updateGeometry()
        self.update()

    @property
    def first_difference(self) -> int | None:
        """The place, from 0, of the first character that is not the same; None where they are equal."""
        first, second = self._texts
        if first == second:
            return None
        pairs = enumerate(zip(first, second, strict=False))
        return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-max(1, *map(len, self._texts)) // self._columns(width))
        return rows * self._row() - self._gap()

    def sizeHint(self) -> QSize:
        width = ceil(self._left() + self._char() * 32)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = ceil(self._left() + self._char() * 16)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        columns = self._columns(self.width())
        for row, start in enumerate(range(0, max(1, *map(len, self._texts)), columns)):
            top = row * self._row()
            for line in range(self._lines):
                self._paint(painter, line, slice(start, start + columns), top + line * self._line())

    def _paint(self, painter: QPainter, line: int, part: slice, top: int) -> None:
        palette = self.palette()
        baseline = top + self.fontMetrics().ascent()
        if part.start == 0:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(0, baseline, self._labels[line])
        difference = self.first_difference
        split = len(self._texts[line]) if difference is None else difference
        same, other = (
            self._texts[line][part.start : min(part.stop, split)],
            self._texts[line][max(part.start, split) : part.stop],
        )
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QPointF(self._left(), baseline), same)
        if not other and not (difference is not None and part.start <= difference < part.stop):
            return
        left = self._left() + len(same) * self._char()
        painter.setPen(self._colour)
        font = QFont(self.font())
        font.setUnderline(True)
        painter.setFont(font)
        painter.drawText(QPointF(left, baseline), other)
        painter.setFont(self.font())
        if difference is not None and part.start <= difference < part.stop:
            painter.drawRect(QRectF(left - 1, top, self._char() + 1, self._line() - 1))

    def _char(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("0" * 64) / 64

    def _line(self) -> int:
        return self.fontMetrics().height()

    def _gap(self) -> int:
        return self._line() // 2 if self._lines > 1 else 0

    def _row(self) -> int:
        return self._lines * self._line() + self._gap()

    def _left(self) -> float:
        """Where the texts begin: behind the longer label."""
        return (max(map(len, self._labels)) + 2) * self._char()

    def _columns(self, width: int) -> int:
        fitting = int((width - self._left() - 2) / self._char())
        return max(8, fitting - fitting % 8)
