"""The header lines of a delivery as they were sent, trailers behind them."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.delivery import Delivery
from inspector.core.request import Request
from inspector.gui.icons import icon
from inspector.gui.models.header_table import HeaderLine, HeaderTable
from inspector.gui.theme import fixed_font, spacing

_LARGEST_SHOWN = 64 << 10  # characters of one value


class HeadersPane(QWidget):
    """A table with a filter; credentials are masked until asked for. The selected value stands below, whole."""

    masked_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request: Request | None = None
        self._model = HeaderTable(fixed_font(), self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._count = QLabel(self)
        self._count.setObjectName("header_count")
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._build_bar()
        self._build_table()
        self._whole = QPlainTextEdit(self)
        self._whole.setReadOnly(True)
        self._whole.setObjectName("whole_value")
        self._whole.setFont(fixed_font())
        self._whole.setAccessibleName(self.tr("The selected value"))
        self._whole.setMaximumHeight(QFontMetrics(self._whole.font()).height() * 6)
        self._whole.hide()
        bar = QHBoxLayout()
        bar.setSpacing(spacing(2))
        for widget, stretch in ((self._filter, 1), (self._count, 0), (self._show_values, 0), (self._copy_all, 0)):
            bar.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        column.addLayout(bar)
        column.addWidget(self._table, 1)
        column.addWidget(self._whole)

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery's header lines, then its trailers."""
        request = delivery.request
        if request is self._request:
            return
        self._request = request
        trailers = [HeaderLine(name, value, trailer=True) for name, value in request.trailers]
        self._model.show_lines([*(HeaderLine(name, value) for name, value in request.headers), *trailers])
        self._whole.hide()
        self._show_count()

    def set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a slot
        """Whether credentials are masked."""
        self._show_values.setChecked(not masked)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._copy_all.setIcon(icon("copy"))

    def _build_bar(self) -> None:
        self._filter = QLineEdit(self)
        self._filter.setObjectName("header_filter")
        self._filter.setAccessibleName(self.tr("Filter headers"))
        self._filter.setPlaceholderText(self.tr("Filter headers"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._set_filter)
        self._show_values = QCheckBox(self.tr("Show &values"), self)
        self._show_values.setObjectName("show_values")
        self._show_values.setToolTip(self.tr("Show tokens, cookies and signatures, which are masked otherwise"))
        self._show_values.toggled.connect(self._set_shown)
        self._copy_all = QToolButton(self)
        self._copy_all.setIcon(icon("copy"))
        self._copy_all.setAutoRaise(True)
        self._copy_all.setAccessibleName(self.tr("Copy all headers"))
        self._copy_all.setToolTip(self.tr("Copy all headers as text"))
        self._copy_all.clicked.connect(self._copy_every_line)

    def _build_table(self) -> None:
        self._table = table = QTableView(self)
        table.setObjectName("headers")
        table.setAccessibleName(self.tr("Headers"))
        table.setModel(self._proxy)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + spacing(2))
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(0, self.fontMetrics().averageCharWidth() * 24)
        for name, text, shortcut, slot in (
            ("copy_value", self.tr("Copy value"), QKeySequence.StandardKey.Copy, self._copy_values),
            (
                "copy_line",
                self.tr("Copy line"),
                QKeySequence(Qt.Modifier.CTRL | Qt.Modifier.SHIFT | Qt.Key.Key_C),
                self._copy_lines,
            ),
        ):
            action = QAction(text, table)
            action.setObjectName(name)
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            table.addAction(action)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        table.selectionModel().currentRowChanged.connect(self._show_whole)

    def _show_count(self) -> None:
        rows, all_rows = self._proxy.rowCount(), self._model.rowCount()
        whole = self.tr("Lines: {count}").format(count=all_rows)
        some = self.tr("Lines: {shown} of {count}").format(shown=rows, count=all_rows)
        self._count.setText(whole if rows == all_rows else some)

    @Slot(str)
    def _set_filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        self._show_count()

    @Slot(bool)
    def _set_shown(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._model.set_masked(not shown)
        self._show_whole(self._table.currentIndex())
        self.masked_changed.emit(not shown)

    @Slot(QModelIndex)
    def _show_whole(self, index: QModelIndex) -> None:
        """A value that its row cuts stands below the table."""
        text = self._model.shown_value(self._proxy.mapToSource(index).row()) if index.isValid() else ""
        room = self._table.columnWidth(1) // max(1, QFontMetrics(self._whole.font()).averageCharWidth())
        self._whole.setPlainText(text[:_LARGEST_SHOWN] + (" …" if len(text) > _LARGEST_SHOWN else ""))
        self._whole.setVisible(len(text) > room)

    @Slot()
    def _copy_values(self) -> None:
        _copy(line.value.decode("latin-1") for line in self._selected())

    @Slot()
    def _copy_lines(self) -> None:
        _copy(line.text for line in self._selected())

    @Slot()
    def _copy_every_line(self) -> None:
        _copy(self._model.line(row).text for row in range(self._model.rowCount()))

    def _selected(self) -> Iterable[HeaderLine]:
        for index in self._table.selectionModel().selectedRows():
            yield self._model.line(self._proxy.mapToSource(index).row())


def _copy(lines: Iterable[str]) -> None:
    if text := "\n".join(lines):
        QGuiApplication.clipboard().setText(text)
