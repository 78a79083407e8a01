"""The list of a delivery's attempts: when, what came of it, how long it took, and where it went."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.core.attempt import AttemptSummary
from inspector.gui.icons import state_icon
from inspector.gui.models.attempt_table import AttemptColumn, AttemptTable
from inspector.gui.models.delivery_columns import local_time
from inspector.gui.resend.texts import hop_text, result_text, state_of, took_text
from inspector.gui.theme import spacing

_DELIVERY = 3


class AttemptList(QTableView):
    """Newest first. The chosen one is shown."""

    attempt_chosen = Signal(object)  # int: its id; None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attempts")
        self.setAccessibleName(self.tr("Attempts, newest first"))
        self.attempts = AttemptTable(
            (
                AttemptColumn(self.tr("Time"), lambda a: local_time(a.started_ns)),
                AttemptColumn(self.tr("Answer"), result_text, lambda a: state_icon(state_of(a.status, a.error))),
                AttemptColumn(self.tr("Took"), lambda a: took_text(a.took_ns)),
                AttemptColumn(self.tr("Delivery"), lambda a: str(a.delivery or "")),
                AttemptColumn(self.tr("Target"), hop_text),
            ),
            self,
        )
        self.setModel(self.attempts)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._arrange_headers()
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    def show_attempts(self, oldest_first: Iterable[AttemptSummary], *, of_many: bool = False) -> None:
        """Show these, and choose the newest; `of_many` deliveries, which are then named."""
        self.setColumnHidden(_DELIVERY, not of_many)
        self.attempts.show_attempts(oldest_first)
        if self.attempts.rowCount():
            self._choose_row(0)
        else:
            self.attempt_chosen.emit(None)

    def add(self, attempts: Iterable[AttemptSummary], *, choose: bool) -> None:
        """Show these too, and choose the newest where that is wanted."""
        self.attempts.add(attempts)
        if self.attempts.rowCount() and (choose or not self.currentIndex().isValid()):
            self._choose_row(0)
            self.scrollToTop()

    def choose(self, id_: int) -> None:
        """Choose the attempt of that id."""
        if (row := self.attempts.row_of(id_)) is not None:
            self._choose_row(row)

    @property
    def current_id(self) -> int | None:
        """The id of the attempt that is shown."""
        index = self.currentIndex()
        return self.attempts.attempt(index.row()).id if index.isValid() else None

    def to_compare(self) -> tuple[int, int] | None:
        """The ids of the two that are selected, the older first; of one, it and the one before; None without two."""
        rows = sorted((index.row() for index in self.selectionModel().selectedRows()), reverse=True)
        if len(rows) == 1:
            rows = [rows[0] + 1, rows[0]] if rows[0] + 1 < self.attempts.rowCount() else [rows[0], rows[0] - 1]
        if len(rows) < 2 or rows[-1] < 0:
            return None
        return self.attempts.attempt(rows[0]).id, self.attempts.attempt(rows[-1]).id

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.attempts.refresh()

    def _choose_row(self, row: int) -> None:
        """Choose this one alone; `selectRow` would add to the selection while Ctrl is held, as by Ctrl+Return."""
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.attempts.index(row, 0), how)

    def _arrange_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + spacing(2))
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        character = self.fontMetrics().averageCharWidth()
        for column, characters in enumerate((15, 20, 11, 9)):
            self.setColumnWidth(column, character * characters)
        self.setMinimumHeight(columns.sizeHint().height() + 3 * rows.defaultSectionSize())

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.attempt_chosen.emit(self.attempts.attempt(current.row()).id if current.isValid() else None)
