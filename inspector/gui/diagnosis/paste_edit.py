"""Where a text is pasted: what came is kept as it came, though Qt's document changes line ends and blanks."""

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from inspector.core.formats.reading import bytes_of
from inspector.gui.theme import fixed_font

LONGEST_SHOWN = 100_000
"""Of a longer text only the beginning is shown, and it cannot be edited."""


LEAST_LINES = 10
"""So many lines are seen however low the window is, its tabs included."""


class PasteEdit(QPlainTextEdit):
    """Takes what is pasted, typed, dropped or opened; `data` has its bytes."""

    edited = Signal()
    file_dropped = Signal(str)  # its path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(fixed_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._exact: bytes | None = None  # of a text that replaced all that was there
        self._shown = ""
        self.textChanged.connect(self._follow)

    @property
    def data(self) -> bytes:
        """The bytes that came, or those of the text as it was edited."""
        return bytes_of(self._text()) if self._exact is None else self._exact

    @property
    def shortened(self) -> bool:
        """Whether only the beginning is shown."""
        return self.isReadOnly()

    def show_data(self, data: bytes) -> None:
        """Show these bytes instead, as text."""
        self._take(data)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as text; what replaces everything is kept byte for byte."""
        if not source.hasText():
            return
        everything = not self._text() or len(self.textCursor().selectedText()) >= len(self._text()) or self.shortened
        text = source.text()
        if everything:
            self._take(bytes_of(text))
        else:
            self.insertPlainText(text[:LONGEST_SHOWN])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is shortened cannot be edited, but something else can be pasted over it."""
        if self.shortened and event.matches(QKeySequence.StandardKey.Paste):
            self.insertFromMimeData(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and texts may be dropped here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file that is dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.file_dropped.emit(paths[0])
        else:
            super().dropEvent(event)

    def _take(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        self._exact = None
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.setReadOnly(len(text) > LONGEST_SHOWN)
        self.setPlainText(text[:LONGEST_SHOWN])
        self.blockSignals(False)  # noqa: FBT003
        self._exact, self._shown = data, self._text()
        self.edited.emit()

    def _text(self) -> str:
        """The text with its no-break spaces, which `toPlainText` loses."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    @Slot()
    def _follow(self) -> None:
        text = self._text()
        if text == self._shown:
            return
        if not text:
            self.setReadOnly(False)
        self._exact, self._shown = None, text
        self.edited.emit()
