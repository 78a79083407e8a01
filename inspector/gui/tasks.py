"""The coroutines of one widget: started by name, cancelled with the widget."""

import asyncio
from collections.abc import Coroutine

from PySide6.QtCore import QObject, Signal


class Tasks(QObject):
    """Runs a widget's coroutines on the window's loop. All of them end when the widget does."""

    failed = Signal(object)  # Exception

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        running: dict[str, asyncio.Task[object]] = {}
        self._running = running
        # A plain function: by then this object is no more than the dictionary that it held.
        self.destroyed.connect(lambda: _cancel(running))

    def start(self, name: str, work: Coroutine[object, object, object]) -> None:
        """Start `work`, replacing an unfinished task of the same name."""
        if previous := self._running.pop(name, None):
            previous.cancel()
        task = asyncio.get_event_loop().create_task(work, name=name)
        self._running[name] = task
        task.add_done_callback(self._finished)

    def is_running(self, name: str) -> bool:
        """Whether a task of this name is unfinished."""
        return name in self._running

    def cancel_one(self, name: str) -> None:
        """End the task of that name, if there is one."""
        if task := self._running.pop(name, None):
            task.cancel()

    def cancel(self) -> None:
        """End all of them."""
        _cancel(self._running)

    async def ended(self) -> None:
        """End all of them, and wait until they have."""
        tasks = tuple(self._running.values())
        self.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[object]) -> None:
        if self._running.get(task.get_name()) is task:
            del self._running[task.get_name()]
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.emit(error)


def _cancel(running: dict[str, asyncio.Task[object]]) -> None:
    for task in tuple(running.values()):
        task.cancel()
    running.clear()
