"""The body of a request to be edited, as text or as hexadecimal digits; what is not touched stays byte for byte."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.request import Body
from inspector.gui.resend.editing import body_of, body_text, changed_lines
from inspector.gui.resend.line_marks import mark_rows, raw_text
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.hex_edit import HexEdit
from inspector.gui.widgets.rows import quiet_wheel

LARGEST = 1 << 20
_TEXT, _HEX = 0, 1


class BodyEditor(QWidget):
    """Both ways to edit are views of the same bytes."""

    changed = Signal()

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._received: Body = b""
        self._body: Body = b""
        self._shown: Body = b""  # what the text was made of
        self._text_before: str | None = ""
        self._filling = False
        self._build(lines)
        self._lay_out()

    def show_body(self, received: Body) -> None:
        """Start from `received`; what was typed is gone."""
        self._received = self._body = received
        as_text, small = body_text(received) is not None, len(received) <= LARGEST
        self._label.setText(
            self.tr("&Body") if small else self.tr("The body is sent as it came: it is too large to edit.")
        )
        self._how.setVisible(small)
        self._stack.setVisible(small)
        self._how.setCurrentIndex(_TEXT if as_text else _HEX)
        if small:
            self._fill()

    def body(self) -> bytes | None:
        """The body as it is now; None where it is the one received."""
        return None if self._body == self._received else bytes(self._body)

    def mark(self) -> None:
        """Give what is not as it came a ground of its own."""
        if self._text_before is not None:
            before = body_text(self._received)
            text = raw_text(self._text)
            mark_rows(self._text, changed_lines(before, text) if before is not None else range(0))
        self._hex.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.mark()

    def _build(self, lines: int) -> None:
        self._how = QComboBox(self)  # before what it chooses, for Tab too
        self._text, self._hex = QPlainTextEdit(self), HexEdit(self)
        self._text.setObjectName("edit_body")
        self._text.setAccessibleName(self.tr("Body"))
        self._text.setFont(fixed_font())
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTabChangesFocus(True)
        self._text.textChanged.connect(self._text_edited)
        self._hex.setObjectName("edit_body_hex")
        self._hex.setAccessibleName(self.tr("Body as hexadecimal digits"))
        self._hex.setToolTip(
            self.tr("Type digits to write over a byte; Insert puts in, Delete takes out, Ctrl+Z undoes")
        )
        self._hex.changed.connect(self._hex_edited)
        self._how.setObjectName("edit_body_as")
        self._how.setAccessibleName(self.tr("How the body is edited"))
        self._how.addItems([self.tr("Text"), self.tr("Hex")])
        self._how.view().setAccessibleName(self.tr("How the body is edited"))
        quiet_wheel(self._how)
        self._how.currentIndexChanged.connect(self._fill)
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._text)
        self._stack.addWidget(self._hex)
        self._stack.setFixedHeight(self._text.fontMetrics().lineSpacing() * lines + spacing(4))

    def _lay_out(self) -> None:
        line, column = QHBoxLayout(), QVBoxLayout(self)
        line.addWidget(self._label, 1)
        line.addWidget(self._how)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(line)
        column.addWidget(self._stack)

    @Slot()
    def _fill(self) -> None:
        """Show the bytes in the way that is chosen; what is no text cannot be shown as one."""
        text = body_text(self._body)
        can_be_text = text is not None
        if self._how.currentIndex() == _TEXT and not can_be_text:
            self._how.setCurrentIndex(_HEX)
            self._how.setToolTip(self.tr("These bytes are no text that would come back as it was."))
            return
        if can_be_text:
            self._how.setToolTip("")
        as_hex = self._how.currentIndex() == _HEX
        self._filling = True
        try:
            if as_hex:
                self._hex.start_from(self._received, self._body)
            else:
                self._shown, self._text_before = self._body, text
                self._text.setPlainText(text or "")
        finally:
            self._filling = False
        self._stack.setCurrentIndex(_HEX if as_hex else _TEXT)
        self._label.setBuddy(self._hex if as_hex else self._text)
        self.mark()

    @Slot()
    def _text_edited(self) -> None:
        if self._filling or self._stack.currentIndex() != _TEXT:
            return
        typed = raw_text(self._text)
        self._body = self._shown if typed == self._text_before else body_of(typed, self._shown)
        self.changed.emit()

    @Slot()
    def _hex_edited(self) -> None:
        if not self._filling:
            self._body = self._hex.data()
            self.changed.emit()
