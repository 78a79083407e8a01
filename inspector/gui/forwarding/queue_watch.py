"""Looks at the queue when the feed tells that it has changed: beside the window's thread, never twice at once."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from inspector.core.forward_rule import Waiting
from inspector.feed import ForwardQueueChanged, ForwardsChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.tasks import Tasks
from inspector.store import Reader, StoreError

LONGEST_LIST = 1000
"""So many entries of a rule are listed; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How many entries each rule has by state, and the first of the one that is looked at, with what was delivered."""

    counts: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    rule: int = 0
    entries: Sequence[Waiting] = ()
    requests: Mapping[int, str] = field(default_factory=dict)  # method and target, by the delivery's id

    @property
    def waiting(self) -> int:
        """How many are still to be delivered, of all rules."""
        return sum(counts.get("waiting", 0) + counts.get("in-flight", 0) for counts in self.counts.values())


class QueueWatch(QObject):
    """Tells how the queue stands. Where a rule is looked at, its entries too."""

    looked = Signal(object)  # Queue
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._reading = Reader(engine.folder), threading.Lock()
        self._requests: dict[int, str] = {}
        self._rule = 0
        self._again, self._looking, self._closed = False, False, False
        self._tasks = Tasks(self)
        engine.changed.connect(self._take)
        engine.started.connect(self.look)
        if engine.running:
            self.look()

    def look_at(self, rule: int) -> None:
        """List the entries of this rule from now on; 0: of none."""
        if rule != self._rule:
            self._rule = rule
            self.look()

    @Slot()
    def look(self) -> None:
        """Look now, or again when the look under way is done."""
        self._again = True
        if not self._looking:
            self._looking = True
            self._tasks.start("look", self._look())

    async def close(self) -> None:
        """Look no more."""
        self._tasks.cancel()
        await asyncio.to_thread(self._close)

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        if any(isinstance(change, ForwardQueueChanged | ForwardsChanged) for change in changes.others):
            self.look()

    async def _look(self) -> None:
        try:
            while self._again:
                self._again = False
                try:
                    self.looked.emit(await asyncio.to_thread(self._read, self._rule))
                except StoreError as error:
                    self.failed.emit(str(error))
        finally:
            self._looking = False

    def _close(self) -> None:
        with self._reading:  # a look that is no longer waited for may be under way, or still to come
            self._closed = True
            self._reader.close()

    def _read(self, rule: int) -> Queue:
        with self._reading:
            return Queue() if self._closed else self._queue(rule)

    def _queue(self, rule: int) -> Queue:
        counts = self._reader.forward_counts()
        entries = self._reader.forward_queue(rule, limit=LONGEST_LIST) if rule else []
        ids = {entry.delivery for entry in entries}
        self._requests = {id_: text for id_, text in self._requests.items() if id_ in ids}
        if unknown := [id_ for id_ in sorted(ids) if id_ not in self._requests]:
            for summary in self._reader.page(unknown):
                self._requests[summary.id] = f"{summary.method} {summary.target}"
        return Queue(counts, rule, entries, dict(self._requests))
