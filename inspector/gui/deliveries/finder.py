"""Finds the ids of a search in a thread of its own, and which new arrivals belong to it."""

import logging
import queue
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.core.delivery import Summary, Verdict
from inspector.core.filters import EVERYTHING, Search
from inspector.store.reader import Reader

logger = logging.getLogger(__name__)

FIRST_SCREEN = 100
PIECE_S = 0.25
PAGE = 256
_END = None
_NOTHING: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in arrival order. The `first` piece has the newest, each further one those before; the last is `whole`."""

    number: int  # of the search, as `find` returned it
    ids: Sequence[int]
    first: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """New deliveries that belong to the search, in arrival order."""

    number: int
    summaries: Sequence[Summary]


@dataclass(frozen=True, slots=True)
class Counted:
    """Deliveries by verdict, up to the id `newest` for certain."""

    counts: Mapping[Verdict, int]
    newest: int


class Finder(QObject):
    """Runs one search at a time on a connection of its own; a new one ends the one before.

    Searches and arrivals are worked off in order, so that no arrival is missed or listed twice.
    """

    found = Signal(object)  # Found
    arrived = Signal(object)  # Arrived
    counted = Signal(object)  # Counted
    failed = Signal(str)  # one sentence

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._jobs: queue.SimpleQueue[Callable[[Reader], None] | None] = queue.SimpleQueue()
        self._number = 0
        self._ended = False
        self._search: Search = EVERYTHING  # from here on the thread's own
        self._newest = 0
        self._thread = threading.Thread(target=self._run, name="finder", daemon=True)
        self._thread.start()

    def find(self, search: Search, without: frozenset[int] = frozenset()) -> int:
        """Look for `search` instead of what was looked for; returns its number, which `found` bears."""
        self._number += 1
        number = self._number
        self._jobs.put(lambda reader: self._find(reader, search, without, number))
        return number

    def match(self, summaries: Sequence[Summary]) -> None:
        """Say which of these new arrivals belong to the search."""
        number = self._number
        self._jobs.put(lambda reader: self._match(reader, summaries, number))

    def count(self, without: frozenset[int] = frozenset()) -> None:
        """Count the deliveries by verdict."""
        self._jobs.put(lambda reader: self._count(reader, without))

    def stop(self) -> None:
        """End, and wait for it."""
        self._ended = True
        self._jobs.put(_END)
        self._thread.join()

    # In the thread

    def _run(self) -> None:
        reader = Reader(self._folder)
        try:
            while (job := self._jobs.get()) is not _END:
                try:
                    job(reader)
                except Exception:
                    logger.exception("a search failed")
                    self.failed.emit(self.tr("The deliveries could not be searched; the log says why."))
        finally:
            reader.close()

    def _find(self, reader: Reader, search: Search, without: frozenset[int], number: int) -> None:
        def cancelled() -> bool:
            return self._ended or number != self._number

        if cancelled():
            return
        self._search, self._newest = search, reader.newest_id()
        first, part, told = True, _NOTHING, time.monotonic()
        for ids in self._slices(reader, search):
            if cancelled():
                return
            part = _joined(part, self._wanted(ids, without))
            late = time.monotonic() - told > PIECE_S
            if late or (first and len(part) >= FIRST_SCREEN):
                self.found.emit(Found(number, part[::-1], first=first, whole=False))
                first, part, told = False, _NOTHING, time.monotonic()
        self.found.emit(Found(number, part[::-1], first=first, whole=True))

    def _slices(self, reader: Reader, search: Search) -> Iterator[Sequence[int]]:
        """Ids from the newest down; all at once where every delivery is looked for and none is missing."""
        if search == EVERYTHING and isinstance(ids := reader.ids(newest_first=True), range):
            yield ids
        else:
            yield from reader.scan(search, newest_first=True)

    def _wanted(self, ids: Sequence[int], without: frozenset[int]) -> Sequence[int]:
        """Without what was deleted, and what was stored since the search began: `match` is about to bring that."""
        later = 0
        while later < len(ids) and ids[later] > self._newest:
            later += 1
        ids = ids[later:]
        return array("q", (id_ for id_ in ids if id_ not in without)) if without else ids

    def _match(self, reader: Reader, summaries: Sequence[Summary], number: int) -> None:
        if self._ended or number != self._number:
            return
        new = [summary for summary in summaries if summary.id > self._newest]
        if not new:
            return
        self._newest = new[-1].id
        now = datetime.now(UTC)
        if self._search != EVERYTHING:
            new = [summary for summary in new if self._belongs(reader, summary, now)]
        if new:
            self.arrived.emit(Arrived(number, new))

    def _belongs(self, reader: Reader, summary: Summary, now: datetime) -> bool:
        delivery = reader.delivery(summary.id)
        return delivery is not None and self._search.matches(delivery, now)

    def _count(self, reader: Reader, without: frozenset[int]) -> None:
        newest = reader.newest_id()
        counts = dict(reader.counts())
        for ids in batched(sorted(without), PAGE):
            for summary in reader.page(ids):
                counts[summary.verdict] -= 1
        self.counted.emit(Counted(counts, newest))


def _joined(ids: Sequence[int], more: Sequence[int]) -> Sequence[int]:
    """`ids` with `more` after them; what is the only part stays as it is."""
    if not ids or not more:
        return more or ids
    joined = ids if isinstance(ids, array) else array("q", ids)
    joined.extend(more)
    return joined
