"""Keeps the delivery list true: what is searched for, what arrives, what is deleted, and the counts beside it."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoStack

from inspector.core.delivery import Delivery, Verdict
from inspector.core.filters import EVERYTHING, Search
from inspector.core.filters.nodes import Every, VerdictIs
from inspector.feed import DeliveriesAnnotated, DeliveriesRecognised, DeliveriesRemoved
from inspector.gui.deliveries.deletions import Deletions
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.deliveries.finder import Arrived, Counted, Finder, Found
from inspector.gui.engine import Changes
from inspector.store.reader import Reader
from inspector.store.sqlite import StoreError

SETTLE_MS = 400
"""Counts are read again once arrivals pause for so long: what came in while they were read may be in them twice."""

COUNTS_MS = 200
"""Counts that run are told so often: nobody reads more, and each telling lays the sidebar out anew."""


class LiveList(QObject):
    """Feeds a DeliveryList from the store and from what the engine tells."""

    counted = Signal(object)  # Mapping[Verdict, int]
    annotated = Signal(object)  # Mapping[int, Annotation]: what people wrote to deliveries
    progressed = Signal(str)  # how far a search is; empty when it has ended
    these_left = Signal()  # something else is listed than the deliveries that were picked
    failed = Signal(str)  # one sentence: the store cannot be read

    def __init__(self, folder: Path, reader: Reader, deliveries: DeliveryList, stack: QUndoStack) -> None:
        super().__init__(deliveries)
        self._reader = reader
        self._list = deliveries
        self._search = EVERYTHING
        self._verdict: Verdict | None = None
        self._these: Sequence[int] | None = None
        self._counts: Counter[Verdict] = Counter()
        self._counted_to = 0
        self._number = 0
        self._to_select: int | None = None
        self.deletions = Deletions(stack, self)
        self.deletions.hidden_changed.connect(self._hide)
        self._finder = Finder(folder, self)
        self._finder.found.connect(self._show_found)
        self._finder.arrived.connect(self._show_arrived)
        self._finder.counted.connect(self._show_counted)
        self._finder.failed.connect(self.failed)
        self._told = QTimer(self, singleShot=True, interval=COUNTS_MS)
        self._told.timeout.connect(self._tell_counts)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._count)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many deliveries there are of each verdict."""
        return self._counts

    @property
    def listed(self) -> Search:
        """What is searched for, with the verdict that was chosen."""
        if self._verdict is None:
            return self._search
        if self._search == EVERYTHING:
            return Search(VerdictIs(self._verdict))
        return Search(Every((VerdictIs(self._verdict), self._search.root)))

    @property
    def lists_these(self) -> bool:
        """Whether deliveries that were picked are listed, and not what is searched for."""
        return self._these is not None

    @property
    def searched(self) -> Search:
        """What is searched for, whatever verdict was chosen."""
        return self._search

    def delivery(self, id_: int | None) -> Delivery | None:
        """The whole delivery of that id; None where it is gone or cannot be read."""
        if id_ is None:
            return None
        try:
            return self._reader.delivery(id_)
        except StoreError as error:
            self.failed.emit(str(error))
            return None

    def load(self) -> None:
        """Read what is stored."""
        self._find()
        self._count()

    def list_verdict(self, verdict: Verdict | None) -> None:
        """List only these, or all."""
        if verdict is not self._verdict or self._these is not None:
            self._verdict = verdict
            self._leave_these()
            self._find()

    def list_these(self, ids: Sequence[int]) -> None:
        """List the deliveries of these ids and no others, until something else is looked for."""
        self._these = array("q", sorted(ids))
        self._find()

    def list_all(self) -> None:
        """List again what is looked for, after `list_these`."""
        if self._these is not None:
            self._leave_these()
            self._find()

    @Slot(object)
    def search_for(self, search: Search) -> None:
        """List only what matches."""
        if search != self._search or self._these is not None:
            self._search = search
            self._leave_these()
            self._find()

    def open(self, id_: int) -> bool:
        """Bring this delivery into sight, whatever is listed now; returns whether it exists."""
        if self.delivery(id_) is None:
            return False
        if not self._list.select(id_):
            self._to_select = id_
            self._leave_these()
            self._find()
        return True

    @Slot(object)
    def take(self, changes: Changes) -> None:
        """What the engine tells."""
        if changes.overflowed:
            self._find()
            self._count()
        elif changes.added:
            self._finder.match(changes.added)
            new = [summary.verdict for summary in changes.added if summary.id > self._counted_to]
            self._counts.update(new)
            self._counted_to = max(self._counted_to, changes.newest_id)
            if not self._told.isActive():
                self._tell_counts()
                self._told.start()
            self._settle.start()
        for change in changes.others:
            if isinstance(change, DeliveriesRemoved):
                self._list.remove(change.ids)
                self.deletions.forget(change.ids)
                self._count()
            elif isinstance(change, DeliveriesAnnotated):
                self._list.model.refresh(change.annotations)
                if self._search != EVERYTHING:
                    self._find()
                self.annotated.emit(change.annotations)
            elif isinstance(change, DeliveriesRecognised):
                self._list.model.refresh(change.recognised)
                if self._search != EVERYTHING:
                    self._find()

    @Slot()
    def delete_selected(self) -> None:
        """Hide what is selected; it can be undone until the window closes."""
        self.deletions.delete(frozenset(self._list.view.selected_ids()))

    def stop(self) -> None:
        """End the search that may be under way."""
        self._finder.stop()

    # Below the surface

    def _leave_these(self) -> None:
        if self._these is not None:
            self._these = None
            self.these_left.emit()

    def _find(self) -> None:
        if self._these is not None:
            self._number = 0  # what the finder still brings, and what arrives, is not listed
            hidden = self.deletions.hidden
            self._list.show_ids(array("q", (id_ for id_ in self._these if id_ not in hidden)), searching=True)
            self.progressed.emit("")
            return
        self._number = self._finder.find(self.listed, self.deletions.hidden)

    @Slot(object)
    def _show_found(self, found: Found) -> None:
        if found.number != self._number:
            return
        if found.first:
            searching = self._search != EVERYTHING or self._verdict is not None
            self._list.show_ids(found.ids, searching=searching, whole=found.whole)
        else:
            self._list.add_older(found.ids, whole=found.whole)
        found_so_far = self._list.model.rowCount()
        self.progressed.emit("" if found.whole else self.tr("searching, {0} found").format(f"{found_so_far:,}"))
        if self._to_select is not None and (self._list.select(self._to_select) or found.whole):
            self._to_select = None

    @Slot(object)
    def _show_arrived(self, arrived: Arrived) -> None:
        if arrived.number == self._number:
            self._list.add(arrived.summaries)

    def _count(self) -> None:
        self._finder.count(self.deletions.hidden)

    @Slot(object)
    def _show_counted(self, counted: Counted) -> None:
        self._counts = Counter(counted.counts)
        self._counted_to = max(self._counted_to, counted.newest)
        self._tell_counts()

    @Slot()
    def _tell_counts(self) -> None:
        self.counted.emit(self._counts)

    @Slot(object, bool)
    def _hide(self, ids: frozenset[int], hidden: bool) -> None:  # noqa: FBT001 - a slot
        if hidden:
            self._list.remove(ids)
        else:
            self._to_select = max(ids)
            self._find()
        self._count()
