"""What the window asks of a diagnosis: steps from the engine, and the change that mends a handler, with its undo."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from inspector.core.delivery import Delivery, Rung
from inspector.core.diagnosis.changed_handler import changed_handler
from inspector.core.diagnosis.finding import Finding, HandlerChange, Step
from inspector.core.diagnosis.group import GroupStep
from inspector.core.effect import Tally
from inspector.core.filters import Search
from inspector.core.handler import Handler
from inspector.gui.engine import Engine
from inspector.gui.handlers.commands import EditHandler
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.message_bar import Message
from inspector.gui.widgets.safe_text import marked, shortened

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector
    from inspector.diagnosing import Evidence
    from inspector.gui.handlers.chain import Chain

logger = logging.getLogger(__name__)


class Explainer(QObject):
    """Explains with the handlers as they are now. It can change them once it was given the chain."""

    handlers_changed = Signal()
    ids_wanted = Signal(object, str)  # Sequence[int], what they are: list these deliveries
    taken_back = Signal()  # the change that was said last
    said = Signal(object)  # Message: what was changed, with its undo

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._mended_at: int | None = None  # the place on the stack of the last change that was made here
        self._warm = False
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._not_warm)
        self._chain: Chain | None = None
        self._stack: QUndoStack | None = None

    def use_chain(self, chain: "Chain", stack: QUndoStack) -> None:
        """Know the handlers, and change them, by `chain`."""
        self._chain, self._stack = chain, stack
        chain.changed.connect(self.handlers_changed)
        stack.indexChanged.connect(self._moved)
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

    async def effect(self, delivery: Delivery, handler: Handler, change: HandlerChange) -> AsyncGenerator[Tally]:
        """What the change would have made of the last deliveries: parts, to be merged."""
        async with aclosing(self._engine.stream(lambda each: _effect(each, delivery, handler.id, change))) as parts:
            async for part in parts:
                yield part

    async def evidence(self, delivery: Delivery, handler: Handler, finding: Finding) -> "Evidence":
        """How the handler comes to its outcome as it is, and with what `finding` proposes."""
        return await self._engine.call(lambda each: _evidence(each, delivery, handler.id, finding))

    async def groups(self, search: Search) -> AsyncGenerator[GroupStep]:
        """The failures of `search` grouped by cause and handler, as `Diagnoses.of_many`."""
        async with aclosing(self._engine.stream(lambda each: _groups(each, search))) as steps:
            async for step in steps:
                yield step

    @property
    def is_warm(self) -> bool:
        """Whether a process was made ready, or is being."""
        return self._warm

    @Slot()
    def warm(self) -> None:
        """Have a process ready for the first question, once somebody is likely to ask it."""
        if not self._warm and self._engine.running:
            self._warm = True
            self._tasks.start("warm", self._engine.call(_warm))

    def handler_of_id(self, handler_id: int) -> Handler | None:
        """The handler of that id as it is now; None where it is gone."""
        return self._chain.handler(handler_id) if self._chain is not None else None

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
            self._mended_at = place
            text = f"{self.tr('Handler {name} was changed:').format(name=name)} {self._said_of(handler, changed)}"
            self.said.emit(Message(text, buttons=((self.tr("Undo"), lambda: self._undo(place)),)))

    @Slot(object)
    def _not_warm(self, error: Exception) -> None:
        logger.info("no process was made ready: %s", type(error).__name__)
        self._warm = False

    @Slot(int)
    def _moved(self, index: int) -> None:
        """What was done is undone, by whichever way."""
        if self._mended_at is not None and index < self._mended_at:
            self._mended_at = None
            self.taken_back.emit()

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


# On the engine's loop: what they need is imported there, or in a thread of its


async def _warm(inspector: "Inspector") -> None:
    await inspector.prepare_diagnoses()
    await inspector.diagnoses.warm()


async def _evidence(inspector: "Inspector", delivery: Delivery, handler_id: int, finding: Finding) -> "Evidence":
    return await inspector.diagnoses.evidence(delivery, handler_id, finding)


async def _effect(
    inspector: "Inspector", delivery: Delivery, handler_id: int, change: HandlerChange
) -> AsyncGenerator[Tally]:
    async with aclosing(inspector.diagnoses.effect(delivery, handler_id, change)) as parts:
        async for part in parts:
            yield part


async def _groups(inspector: "Inspector", search: Search) -> AsyncGenerator[GroupStep]:
    await inspector.prepare_diagnoses()
    async with aclosing(inspector.diagnoses.of_many(search)) as steps:
        async for step in steps:
            yield step
