"""What the window asks of a diagnosis: steps from the engine, and the change that mends a handler, with its undo."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from inspector.core.delivery import Delivery, Rung
from inspector.core.diagnosis.changed_handler import changed_handler
from inspector.core.diagnosis.finding import Finding, Step
from inspector.core.handler import Handler
from inspector.gui.engine import Engine
from inspector.gui.handlers.commands import EditHandler
from inspector.gui.widgets.message_bar import Message
from inspector.gui.widgets.safe_text import marked, shortened

if TYPE_CHECKING:
    from inspector.gui.handlers.chain import Chain


class Explainer(QObject):
    """Explains with the handlers as they are now. It can change them once it was given the chain."""

    handlers_changed = Signal()
    said = Signal(object)  # Message: what was changed, with its undo

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._chain: Chain | None = None
        self._stack: QUndoStack | None = None

    def use_chain(self, chain: "Chain", stack: QUndoStack) -> None:
        """Know the handlers, and change them, by `chain`."""
        self._chain, self._stack = chain, stack
        chain.changed.connect(self.handlers_changed)
        self.handlers_changed.emit()

    def handler_now(self, rung: Rung) -> Handler | None:
        """The handler of `rung` as it is now; None where it is gone."""
        handlers = self._chain.handlers if self._chain is not None else ()
        same = next((each for each in handlers if each.revision == rung.revision), None)
        return same or next((each for each in handlers if each.name == rung.handler), None)

    async def explain(self, delivery: Delivery, handler: Handler, *, deep: bool) -> AsyncGenerator[Step]:
        """Why the handler does not verify `delivery`, as `Inspector.diagnose`."""
        if not self._engine.running:
            return
        steps = self._engine.stream(lambda inspector: inspector.diagnose(delivery, handler.id, deep=deep))
        try:
            async for step in steps:
                yield step
        finally:
            await steps.aclose()

    async def apply(self, delivery: Delivery, handler: Handler, finding: Finding) -> None:
        """Change the handler as `finding` proposes, so that it can be undone, and say so."""
        chain, stack, change = self._chain, self._stack, finding.remedy.change
        if chain is None or stack is None or change is None:
            return
        secret, secret_id = change.secret, ""
        if secret is not None:
            secret_id = await self._engine.call(lambda inspector: inspector.keep_secret(secret))
        changed = changed_handler(handler, change, chain.handlers, delivery.request, secret_id)
        name = shortened(marked(handler.name), 60)
        done = chain.do(EditHandler(self.tr("mend {name}").format(name=name), changed))
        place = stack.index()
        if await done:
            text = f"{self.tr('Handler {name} was changed:').format(name=name)} {self._said_of(handler, changed)}"
            self.said.emit(Message(text, buttons=((self.tr("Undo"), lambda: self._undo(place)),)))

    def _undo(self, place: int) -> None:
        """Take it back, unless something else was done to the handlers since."""
        if self._stack is not None and self._stack.index() == place:
            self._stack.undo()

    def _said_of(self, before: Handler, after: Handler) -> str:
        parts = [
            (before.scheme != after.scheme, self.tr("how it verifies")),
            (before.secrets != after.secrets, self.tr("its secrets")),
            (before.public_url != after.public_url, self.tr("its public URL")),
        ]
        return ", ".join(text for changed, text in parts if changed) + "."
