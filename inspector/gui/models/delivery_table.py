"""The delivery table: a window on ids, newest first, whose rows are read page by page."""

import time
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Slot

from inspector.core.delivery import Summary
from inspector.gui.models.delivery_columns import COLUMNS, TIME, relative_time
from inspector.gui.theme import State, state_of_verdict

type Index = QModelIndex | QPersistentModelIndex
type Fetch = Callable[[Sequence[int]], Sequence[Summary]]

PAGE, KEPT_PAGES = 128, 96
AGEING_MS = 5_000  # relative times are painted again so often
MOST_RUNS = 16
"""Rows that go in more runs than these are taken out by one reset: each run moves all that lie below it."""

_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TIME_COLUMN = next(place for place, column in enumerate(COLUMNS) if column.name == TIME)
_NOTHING = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as it is listed: texts ready to be painted. `summary` is None when it has gone since."""

    summary: Summary | None
    state: State
    texts: tuple[str, ...]


_GONE = Row(None, State.NOT_APPLICABLE, ("",) * len(COLUMNS))


class DeliveryTable(QAbstractTableModel):
    """Deliveries by id, the newest in row 0.

    Ids are kept in arrival order (a range where they are dense), and pages are counted from the oldest: what
    arrives at the top leaves the pages that were read valid. Takes over each array that it is given.
    """

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: Sequence[int] = range(0)
        self._count = 0
        self._pages: OrderedDict[int, list[Row | Summary]] = OrderedDict()
        self._relative = False
        self._ageing = QTimer(self, interval=AGEING_MS)
        self._ageing.timeout.connect(self.refresh_times)

    # What is listed

    def reset(self, ids: Sequence[int]) -> None:
        """List `ids` (in arrival order) and nothing else: a new search."""
        self.beginResetModel()
        self._ids, self._count = ids, len(ids)
        self._pages.clear()
        self.endResetModel()

    def add(self, summaries: Sequence[Summary]) -> int:
        """Put new arrivals on top, in arrival order; returns how many rows that made. Known ones are left out."""
        newest = self._ids[-1] if self._count else 0
        new = [summary for summary in summaries if summary.id > newest]
        if not new:
            return 0
        self.beginInsertRows(_NOTHING, 0, len(new) - 1)
        for position, summary in enumerate(new, self._count):
            self._keep_in_page(position, summary)
        self._ids = _extended(self._ids, [summary.id for summary in new])
        self._count = len(self._ids)
        self.endInsertRows()
        return len(new)

    def add_older(self, ids: Sequence[int]) -> None:
        """Put below what is listed those of `ids` (in arrival order) that are older."""
        older = ids[: bisect_left(ids, self._ids[0])] if self._count else ids
        if not older:
            return
        self.beginInsertRows(_NOTHING, self._count, self._count + len(older) - 1)
        self._pages.clear()  # their positions have moved
        self._ids = _extended(older, self._ids)
        self._count = len(self._ids)
        self.endInsertRows()

    def remove(self, ids: Iterable[int]) -> None:
        """Take out the rows of `ids`; ids that are not listed are ignored."""
        positions = sorted({place for id_ in ids if (place := self._position(id_)) is not None})
        runs = _runs(positions)
        if len(runs) > MOST_RUNS:
            gone = set(positions)
            self.reset(array("q", (id_ for place, id_ in enumerate(self._ids) if place not in gone)))
            return
        for first, last in reversed(runs):
            self._remove_run(first, last)

    def refresh(self, ids: Iterable[int]) -> None:
        """What is stored of these deliveries has changed: read it again. Ids that are not listed are ignored."""
        positions = [place for id_ in ids if (place := self._position(id_)) is not None]
        for key in {place // PAGE for place in positions}:
            self._pages.pop(key, None)
        if positions:
            top, last = self._count - 1, len(COLUMNS) - 1
            self.dataChanged.emit(self.index(top - max(positions), 0), self.index(top - min(positions), last))

    def row_of(self, id_: int) -> int | None:
        """The row in which a delivery is listed, or None."""
        position = self._position(id_)
        return None if position is None else self._count - 1 - position

    def id_at(self, row: int) -> int:
        """The id of the delivery listed in `row`."""
        return self._ids[self._count - 1 - row]

    def ids_between(self, first: int, last: int) -> Sequence[int]:
        """The ids listed in the rows `first` to `last`, in arrival order."""
        return self._ids[self._count - 1 - last : self._count - first]

    def row(self, row: int) -> Row:
        """The delivery in `row`, read with its neighbours when it is not at hand."""
        key, offset = divmod(self._count - 1 - row, PAGE)
        page = self._pages.get(key)
        if page is None:
            page = self._read(key)
        each = page[offset]
        if type(each) is Summary:
            each = page[offset] = Row(
                each, state_of_verdict(each.verdict), tuple(column.text(each) for column in COLUMNS)
            )
        return each  # type: ignore[return-value]  # a Summary has just been replaced

    # Times

    @property
    def relative_times(self) -> bool:
        """Whether times are shown as how long ago."""
        return self._relative

    def show_relative_times(self, *, on: bool) -> None:
        """Show times as how long ago, or as times of the day."""
        self._relative = on
        self._ageing.start() if on else self._ageing.stop()
        self.refresh_times()

    @Slot()
    def refresh_times(self) -> None:
        """The time of the day has moved on: paint the times again."""
        if self._count:
            self.dataChanged.emit(self.index(0, _TIME_COLUMN), self.index(self._count - 1, _TIME_COLUMN))

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        each = self.row(row)
        if self._relative and column == _TIME_COLUMN and each.summary is not None:
            return relative_time(each.summary.received_ns, time.time_ns())
        return each.texts[column]

    # Qt's side

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index.row(), index.column())
            case Qt.ItemDataRole.ToolTipRole:
                summary = self.row(index.row()).summary
                return COLUMNS[index.column()].tooltip(summary) if summary is not None else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if COLUMNS[index.column()].right else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].heading()
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if COLUMNS[section].right else _LEFT
        return None

    # Pages

    def _position(self, id_: int) -> int | None:
        place = bisect_left(self._ids, id_)
        return place if place < self._count and self._ids[place] == id_ else None

    def _read(self, key: int) -> list[Row | Summary]:
        ids = self._ids[key * PAGE : (key + 1) * PAGE]
        found = {summary.id: summary for summary in self._fetch(ids)}
        page: list[Row | Summary] = [found.get(id_, _GONE) for id_ in ids]
        self._pages[key] = page
        if len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        return page

    def _keep_in_page(self, position: int, summary: Summary) -> None:
        """A new arrival goes into its page when that is at hand, so that following reads nothing."""
        key, offset = divmod(position, PAGE)
        if offset == 0:
            self._pages[key] = [summary]
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        elif (page := self._pages.get(key)) is not None:
            page.append(summary)

    def _remove_run(self, first: int, last: int) -> None:
        top = self._count - 1
        self.beginRemoveRows(_NOTHING, top - last, top - first)
        self._ids = _extended(self._ids[:first], self._ids[last + 1 :])
        self._count = len(self._ids)
        for key in [key for key in self._pages if key >= first // PAGE]:
            del self._pages[key]
        self.endRemoveRows()


def _extended(ids: Sequence[int], more: Sequence[int]) -> Sequence[int]:
    """`ids` with `more` after them; still a range where they meet."""
    if not more:
        return ids
    if isinstance(ids, range) and more[-1] - more[0] == len(more) - 1 and (not ids or ids.stop == more[0]):
        return range(ids.start if ids else more[0], more[-1] + 1)
    if not isinstance(ids, array):
        ids = array("q", ids)
    ids.extend(more)
    return ids


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Sorted positions as pairs of the first and last of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for place in positions:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
