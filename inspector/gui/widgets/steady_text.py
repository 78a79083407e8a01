"""Text that changes many times a second: it keeps the room that it once took, so that nothing around it moves."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.theme import muted_colour


class SteadyText(QWidget):
    """Plain text of second rank on at most `lines` lines. A label would ask for other room with each change."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most, self._taken, self._text = lines, 1, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say `text`."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._take_room()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 24, self.fontMetrics().lineSpacing() * self._taken)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        if not self.isVisible():  # it has no width of its own yet
            return
        metrics = self.fontMetrics()
        needed = metrics.boundingRect(0, 0, max(1, self.width()), 10_000, Qt.TextFlag.TextWordWrap, self._text).height()
        lines = min(self._most, -(-needed // metrics.lineSpacing()))
        if lines > self._taken:
            self._taken = lines
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setPen(muted_colour(self.palette()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect(), flags, self._text)
