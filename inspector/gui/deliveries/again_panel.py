"""Many deliveries checked again with today's handlers: a panel under the table, with progress and counts."""

from collections.abc import Sequence
from contextlib import aclosing

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.core.filters import Search
from inspector.core.rejudged import Recount
from inspector.gui.deliveries.recount_view import RecountView
from inspector.gui.engine import Engine
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked
from inspector.gui.widgets.themed import follow_palette, set_icon


class AgainPanel(QFrame):
    """Nothing that is stored changes. It stays until it is closed, so that one can go from count to count."""

    ids_wanted = Signal(object, str)  # Sequence[int], what they are: list these deliveries
    ended = Signal()
    left = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("again-panel")
        self.setAccessibleName(self.tr("Checked again"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._engine = engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._recount = Recount()
        self._of = 0
        self._busy = False
        self.counts = RecountView(self)
        self.counts.ids_wanted.connect(self.ids_wanted)
        self._failure = Notice(self)
        self._said = Muted(self.tr("What is stored with them stays as it is."), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(3))
        column.setSpacing(spacing(2))
        column.addLayout(self._make_top())
        column.addWidget(self._said)
        column.addWidget(self.counts)
        column.addWidget(self._failure)
        self.hide()

    @property
    def title(self) -> str:
        """What is being done, and how far it is."""
        return self._title.text()

    @property
    def busy(self) -> bool:
        """Whether deliveries are being checked."""
        return self._busy

    @property
    def recount(self) -> Recount:
        """What was counted so far."""
        return self._recount

    def order_after(self, widget: QWidget) -> None:
        """Have the tab key come here from `widget`."""
        before = widget
        for stop in (self._cancel, *self.counts.findChildren(LinkButton), self._close):
            QWidget.setTabOrder(before, stop)
            before = stop

    def check(self, what: Sequence[int] | Search) -> None:
        """Check these deliveries, or all that the search finds; a check that is under way is given up."""
        self._recount, self._of = Recount(), 0
        self._failure.say("")
        self._show(whole=False)
        self._set_busy(busy=True)
        self.show()
        self._tasks.start("check", self._check(what))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels what is under way, and then leaves."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._busy:
            self._end()
        else:
            self._leave()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above, as between columns."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()

    async def _check(self, what: Sequence[int] | Search) -> None:
        async with aclosing(self._engine.stream(lambda inspector: inspector.rechecks.many(what))) as parts:
            async for part in parts:
                self._of = part.of
                self._recount.merge(part.recount)
                self._show(whole=False)
        self._set_busy(busy=False)
        self._show(whole=True)
        self.ended.emit()

    def _show(self, *, whole: bool) -> None:
        done, of = f"{self._recount.counted:,}", f"{self._of:,}"
        if whole and self._recount.counted == 1:
            title = self.tr("1 delivery checked with today’s handlers")
        elif whole:
            title = self.tr("{n} deliveries checked with today’s handlers").format(n=done)
        else:
            title = self.tr("Checking with today’s handlers: {n} of {all}").format(n=done, all=of)
        self._title.setText(title)
        self._bar.setRange(0, self._of)
        self._bar.setValue(self._recount.counted)
        self.counts.show_recount(self._recount, whole=whole)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)

    @Slot()
    def _end(self) -> None:
        self._tasks.cancel_one("check")
        self._set_busy(busy=False)
        self._title.setText(
            self.tr("Cancelled after {n} of {all} deliveries").format(
                n=f"{self._recount.counted:,}", all=f"{self._of:,}"
            )
        )
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ended.emit()

    @Slot()
    def _leave(self) -> None:
        self._tasks.cancel()
        self.hide()
        self.left.emit()

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self._failure.say(self.tr("They could not all be checked: {reason}").format(reason=marked(str(error))))
        self.ended.emit()

    def _make_top(self) -> QHBoxLayout:
        self._title = QLabel(self)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(self.tr("Progress of the check"))
        self._bar.setTextVisible(False)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("cancel-again")
        self._cancel.clicked.connect(self._end)
        self._close = QToolButton(self)
        self._close.setObjectName("close-again")
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.setAutoRaise(True)
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self._close, "close")
        size = self.fontMetrics().height()
        self._close.setIconSize(QSize(size, size))
        self._close.clicked.connect(self._leave)
        top = QHBoxLayout()
        top.setSpacing(spacing(2))
        top.addWidget(self._title)
        top.addWidget(self._bar, 1)
        top.addStretch(0)
        top.addWidget(self._cancel)
        top.addWidget(self._close)
        return top
