"""What came of simulated deliveries: each try, its answer, and the delivery that the own listener made of it."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.core.attempt import Attempt, AttemptSummary, summary_of
from inspector.core.retry_schedule import delay_text
from inspector.gui.icons import state_icon
from inspector.gui.models.attempt_table import AttemptColumn, AttemptTable
from inspector.gui.models.delivery_columns import local_time
from inspector.gui.resend.attempt_pane import AttemptPane
from inspector.gui.resend.texts import result_text, state_of, took_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Muted
from inspector.simulating import Sending

_KEPT = 1_000
"""So many tries are listed; all are in the store."""

_LISTED_EVERY_MS = 60


class TriesView(QWidget):
    """The newest try is on top, and is shown."""

    delivery_wanted = Signal(int)
    comparison_wanted = Signal(int, int)  # the ids of two attempts, the older first

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tries: dict[int, Sending] = {}
        self._whats: dict[int, str] = {}
        self._waiting: list[tuple[Sending, str]] = []
        self._taken = self._total = 0
        self._later = QTimer(self, singleShot=True, interval=_LISTED_EVERY_MS)
        self._later.timeout.connect(self.flush)
        self._build()

    @property
    def count(self) -> int:
        """How many tries there were."""
        return self._total

    def add(self, sending: Sending, what: str) -> None:
        """One more try of `what` has ended. Of many in a short time, all are listed at once."""
        self._total += 1
        self._taken += sending.attempt.succeeded
        self._waiting.append((sending, what))
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def flush(self) -> None:
        """List what has come since the last time."""
        waiting, self._waiting = self._waiting[-_KEPT:], []
        if not waiting:
            return
        for sending, what in waiting:
            self._tries[sending.attempt.id] = sending
            self._whats[sending.attempt.id] = what
        follows = self.view.currentIndex().row() <= 0  # who looks at an older one goes on looking at it
        if len(self._tries) > _KEPT + _KEPT // 10:
            for id_ in list(self._tries)[:-_KEPT]:
                del self._tries[id_], self._whats[id_]
            self.table.show_attempts(map(self._summary, self._tries.values()))
        else:
            self.table.add([self._summary(sending) for sending, _ in waiting])
        self._say(waiting[-1][0])
        if follows:
            self.view.selectRow(0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.table.refresh()

    def _build(self) -> None:
        self.table = AttemptTable(
            (
                AttemptColumn(self.tr("Time"), lambda a: local_time(a.started_ns)),
                AttemptColumn(self.tr("Answer"), result_text, lambda a: state_icon(state_of(a.status, a.error))),
                AttemptColumn(self.tr("Took"), lambda a: took_text(a.took_ns)),
                AttemptColumn(self.tr("Delivery"), lambda a: f"{a.delivery:,}" if a.delivery else "–"),
                AttemptColumn(self.tr("What"), lambda a: self._whats.get(a.id, "")),
            ),
            self,
        )
        view = self.view = QTableView(self)
        view.setObjectName("simulator-tries")
        view.setAccessibleName(self.tr("What was sent, newest first"))
        view.setModel(self.table)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + spacing(2))
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setStretchLastSection(True)
        for column, characters in enumerate((15, 20, 11, 11)):
            view.setColumnWidth(column, self.fontMetrics().averageCharWidth() * characters)
        view.selectionModel().currentRowChanged.connect(self._show)
        view.activated.connect(self._open)
        self._summary_line = Muted("", self)
        self._summary_line.setObjectName("simulator-summary")
        self._open_button = QPushButton(self.tr("Show the &delivery"), self)
        self._open_button.setObjectName("show-simulated-delivery")
        self._open_button.setAutoDefault(False)
        self._open_button.clicked.connect(self._open)
        self.answer = AttemptPane(self)
        self.answer.comparison_wanted.connect(self._compare)
        line = QHBoxLayout()
        line.setSpacing(spacing(2))
        line.addWidget(self._summary_line, 1)
        line.addWidget(self._open_button)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(view)
        parts.addWidget(self.answer)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, spacing(2), 0, 0)
        column_.setSpacing(spacing(2))
        column_.addLayout(line)
        column_.addWidget(parts, 1)

    def _say(self, sending: Sending) -> None:
        parts = [self.tr("{taken} of {total} taken").format(taken=f"{self._taken:,}", total=f"{self._total:,}")]
        if sending.next_s is not None:
            soon, later = self.tr("tried again at once"), self.tr("tried again in {time}")
            parts.append(later.format(time=delay_text(sending.next_s)) if sending.next_s > 0 else soon)
        self._summary_line.setText(" · ".join(parts))

    @staticmethod
    def _summary(sending: Sending) -> AttemptSummary:
        return replace(summary_of(sending.attempt), delivery=sending.delivery)

    def _current(self) -> Sending | None:
        index = self.view.currentIndex()
        return self._tries.get(self.table.attempt(index.row()).id) if index.isValid() else None

    @Slot(QModelIndex, QModelIndex)
    def _show(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        sending = self._current()
        self._open_button.setVisible(sending is not None and bool(sending.delivery))
        if sending is not None:
            attempt: Attempt = sending.attempt
            self.answer.show_attempt(attempt, None)

    @Slot()
    def _compare(self) -> None:
        """With the one before, or with the one after the first."""
        row = self.view.currentIndex().row()
        if row < 0:
            return
        other = row + 1 if row + 1 < self.table.rowCount() else max(0, row - 1)
        older, newer = sorted((self.table.attempt(row).id, self.table.attempt(other).id))
        self.comparison_wanted.emit(older, newer)

    @Slot()
    def _open(self) -> None:
        if (sending := self._current()) is not None and sending.delivery:
            self.delivery_wanted.emit(sending.delivery)
