"""Failures of many stored deliveries, grouped by cause and handler: work for a process of the pool."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from inspector import presets
from inspector.core.delivery import Verdict
from inspector.core.diagnosis.group import GroupStep, Looked
from inspector.core.diagnosis.sorting import Sorting
from inspector.core.filters import EVERYTHING, Search
from inspector.core.filters.nodes import Every, VerdictIs
from inspector.core.request import Request
from inspector.core.verification.ladder import Chain
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.store import Reader

TELL_EVERY_S = 0.05
"""The groups are told no more often; a process that is stopped stops by then."""


def grouped(folder: Path, search: Search, chain: Chain, retired: Mapping[str, Sequence[Secret]]) -> Iterator[GroupStep]:
    """The failures that match `search`, newest first, sorted into groups as they are looked at.

    The handlers are those of `chain`, as they are now; `retired` are their older secrets by the handler's name.
    """
    yield Looked(0, 0)
    recogniser = presets.recogniser()

    def recognised(request: Request) -> str:
        found = recogniser.recognise(Reading(request), ())
        return found.provider if found else ""

    sorting = Sorting(chain, presets.known_schemes(), retired, recognised)
    with closing(Reader(folder)) as reader:
        ids = reader.ids(failed(search), newest_first=True)
        yield Looked(0, len(ids))
        looked, told = 0, time.monotonic()
        for looked, id_ in enumerate(ids, 1):
            delivery = reader.delivery(id_)
            for _ in sorting.add(delivery) if delivery is not None else ():
                if time.monotonic() - told > TELL_EVERY_S:
                    told = time.monotonic()
                    yield Looked(looked - 1, len(ids))
            if time.monotonic() - told > TELL_EVERY_S:
                told = time.monotonic()
                yield from sorting.parts()
                yield Looked(looked, len(ids))
        yield from sorting.parts()
        yield Looked(looked, len(ids))


def failed(search: Search) -> Search:
    """What of `search` failed."""
    verdict = VerdictIs(Verdict.FAILED)
    return Search(verdict if search == EVERYTHING else Every((verdict, search.root)))
