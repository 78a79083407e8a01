"""The list of keyboard shortcuts, made from the commands themselves."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.palette import entries
from inspector.gui.theme import spacing


def shortcuts(bar: QMenuBar) -> Iterator[tuple[str, str, str]]:
    """Menu, command and keys of every command that has keys."""
    for entry in entries(bar):
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in entry.action.shortcuts()]
        if keys:
            menu, _, name = entry.path.partition(" › ")
            yield menu, name, "   ".join(keys)


class ShortcutList(QDialog):
    """Shows the keys of every command, by menu. It stands beside the work: nothing waits for it."""

    def __init__(self, bar: QMenuBar, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcut_list")
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tree = QTreeWidget(self)
        self._tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        self._tree.setColumnCount(2)
        self._tree.setHeaderHidden(True)
        self._tree.setRootIsDecorated(False)
        self._tree.setItemsExpandable(False)
        self._tree.setIndentation(2 * spacing())
        self._tree.setFrameShape(QFrame.Shape.NoFrame)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._fill(bar)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(spacing(3),) * 4)
        column.setSpacing(spacing(3))
        column.addWidget(self._tree)
        column.addWidget(buttons)
        digit, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        self.resize(digit * 64, line * 34)

    def _fill(self, bar: QMenuBar) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for menu, name, keys in shortcuts(bar):
            if menu not in groups:
                groups[menu] = group = QTreeWidgetItem(self._tree, [menu])
                font = group.font(0)
                font.setBold(True)
                group.setFont(0, font)
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            QTreeWidgetItem(groups[menu], [name, keys])
        self._tree.expandAll()
        self._tree.header().setStretchLastSection(False)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
