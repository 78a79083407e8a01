"""Deliveries checked again by the handlers of today, beside their stored outcome, which stays as it was."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.core.delivery import Delivery
from inspector.core.filters import Search
from inspector.core.judgement import Judge, Judgement
from inspector.core.rejudged import Recount
from inspector.core.verification.context import NOTHING
from inspector.core.verification.key_addresses import addresses_for, with_fetched_keys
from inspector.core.verification.ladder import Link
from inspector.material import Keys
from inspector.recheck.chain import addresses_of, judged_again
from inspector.store import Reader, StoreError
from inspector.workers import Workers, WorkFailed

PROCESSES = 2
"""So many judge at once: more would leave the listener and the window none."""

CHUNK = 2_000
"""So many ids are one piece of work for a process."""

MOST_AHEAD = 8

type _Parts = asyncio.Queue[Recount | None]
"""None is the end."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was judged since the last part, of `of` deliveries in all. The parts are to be merged."""

    recount: Recount
    of: int


class Rechecks:
    """Belongs to the engine's thread. Its processes are there only while many deliveries are checked."""

    def __init__(self, folder: Path, keys: Keys, judge: Callable[[], Judge]) -> None:
        self._folder, self._keys, self._judge = folder, keys, judge

    async def one(self, delivery: Delivery) -> Judgement:
        """What today's handlers make of `delivery`, as of its receipt."""
        judge = self._judge()
        links = with_fetched_keys(judge.chain)
        material = await self.material(addresses_for(delivery.request, links)) if links else NOTHING
        return await asyncio.to_thread(judge.judge, delivery.request, now=delivery.received_at, material=material)

    async def many(self, what: Sequence[int] | Search) -> AsyncGenerator[Part]:
        """What they make of these deliveries, or of all that a search finds, newest first, as it becomes known.

        Leaving the generator ends it. The handlers are those of the moment it began. Raises WorkFailed, StoreError.
        """
        judge = self._judge()
        judge = replace(judge, presets=dict(judge.presets), recogniser=None)  # what can go through a pipe
        ids = await asyncio.to_thread(_ids, self._folder, what)
        yield Part(Recount(), len(ids))
        parts: _Parts = asyncio.Queue(MOST_AHEAD)
        work = asyncio.ensure_future(self._judge_all(_pieces(ids), judge, parts))
        try:
            while (recount := await parts.get()) is not None:
                yield Part(recount, len(ids))
            await work  # its exception comes out here
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def material(self, addresses: Iterable[str], *, fetch: bool = True) -> Mapping[str, str]:
        """The keys that these addresses give: those that are kept, and with `fetch` what has to be called for too."""
        return await (self._keys.get(addresses) if fetch else self._keys.kept(addresses))

    async def _judge_all(self, pieces: Iterator[Sequence[int]], judge: Judge, parts: _Parts) -> None:
        pool = Workers(PROCESSES)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(PROCESSES):
                    group.create_task(self._judge_pieces(pool, pieces, judge, parts))
        except* (WorkFailed, StoreError) as failed:
            raise failed.exceptions[0] from None
        finally:
            await asyncio.shield(pool.close())
            if (task := asyncio.current_task()) is None or not task.cancelling():
                await parts.put(None)

    async def _judge_pieces(self, pool: Workers, pieces: Iterator[Sequence[int]], judge: Judge, parts: _Parts) -> None:
        links = with_fetched_keys(judge.chain)
        for piece in pieces:
            material = await self._material_for(pool, piece, links) if links else {}
            async with aclosing(pool.run(judged_again, self._folder, piece, judge, material)) as recounts:
                async for recount in recounts:
                    await parts.put(recount)

    async def _material_for(self, pool: Workers, piece: Sequence[int], links: Sequence[Link]) -> Mapping[str, str]:
        """The keys that these deliveries need: on receipt each waited for its own, here they come before the piece."""
        async with aclosing(pool.run(addresses_of, self._folder, piece, links)) as found:
            async for addresses in found:
                return dict(await self.material(addresses))
        return {}


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Several who work share one iterator of them. A short run is split too, so that both have some."""
    size = min(CHUNK, max(1, -(-len(ids) // PROCESSES)))
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _ids(folder: Path, what: Sequence[int] | Search) -> Sequence[int]:
    if not isinstance(what, Search):
        return sorted(what, reverse=True)
    with closing(Reader(folder)) as reader:
        return reader.ids(what, newest_first=True)
