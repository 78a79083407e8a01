"""Lines of a text that are not as they came: a ground of their own."""

from collections.abc import Iterable

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from inspector.gui.theme import State, state_colour

_GROUND_ALPHA = 48


def mark_rows(field: QPlainTextEdit, rows: Iterable[int]) -> None:
    """Mark these lines of `field`, and no others."""
    colour = state_colour(State.STALE, field.palette())
    colour.setAlpha(_GROUND_ALPHA)
    selections = []
    for row in rows:
        selection = QTextEdit.ExtraSelection()
        made: QTextCharFormat = selection.format
        made.setBackground(colour)
        made.setProperty(QTextCharFormat.Property.FullWidthSelection, True)  # noqa: FBT003 - Qt's
        selection.cursor = QTextCursor(field.document().findBlockByNumber(row))
        selections.append(selection)
    field.setExtraSelections(selections)


def raw_text(field: QPlainTextEdit) -> str:
    """The text as typed: unlike `toPlainText` it leaves no-break spaces what they are."""
    return field.document().toRawText().replace("\u2029", "\n")
