"""Who sent the deliveries that were stored while what is known of senders was still being read."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from inspector.core.delivery import Recognised
from inspector.core.recognition import Recogniser
from inspector.core.verification.reading import Reading
from inspector.feed import DeliveriesRecognised, Feed
from inspector.store import Reader, Store, StoreError

logger = logging.getLogger(__name__)

_SLICE = 200
"""So many are looked at in one turn: the writer does something else in between."""


class LateRecognition:
    """Remembers what came too early, and makes up for it as soon as senders can be told."""

    def __init__(self, folder: Path, store: Store, feed: Feed) -> None:
        self._folder = folder
        self._store = store
        self._feed = feed
        self._early: list[int] = []
        self._recogniser: Recogniser | None = None
        self._preferred: Sequence[str] = ()
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    def note(self, id_: int) -> None:
        """This delivery was judged before its sender could be told."""
        self._early.append(id_)
        self._go_on()

    def begin(self, recogniser: Recogniser, preferred: Sequence[str]) -> None:
        """Senders can be told from now on; `preferred` are the providers that handlers name."""
        self._recogniser, self._preferred = recogniser, preferred
        self._begun.set()
        self._go_on()

    async def done(self) -> None:
        """Wait until nothing is left of what came too early."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def known(self) -> None:
        """Wait until senders can be told, and nothing is left of what came before."""
        await self._begun.wait()
        while (task := self._task) is not None:
            await asyncio.wait((task,))

    async def close(self) -> None:
        """Leave the rest as it is."""
        self._recogniser = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _go_on(self) -> None:
        if self._recogniser is not None and self._early and self._task is None:
            task = self._task = asyncio.get_running_loop().create_task(
                self._work(self._recogniser), name="late senders"
            )
            task.add_done_callback(self._ended)

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._task = None
        self._go_on()

    async def _work(self, recogniser: Recogniser) -> None:
        while self._early:
            ids, self._early = self._early[:_SLICE], self._early[_SLICE:]
            try:
                found = await asyncio.to_thread(_senders, self._folder, ids, recogniser, self._preferred)
                if found:
                    await self._store.recognise(found)
                    self._feed.publish(DeliveriesRecognised(found))
            except StoreError as error:  # they stay without a sender
                logger.warning("the senders of %d deliveries could not be kept: %s", len(ids), error)


def _senders(
    folder: Path, ids: Sequence[int], recogniser: Recogniser, preferred: Sequence[str]
) -> Mapping[int, Recognised]:
    """Who sent these deliveries, as far as anybody is known to."""
    with closing(Reader(folder)) as reader:
        found = [
            (each.id, recogniser.recognise(Reading(each.request), preferred)) for each in reader.deliveries_of(ids)
        ]
    return {id_: recognised for id_, recognised in found if recognised is not None}
