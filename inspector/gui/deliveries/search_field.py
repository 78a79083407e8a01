"""The search field: answers as one types, and says where a search cannot be read."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QStyleOptionFrame, QVBoxLayout, QWidget

from inspector.core.delivery import Verdict
from inspector.core.filters import EVERYTHING, TERMS, Search, SearchError, parse
from inspector.gui.icons import icon
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.notice import Notice

TYPING_MS = 120
PATIENCE_MS = 700
"""A search that cannot be read yet is mostly one that is not finished: so long a pause and it is said."""

COMPLETIONS: Sequence[str] = [*(f"verdict:{verdict}" for verdict in Verdict), *(f"{term}:" for term in TERMS)]


class SearchField(QLineEdit):
    """Text that becomes a Search. A mistake is underlined at its place and told beneath, and nothing is lost."""

    searched = Signal(object)  # Search
    left = Signal()  # Escape in an empty field, Enter or the down key: back to the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setAccessibleName(self.tr("Search deliveries"))
        self.setPlaceholderText(self.tr("Search: words, verdict:failed path:/stripe size:>1000"))
        self.setMaxLength(2000)
        self._lens = QAction(self)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self._cross = QAction(self.tr("Clear the search"), self)
        self._cross.triggered.connect(self.clear_search)
        self.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        self._search = EVERYTHING
        self._mistake: SearchError | None = None
        self._notice = _Mistake(self)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._read)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._say_mistake)
        self.textChanged.connect(self._text_changed)
        self.setCompleter(TermCompleter(self))
        self._recolour()
        self._cross.setVisible(False)

    @property
    def search(self) -> Search:
        """What is searched for; the last that could be read."""
        return self._search

    @property
    def mistake(self) -> str:
        """What is said to be wrong with the text; empty when nothing is."""
        return self._notice.notice.text if self._notice.isVisible() else ""

    @Slot()
    def clear_search(self) -> None:
        """List everything again, at once."""
        self.clear()
        self._read()

    def search_now(self, text: str) -> None:
        """Search for `text` as if it had been typed and waited for."""
        self.setText(text)
        self._read()
        self._say_mistake()

    # Qt's side

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            if key == Qt.Key.Key_Escape:
                if self.text():
                    self.clear_search()
                else:
                    self.left.emit()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self._read()
                self._say_mistake()
                if self._mistake is None:
                    self.left.emit()
                return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._say_mistake()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._mistake is not None and self._notice.isVisible():
            self._underline(self._mistake.position, self._mistake.length)

    # Below the surface

    @Slot(str)
    def _text_changed(self, text: str) -> None:
        self._cross.setVisible(bool(text))
        self._patience.stop()
        self._notice.hide()
        self._typing.start()

    @Slot()
    def _read(self) -> None:
        self._typing.stop()
        try:
            search = parse(self.text())
        except SearchError as mistake:
            self._mistake = mistake
            self._patience.start()
            return
        self._mistake = None
        self._notice.hide()
        self.setAccessibleDescription("")
        self.update()
        if search != self._search:
            self._search = search
            self.searched.emit(search)

    @Slot()
    def _say_mistake(self) -> None:
        self._patience.stop()
        if self._mistake is not None:
            text = self.tr("{0} (at character {1})").format(_sentence(str(self._mistake)), self._mistake.position + 1)
            self._notice.say(text)
            self.setAccessibleDescription(text)
            self.update()

    def _underline(self, position: int, length: int) -> None:
        """A wave under the part of the text that is meant, where Qt has drawn it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        text, metrics = self.text(), self.fontMetrics()
        drawn_cursor = self.cursorRect().center().x()
        origin = drawn_cursor - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = origin + metrics.horizontalAdvance(text[:position])
        right = max(
            left + metrics.horizontalAdvance("0"), origin + metrics.horizontalAdvance(text[: position + length])
        )
        base = inner.center().y() + metrics.height() // 2
        wave = QPainterPath()
        wave.moveTo(left, base)
        for step, x in enumerate(range(left, min(right, inner.right()), 2)):
            wave.lineTo(x, base - (step % 2) * 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(state_colour(State.FAILED, self.palette()), 1.2))
        painter.drawPath(wave)
        painter.end()

    def _recolour(self) -> None:
        self._lens.setIcon(icon("search", self.palette()))
        self._cross.setIcon(icon("close", self.palette()))


class TermCompleter(QCompleter):
    """Completes the term at the end of the text, not the text."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(QStringListModel(list(COMPLETIONS), field), field)
        self._field = field
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)

    def splitPath(self, path: str) -> list[str]:
        """The last word; a word that no term could begin with completes to nothing."""
        word = path.rpartition(" ")[2].lstrip("-(")
        return [word] if word and self._field.cursorPosition() == len(path) else ["\0"]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The whole text with its last word completed."""
        text = self._field.text()
        word = text.rpartition(" ")[2].lstrip("-(")
        return text[: len(text) - len(word)] + str(super().pathFromIndex(index))


class _Mistake(QWidget):
    """Lies beneath the field, over what is there, so that nothing moves while one types."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field.window())
        self._field = field
        self.setObjectName("search_mistake")
        self.notice = Notice(self)
        self._column = column = QVBoxLayout(self)
        step = spacing()
        column.setContentsMargins(2 * step, step, 2 * step, step)
        column.addWidget(self.notice)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def say(self, text: str) -> None:
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.notice.say(text)
        width = self._field.width()
        self.resize(width, self._column.heightForWidth(width))
        self.move(self._field.mapTo(window, self._field.rect().bottomLeft()))
        self.show()
        self.raise_()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".")
