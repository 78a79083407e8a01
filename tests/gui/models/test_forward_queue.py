"""The queue as rows: what leaves goes, what comes is added, and the rest stays."""

import random

from pytestqt.modeltest import ModelTester

from inspector.core.forward_rule import Waiting
from inspector.gui.models.forward_queue import ForwardQueue, QueueColumn

COLUMNS = (QueueColumn("Number", 5, lambda entry: str(entry.id)), QueueColumn("Tries", 5, lambda e: str(e.tried)))


def an_entry(id_: int, tried: int = 0) -> Waiting:
    return Waiting(id_, 1, id_, "waiting", 0, tried=tried)


def test_any_change_of_the_queue_is_followed_row_by_row(qtmodeltester: ModelTester) -> None:
    chance = random.Random(7)
    queue = ForwardQueue(COLUMNS)
    qtmodeltester.check(queue)  # type: ignore[no-untyped-call]  # it goes on to watch every change
    for _ in range(200):
        ids = sorted(chance.sample(range(1, 40), chance.randrange(20)))
        wanted = [an_entry(id_, chance.randrange(3)) for id_ in ids]
        queue.update(wanted)
        assert list(queue.entries) == wanted


def test_rows_that_stay_are_not_moved(qtmodeltester: ModelTester) -> None:
    queue = ForwardQueue(COLUMNS)
    queue.show_queue([an_entry(id_) for id_ in range(1, 7)])
    told: list[tuple[str, int, int]] = []
    queue.rowsRemoved.connect(lambda _, first, last: told.append(("out", first, last)))
    queue.rowsInserted.connect(lambda _, first, last: told.append(("in", first, last)))
    queue.dataChanged.connect(lambda first, last: told.append(("new", first.row(), last.row())))
    queue.modelReset.connect(lambda: told.append(("all", 0, 0)))
    queue.update([an_entry(2), an_entry(3, tried=1), an_entry(6), an_entry(7)])
    assert told == [("out", 3, 4), ("out", 0, 0), ("in", 3, 3), ("new", 1, 1)]
    assert (queue.row_of(6), queue.row_of(1)) == (2, None)
    qtmodeltester.check(queue)  # type: ignore[no-untyped-call]
