"""What the window asks of the engine and of the store: each asked here, each failure told once."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from inspector.core.annotation import Annotation
from inspector.core.delivery import Delivery, Rung, Summary
from inspector.core.handler import Handler
from inspector.gui.engine import Engine
from inspector.gui.tasks import Tasks
from inspector.store import Reader, StoreError

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector
    from inspector.core.judgement import Judgement


class Verbs(QObject):
    """The verbs that more than one pane needs; a pane with verbs of its own is given the engine."""

    failed = Signal(object)  # Exception: what was asked for could not be done
    unreadable = Signal(str)  # one sentence: the store cannot be read

    def __init__(self, engine: Engine, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine, self.reader = engine, reader
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self.failed)

    def start(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        """Start `work`; one under way of the same name is given up."""
        self._tasks.start(name, work)

    def ask(self, name: str, verb: Callable[["Inspector"], Coroutine[Any, Any, object]]) -> None:
        """Ask the engine for `verb`; an earlier one of the same name is no longer waited for."""
        self._tasks.start(name, self.engine.call(verb))

    def annotate(self, annotations: Mapping[int, Annotation]) -> None:
        """Write these notes and tags."""
        # A later change of the same delivery replaces an earlier one.
        self.ask(f"annotate {min(annotations)}", lambda inspector: inspector.annotate(annotations))

    async def expected_signature(self, delivery: Delivery, rung: Rung) -> bytes | None:
        """As `Inspector.expected_signature`."""
        return await self.engine.call(lambda inspector: inspector.expected_signature(delivery, rung))

    async def check_again(self, delivery: Delivery) -> "Judgement":
        """As `Inspector.check_again`."""
        return await self.engine.call(lambda inspector: inspector.check_again(delivery))

    def handler_of(self, rung: Rung) -> Handler | None:
        """The handler as it was when it was checked; None where it cannot be read."""
        try:
            return self.reader.handler_revision(rung.revision)
        except StoreError as error:
            self.unreadable.emit(str(error))
            return None

    def page(self, ids: Sequence[int]) -> list[Summary]:
        """The rows of these deliveries; none where they cannot be read."""
        try:
            return self.reader.page(ids)
        except StoreError as error:
            self.unreadable.emit(str(error))
            return []

    def cancel(self) -> None:
        """Wait for nothing any more."""
        self._tasks.cancel()
