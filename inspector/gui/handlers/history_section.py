"""Under the live pane: what the handler in the form makes of the stored deliveries, in counts that are links."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.core.effect import Tally
from inspector.gui.handlers.counts_view import CountsView
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Muted


class HistorySection(QWidget):
    """The last thousand as one types, all of them on request, with progress and cancel."""

    ids_wanted = Signal(object, str)  # Sequence[int], what they are
    all_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = CountsView(self)
        self.counts.ids_wanted.connect(self.ids_wanted)
        self.of, self.larger = Muted("", self), Muted("", self)
        self.larger.hide()
        self._all = self._button("count-all", self.tr("Count all deliveries"))
        self._all.clicked.connect(self._count_all)
        self._counting = QWidget(self)
        self._bar = QProgressBar(self._counting)
        self._bar.setAccessibleName(self.tr("Progress of the count"))
        cancel = self._button("cancel-count", self.tr("Cancel"))
        cancel.clicked.connect(self.cancelled)
        line = QHBoxLayout(self._counting)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._bar, 1)
        line.addWidget(cancel)
        self._counting.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(3))
        column.setSpacing(spacing(2))
        column.addWidget(bold(self.tr("Stored deliveries"), self))
        for widget in (self.of, self.counts, self.larger):
            column.addWidget(widget)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._counting)

    def show_last(self, tally: Tally, larger: int) -> None:
        """Show the counts of the last deliveries; so many have too large a body to be among them."""
        one = self.tr("Of the only delivery, with the form as it stands:")
        many = self.tr("Of the last {n} deliveries, with the form as it stands:").format(n=f"{tally.counted:,}")
        self.of.setText(one if tally.counted == 1 else many)
        self.larger.setText(
            self.tr("{n} with a body above 10 KiB are counted on request.").format(n=f"{larger:,}") if larger else ""
        )
        self.larger.setVisible(bool(larger))
        self.counts.show_tally(tally)

    def show_progress(self, tally: Tally, of: int) -> None:
        """Show how far the count of all is."""
        self._bar.setRange(0, max(1, of))
        self._bar.setValue(tally.counted)
        self.of.setText(self.tr("{n} of {all} deliveries so far:").format(n=f"{tally.counted:,}", all=f"{of:,}"))
        self.counts.show_tally(tally)

    def show_all(self, tally: Tally) -> None:
        """Show the counts of all of them."""
        self.end()
        self.of.setText(self.tr("Of all {n} deliveries, with the form as it stands:").format(n=f"{tally.counted:,}"))
        self.larger.hide()
        self.counts.show_tally(tally)

    def end(self) -> None:
        """The count of all has ended."""
        self._counting.hide()
        self._all.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above, as between columns."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()

    @Slot()
    def _count_all(self) -> None:
        self._all.hide()
        self._counting.show()
        self._bar.setRange(0, 0)
        self.all_wanted.emit()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button


def bold(text: str, parent: QWidget) -> QLabel:
    """A title."""
    title = QLabel(text, parent)
    font = title.font()
    font.setBold(True)
    title.setFont(font)
    return title
