"""A JSON body as a tree."""

import asyncio
from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from inspector.gui.models.json_tree import JsonTree
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.json_spans import Colours
from inspector.gui.widgets.lines import Buffer
from inspector.gui.widgets.needle import Needle
from inspector.gui.widgets.text_panel import SLICE_S

_OPENED_AT_FIRST = 12  # members of the top, beyond which what lies below it stays closed
_LARGEST_COPY = 4 << 20  # characters


class JsonView(QTreeView):
    """Opens level by level; copies values, keys and ways; finds without opening what does not match."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = JsonTree(colours, self)
        self.setModel(self._tree)
        self.setObjectName("json_tree")
        self.setAccessibleName(self.tr("JSON tree"))
        self.setFont(fixed_font())
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setExpandsOnDoubleClick(True)
        self.setIndentation(spacing(4))
        self.header().setStretchLastSection(True)
        self.setColumnWidth(0, self.fontMetrics().averageCharWidth() * 24)
        self._search: tuple[str, Iterator[QModelIndex | None]] | None = None
        self._found: list[QModelIndex] = []
        self._at = -1
        for name, text, shortcut, slot in (
            ("copy_json_value", self.tr("Copy value"), QKeySequence(QKeySequence.StandardKey.Copy), self._copy_value),
            ("copy_json_key", self.tr("Copy key"), QKeySequence(), self._copy_key),
            ("copy_json_path", self.tr("Copy path"), QKeySequence("Ctrl+Shift+C"), self._copy_path),
        ):
            action = QAction(text, self)
            action.setObjectName(name)
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_json(self, data: Buffer) -> None:
        """Show `data`. Raises NotJson, and is empty then."""
        self._forget()
        self._tree.read(data)
        top = self._tree.index(0, 0)
        self.expand(top)
        if self._tree.rowCount(top) <= _OPENED_AT_FIRST:
            for row in range(self._tree.rowCount(top)):
                child = self._tree.index(row, 0, top)
                self.expand(child)
                if self._tree.rowCount(child) > _OPENED_AT_FIRST:
                    self.collapse(child)
        self.setCurrentIndex(top)

    def clear(self) -> None:
        """Show nothing, and let go of what was shown."""
        self._forget()
        self._tree.clear()

    def set_colours(self, colours: Colours) -> None:
        """Other colours, for what is shown too."""
        self._tree.set_colours(colours)

    async def find_text(self, text: str, *, backward: bool) -> bool:
        """Select the next key or value with `text` (the one before, `backward`), going round at the end."""
        if self._search is None or self._search[0] != text:
            self._forget()
            self._search = (text, self._tree.matches(json_needle(text)))
        step = -1 if backward else 1
        if not 0 <= self._at + step < len(self._found):
            search = self._search
            found = await self._next(search[1])
            if self._search is not search:
                return False
            if found is not None:
                self._found.append(found)
        if not self._found:
            return False
        self._at = (self._at + step) % len(self._found)
        index = self._found[self._at]
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    async def _next(self, matches: Iterator[QModelIndex | None]) -> QModelIndex | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + SLICE_S
        for found in matches:
            if found is not None:
                return found
            if loop.time() > until:
                await asyncio.sleep(0)
                until = loop.time() + SLICE_S
        return None

    def _forget(self) -> None:
        self._search, self._found, self._at = None, [], -1

    @Slot()
    def _copy_value(self) -> None:
        if (index := self.currentIndex()).isValid():
            QGuiApplication.clipboard().setText(self._tree.value_text(index)[:_LARGEST_COPY])

    @Slot()
    def _copy_key(self) -> None:
        if (index := self.currentIndex()).isValid():
            QGuiApplication.clipboard().setText(self._tree.key_text(index))

    @Slot()
    def _copy_path(self) -> None:
        if (index := self.currentIndex()).isValid():
            QGuiApplication.clipboard().setText(self._tree.path(index))


def json_needle(text: str) -> Needle:
    """`text` as UTF-8, or with the escapes that a sender may have written, in any case of its ASCII letters."""
    escaped = "".join(_escaped(character) for character in text)
    return Needle(form.encode("utf-8", "replace") for form in (text, escaped))


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isascii():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
