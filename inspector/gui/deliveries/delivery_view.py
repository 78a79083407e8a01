"""The table view of deliveries: rows of one height, moved through by row."""

from array import array
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.gui.deliveries.column_header import ColumnHeader
from inspector.gui.deliveries.row_painter import Cells, RowPainter
from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.models.delivery_table import DeliveryTable
from inspector.gui.theme import spacing

_Cursor = QAbstractItemView.CursorAction


class DeliveryView(QTableView):
    """Shows a DeliveryTable. A million rows scroll: nothing here looks at more rows than can be seen."""

    confirmed = Signal()  # Enter or a double click on the current row

    def __init__(self, model: DeliveryTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deliveries")
        self.setAccessibleName(self.tr("Deliveries, newest first"))
        self._model = model
        self.columns = ColumnHeader(self)
        self.setHorizontalHeader(self.columns)
        self.setModel(model)
        self._painter = RowPainter(model, self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.doubleClicked.connect(self.confirmed)
        self._arrange_headers()

    @property
    def row_height(self) -> int:
        """The height of every row, in pixels."""
        return self.verticalHeader().defaultSectionSize()

    def selected_ids(self) -> Sequence[int]:
        """The ids of the selected rows, in no order; by ranges, as a million may be selected."""
        ids, selection = array("q"), self.selectionModel().selection()
        for part in (selection.at(place) for place in range(selection.count())):
            ids.extend(self._model.ids_between(part.top(), part.bottom()))
        return ids

    # Qt's side

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight that need it."""
        area, height = event.rect(), self.row_height
        top = -self.verticalOffset()
        first = max(0, (area.top() - top) // height)
        last = min(self._model.rowCount() - 1, (area.bottom() - top) // height)
        if first > last:
            return
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        rows = range(first, last + 1)
        self._painter.paint(
            painter,
            rows,
            top=top + first * height,
            height=height,
            cells=self._cells(area),
            chosen=self._selected_of(rows),
        )
        painter.end()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and last row, not to the ends of the current one."""
        model, column = self.model(), max(0, self.currentIndex().column())
        match action:
            case _Cursor.MoveHome:
                return model.index(0, column)
            case _Cursor.MoveEnd:
                return model.index(model.rowCount() - 1, column)
            case _Cursor.MoveLeft | _Cursor.MoveRight:
                bar = self.horizontalScrollBar()
                step = 8 * spacing() * (1 if action is _Cursor.MoveRight else -1)
                bar.setValue(bar.value() + step)
                return self.currentIndex()
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Typing letters selects nothing: it would look at every row. There is the search field."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.confirmed.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._painter.refresh()
            self._set_row_height()
            self.viewport().update()

    def _cells(self, area: QRect) -> list[Cells]:
        header = self.horizontalHeader()
        every = (
            Cells(column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in range(len(COLUMNS))
            if not header.isSectionHidden(column)
        )
        return [cells for cells in every if cells.left <= area.right() and cells.left + cells.width > area.left()]

    def _selected_of(self, rows: range) -> set[int]:
        selection = self.selectionModel().selection()
        selected: set[int] = set()
        for part in (selection.at(place) for place in range(selection.count())):
            selected.update(range(max(part.top(), rows.start), min(part.bottom() + 1, rows.stop)))
        return selected

    def _arrange_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self._set_row_height()
        self.columns.arrange()
        self.columns.setFixedHeight(self.fontMetrics().height() + spacing(3))

    def _set_row_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * spacing())
