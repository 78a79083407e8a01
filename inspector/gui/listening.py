"""The listener in the window: its state wherever it shows, and the commands that start, stop and switch it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from inspector.feed import ListenerState
from inspector.gui.main_window import MainWindow
from inspector.gui.verbs import Verbs
from inspector.gui.widgets.message_bar import Message, Tone


class Listening(QObject):
    """Shows the listener's state in header, status line and menu, and asks for what is pressed there."""

    def __init__(self, window: MainWindow, verbs: Verbs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._verbs = window, verbs
        self._state: ListenerState | None = None
        actions = window.actions_by_name
        actions["start_listening"].triggered.connect(self._start)
        actions["stop_listening"].triggered.connect(self._stop)
        actions["enabled"].triggered.connect(self._enable)
        window.header.listening_pressed.connect(self._pressed)

    def begin(self, state: ListenerState) -> None:
        """Show what the engine starts with, unless it says nothing that is not known already."""
        self.show_state(state if state.listening or state.problem else self._state)

    def show_state(self, state: ListenerState | None) -> None:
        """What the listener does; None while it is not known yet."""
        self._state = state
        window, actions = self._window, self._window.actions_by_name
        window.header.show_state(state)
        window.status.show_url(state.url if state is not None else "")
        actions["enabled"].setChecked(state is None or state.enabled)
        actions["start_listening"].setEnabled(state is not None and not state.listening)
        actions["stop_listening"].setEnabled(state is not None and state.listening)
        if state is None or not state.problem:
            window.messages.clear("listener")
            return
        buttons: list[tuple[str, Callable[[], object]]] = []
        if port := state.offered_port:
            buttons.append((self.tr("Use port {0}").format(port), lambda: self._listen_on(port)))
        buttons.append((self.tr("Try again"), self._start))
        window.messages.show_lasting("listener", Message(state.problem, Tone.WARNING, buttons))

    @Slot()
    def _pressed(self) -> None:
        if self._state is not None and not self._state.listening:
            self._start()
        elif self._state is not None:
            self._enable(not self._state.enabled)

    @Slot()
    def _start(self) -> None:
        self._verbs.ask("listen", lambda inspector: inspector.start_listening())

    @Slot()
    def _stop(self) -> None:
        self._verbs.ask("listen", lambda inspector: inspector.stop_listening())

    def _listen_on(self, port: int) -> None:
        self._verbs.ask("listen", lambda inspector: inspector.start_listening(port))

    @Slot(bool)
    def _enable(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self._verbs.ask("enable", lambda inspector: inspector.enable(on=on))
