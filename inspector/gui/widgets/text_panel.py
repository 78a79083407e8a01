"""A text of any size with finding: a small one in Qt's own text widget, a larger one in a view that paints rows."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtGui import QPalette, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QStackedLayout, QWidget

from inspector.gui.tasks import Tasks
from inspector.gui.theme import fixed_font
from inspector.gui.widgets.json_spans import Colours, Span, SpanHighlighter
from inspector.gui.widgets.lines import Buffer, Lines
from inspector.gui.widgets.needle import Needle
from inspector.gui.widgets.text_view import TextView

SMALL = 64 << 10  # bytes
_FEW_LINES = 2_000
SLICE_S = 0.004
"""So long a piece of work on the window's thread may take before others get their turn."""


class TextPanel(QWidget):
    """Shows bytes as text, read only, never as anything but plain text."""

    def __init__(self, name: str, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self)
        self._lines = Lines(b"")
        self._found = -1  # the offset of the last find
        self._small = QPlainTextEdit(self)
        self._small.setReadOnly(True)
        self._small.setUndoRedoEnabled(False)
        self._small.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._small.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self._small.setFont(fixed_font())
        self._small.setTabStopDistance(self._small.fontMetrics().horizontalAdvance(" ") * 4)
        self._highlighter = SpanHighlighter(self._small.document(), colours)
        self._large = TextView(colours, self)
        self._stack = QStackedLayout(self)
        for view in (self._small, self._large):
            view.setAccessibleName(name)
            self._stack.addWidget(view)
        self.setFocusProxy(self._small)
        self._show_finds()

    def show_text(
        self, data: Buffer, encoding: str = "utf-8", spans: Callable[[str], Sequence[Span]] | None = None
    ) -> None:
        """Show `data` read as `encoding` from its beginning, coloured by `spans`."""
        self._tasks.cancel()
        self._found = -1
        self._lines = Lines(data, encoding)
        complete = self._lines.index_for(SLICE_S)
        if complete and len(data) <= SMALL and self._lines.count <= _FEW_LINES:
            self._show_small(spans)
            return
        self._small.clear()
        self._stack.setCurrentWidget(self._large)
        self.setFocusProxy(self._large)
        self._large.show_lines(self._lines, spans)
        if not complete:
            self._tasks.start("index", self._index(self._lines))

    def clear(self) -> None:
        """Show nothing, and let go of what was shown."""
        self.show_text(b"")

    def set_colours(self, colours: Colours) -> None:
        """Other colours, for what is shown too."""
        self._show_finds()
        self._highlighter.set_colours(colours)
        self._large.set_colours(colours)

    async def find_text(self, text: str, *, backward: bool) -> bool:
        """Select the next place of `text` or the one before, going round at the end. Whether there is one."""
        if self._stack.currentWidget() is self._small:
            return self._find_small(text, backward=backward)
        return await self._find_large(text, backward=backward)

    def text(self) -> str:
        """What is shown, where that is a small text; for tests and for reading aloud."""
        return self._small.toPlainText()

    def _show_small(self, spans: Callable[[str], Sequence[Span]] | None) -> None:
        lines = self._lines
        self._highlighter.set_spans(spans)
        self._small.setPlainText("\n".join(lines.line(number) for number in range(lines.count)))
        self._stack.setCurrentWidget(self._small)
        self.setFocusProxy(self._small)
        self._large.show_lines(Lines(b""))

    def _show_finds(self) -> None:
        """What was found must be seen while the find line has the keyboard."""
        palette = QPalette()
        for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText):
            active = QApplication.palette().color(QPalette.ColorGroup.Active, role)
            palette.setColor(QPalette.ColorGroup.Inactive, role, active)
        self._small.setPalette(palette)

    async def _index(self, lines: Lines) -> None:
        while not lines.index_for(SLICE_S):
            if self._lines is lines:
                self._large.lines_grew()
            await asyncio.sleep(0)
        if self._lines is lines:
            self._large.lines_grew()

    def _find_small(self, text: str, *, backward: bool) -> bool:
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if self._small.find(text, flags):
            return True
        here = self._small.textCursor()
        self._small.moveCursor(QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start)
        if self._small.find(text, flags):
            return True
        self._small.setTextCursor(here)
        return False

    async def _find_large(self, text: str, *, backward: bool) -> bool:
        lines = self._lines
        await self._index(lines)
        needle = Needle([lines.encode(text)])
        start = self._found + (0 if backward else 1) if self._found >= 0 else self._from_cursor(lines)
        around = len(lines.data) if backward else 0
        for begin in (start, around):
            for offset in lines.matches(needle, begin, backward=backward):
                if offset is None:
                    await asyncio.sleep(0)
                    continue
                if self._lines is lines:
                    self._select(lines, offset, text)
                return True
        return False

    def _from_cursor(self, lines: Lines) -> int:
        return lines.start(self._large.cursor_place[0])

    def _select(self, lines: Lines, offset: int, text: str) -> None:
        self._found = offset
        line, column = lines.place(offset)
        self._large.select((line, column), (line, column + len(text)))
