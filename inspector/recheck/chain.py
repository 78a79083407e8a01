"""Stored deliveries judged by the handlers of today: work for the processes of a pool."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from inspector.core.delivery import Verdict
from inspector.core.judgement import Judge
from inspector.core.rejudged import Recount, refused_again, rejudged
from inspector.core.verification.key_addresses import addresses_for
from inspector.core.verification.ladder import Link
from inspector.store import Reader

TELL_EVERY_S = 0.2


def judged_again(folder: Path, ids: Sequence[int], judge: Judge, material: Mapping[str, str]) -> Iterator[Recount]:
    """What today's handlers make of these deliveries, a part of it every so often. The parts are to be merged."""
    with closing(Reader(folder)) as reader:
        part, told = Recount(), time.monotonic()
        for delivery in reader.deliveries_of(ids):
            if delivery.verdict is Verdict.REFUSED:
                part.add(refused_again(delivery))
            else:
                today = judge.judge(delivery.request, now=delivery.received_at, material=material)
                part.add(rejudged(delivery, today))
            if time.monotonic() - told > TELL_EVERY_S:
                yield part
                part, told = Recount(), time.monotonic()
        yield part


def addresses_of(folder: Path, ids: Sequence[int], links: Sequence[Link]) -> Iterator[frozenset[str]]:
    """Where the keys are that these handlers need for these deliveries, all of it at once."""
    found: set[str] = set()
    with closing(Reader(folder)) as reader:
        for delivery in reader.deliveries_of(ids):
            if delivery.verdict is not Verdict.REFUSED:
                found |= addresses_for(delivery.request, links)
    yield frozenset(found)
