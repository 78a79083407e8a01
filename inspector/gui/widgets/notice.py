"""A line beside a field: a problem, a remark or good news, with shape, text and colour."""

from enum import Enum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from inspector.gui.icons import icon_pixmap
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.tint import tint


class Tone(Enum):
    """What a notice is about: its icon, and the state whose colour it takes."""

    PROBLEM = ("state-failed", State.FAILED)
    REMARK = ("warning", State.STALE)
    GOOD = ("state-won", State.WON)
    NEUTRAL = ("state-not-applicable", State.NOT_APPLICABLE)


class Notice(QWidget):
    """An icon and a sentence; takes no room while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.PROBLEM
        self._icon = QLabel(self)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing())
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._label, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty when it is hidden."""
        return self._label.text()

    @property
    def tone(self) -> Tone:
        """How it says it."""
        return self._tone

    def say(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        """Show `text`, or nothing where it is empty."""
        self._tone = tone
        self._label.setText(text)
        self._paint()
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._label.text():
            self._paint()

    def _paint(self) -> None:
        name, state = self._tone.value
        colour = state_colour(state, self.palette())
        if self._label.palette().color(self._label.foregroundRole()) != colour:
            tint(self._label, colour)
        size = self.fontMetrics().height()
        self._icon.setPixmap(icon_pixmap(name, colour, size, self.devicePixelRatioF()))
