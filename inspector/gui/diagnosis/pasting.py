"""Opens the window for pasted requests, and hands on what comes of it. The window is built when it is first wanted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.core.handler import Handler
from inspector.gui.deliveries.delivery_details import DeliveryDetails
from inspector.gui.engine import Engine
from inspector.gui.handlers.draft import DraftSecret
from inspector.gui.handlers.handler_pane import HandlerPane
from inspector.gui.main_window import MainWindow

if TYPE_CHECKING:
    from inspector.gui.diagnosis.pasted_window import PastedWindow


class Pasting(QObject):
    """One such window, kept while the program runs."""

    def __init__(self, window: MainWindow, engine: Engine, details: DeliveryDetails, handlers: HandlerPane) -> None:
        super().__init__(window)
        self._window, self._engine, self._details, self._handlers = window, engine, details, handlers
        self.pasted: PastedWindow | None = None
        window.actions_by_name["diagnose_pasted"].triggered.connect(self.open)
        window.actions_by_name["find_out"].triggered.connect(self._find_out)
        window.closed.connect(self._end)
        handlers.chain.changed.connect(self._follow_chain)

    @Slot()
    def open(self) -> "PastedWindow":
        """Show the window."""
        if self.pasted is None:
            from inspector.gui.diagnosis.pasted_window import PastedWindow

            self.pasted = PastedWindow(self._engine)
            self.pasted.handler_wanted.connect(self._make_handler)
            self._follow_chain()
        self.pasted.come_forward()
        return self.pasted

    @Slot()
    def _find_out(self) -> None:
        if (delivery := self._details.delivery) is not None:
            self.open().use_delivery(delivery)
        else:
            self._window.messages.say(self.tr("Select a delivery to find out how it is signed."))

    @Slot(object, object)
    def _make_handler(self, handler: Handler, secrets: Sequence[DraftSecret]) -> None:
        self._window.raise_()
        self._window.activateWindow()
        self._handlers.start_with(handler, secrets)

    @Slot()
    def _follow_chain(self) -> None:
        if self.pasted is not None:
            self.pasted.use_handlers(self._handlers.handlers)

    @Slot()
    def _end(self) -> None:
        if self.pasted is not None:
            self.pasted.close()
            self.pasted.deleteLater()
            self.pasted = None
