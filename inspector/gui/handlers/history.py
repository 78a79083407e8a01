"""What the handler in the form makes of the stored deliveries: the last thousand at once, all of them on request."""

import asyncio
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import aclosing, closing
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.core.delivery import Delivery
from inspector.core.effect import Edited, Tally, effect_of
from inspector.core.explanation import Explanation, explain
from inspector.core.verification.ladder import Link
from inspector.gui.engine import Changes, Engine
from inspector.gui.tasks import Tasks
from inspector.recheck.edited import CHUNK, LARGEST_BYTES, explained, newest_deliveries, ownership, recheck
from inspector.store import Reader
from inspector.workers import Workers

SLICE_S = 0.004
"""So long the window may be kept from its other work at a time."""

RELOAD_MS = 1_000

PROCESSES = 2
"""So many count all deliveries at once: more would leave the listener and the window none."""


class History(QObject):
    """Counts for one handler at a time. A new one replaces the one before, wherever that had come to."""

    counted = Signal(object)  # Tally, whole, of the last deliveries
    progressed = Signal(object, int)  # Tally so far, of so many: of all deliveries
    ended = Signal(object)  # Tally of all deliveries; None where it was cancelled
    loaded = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, folder: Path, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self.failed)
        self._deliveries: Sequence[Delivery] = ()
        self.larger = 0
        self._loaded = False
        self._edited: Edited | None = None
        self._owned: dict[int, bool] = {}
        self._owner = 0
        self._tally = Tally()
        self._place = 0
        self._workers: Workers | None = None
        self._slice = QTimer(self, interval=0)
        self._slice.timeout.connect(self._count_some)
        self._reload = QTimer(self, singleShot=True, interval=RELOAD_MS)
        self._reload.timeout.connect(self._load)
        self._wanted = False
        self._of_all = False  # the user asked for all: what arrives does not put less in its place
        engine.changed.connect(self._take)

    @property
    def newest(self) -> Delivery | None:
        """The last delivery that is at hand."""
        return self._deliveries[0] if self._deliveries else None

    def open(self) -> None:
        """Have the last deliveries at hand from now on."""
        self._wanted = True
        if not self._loaded:
            self._load()

    def count(self, link: Link, handler_id: int, earlier: Collection[str]) -> None:
        """Count what this handler makes of the deliveries at hand; `counted` tells."""
        self._tasks.cancel_one("all")
        self._of_all = False
        if handler_id != self._owner:
            self._owner, self._owned = handler_id, {}
        self._edited = Edited(link, self._own, frozenset(earlier))
        self._start()

    def stop(self) -> None:
        """Count nothing more."""
        self._edited = None
        self._slice.stop()
        self._tasks.cancel_one("all")

    def count_all(self) -> None:
        """Count what it makes of every delivery there is; `progressed` and `ended` tell."""
        if self._edited is not None:
            self._of_all = True
            self._slice.stop()
            self._tasks.start("all", self._count_all(self._edited, self._owner))

    def cancel(self) -> None:
        """End the count of all."""
        self._of_all = False
        self._tasks.cancel_one("all")
        self.ended.emit(None)

    async def explain(self, delivery: Delivery, link: Link) -> Explanation:
        """How the handler comes to its outcome; a large body is looked at in another process."""
        if len(delivery.request.body) <= LARGEST_BYTES * 10 or not delivery.id:
            return explain(delivery, link)
        async with aclosing(self._pool().run(explained, self._folder, delivery.id, link)) as explanations:
            async for explanation in explanations:
                return explanation
        return explain(delivery, link)

    async def close(self) -> None:
        """End the processes."""
        if self._workers is not None:
            await self._workers.close()
            self._workers = None

    # The last thousand

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        if self._wanted and (changes.added or changes.overflowed) and not self._reload.isActive():
            self._reload.start()

    @Slot()
    def _load(self) -> None:
        self._tasks.start("load", self._read())

    async def _read(self) -> None:
        owner = self._owner
        self._deliveries, self.larger = await asyncio.to_thread(newest_deliveries, self._folder)
        owned = await asyncio.to_thread(_owned, self._folder, self._deliveries, owner)
        if owner == self._owner:
            self._owned = owned
        self._loaded = True
        if self._of_all:
            return
        self.loaded.emit()
        if self._edited is not None:
            self._start()

    def _own(self, revision: int) -> bool:
        """Whether the revision is the edited handler's; those at hand are known, a new one is asked for."""
        if revision not in self._owned:
            with closing(Reader(self._folder)) as reader:
                self._owned[revision] = ownership(reader, self._owner)(revision)
        return self._owned[revision]

    def _start(self) -> None:
        self._tally, self._place = Tally(), 0
        if self._loaded:
            self._slice.start()

    @Slot()
    def _count_some(self) -> None:
        edited, until = self._edited, time.perf_counter() + SLICE_S
        while edited is not None and self._place < len(self._deliveries) and time.perf_counter() < until:
            effect = effect_of(self._deliveries[self._place], edited)
            self._place += 1
            if effect is not None:
                self._tally.add((effect,))
        if edited is None or self._place >= len(self._deliveries):
            self._slice.stop()
            if edited is not None:
                self.counted.emit(self._tally)

    # All of them

    def _pool(self) -> Workers:
        if self._workers is None:
            self._workers = Workers(PROCESSES)
        return self._workers

    async def _count_all(self, edited: Edited, owner: int) -> None:
        ids = await asyncio.to_thread(_all_ids, self._folder)
        pool, tally, chunks = self._pool(), Tally(), _chunks(ids)

        async def work() -> None:
            for chunk in chunks:
                counting = pool.run(recheck, self._folder, chunk, edited.link, owner, tuple(edited.earlier))
                async with aclosing(counting) as parts:
                    async for part in parts:
                        tally.merge(part)
                        self.progressed.emit(tally, len(ids))

        async with asyncio.TaskGroup() as group:
            for _ in range(PROCESSES):
                group.create_task(work())
        self.ended.emit(tally)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pieces of `ids`; several who work share one iterator of them."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _all_ids(folder: Path) -> Sequence[int]:
    with closing(Reader(folder)) as reader:
        return reader.ids(newest_first=True)


def _owned(folder: Path, deliveries: Sequence[Delivery], owner: int) -> dict[int, bool]:
    revisions = {rung.revision for delivery in deliveries for rung in delivery.ladder}
    with closing(Reader(folder)) as reader:
        own = ownership(reader, owner)
        return {revision: own(revision) for revision in revisions}
