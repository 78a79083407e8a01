"""The last deliveries, kept at hand by a process of their own: a handler is tried on them with every key."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from inspector.core.delivery import Delivery
from inspector.core.effect import Tally
from inspector.core.verification.key_addresses import addresses_for
from inspector.core.verification.ladder import Link
from inspector.recheck.edited import Revisions, Trial, parts
from inspector.store import Reader

NEWEST = 1_000
"""So many of the last deliveries are kept at hand."""

FEW = 64
"""Among so many of the last ones there is mostly one for the handler that is edited."""

LARGEST_BYTES = 10 * 1024
"""Those with a larger body are looked at on request only."""

_PART_S, _AT_ONCE = 0.01, 64
"""After so long, or so many that were read, the process looks whether it is still wanted."""


@dataclass(slots=True)
class NewestPart:
    """A part of the tally, to be merged; `larger` of the last deliveries are too large and not in it."""

    tally: Tally
    larger: int


@dataclass(slots=True)
class _Shelf:
    """What is at hand as of `mark`, newest first."""

    mark: int = -1
    deliveries: Sequence[Delivery] = ()
    larger: int = 0
    revisions: Revisions = field(init=False)


_shelves: dict[Path, _Shelf] = {}  # of this process, which does one job after the other


def tally_of_newest(folder: Path, mark: int, trial: Trial) -> Iterator[NewestPart]:
    """What the edited handler makes of the last deliveries; they are read anew when `mark` is another."""
    shelf = _shelf(folder)
    for _ in _filled(shelf, folder, mark):
        yield NewestPart(Tally(), 0)
    for tally in parts(iter(shelf.deliveries), trial.edited(shelf.revisions.handler_of), _PART_S):
        yield NewestPart(tally, shelf.larger)


def addresses_of_newest(folder: Path, mark: int, links: Sequence[Link]) -> Iterator[frozenset[str]]:
    """Where the keys are that these handlers need for the last deliveries; the last answer has all of it."""
    shelf, found = _shelf(folder), set[str]()
    for _ in _filled(shelf, folder, mark):
        yield frozenset()
    for delivery in shelf.deliveries:
        found |= addresses_for(delivery.request, links)
    yield frozenset(found)


def newest_deliveries(folder: Path) -> Sequence[Delivery]:
    """A few of the last deliveries that are small enough to be at hand, newest first."""
    with closing(Reader(folder)) as reader:
        small, _ = _small_ids(reader)
        return list(reader.deliveries_of(small[:FEW]))


def _shelf(folder: Path) -> _Shelf:
    if folder not in _shelves:
        _shelves[folder] = _Shelf()
        _shelves[folder].revisions = Revisions(folder)
    return _shelves[folder]


def _filled(shelf: _Shelf, folder: Path, mark: int) -> Iterator[None]:
    """Read what is missing as of `mark`, a few at a time. Left early, the shelf is as it was before."""
    if shelf.mark == mark:
        return
    with closing(Reader(folder)) as reader:
        small, larger = _small_ids(reader)
        have = {delivery.id: delivery for delivery in shelf.deliveries}
        missing = [id_ for id_ in small if id_ not in have]
        for number, delivery in enumerate(reader.deliveries_of(missing)):
            have[delivery.id] = delivery
            if number % _AT_ONCE == 0:
                yield
    shelf.deliveries = [have[id_] for id_ in small if id_ in have]
    shelf.larger, shelf.mark = larger, mark


def _small_ids(reader: Reader) -> tuple[Sequence[int], int]:
    ids = list(islice(chain.from_iterable(reader.scan(newest_first=True)), NEWEST))
    small = [summary.id for summary in reader.page(ids) if summary.body_size <= LARGEST_BYTES]
    return small, len(ids) - len(small)
