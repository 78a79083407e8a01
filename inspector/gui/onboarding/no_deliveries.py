"""No delivery yet: where to send one, and how to make the first."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inspector.core.formats.signed_curl import signed_curl
from inspector.core.handler import Handler
from inspector.feed import HandlersChanged, ListenerChanged, ListenerState
from inspector.gui.engine import Changes, Engine
from inspector.gui.onboarding.engine_state import chain_and_listener
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.themed import set_icon


class NoDeliveries(EmptyState):
    """The URL, lines for a shell that sign a delivery for the first handler, and a button that sends one."""

    handlers_wanted = Signal()  # the user wants to make a handler
    simulation_wanted = Signal()  # the user wants to simulate a delivery of some provider
    delivery_sent = Signal(object)  # int: the id of the test delivery

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._engine = engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self._handlers: Sequence[Handler] = ()
        self._state = ListenerState()
        self._told: set[type] = set()
        self.send = QAction(self.tr("Send &test delivery"), self)
        set_icon(self.send, "send")
        self.send.setObjectName("send-test-delivery")
        self.send.triggered.connect(self._send)
        self.make = QAction(self.tr("&Make a handler"), self)
        set_icon(self.make, "handlers")
        self.make.setObjectName("make-handler")
        self.make.triggered.connect(self.handlers_wanted)
        self.simulate = QAction(self.tr("S&imulate a delivery…"), self)
        set_icon(self.simulate, "simulator")
        self.simulate.setObjectName("simulate-delivery")
        self.simulate.setStatusTip(self.tr("as Stripe, GitHub or any other provider sends it"))
        self.simulate.triggered.connect(self.simulation_wanted)
        self._notice = Notice(self)
        self.set_actions([self.send, self.make, self.simulate])
        self.add_below(self._notice)
        self.set_title(self.tr("No delivery yet"))
        engine.changed.connect(self._take)
        engine.started.connect(self._read)
        if engine.running:
            self._read()
        self._follow()

    @property
    def handler(self) -> Handler | None:
        """The handler that the lines and the button are for: the first one that is enabled."""
        return next((each for each in self._handlers if each.enabled), None)

    @Slot()
    def _read(self) -> None:
        self._tasks.start("read", self._read_state())

    async def _read_state(self) -> None:
        handlers, state = await self._engine.call(chain_and_listener)
        # What the engine has told since is newer.
        if HandlersChanged not in self._told:
            self._handlers = handlers
        if ListenerChanged not in self._told:
            self._state = state
        self._follow()

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            match change:
                case HandlersChanged(handlers):
                    self._handlers = handlers
                case ListenerChanged(state):
                    self._state = state
                case _:
                    continue
            self._told.add(type(change))
            self._follow()

    def _follow(self) -> None:
        handler = self.handler
        self.make.setVisible(handler is None)
        self.send.setVisible(handler is not None)
        self.send.setEnabled(self._state.listening)
        self.set_text(self._words(handler))
        self.set_code(signed_curl(handler, self._state.url) if handler and self._state.listening else None)

    def _words(self, handler: Handler | None) -> str:
        if not self._state.listening:
            return self._state.problem or self.tr("The listener is not running, so nothing can arrive.")
        if handler is None:
            return self.tr(
                "Give the sender {url}. There is no handler that is switched on: what arrives now is listed as failed."
            ).format(url=self._state.url)
        if signed_curl(handler, self._state.url) is None:
            return self.tr("Give the sender {url}, or send a test delivery signed for “{name}”.").format(
                url=self._state.url, name=handler.name
            )
        return self.tr(
            "Give the sender {url}. These lines send one signed for “{name}” from a terminal; "
            "or send a test delivery from here."
        ).format(url=self._state.url, name=handler.name)

    @Slot()
    def _send(self) -> None:
        if (handler := self.handler) is not None:
            self.send.setEnabled(False)
            self._notice.say("")
            self._tasks.start("send", self._send_for(handler.id))

    async def _send_for(self, handler_id: int) -> None:
        try:
            delivery_id = await self._engine.call(lambda inspector: inspector.send_test_delivery(handler_id))
        finally:
            self.send.setEnabled(self._state.listening)
        self.delivery_sent.emit(delivery_id)

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        text = str(error)
        self._notice.say(text[:1].upper() + text[1:])
