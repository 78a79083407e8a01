"""Stored deliveries looked at with a handler that is being edited: work for the processes of a pool."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from inspector.core.delivery import Delivery
from inspector.core.effect import Edited, Tally, effect_of
from inspector.core.explanation import Explanation, explain
from inspector.core.verification.ladder import Link
from inspector.store import Reader

CHUNK = 5_000
"""So many ids are one piece of work for a process."""

_TELL_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Trial:
    """A handler as it is being edited, as it goes to a process: `earlier` are the names of those tried before it.

    `handler_id` is 0 or less while it is new. `material` are the keys by address that are known.
    """

    link: Link
    handler_id: int = 0
    earlier: tuple[str, ...] = ()
    material: Mapping[str, str] = field(default_factory=dict, repr=False)

    def edited(self, handler_of: Callable[[int], int]) -> Edited:
        """The same for deliveries, where `handler_of` knows to which handler a revision belongs."""
        return Edited(
            self.link,
            lambda revision: self.handler_id > 0 and handler_of(revision) == self.handler_id,
            frozenset(self.earlier),
            self.material,
        )


class Revisions:
    """To which handler a revision belongs; asked of the store once for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, int] = {}

    def handler_of(self, revision: int) -> int:
        """The handler's id; 0 where it is not known."""
        if revision not in self._known:
            with closing(Reader(self._folder)) as reader:
                handler = reader.handler_revision(revision)
            self._known[revision] = handler.id if handler is not None else 0
        return self._known[revision]


def tally_of(folder: Path, ids: Sequence[int], trial: Trial) -> Iterator[Tally]:
    """The tally of these deliveries, a part of it every so often. The parts are to be merged."""
    with closing(Reader(folder)) as reader:
        yield from parts(reader.deliveries_of(ids), trial.edited(Revisions(folder).handler_of), _TELL_EVERY_S)


def parts(deliveries: Iterator[Delivery], edited: Edited, every_s: float) -> Iterator[Tally]:
    """What the edited handler makes of them, a part every so many seconds, the last one at the end."""
    part, told = Tally(), time.monotonic()
    for delivery in deliveries:
        effect = effect_of(delivery, edited)
        if effect is not None:
            part.add((effect,))
        if time.monotonic() - told > every_s:
            yield part
            part, told = Tally(), time.monotonic()
    yield part


def explained(folder: Path, id_: int, trial: Trial) -> Iterator[Explanation]:
    """How the handler comes to its outcome for the delivery of this id."""
    with closing(Reader(folder)) as reader:
        delivery = reader.delivery(id_)
        if delivery is not None:
            yield explain(delivery, trial.link, trial.material)
