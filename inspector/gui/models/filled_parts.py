"""The parts of a signed content and what each became, as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.core.explanation import Filled
from inspector.gui.theme import fixed_font
from inspector.gui.widgets.safe_text import marked, shortened

type Index = QModelIndex | QPersistentModelIndex

_LONGEST = 300


class FilledPartsModel(QAbstractTableModel):
    """One row a part: how it is written in the template, its bytes as text, how many they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts: Sequence[Filled] = ()
        self._font = fixed_font()

    def show_parts(self, parts: Sequence[Filled]) -> None:
        """Show these; where there are as many as before, only their values are painted anew."""
        if len(parts) == len(self._parts):
            self._parts = parts
            if parts:
                self.dataChanged.emit(self.index(0, 0), self.index(len(parts) - 1, 2))
            return
        self.beginResetModel()
        self._parts = parts
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._parts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < 3:
            return (self.tr("Part"), self.tr("Became"), self.tr("Bytes"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        part = self._parts[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return (part.part, self._became(part), f"{part.length:,}")[index.column()]
            case Qt.ItemDataRole.FontRole if index.column() < 2:
                return self._font
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == 2:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _became(self, part: Filled) -> str:
        if not part.length:
            return self.tr("(empty)")
        return shortened(marked(part.data[: 4 * _LONGEST].decode("utf-8", "replace")), _LONGEST)
