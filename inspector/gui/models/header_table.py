"""Header lines as rows: in the order, case and number in which they were sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from inspector.gui.widgets.safe_text import marked, shortened

type Index = QModelIndex | QPersistentModelIndex

CREDENTIAL_NAME = re.compile(
    rb"authorization|cookie|token|secret|signature|api-?_?key|password|passwd|credential|hmac|session|jwt|-sig(?:-|$)",
    re.IGNORECASE,
)
_LONGEST_VALUE = 300
_MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One line: its name and value as sent, and whether it came after the body."""

    name: bytes
    value: bytes
    trailer: bool = False

    @property
    def is_credential(self) -> bool:
        """Whether the value lets its reader act as the sender, going by the name."""
        return CREDENTIAL_NAME.search(self.name) is not None

    @property
    def text(self) -> str:
        """The line as it was sent, each byte one character."""
        return f"{self.name.decode('latin-1')}: {self.value.decode('latin-1')}"


class HeaderTable(QAbstractTableModel):
    """Name and value of every line; values that are credentials are masked until `set_masked(False)`."""

    def __init__(self, fixed: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[HeaderLine] = ()
        self._fixed = fixed
        self._masked = True

    def show_lines(self, lines: Sequence[HeaderLine]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a slot
        """Whether credentials are masked."""
        self._masked = masked
        if self._lines:
            self.dataChanged.emit(self.index(0, 1), self.index(len(self._lines) - 1, 1))

    def line(self, row: int) -> HeaderLine:
        """The line of that row."""
        return self._lines[row]

    def hides(self, row: int) -> bool:
        """Whether that row's value is masked now."""
        return self._masked and self._lines[row].is_credential

    def shown_value(self, row: int) -> str:
        """The value as it may be shown, whole."""
        line = self._lines[row]
        if self.hides(row):
            return self.tr("{mask} ({size} bytes)").format(mask=_MASK, size=f"{len(line.value):,}")
        return marked(line.value.decode("latin-1"))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return (self.tr("Name"), self.tr("Value"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._text(index.row(), 0)}: {self._text(index.row(), 1)}"
            case Qt.ItemDataRole.FontRole:
                return self._fixed if index.column() else None
        return None

    def _text(self, row: int, column: int) -> str:
        if column:
            return shortened(self.shown_value(row), _LONGEST_VALUE)
        line = self._lines[row]
        name = shortened(marked(line.name.decode("latin-1")), _LONGEST_VALUE)
        return self.tr("{name} (trailer)").format(name=name) if line.trailer else name
