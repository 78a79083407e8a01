"""The one bridge between the window's thread and the engine's."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.core.delivery import Summary, summary_of
from inspector.feed import Change, DeliveriesAdded
from inspector.settings import Settings

if TYPE_CHECKING:  # imported in the engine's thread: the window is painted before the engine's imports
    from inspector.app import Inspector

logger = logging.getLogger(__name__)

USUAL_INTERVAL_MS, BUSY_INTERVAL_MS = 33, 66
BUSY_PER_S = 2_000
MOST_AHEAD = 16
MOST_PENDING = 20_000
"""So many summaries wait for a window that does not listen; beyond, it is only told to look itself."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What was added or altered since the last one. `newest_id` is 0 when nothing was added.

    `added` is in arrival order; where `overflowed`, more arrived than is in it, up to `newest_id`.
    `others` are all other changes, in order.
    """

    added: Sequence[Summary] = ()
    newest_id: int = 0
    overflowed: bool = False
    others: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class _Item[T]:
    """What goes over the bridge in a stream: one value, or the end."""

    values: tuple[T, ...] = ()
    last: bool = False


class Engine(QObject):
    """The running product, as seen from the window's thread."""

    changed = Signal(object)  # Changes, at most 30 a second
    started = Signal()
    failed = Signal(object)  # Exception: the engine could not start, or ended by it
    ended = Signal()
    _something_pending = Signal()

    def __init__(self, folder: Path, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._settings = folder, settings
        self._thread = threading.Thread(target=self._run, name="engine")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inspector: Inspector | None = None
        self._stop: asyncio.Event | None = None
        self._stopping = False
        self._lock = threading.Lock()
        self._pending_added: list[Summary] = []
        self._pending_others: list[Change] = []
        self._pending_newest, self._pending_count = 0, 0
        self._last_flush, self._busy = 0.0, False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flush)
        self._something_pending.connect(self._plan_flush, Qt.ConnectionType.QueuedConnection)

    @property
    def folder(self) -> Path:
        """Where everything is stored."""
        return self._folder

    @property
    def running(self) -> bool:
        """Whether verbs can be called."""
        return self._inspector is not None

    def start(self) -> None:
        """Start the engine in a thread of its own; `started` or `failed` follows."""
        self._thread.start()

    async def call[T](self, verb: Callable[["Inspector"], Coroutine[Any, Any, T]]) -> T:
        """Await on this loop what `verb` does on the engine's. Its exception comes out here.

        Raises RuntimeError while the engine does not run.
        """
        inspector, loop = self._inspector, self._loop
        if inspector is None or loop is None:
            raise RuntimeError("the engine is not running")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(verb(inspector), loop))

    async def stream[T](self, verb: Callable[["Inspector"], AsyncGenerator[T]]) -> AsyncGenerator[T]:
        """Yield on this loop what `verb` yields on the engine's, at most MOST_AHEAD of it ahead of whoever takes it.

        Its exception comes out here. Leaving the generator, or cancelling the task, leaves the verb's too.
        """
        inspector, loop = self._inspector, self._loop
        if inspector is None or loop is None:
            raise RuntimeError("the engine is not running")
        queue: asyncio.Queue[_Item[T]] = asyncio.Queue(MOST_AHEAD)
        pumping = asyncio.run_coroutine_threadsafe(_pump(verb(inspector), queue), loop)
        try:
            while True:
                taken = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_take_all(queue), loop))
                for item in taken:
                    if item.last:
                        await asyncio.wrap_future(pumping)
                        return
                    for value in item.values:
                        yield value
        finally:
            pumping.cancel()

    def request_stop(self) -> None:
        """Ask the engine to end; `ended` follows. Harmless when it has ended."""
        self._stopping = True
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the engine's thread; returns whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # In the engine's thread

    def _run(self) -> None:
        from inspector.event_loop import new_event_loop

        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(self._main())
        except Exception as error:
            logger.exception("the engine ended")
            self.failed.emit(error)
        finally:
            self._inspector = None
            self.ended.emit()

    async def _main(self) -> None:
        from inspector.app import running
        from inspector.commands import served

        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if self._stopping:
            return
        async with running(self._folder, self._settings, listen=False) as inspector, served(inspector):
            inspector.feed.subscribe(self._take)
            self._inspector = inspector
            self.started.emit()
            await inspector.start_listening()
            await self._stop.wait()
            self._inspector = None

    def _take(self, change: Change) -> None:
        with self._lock:
            idle = not self._pending_others and not self._pending_count
            if isinstance(change, DeliveriesAdded):
                self._pending_count += len(change.deliveries)
                self._pending_newest = change.deliveries[-1].id
                if self._pending_count <= MOST_PENDING:
                    self._pending_added += map(summary_of, change.deliveries)
                else:
                    self._pending_added.clear()
            else:
                self._pending_others.append(change)
        if idle:
            self._something_pending.emit()

    # In the window's thread

    @Slot()
    def _plan_flush(self) -> None:
        if not self._timer.isActive():
            interval = BUSY_INTERVAL_MS if self._busy else USUAL_INTERVAL_MS
            waited = (time.monotonic() - self._last_flush) * 1000
            self._timer.start(max(0, round(interval - waited)))

    @Slot()
    def _flush(self) -> None:
        with self._lock:
            added, self._pending_added = self._pending_added, []
            others, self._pending_others = self._pending_others, []
            newest, self._pending_newest = self._pending_newest, 0
            count, self._pending_count = self._pending_count, 0
        now = time.monotonic()
        self._busy = count > BUSY_PER_S * min(now - self._last_flush, 1)
        self._last_flush = now
        self.changed.emit(Changes(added, newest, overflowed=len(added) < count, others=others))


# In the engine's thread, for a stream


async def _pump[T](values: AsyncGenerator[T], queue: asyncio.Queue[_Item[T]]) -> None:
    """Put every one of `values` into the queue, and the end, also the end by an exception."""
    try:
        async with aclosing(values):
            async for value in values:
                await queue.put(_Item((value,)))
    except Exception:
        await queue.put(_Item(last=True))
        raise
    await queue.put(_Item(last=True))


async def _take_all[T](queue: asyncio.Queue[_Item[T]]) -> list[_Item[T]]:
    """What is in the queue, at least one."""
    taken = [await queue.get()]
    while not queue.empty():
        taken.append(queue.get_nowait())
    return taken
