"""The matrix: every case with what is expected beside what was answered."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.core.scenario_cases import KINDS
from inspector.gui.icons import state_icon
from inspector.gui.models.case_table import CaseColumn, CaseTable, Row
from inspector.gui.scenarios.texts import (
    answers_text,
    expected_text,
    parameter_text,
    result_text,
    state_of_case,
    title_text,
    tr,
)
from inspector.gui.theme import spacing
from inspector.gui.widgets.safe_text import marked

_EXPECTED = 2


class CaseView(QTableView):
    """Space switches a case on and off, F2 or a double click edits; Delete is the page's."""

    chosen = Signal(int)  # the place of the case that is looked at; -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cases")
        self.setAccessibleName(self.tr("Cases, what is expected and what was answered"))
        self.cases = CaseTable(_columns(), self)
        self.setModel(self.cases)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._arrange_headers()
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.cases.modelReset.connect(self._reset)

    @property
    def place(self) -> int:
        """The place of the case that is looked at; -1 for none."""
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space anywhere in a row switches its case, F2 edits what is expected."""
        if event.key() == Qt.Key.Key_Space and self.place >= 0:
            self.cases.switched.emit(self.place, not self.cases.row(self.place).case.enabled)
            return
        if event.key() == Qt.Key.Key_F2 and self.place >= 0 and self.currentIndex().column() != _EXPECTED:
            self.setCurrentIndex(self.cases.index(self.place, _EXPECTED))
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.cases.refresh()

    def _arrange_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + spacing(3))
        columns.setHighlightSections(False)
        digit = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(self.cases.columns):
            if column.width:
                self.setColumnWidth(place, digit * column.width)
            else:
                columns.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen.emit(current.row())

    @Slot()
    def _reset(self) -> None:
        self.chosen.emit(-1)


def _columns() -> Sequence[CaseColumn]:
    return (
        CaseColumn(
            "name", tr("Case"), 19, lambda row: title_text(row.case),
            checked=lambda row: row.case.enabled, edit=lambda row: row.case.title,
            tip=lambda row: tr(KINDS[row.case.kind].about),
        ),
        CaseColumn("parameter", tr("With"), 9, lambda row: parameter_text(row.case), edit=_number),
        CaseColumn(
            "expected", tr("Expected"), 11, lambda row: expected_text(row.case.expected),
            edit=lambda row: expected_text(row.case.expected),
            tip=lambda _: tr("What each answer may be: 200, 2xx, none or any, several with “or” between them."),
        ),
        CaseColumn("answer", tr("Answer"), 0, _answers, tip=lambda row: _plain(_answers(row))),
        CaseColumn(
            "result", tr("Result"), 16, lambda row: result_text(row.case, row.result, running=row.running),
            icon=_icon, tip=lambda row: _plain(row.result.skipped) if row.result else "",
        ),
    )  # fmt: skip


def _answers(row: Row) -> str:
    return answers_text(row.result) if row.result else ""


def _plain(text: str) -> str:
    """Safe for Qt, which takes tooltips for HTML."""
    return f"<qt>{html.escape(marked(text))}</qt>" if text else ""


def _icon(row: Row) -> QIcon:
    return state_icon(state_of_case(row.case, row.result, running=row.running))


def _number(row: Row) -> str | None:
    """The number to be edited; None where the case has none."""
    case = row.case
    return {
        "burst": str(case.count),
        "stale": str(case.seconds),
        "future": str(case.seconds),
        "slow-body": f"{case.bytes_per_s:g}",
    }.get(case.kind)
