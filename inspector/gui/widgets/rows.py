"""Rows of a form: a label, its field, and beneath the field what helps and what is wrong."""

from functools import cache

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.theme import muted_colour, spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.tint import tint


class Muted(QLabel):
    """Text of second rank."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._follow()

    def _follow(self) -> None:
        colour = muted_colour(self.palette())
        if self.palette().color(self.foregroundRole()) != colour:
            tint(self, colour)


class Row:
    """One row: its label, its field, and the help and the notice beneath."""

    def __init__(self, label: QLabel, field: QWidget, cell: QWidget, help_label: QLabel, notice: Notice) -> None:
        self.label, self.field, self._cell, self._help, self.notice = label, field, cell, help_label, notice

    def say(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        """Say `text` beneath the field; empty takes it back."""
        if (self.notice.text, self.notice.tone) != (text, tone):
            self.notice.say(text, tone)
            self.field.setAccessibleDescription(text)

    def explain(self, text: str) -> None:
        """Help with `text`; empty takes it back."""
        self._help.setText(text)
        self._help.setVisible(bool(text))

    def put(self, field: QWidget) -> None:
        """Have another field in the place of this one."""
        if (column := self._cell.layout()) is not None:
            column.replaceWidget(self.field, field)
        self.field = field

    def show(self, *, visible: bool) -> None:
        """Show or hide the whole row."""
        self.label.setVisible(visible and bool(self.label.text()))
        self._cell.setVisible(visible)

    @property
    def shown(self) -> bool:
        """Whether the row is to be seen when its form is."""
        return not self._cell.isHidden()


class Rows(QWidget):
    """Rows one below the other, their labels in a column of equal width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._reserved = 0
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(spacing(3))
        self._grid.setVerticalSpacing(spacing(2))
        self._grid.setColumnStretch(1, 1)

    def add_heading(self, text: str) -> QLabel:
        """A heading over the rows that follow."""
        heading = QLabel(text, self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        above = spacing(4) if self._grid.count() else 0
        heading.setContentsMargins(0, above, 0, 0)
        self._grid.addWidget(heading, self.reserve(1), 0, 1, 2)
        return heading

    def reserve(self, count: int) -> int:
        """Keep places for so many rows that come later; returns the first of them."""
        first = max(self._grid.rowCount(), self._reserved)
        self._reserved = first + count
        return first

    def add_row(
        self, label: str, field: QWidget, *, help_text: str = "", buddy: QWidget | None = None, place: int = -1
    ) -> Row:
        """A row for `field`, at the end or in a `place` that is reserved.

        `buddy` is its part that takes the focus. An `&` in `label` marks its mnemonic.
        """
        named = QLabel(label, self)
        named.setBuddy(buddy or field)
        named.setMinimumHeight(_one_line(field))
        # Qt takes a buddy's text for the name only among siblings, which label and field are not.
        name = label.replace("&", "")
        if buddy is None and name:
            field.setAccessibleName(name)
        name_inside(field, name)
        cell = QWidget(self)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addWidget(field)
        below = Muted("", cell)
        column.addWidget(below)
        notice = Notice(cell)
        column.addWidget(notice)
        if place < 0:
            place = self.reserve(1)
        self._grid.addWidget(named, place, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(cell, place, 1)
        row = Row(named, field, cell, below, notice)
        row.explain(help_text)
        if not label:
            named.hide()
        return row

    def label_width(self) -> int:
        """How wide the labels are."""
        labels = (self._grid.itemAtPosition(row, 0) for row in range(self._grid.rowCount()))
        named = [item.widget() for item in labels if item is not None]
        return max((w.sizeHint().width() for w in named if isinstance(w, QLabel) and w.buddy()), default=0)

    def set_label_width(self, width: int) -> None:
        """Give the labels a width, so that the fields of several forms stand in one column."""
        self._grid.setColumnMinimumWidth(0, width)

    def add_wide(self, widget: QWidget) -> None:
        """A widget over the whole width."""
        self._grid.addWidget(widget, self.reserve(1), 0, 1, 2)


class WheelFilter(QObject):
    """Keeps the wheel from changing a field that the pointer merely passes while the form scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on to whoever scrolls, unless the field has the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def quiet_wheel(field: QWidget) -> None:
    """Let `field` (a spin box or combo box) heed the wheel only while it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(WheelFilter(field))


def name_inside(field: QWidget, name: str) -> None:
    """Name the parts within a spin box or combo box, which a screen reader meets as controls of their own."""
    if isinstance(field, QAbstractSpinBox):
        field.lineEdit().setAccessibleName(name)
    if isinstance(field, QComboBox):
        field.view().setAccessibleName(name)
        if (edit := field.lineEdit()) is not None:
            edit.setAccessibleName(name)


def as_wide_as(field: QWidget, sample: str) -> None:
    """Make `field` wide enough for `sample`, and no wider than it has to be."""
    field.setMinimumWidth(field.fontMetrics().horizontalAdvance(sample) + spacing(8))
    field.setSizePolicy(QSizePolicy.Policy.Fixed, field.sizePolicy().verticalPolicy())


def _one_line(field: QWidget) -> int:
    """The height of the field's first line, so that the label's text is level with it."""
    return min(field.sizeHint().height(), _line_height(field.font().toString()))


@cache
def _line_height(_font: str) -> int:
    return QLineEdit().sizeHint().height()
