"""The cases of a scenario as rows: switched on or off, with what is expected, both to be edited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from inspector.core.scenario import CaseResult
from inspector.core.scenario_cases import Case

type Index = QModelIndex | QPersistentModelIndex

_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """A case, what came of it, and whether it is under way."""

    case: Case
    result: CaseResult | None = None
    running: bool = False


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """One column: its heading, its width in digits (0: what is left), its text, and what else it can do.

    `edit` is the text to be edited, None where there is nothing to edit.
    """

    name: str
    title: str
    width: int
    text: Callable[[Row], str]
    icon: Callable[[Row], QIcon] | None = None
    edit: Callable[[Row], str | None] | None = None
    checked: Callable[[Row], bool] | None = None
    tip: Callable[[Row], str] | None = None


class CaseTable(QAbstractTableModel):
    """What is shown of each case is said by the columns. Nothing is changed here: what one edits is told."""

    switched = Signal(int, bool)  # place of the case, on or off
    typed = Signal(int, str, str)  # place of the case, name of the column, text

    def __init__(self, columns: Sequence[CaseColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[Row] = []

    def show_cases(self, cases: Sequence[Case], results: Mapping[int, CaseResult], running: int = -1) -> None:
        """Show these; `running` is the place of the one that is under way. Rows that stay are painted anew only."""
        rows = [Row(case, results.get(place), place == running) for place, case in enumerate(cases)]
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for place, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def refresh(self) -> None:
        """Paint everything anew: the palette has changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))

    def row(self, place: int) -> Row:
        """The row at that place."""
        return self._rows[place]

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        column, row = self.columns[index.column()], self._rows[index.row()]
        if column.checked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if column.edit is not None and column.edit(row) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self.columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.EditRole:
                return column.edit(row) if column.edit is not None else column.text(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title}: {column.text(row)}"
            case Qt.ItemDataRole.DecorationRole:
                return column.icon(row) if column.icon is not None else None
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(row) if column.tip is not None else None
            case Qt.ItemDataRole.CheckStateRole if column.checked is not None:
                return Qt.CheckState.Checked if column.checked(row) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what was edited; it is shown when it was taken."""
        if not index.isValid():
            return False
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and column.checked is not None:
            self.switched.emit(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole and column.edit is not None:
            if str(value) != column.edit(self._rows[index.row()]):
                self.typed.emit(index.row(), column.name, str(value))
            return True
        return False
