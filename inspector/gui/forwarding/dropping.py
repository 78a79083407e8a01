"""Dropping entries of the queue, as a command that can be undone until the window closes."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from inspector.core.forward_rule import Waiting
from inspector.gui.engine import Engine
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector


class Dropping(QUndoCommand):
    """Takes entries out of the queue, and puts them back at their places."""

    def __init__(self, text: str, queue: "QueueVerbs", entries: Sequence[Waiting]) -> None:
        super().__init__(text)
        self._queue, self._entries = queue, entries

    def redo(self) -> None:
        """Drop them."""
        self._queue.drop(self._entries)

    def undo(self) -> None:
        """Put them back."""
        self._queue.restore(self._entries)


class QueueVerbs(QObject):
    """What is asked of the queue, one thing after the other."""

    def __init__(self, engine: Engine, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._turn = asyncio.Lock()
        self._number = 0

    def drop(self, entries: Sequence[Waiting]) -> None:
        """Take these out of it."""
        ids = [entry.id for entry in entries]
        self._start(lambda inspector: inspector.forwarding.drop(ids))

    def restore(self, entries: Sequence[Waiting]) -> None:
        """Put these back into it."""
        self._start(lambda inspector: inspector.forwarding.restore(entries))

    def retry(self, ids: Sequence[int]) -> None:
        """Try these at once."""
        self._start(lambda inspector: inspector.forwarding.retry_now(ids))

    def retry_all(self, rule: int, error: str = "") -> None:
        """Try all that waits for this rule at once, or all that failed with `error`, listed or not."""
        self._start(lambda inspector: inspector.forwarding.retry_rule_now(rule, error))

    def _start(self, verb: "Callable[[Inspector], Coroutine[Any, Any, object]]") -> None:
        async def done() -> None:
            async with self._turn:
                await self._engine.call(verb)

        self._number += 1  # each to its end, so each under a name of its own
        self._tasks.start(f"queue {self._number}", done())
