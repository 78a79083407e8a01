"""A line to find text in what is shown above it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget


class FindBar(QWidget):
    """Asks for the next or the previous place of a text. Hidden until it is opened; Escape closes it."""

    wanted = Signal(str, bool)  # the text, backwards
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLineEdit(self)
        self._text.setObjectName("find_text")
        self._text.setAccessibleName(self.tr("Find in body"))
        self._text.setPlaceholderText(self.tr("Find in body"))
        self._text.setClearButtonEnabled(True)
        self._previous = self._button("▲", self.tr("Previous match (Shift+Enter)"))
        self._next = self._button("▼", self.tr("Next match (Enter)"))
        self._close = self._button("✕", self.tr("Close (Escape)"))
        self._said = QLabel(self)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in (
            (self._text, 1),
            (self._said, 0),
            (self._previous, 0),
            (self._next, 0),
            (self._close, 0),
        ):
            row.addWidget(widget, stretch)
        self._text.returnPressed.connect(self._ask_next)
        self._text.textChanged.connect(self._forget)
        self._next.clicked.connect(self._ask_next)
        self._previous.clicked.connect(self._ask_previous)
        self._close.clicked.connect(self._shut)
        self.hide()

    def open(self) -> None:
        """Show the line and take the keyboard."""
        self.show()
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.selectAll()

    @property
    def said(self) -> str:
        """What came of the last search."""
        return self._said.text()

    def say(self, text: str) -> None:
        """One short line beside the field: what came of the last search."""
        self._said.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._shut()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self._ask_previous()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _ask_next(self) -> None:
        shift = Qt.KeyboardModifier.ShiftModifier
        self._ask(backward=bool(QApplication.keyboardModifiers() & shift))

    @Slot()
    def _ask_previous(self) -> None:
        self._ask(backward=True)

    def _ask(self, *, backward: bool) -> None:
        if text := self._text.text():
            self.wanted.emit(text, backward)

    @Slot()
    def _forget(self) -> None:
        self._said.clear()

    @Slot()
    def _shut(self) -> None:
        self.hide()
        self.closed.emit()

    def _button(self, sign: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setAutoRaise(True)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button
