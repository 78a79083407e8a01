"""The line at the top: the listener's state, the URL to give to senders, the search, and following."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from inspector.feed import ListenerState
from inspector.gui.actions import Actions
from inspector.gui.deliveries.search_field import SearchField
from inspector.gui.icons import icon, icon_pixmap
from inspector.gui.theme import State, fixed_font, muted_colour, spacing, state_colour

_COPIED_MS = 1500


class Header(QWidget):
    """Arranges what belongs to the whole window. It decides nothing: a press is told."""

    listening_pressed = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._actions = actions
        self._state: ListenerState | None = None
        self._listening = _button("listening", self)
        self._listening.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._listening.clicked.connect(self.listening_pressed)
        self._url = QLabel(self)
        self._url.setObjectName("url")
        self._url.setTextFormat(Qt.TextFormat.PlainText)
        self._url.setFont(fixed_font())
        self._url.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = _button("copy_url", self)
        self._copy.setToolTip(self.tr("Copy the URL (Ctrl+Shift+C)"))
        self._copy.setAccessibleName(self.tr("Copy the URL"))
        self._copy.clicked.connect(self.copy_url)
        actions["copy_url"].triggered.connect(self.copy_url)
        self.search = SearchField(self)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMinimumWidth(self.fontMetrics().horizontalAdvance("0") * 24)
        self._follow = _button("follow", self)
        self._follow.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._follow.setDefaultAction(actions["follow"])
        self._follow.setText(self.tr("Follow"))
        self._follow.setToolTip(self.tr("Keep the newest deliveries in sight (F)"))
        actions["follow"].changed.connect(self._name_follow)
        self._arrange()
        self.show_state(None)

    @property
    def url(self) -> str:
        """The URL on show; empty while nothing listens."""
        return self._url.text()

    def show_state(self, state: ListenerState | None) -> None:
        """What the listener does; None while it is not known yet."""
        self._state = state
        word, tip = self._words(state)
        self._listening.setText(f" {word}")  # Fusion sets the icon close
        self._listening.setAccessibleName(word)
        self._listening.setToolTip(tip)
        self._listening.setEnabled(state is not None)
        url = state.url if state is not None else ""
        self._url.setText(url)
        self._url.setVisible(bool(url))
        self._copy.setVisible(bool(url))
        self._actions["copy_url"].setEnabled(bool(url))
        self._recolour()

    @Slot()
    def copy_url(self) -> None:
        """Put the URL on the clipboard, and show for a moment that it is there."""
        QGuiApplication.clipboard().setText(self.url)
        self._copy.setIcon(icon("save", self.palette()))
        QTimer.singleShot(_COPIED_MS, self, self._recolour)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _words(self, state: ListenerState | None) -> tuple[str, str]:
        if state is None:
            return self.tr("Starting…"), ""
        if not state.listening:
            return self.tr("Not listening"), self.tr("Start listening")
        if not state.enabled:
            return self.tr("Switched off"), self.tr("Every request is answered 403. Switch on (Ctrl+L)")
        return self.tr("Listening"), self.tr("Switch off: every request is answered 403 (Ctrl+L)")

    @Slot()
    def _name_follow(self) -> None:
        self._follow.setText(self.tr("Follow"))
        self._follow.setToolTip(self.tr("Keep the newest deliveries in sight (F)"))

    @Slot()
    def _recolour(self) -> None:
        state, palette = self._state, self.palette()
        size, ratio = self._listening.iconSize().width(), self.devicePixelRatioF()
        name, colour = "not-listening", state_colour(State.FAILED, palette)
        if state is None:
            colour = muted_colour(palette)
        elif state.listening:
            name = "listening" if state.enabled else "power"
            colour = state_colour(State.WON if state.enabled else State.STALE, palette)
        self._listening.setIcon(icon_pixmap(name, colour, size, ratio))
        self._copy.setIcon(icon("copy", palette))
        self._actions["follow"].setIcon(icon("follow", palette))

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        step = spacing()
        row.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        row.setSpacing(2 * step)
        row.addWidget(self._listening)
        row.addWidget(self._url)
        row.addWidget(self._copy)
        row.addSpacing(2 * step)
        row.addWidget(self.search, 1)
        row.addSpacing(step)
        row.addWidget(self._follow)


def _button(name: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setObjectName(f"{name}_button")
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
