"""Messages that appear where the work is: lasting ones, and passing ones, each a sentence with its buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.icons import icon, icon_pixmap
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.safe_text import marked

PASSING_MS = 8_000


class Tone(StrEnum):
    """How a message is meant: its icon, and the colour that repeats it."""

    INFORMATION = "information"
    WARNING = "warning"


_COLOURS = {Tone.INFORMATION: State.HANDSHAKE, Tone.WARNING: State.STALE}


@dataclass(frozen=True, slots=True)
class Message:
    """One plain sentence, and what can be done about it: texts of buttons with what they do."""

    text: str
    tone: Tone = Tone.INFORMATION
    buttons: Sequence[tuple[str, Callable[[], object]]] = field(default=())


class MessageBar(QWidget):
    """Lines above the window's columns. It takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self._lines: dict[str, _Line] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self.hide()

    def show_lasting(self, source: str, message: Message) -> None:
        """Show `message` until it is cleared, in place of an earlier one of the same source."""
        shown = self._lines.get(source)
        if shown is not None and shown.message == message:
            return
        self._put(source, message)

    def show_passing(self, message: Message, source: str = "passing") -> None:
        """Show `message` for some seconds, or until it is closed or acted upon."""
        line = self._put(source, message)
        QTimer.singleShot(PASSING_MS, line, line.close_unless_read)

    @Slot(str)
    def say(self, text: str) -> None:
        """Say one sentence for some seconds. It may hold what a sender sent."""
        self.show_passing(Message(marked(text)))

    def clear(self, source: str) -> None:
        """What was said of this source has ended."""
        if (line := self._lines.pop(source, None)) is not None:
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.setVisible(bool(self._lines))

    @property
    def texts(self) -> Sequence[str]:
        """What is said at the moment, from top to bottom."""
        return [line.message.text for line in self._lines.values()]

    def _put(self, source: str, message: Message) -> "_Line":
        self.clear(source)
        line = _Line(message, lambda: self.clear(source), self)
        line.setObjectName(f"message_{source}")
        self._lines[source] = line
        self._layout.addWidget(line)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(line, message.text))
        return line


class _Line(QWidget):
    """A message with its icon, buttons and a close button."""

    def __init__(self, message: Message, close: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self._close = close
        self._icon = QLabel(self)
        self._text = QLabel(message.text, self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._cross = QToolButton(self)
        self._cross.setAutoRaise(True)
        self._cross.setToolTip(self.tr("Close this message"))
        self._cross.setAccessibleName(self.tr("Close this message"))
        self._cross.clicked.connect(self._done)
        row = QHBoxLayout(self)
        step = spacing()
        row.setContentsMargins(3 * step, step, 2 * step, step)
        row.setSpacing(2 * step)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        for text, act in message.buttons:
            row.addWidget(self._button(text, act))
        row.addWidget(self._cross)
        self._recolour()

    @Slot()
    def close_unless_read(self) -> None:
        """Go, but not from under the hand of someone who is about to act on it."""
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            QTimer.singleShot(PASSING_MS, self, self.close_unless_read)
            return
        self._close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = state_colour(_COLOURS[self.message.tone], self.palette())
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.fillRect(0, 0, 3, self.height(), colour)
        painter.end()

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)

        @Slot()
        def pressed() -> None:
            self._close()
            act()

        button.clicked.connect(pressed)
        return button

    @Slot()
    def _done(self) -> None:
        self._close()

    def _recolour(self) -> None:
        colour = state_colour(_COLOURS[self.message.tone], self.palette())
        size = self.fontMetrics().height()
        self._icon.setPixmap(icon_pixmap(str(self.message.tone), colour, size, self.devicePixelRatioF()))
        self._cross.setIcon(icon("close", self.palette()))
