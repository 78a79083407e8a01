"""The queue of one rule: what waits, its tries, what came of the last one, and when the next one is."""

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.core.forward_rule import ForwardRule, Waiting
from inspector.gui.forwarding.queue_watch import Queue
from inspector.gui.forwarding.texts import last_text, next_text, state_of_entry, state_text, tr
from inspector.gui.icons import state_icon
from inspector.gui.models.forward_queue import ForwardQueue, QueueColumn
from inspector.gui.theme import spacing
from inspector.gui.widgets.safe_text import as_text, marked, shortened

_SECOND_MS = 1000


class QueueView(QTableView):
    """The first at the top. A row that is looked at stays where it is when others leave."""

    chosen = Signal(object)  # Waiting: the user looks at it; None: at none any more
    left = Signal(object)  # Waiting: the one that was looked at has left the queue
    ticked = Signal(object)  # Waiting: the one that is looked at; a second has passed
    opened = Signal(object)  # Waiting: Return, or a double click

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("forward_queue")
        self.setAccessibleName(self.tr("What waits to be forwarded, in order"))
        self._rule: ForwardRule | None = None
        self._requests: Mapping[int, str] = {}
        self._shown_rule = 0
        self._chosen: Waiting | None = None
        self._updating = False
        self._first = 0  # the id of the first entry that is still to be delivered
        self.queue = ForwardQueue(self._columns(), self)
        self.setModel(self.queue)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._arrange_headers()
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(self._double_clicked)
        self._clock = QTimer(self, interval=_SECOND_MS)
        self._clock.timeout.connect(self._tick)

    @property
    def chosen_entry(self) -> Waiting | None:
        """The entry that is looked at."""
        return self._chosen

    @property
    def selected(self) -> Sequence[Waiting]:
        """All entries that are selected, in order."""
        return [self.queue.entry(row) for row in sorted({index.row() for index in self.selectedIndexes()})]

    def show_queue(self, queue: Queue, rule: ForwardRule | None) -> None:
        """Show how the queue of `rule` stands."""
        self._rule, self._requests = rule, queue.requests
        self._first = next((entry.id for entry in queue.entries if entry.state != "given-up"), 0)
        if queue.rule != self._shown_rule:
            self._shown_rule = queue.rule
            self._chosen = None
            self._updating = True
            self.queue.show_queue(queue.entries)
            self._updating = False
            return
        self._update(queue.entries)

    def is_first(self, entry: Waiting) -> bool:
        """Whether nothing waits before it."""
        return entry.id == self._first

    def forget_choice(self) -> None:
        """Nothing is looked at."""
        self._chosen = None
        self._updating = True
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self._updating = False

    # Qt's side

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.queue.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens the delivery."""
        if event.matches(QKeySequence.StandardKey.InsertParagraphSeparator) and self._chosen is not None:
            self.opened.emit(self._chosen)
            return
        super().keyPressEvent(event)

    # Below the surface

    def _update(self, entries: Sequence[Waiting]) -> None:
        """Take in the change; what is at the top of the view stays there."""
        top = self.rowAt(0)
        anchor = self.queue.entry(top).id if top >= 0 else None
        offset = self.rowViewportPosition(top) if top >= 0 else 0
        scrolled = self.verticalScrollBar().value() > 0
        before, selected = self._chosen, {entry.id for entry in self.selected}
        self._updating = True
        self.queue.update(entries)
        now = self.queue.row_of(before.id) if before is not None else None
        if before is not None and now is None and selected:
            self.clearSelection()  # Qt would go on to its neighbour
            self.setCurrentIndex(QModelIndex())
        self._updating = False
        if scrolled and anchor is not None and (row := self.queue.row_of(anchor)) is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(row) - offset)
        if before is None:
            return
        if now is None:
            self._chosen = None
            self.left.emit(before)
        elif (entry := self.queue.entry(now)) != before:
            self._chosen = entry
            self.chosen.emit(entry)

    def _columns(self) -> Sequence[QueueColumn]:
        return (
            QueueColumn(tr("State"), 11, state_text, lambda entry: state_icon(state_of_entry(entry))),
            QueueColumn(tr("Delivery"), 0, self._delivery_text),
            QueueColumn(tr("Tries"), 6, lambda entry: f"{entry.tried:,}"),
            QueueColumn(tr("Last answer"), 14, last_text),
            QueueColumn(tr("Next try"), 17, self._next_text),
        )

    def _delivery_text(self, entry: Waiting) -> str:
        request = self._requests.get(entry.delivery, "")
        return f"{entry.delivery}  {marked(shortened(as_text(request), 120))}".rstrip()

    def _next_text(self, entry: Waiting) -> str:
        return next_text(entry, self._rule, time.time_ns(), first=self.is_first(entry))

    def _arrange_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + spacing(2))
        columns.setHighlightSections(False)
        digit = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(self._columns()):
            if column.width:
                self.setColumnWidth(place, digit * column.width)
            else:
                columns.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.setMinimumHeight(columns.sizeHint().height() + 4 * rows.defaultSectionSize())

    @Slot()
    def _tick(self) -> None:
        self.queue.refresh()
        if self._chosen is not None:
            self.ticked.emit(self._chosen)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._updating:
            self._choose(current)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index)

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.queue.entry(index.row()))

    def _choose(self, index: QModelIndex) -> None:
        self._chosen = self.queue.entry(index.row()) if index.isValid() else None
        self.chosen.emit(self._chosen)
