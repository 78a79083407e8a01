"""Two answers beside each other as rows: a name, the left one, the sign between them, the right one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QIcon

from inspector.core.answer_comparison import ComparedRow

type Index = QModelIndex | QPersistentModelIndex

NAME, LEFT, SIGN, RIGHT = range(4)
_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """What is shown of a row. A heading is asked for with the part that it is above."""

    titles: Sequence[str]
    heading: Callable[[str], str]
    name: Callable[[ComparedRow], str]
    value: Callable[[ComparedRow, str | None], str]
    sign: Callable[[ComparedRow], str]
    icon: Callable[[ComparedRow], QIcon | None]
    ground: Callable[[ComparedRow], QColor | None]


class ComparedRows(QAbstractTableModel):
    """Rows come some at a time; those that are the same can be left out."""

    def __init__(self, texts: ComparedTexts, fixed: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts, self._fixed = texts, fixed
        self._bold = QFont()
        self._bold.setBold(True)
        self._all: list[ComparedRow] = []
        self._shown: list[ComparedRow | str] = []  # a heading is the name of its part
        self._part = ""
        self._only_differences = False

    @property
    def rows(self) -> Sequence[ComparedRow]:
        """All of them, also those left out."""
        return self._all

    def clear(self) -> None:
        """Show nothing."""
        self._all = []
        self._show_anew()

    def add(self, rows: Sequence[ComparedRow]) -> None:
        """These come next."""
        self._all.extend(rows)
        new = self._with_headings(rows)
        if new:
            self.beginInsertRows(_NOTHING, len(self._shown), len(self._shown) + len(new) - 1)
            self._shown.extend(new)
            self.endInsertRows()

    def show_only_differences(self, *, only: bool) -> None:
        """Leave out what is the same, or show it again."""
        if only != self._only_differences:
            self._only_differences = only
            self._show_anew()

    def row_at(self, row: int) -> ComparedRow | None:
        """What is shown there; None for a heading."""
        found = self._shown[row] if 0 <= row < len(self._shown) else ""
        return None if isinstance(found, str) else found

    def next_difference(self, row: int, *, backward: bool = False) -> int | None:
        """The next row that is not the same on both sides, from behind `row` on; goes round at the end."""
        count = len(self._shown)
        step = -1 if backward else 1
        places = ((row + step * ahead) % count for ahead in range(1, count + 1)) if count else ()
        return next((at for at in places if (found := self.row_at(at)) and found.kind not in ("same", "fact")), None)

    def refresh(self) -> None:
        """Ask for all texts and icons anew."""
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, RIGHT))

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._texts.titles)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.row_at(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._texts.titles):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._shown[index.row()], index.column()
        if isinstance(row, str):
            return self._heading(row, column, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                title = self._texts.titles[column]
                return f"{title}: {self._text(row, column)}" if title else self._text(row, column)
            case Qt.ItemDataRole.DecorationRole:
                return self._texts.icon(row) if column == SIGN else None
            case Qt.ItemDataRole.BackgroundRole:
                return self._texts.ground(row)
            case Qt.ItemDataRole.FontRole:
                return self._fixed if column in (LEFT, RIGHT) else None
        return None

    def _text(self, row: ComparedRow, column: int) -> str:
        match column:
            case 0:
                return self._texts.name(row)
            case 1:
                return self._texts.value(row, row.left)
            case 2:
                return self._texts.sign(row)
        return self._texts.value(row, row.right)

    def _heading(self, part: str, column: int, role: int) -> Any:
        if column == NAME and role == Qt.ItemDataRole.DisplayRole:
            return self._texts.heading(part)
        return self._bold if column == NAME and role == Qt.ItemDataRole.FontRole else None

    def _with_headings(self, rows: Sequence[ComparedRow]) -> list[ComparedRow | str]:
        found: list[ComparedRow | str] = []
        for row in rows:
            if self._only_differences and row.kind == "same":
                continue
            if row.part != self._part:
                self._part = row.part
                found.append(row.part)
            found.append(row)
        return found

    def _show_anew(self) -> None:
        self.beginResetModel()
        self._part = ""
        self._shown = self._with_headings(self._all)
        self.endResetModel()
