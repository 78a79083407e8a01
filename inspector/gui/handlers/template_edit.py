"""The field for the signed content: completes its parts while one types, and underlines what cannot be read."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QWidget

from inspector.core.verification.template import Completion, completions
from inspector.gui.theme import State, fixed_font, spacing, state_colour

_FOR_COMPLETER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab)


class TemplateEdit(QPlainTextEdit):
    """A template of a few lines. `more` gives further completions, as the headers of the selected delivery."""

    def __init__(
        self, values: Callable[[], Sequence[str]], more: Callable[[], Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values, self._more = values, more
        self._completion: Completion | None = None
        self.setFont(fixed_font())
        self.setTabChangesFocus(True)
        self._words = QStringListModel(self)
        self.completer = QCompleter(self._words, self)
        self.completer.setWidget(self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.popup = QListView(self)
        self.popup.setAccessibleName(self.tr("Parts of the signed content"))
        self.completer.setPopup(self.popup)
        self.completer.activated.connect(self._insert)
        self.textChanged.connect(self._offer)
        self._typing = False

    def sizeHint(self) -> QSize:
        """Wide enough for a usual template."""
        return QSize(spacing(60), super().sizeHint().height())

    def offered(self) -> Sequence[str]:
        """What could stand at the cursor."""
        cursor = self.textCursor().position()
        found = completions(self.toPlainText(), cursor, tuple(self._values()))
        self._completion = found
        if found is None:
            return ()
        typed = self.toPlainText()[found.start : cursor]
        own = [word for word in found.words if word != typed]
        more = [word for word in self._more() if word.casefold().startswith(typed.casefold()) and word != typed]
        return own if not typed else [*own, *more]

    def underline(self, position: int) -> None:
        """Underline from this character on; -1 takes it back."""
        if position < 0:
            self.setExtraSelections([])
            return
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(state_colour(State.FAILED, self.palette()))
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, max(0, len(self.toPlainText()) - 1)))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        marked = QTextEdit.ExtraSelection()
        marked.cursor, marked.format = cursor, form
        self.setExtraSelections([marked])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While completions are on show, Enter and Tab take one and Escape takes none."""
        if self.popup.isVisible() and event.key() in _FOR_COMPLETER:
            event.ignore()  # the completer does it
            return
        self._typing = bool(event.text())
        try:
            super().keyPressEvent(event)
        finally:
            self._typing = False

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's signature
        """Tab takes a completion while some are on show, and else leaves the field."""
        return not self.popup.isVisible() and super().focusNextPrevChild(next)

    @Slot()
    def _offer(self) -> None:
        if not self._typing:
            return
        words = self.offered()
        popup = self.popup
        if not words:
            popup.hide()
            return
        self._words.setStringList(list(words))
        width = popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + spacing(4)
        place = self.cursorRect()
        self.completer.complete(QRect(place.topLeft(), QSize(max(width, spacing(30)), place.height())))
        popup.setCurrentIndex(self._words.index(0, 0))

    @Slot(str)
    def _insert(self, word: str) -> None:
        """Put `word` in the place of what was typed; the brace is closed where nothing has to follow."""
        found = self._completion
        if found is None:
            return
        cursor = self.textCursor()
        cursor.setPosition(found.start)
        cursor.setPosition(found.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(word)
        whole = self.toPlainText()
        if not word.endswith(":"):
            if whole[cursor.position() : cursor.position() + 1] == "}":
                cursor.movePosition(QTextCursor.MoveOperation.Right)
            else:
                cursor.insertText("}")
        self.setTextCursor(cursor)
        self.popup.hide()
