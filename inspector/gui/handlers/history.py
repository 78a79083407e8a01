"""What the handler in the form makes of the stored deliveries: the last thousand at once, all of them on request.

All of it is done in other processes: the window's own thread only shows what comes of it.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing, closing
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.core.delivery import Delivery
from inspector.core.effect import Tally
from inspector.core.explanation import Explanation, explain
from inspector.core.handler import Handler
from inspector.core.verification.key_addresses import addresses_for, with_fetched_keys
from inspector.core.verification.ladder import Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.signatures import Found, find_signatures
from inspector.gui.engine import Changes, Engine
from inspector.gui.tasks import Tasks
from inspector.recheck.chain import addresses_of
from inspector.recheck.edited import CHUNK, Trial, explained, tally_of
from inspector.recheck.newest import LARGEST_BYTES, addresses_of_newest, newest_deliveries, tally_of_newest
from inspector.store import Reader
from inspector.workers import Workers

RELOAD_MS = 1_000

REST_MS = 30_000
"""So long after the form was last seen, the deliveries are no longer kept at hand."""

PROCESSES = 2
"""So many count all deliveries at once: more would leave the listener and the window none."""


class History(QObject):
    """Counts for one handler at a time. A new one replaces the one before, wherever that had come to."""

    counted = Signal(object)  # Tally, whole, of the last deliveries
    progressed = Signal(object, int)  # Tally so far, of so many: of all deliveries
    ended = Signal(object)  # Tally of all deliveries; None where it was cancelled
    keys_missing = Signal(object)  # frozenset[str]: keys at these addresses are needed, and not known
    loaded = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, folder: Path, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._engine = folder, engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self.failed)
        self._newest: Sequence[Delivery] = ()
        self.larger = 0
        self._loaded = self._closed = False
        self._link: Link | None = None
        self._next: Link | None = None  # what is counted as soon as the count under way has ended
        self._owner = 0
        self._earlier: tuple[str, ...] = ()
        self._fetching = False
        self._mark = 0  # counts how often something arrived
        pools: set[Workers] = set()
        self._pools = pools
        # A plain function, as in Tasks: by then this object is no more.
        self.destroyed.connect(lambda: _abandon(pools))
        self._at_hand = self._workers(1)
        self._pool: Workers | None = None
        self._reload = QTimer(self, singleShot=True, interval=RELOAD_MS)
        self._reload.timeout.connect(self._load)
        self._resting = QTimer(self, singleShot=True, interval=REST_MS)
        self._resting.timeout.connect(self._put_away)
        self._wanted = False
        self._of_all = False  # the user asked for all: what arrives does not put less in its place
        engine.changed.connect(self._take)

    def newest_for(self, handler: Handler) -> Delivery | None:
        """The last delivery to the paths of `handler`, rather one with a signature where it looks for it."""
        own = [each for each in self._newest if each.refusal is None and handler.matches(each.request.path)]
        place = handler.scheme.signature
        signed = (
            each
            for each in own
            if place is not None and isinstance(find_signatures(Reading(each.request), place), Found)
        )
        return next(signed, None) or next(iter(own or self._newest), None)

    def open(self) -> None:
        """Have the last deliveries at hand from now on."""
        self._resting.stop()
        self._wanted = True
        if not self._loaded:
            self._load()

    def rest(self) -> None:
        """Nobody looks; after a while they are not kept at hand any more."""
        self._resting.start()

    def count(self, link: Link, handler_id: int, earlier: Collection[str], *, fetch: bool = False) -> None:
        """Count what this handler makes of the last deliveries; `counted` tells.

        Keys by address that are not kept are asked for with `fetch` only, else `keys_missing` tells.
        """
        self._tasks.cancel_one("all")
        self._of_all = False
        self._link, self._owner, self._earlier, self._fetching = link, handler_id, tuple(earlier), fetch
        self._start()

    def stop(self) -> None:
        """Count nothing more."""
        self._link = self._next = None
        self._tasks.cancel_one("count")
        self._tasks.cancel_one("all")

    def count_all(self) -> None:
        """Count what it makes of every delivery there is; `progressed` and `ended` tell."""
        if self._link is not None and not self._closed:
            self._of_all, self._next = True, None
            self._tasks.cancel_one("count")
            self._tasks.start("all", self._count_all(self._link))

    def cancel(self) -> None:
        """End the count of all."""
        self._of_all = False
        self._tasks.cancel_one("all")
        self.ended.emit(None)

    async def explain(self, delivery: Delivery, link: Link) -> Explanation:
        """How the handler comes to its outcome; a large body is looked at in another process."""
        links = with_fetched_keys((link,))
        material = await self._material(addresses_for(delivery.request, links)) if links else {}
        if len(delivery.request.body) <= LARGEST_BYTES * 10 or not delivery.id:
            return explain(delivery, link, material)
        trial = Trial(link, material=material)
        async with aclosing(self._processes().run(explained, self._folder, delivery.id, trial)) as explanations:
            async for explanation in explanations:
                return explanation
        return explain(delivery, link, material)

    async def close(self) -> None:
        """End what is under way, and the processes; nothing is counted from now on."""
        self._closed = True
        self._link = self._next = None
        await self._tasks.ended()
        await self._at_hand.close()
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    # The last thousand

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        if self._wanted and (changes.added or changes.overflowed) and not self._reload.isActive():
            self._reload.start()

    @Slot()
    def _load(self) -> None:
        self._tasks.start("load", self._read())

    async def _read(self) -> None:
        self._mark += 1
        self._newest = await asyncio.to_thread(newest_deliveries, self._folder)
        self._loaded = True
        if self._of_all:
            return
        self.loaded.emit()

    @Slot()
    def _put_away(self) -> None:
        if self._tasks.is_running("all"):
            self._resting.start()
            return
        self._wanted = self._loaded = False
        self.stop()
        pool, self._at_hand = self._at_hand, self._workers(1)
        self._tasks.start("put away", self._ended(pool))

    async def _ended(self, pool: Workers) -> None:
        await pool.close()
        self._pools.discard(pool)

    def _start(self) -> None:
        self._next = self._link
        if self._loaded and not self._closed and self._next is not None and not self._tasks.is_running("count"):
            self._tasks.start("count", self._count_next())

    async def _count_next(self) -> None:
        """Count for the last of those that came while one was counted: who types on sees counts all the same."""
        while (link := self._next) is not None:
            self._next = None
            await self._count(link)

    async def _count(self, link: Link) -> None:
        material: Mapping[str, str] = {}
        if links := with_fetched_keys((link,)):
            material = await self._known_keys(self._at_hand.run(addresses_of_newest, self._folder, self._mark, links))
        trial, tally = Trial(link, self._owner, self._earlier, material), Tally()
        async with aclosing(self._at_hand.run(tally_of_newest, self._folder, self._mark, trial)) as parts:
            async for part in parts:
                tally.merge(part.tally)
                self.larger = part.larger
        self.counted.emit(tally)

    # Keys by address

    async def _known_keys(self, found: AsyncGenerator[frozenset[str]]) -> Mapping[str, str]:
        addresses: frozenset[str] = frozenset()
        async with aclosing(found):
            async for each in found:
                addresses = each
        material = await self._material(addresses)
        self.keys_missing.emit(addresses - material.keys())
        return material

    async def _material(self, addresses: Collection[str]) -> Mapping[str, str]:
        if not addresses:
            return {}
        fetch = self._fetching
        return dict(await self._engine.call(lambda inspector: inspector.rechecks.material(addresses, fetch=fetch)))

    # All of them

    def _processes(self) -> Workers:
        if self._pool is None:
            self._pool = self._workers(PROCESSES)
        return self._pool

    def _workers(self, size: int) -> Workers:
        """Processes that end with this object, whoever forgets to close it."""
        made = Workers(size)
        self._pools.add(made)
        return made

    async def _count_all(self, link: Link) -> None:
        ids = await asyncio.to_thread(_all_ids, self._folder)
        pool, tally, chunks = self._processes(), Tally(), _chunks(ids)
        links = with_fetched_keys((link,))

        async def work() -> None:
            for chunk in chunks:
                addresses = pool.run(addresses_of, self._folder, chunk, links)
                material = await self._known_keys(addresses) if links else {}
                trial = Trial(link, self._owner, self._earlier, material)
                async with aclosing(pool.run(tally_of, self._folder, chunk, trial)) as parts:
                    async for part in parts:
                        tally.merge(part)
                        self.progressed.emit(tally, len(ids))

        async with asyncio.TaskGroup() as group:
            for _ in range(PROCESSES):
                group.create_task(work())
        self.ended.emit(tally)


def _abandon(pools: Collection[Workers]) -> None:
    for pool in pools:
        pool.abandon()


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pieces of `ids`; several who work share one iterator of them."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _all_ids(folder: Path) -> Sequence[int]:
    with closing(Reader(folder)) as reader:
        return reader.ids(newest_first=True)
