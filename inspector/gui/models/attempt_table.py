"""The attempts to send a delivery again as rows, newest first."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from inspector.core.attempt import AttemptSummary

type Index = QModelIndex | QPersistentModelIndex

MOST = 1_000
"""So many attempts are listed: more are not read, they are counted by their run."""

_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class AttemptColumn:
    """One column: its heading, its text, and its icon where it has one."""

    title: str
    text: Callable[[AttemptSummary], str]
    icon: Callable[[AttemptSummary], QIcon] | None = None


class AttemptTable(QAbstractTableModel):
    """What is shown of each attempt is said by the columns; rows are found by the attempts' ids."""

    def __init__(self, columns: tuple[AttemptColumn, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: list[AttemptSummary] = []
        self._ids: set[int] = set()

    def show_attempts(self, oldest_first: Iterable[AttemptSummary]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._rows = sorted(oldest_first, key=lambda attempt: -attempt.id)[:MOST]
        self._ids = {attempt.id for attempt in self._rows}
        self.endResetModel()

    def add(self, attempts: Iterable[AttemptSummary]) -> None:
        """Show these too, each in its place; those that are shown already are left out, and the oldest beyond MOST."""
        new = sorted((attempt for attempt in attempts if attempt.id not in self._ids), key=lambda attempt: -attempt.id)
        self._ids.update(attempt.id for attempt in new)
        while new:
            row = bisect_left(self._rows, -new[0].id, key=lambda attempt: -attempt.id)
            older = self._rows[row].id if row < len(self._rows) else 0
            together = [attempt for attempt in new if attempt.id > older]
            self.beginInsertRows(_NOTHING, row, row + len(together) - 1)
            self._rows[row:row] = together
            self.endInsertRows()
            new = new[len(together) :]
        if len(self._rows) > MOST:
            self.beginRemoveRows(_NOTHING, MOST, len(self._rows) - 1)
            self._ids.difference_update(attempt.id for attempt in self._rows[MOST:])
            del self._rows[MOST:]
            self.endRemoveRows()

    def attempt(self, row: int) -> AttemptSummary:
        """The attempt of that row."""
        return self._rows[row]

    def row_of(self, id_: int) -> int | None:
        """The row of the attempt of that id; None where it is not shown."""
        return next((row for row, attempt in enumerate(self._rows) if attempt.id == id_), None)

    def was_followed(self, id_: int) -> bool:
        """Whether the attempt of that id was answered by a redirect that the next one followed."""
        row = self.row_of(id_) or 0
        return row > 0 and self._rows[row - 1].hop == self._rows[row].hop + 1

    def refresh(self) -> None:
        """Ask for all icons anew: the palette has changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, attempt = self._columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(attempt)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title}: {column.text(attempt)}"
            case Qt.ItemDataRole.DecorationRole:
                return column.icon(attempt) if column.icon is not None else None
        return None
