"""The chain of handlers as the window knows it, and the one way to change it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from inspector.core.handler import Handler
from inspector.feed import HandlersChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.handlers.commands import ChainCommand, Handlers, Step, position_of
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector


class Chain(QObject):
    """Follows the engine's chain, and saves what commands make of it, one after the other.

    Nothing is shown before it is saved: `changed` tells what stands.
    """

    changed = Signal()
    failed = Signal(str)  # why a change could not be saved

    def __init__(self, engine: Engine, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.handlers: Handlers = ()
        self._engine, self._stack = engine, undo_stack
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self._waiting: deque[tuple[ChainCommand, Step, asyncio.Future[bool]]] = deque()
        self._saving = False
        self._newest = -1  # the count of the chain that is known: what was told earlier may come later
        self._last: asyncio.Future[bool] | None = None
        engine.changed.connect(self._take)
        engine.started.connect(self._read)
        if engine.running:
            self._read()

    def handler(self, handler_id: int) -> Handler | None:
        """The handler of that id, or None."""
        return next((each for each in self.handlers if each.id == handler_id), None)

    def earlier_than(self, handler_id: int) -> Sequence[str]:
        """The names of the handlers that are tried before the one of this id; all of them where it is new."""
        place = position_of(self.handlers, handler_id)
        return [each.name for each in self.handlers[:place]]

    def do(self, command: ChainCommand) -> asyncio.Future[bool]:
        """Make the change and keep it for undo; the future says when it is saved, False when it could not be."""
        command.apply = self._enqueue
        self._stack.push(command)
        if self._last is None:
            raise RuntimeError("the undo stack did not run the command")
        return self._last

    def _enqueue(self, command: ChainCommand, step: Step) -> None:
        self._last = asyncio.get_running_loop().create_future()
        self._waiting.append((command, step, self._last))
        if not self._saving:
            self._saving = True
            self._tasks.start("save", self._save_all())

    async def _save_all(self) -> None:
        try:
            while self._waiting:
                await self._save(*self._waiting.popleft())
        finally:
            self._saving = False

    async def _save(self, command: ChainCommand, step: Step, done: asyncio.Future[bool]) -> None:
        try:
            stored, count = await self._engine.call(lambda inspector: _changed(inspector, step))
        except Exception as error:  # noqa: BLE001 - whatever refuses it, the change did not happen and that is said
            command.setObsolete(True)
            self._tell(error)
            _settle(done, saved=False)
            return
        command.stored(stored)
        self._use(stored, count)
        _settle(done, saved=True)

    @Slot()
    def _read(self) -> None:
        self._tasks.start("read", self._read_chain())

    async def _read_chain(self) -> None:
        self._use(*await self._engine.call(_handlers_of))

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            if isinstance(change, HandlersChanged):
                self._use(change.handlers, change.count)

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self.failed.emit(str(error))

    def _use(self, handlers: Handlers, count: int) -> None:
        if count < self._newest:
            return
        self._newest = count
        if handlers != self.handlers:
            self.handlers = handlers
            self.changed.emit()


async def _changed(inspector: "Inspector", step: Step) -> tuple[Handlers, int]:
    """Save what `step` makes of the chain as it is now: the command line may have changed it meanwhile."""
    return await inspector.change_handlers(step), inspector.handlers_count


async def _handlers_of(inspector: "Inspector") -> tuple[Handlers, int]:
    return inspector.handlers, inspector.handlers_count


def _settle(done: asyncio.Future[bool], *, saved: bool) -> None:
    if not done.done():
        done.set_result(saved)
