"""Stored deliveries looked at with a handler that is being edited: work for the processes of a pool, or a thread."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from inspector.core.delivery import Delivery
from inspector.core.effect import Edited, Tally, effect_of
from inspector.core.explanation import Explanation, explain
from inspector.core.verification.ladder import Link
from inspector.store import Reader

NEWEST = 1_000
"""So many of the last deliveries are kept at hand while a handler is edited."""

LARGEST_BYTES = 10 * 1024
"""Those with a larger body are looked at on request only."""

CHUNK = 5_000
"""So many ids are one piece of work for a process."""

_TELL_EVERY_S = 0.2


def ownership(reader: Reader, handler_id: int) -> Callable[[int], bool]:
    """Whether a revision is one of the handler of this id; asked of the store once for each."""
    known: dict[int, bool] = {}

    def own(revision: int) -> bool:
        if revision not in known:
            handler = reader.handler_revision(revision) if handler_id > 0 else None
            known[revision] = handler is not None and handler.id == handler_id
        return known[revision]

    return own


def newest_deliveries(folder: Path, limit: int = NEWEST) -> tuple[Sequence[Delivery], int]:
    """The last deliveries that are small, newest first, and how many of the last ones are too large for that."""
    with closing(Reader(folder)) as reader:
        ids = reader.ids(newest_first=True)[:limit]
        small = [summary.id for summary in reader.page(ids) if summary.body_size <= LARGEST_BYTES]
        return list(reader.deliveries_of(small)), len(ids) - len(small)


def recheck(folder: Path, ids: Sequence[int], link: Link, handler_id: int, earlier: Collection[str]) -> Iterator[Tally]:
    """The tally of these deliveries, a part of it every so often. The parts are to be merged."""
    with closing(Reader(folder)) as reader:
        edited = Edited(link, ownership(reader, handler_id), frozenset(earlier))
        part, told = Tally(), time.monotonic()
        for delivery in reader.deliveries_of(ids):
            effect = effect_of(delivery, edited)
            if effect is not None:
                part.add((effect,))
            if time.monotonic() - told > _TELL_EVERY_S:
                yield part
                part, told = Tally(), time.monotonic()
        yield part


def explained(folder: Path, id_: int, link: Link) -> Iterator[Explanation]:
    """How the handler comes to its outcome for the delivery of this id."""
    with closing(Reader(folder)) as reader:
        delivery = reader.delivery(id_)
        if delivery is not None:
            yield explain(delivery, link)
