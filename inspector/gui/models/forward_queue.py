"""What waits to be forwarded as rows: what leaves goes, what comes is added, and nothing else moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from inspector.core.forward_rule import Waiting

type Index = QModelIndex | QPersistentModelIndex

_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class QueueColumn:
    """One column: its heading, its width in digits (0: what is left), its text, and its icon where it has one."""

    title: str
    width: int
    text: Callable[[Waiting], str]
    icon: Callable[[Waiting], QIcon] | None = None


class ForwardQueue(QAbstractTableModel):
    """The entries in their order. Rows are found by the entries' ids."""

    def __init__(self, columns: Sequence[QueueColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[Waiting] = []

    @property
    def entries(self) -> Sequence[Waiting]:
        """What is shown, in order."""
        return self._rows

    def show_queue(self, entries: Sequence[Waiting]) -> None:
        """Show these, of another rule than before."""
        self.beginResetModel()
        self._rows = list(entries)
        self.endResetModel()

    def update(self, entries: Sequence[Waiting]) -> None:
        """Show what became of the queue: rows that stay keep their place beside each other."""
        kept = {entry.id for entry in entries}
        for first, last in reversed(_runs([entry.id not in kept for entry in self._rows])):
            self.beginRemoveRows(_NOTHING, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        known = {entry.id: entry for entry in self._rows}
        for first, last in _runs([entry.id not in known for entry in entries]):
            self.beginInsertRows(_NOTHING, first, last)
            self._rows[first:first] = entries[first : last + 1]
            self.endInsertRows()
        for first, last in _runs([known.get(entry.id, entry) != entry for entry in entries]):
            self._rows[first : last + 1] = entries[first : last + 1]
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def entry(self, row: int) -> Waiting:
        """The entry of that row."""
        return self._rows[row]

    def row_of(self, id_: int) -> int | None:
        """The row of the entry of that id; None where it is not shown."""
        return next((row for row, entry in enumerate(self._rows) if entry.id == id_), None)

    def refresh(self) -> None:
        """Paint everything anew: time has passed, or the palette has changed."""
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
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self._columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, entry = self._columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title}: {column.text(entry)}"
            case Qt.ItemDataRole.DecorationRole:
                return column.icon(entry) if column.icon is not None else None
        return None


def _runs(wanted: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last place of each run of True."""
    found: list[tuple[int, int]] = []
    for place, each in enumerate(wanted):
        if not each:
            continue
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
