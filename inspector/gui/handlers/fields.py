"""Fields of the form for a handler: each is a row, kept under the name that problems call it by."""

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.rows import Row, Rows

type NamedRows = dict[str, Row]


def add_line(form: Rows, rows: NamedRows, name: str, label: str, help_text: str = "") -> QLineEdit:
    """A row with one line of text."""
    line = QLineEdit(form)
    line.setObjectName(name)
    rows[name] = form.add_row(label, line, help_text=help_text)
    return line


def add_text(form: Rows, rows: NamedRows, name: str, label: str, help_text: str = "", *, lines: int) -> QPlainTextEdit:
    """A row with several lines of text, in the fixed font."""
    text = QPlainTextEdit(form)
    text.setObjectName(name)
    text.setFont(fixed_font())
    text.setTabChangesFocus(True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    text.setFixedHeight(text.fontMetrics().lineSpacing() * (lines + 1) + spacing(2))
    rows[name] = form.add_row(label, text, help_text=help_text)
    return text
