"""The list stays true: what is searched for, what arrives, what is deleted, and the counts beside it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Summary, Verdict
from inspector.core.filters import parse
from inspector.feed import DeliveriesRemoved
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.engine import Changes
from inspector.store import Reader
from tests.gui.deliveries.stored import a_delivery, keep

FAILED = Verdict.FAILED


class Scene:
    """A folder with five deliveries (2 and 4 failed), the list on it, and what it would be told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder, self.qtbot = folder, qtbot
        keep(folder, [a_delivery(f"/hook/{n}", verdict=Verdict.WON if n % 2 else FAILED) for n in range(1, 6)])
        self.reader = Reader(folder)
        self.stack = QUndoStack()
        self.list = DeliveryList(self.reader.page, nothing_yet=QLabel(), no_match=QLabel())
        qtbot.addWidget(self.list)
        self.live = LiveList(folder, self.reader, self.list, self.stack)
        self.live.load()
        self.shows(5, 4, 3, 2, 1)

    @property
    def listed(self) -> list[int]:
        return [self.list.model.id_at(row) for row in range(self.list.model.rowCount())]

    def shows(self, *ids: int) -> None:
        self.qtbot.waitUntil(lambda: self.listed == list(ids))

    def counts(self, **counts: int) -> None:
        self.qtbot.waitUntil(lambda: {verdict: n for verdict, n in self.live.counts.items() if n} == counts)

    def arrives(self, path: str, verdict: Verdict = Verdict.WON) -> None:
        ids = keep(self.folder, [a_delivery(path, verdict=verdict)])
        self.live.take(Changes(self.summaries(ids), ids[-1]))

    def summaries(self, ids: list[int]) -> list[Summary]:
        return self.reader.page(ids)


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    made = Scene(tmp_path, qtbot)
    with closing(made.reader):
        yield made
        made.live.stop()


def test_what_is_stored_is_listed_and_counted(scene: Scene) -> None:
    scene.counts(won=3, failed=2)


def test_a_new_delivery_is_listed_and_counted(scene: Scene) -> None:
    scene.arrives("/new", FAILED)
    scene.shows(6, 5, 4, 3, 2, 1)
    scene.counts(won=3, failed=3)


def test_a_search_lists_what_matches(scene: Scene) -> None:
    scene.live.search_for(parse("path:/hook/3 or path:/hook/1"))
    scene.shows(3, 1)


def test_under_a_search_only_new_deliveries_that_match_are_listed(scene: Scene) -> None:
    scene.live.search_for(parse("path:/hook"))
    scene.arrives("/other")
    scene.arrives("/hook/7")
    scene.shows(7, 5, 4, 3, 2, 1)
    scene.counts(won=5, failed=2)


def test_a_verdict_and_a_search_are_both_asked_for(scene: Scene) -> None:
    scene.live.list_verdict(FAILED)
    scene.shows(4, 2)
    scene.live.search_for(parse("path:/hook/4"))
    scene.shows(4)
    scene.live.list_verdict(None)
    scene.live.search_for(parse(""))
    scene.shows(5, 4, 3, 2, 1)


def test_a_new_search_replaces_one_that_is_under_way(scene: Scene) -> None:
    for number in (1, 2, 3, 4):
        scene.live.search_for(parse(f"body:x path:/hook/{number}"))
    scene.live.search_for(parse("path:/hook/5"))
    scene.shows(5)


def test_more_than_the_window_was_told_is_looked_up(scene: Scene) -> None:
    keep(scene.folder, [a_delivery() for _ in range(3)])
    scene.live.take(Changes((), 8, overflowed=True))
    scene.shows(8, 7, 6, 5, 4, 3, 2, 1)


def test_deleted_deliveries_are_hidden_at_once_and_come_back_by_undo(scene: Scene) -> None:
    scene.live.deletions.delete([2, 3])
    scene.shows(5, 4, 1)
    scene.counts(won=2, failed=1)
    scene.stack.undo()
    scene.shows(5, 4, 3, 2, 1)
    scene.counts(won=3, failed=2)
    assert scene.live.deletions.hidden == frozenset()


def test_a_search_does_not_bring_deleted_ones_back(scene: Scene) -> None:
    scene.live.deletions.delete([4])
    scene.live.search_for(parse("verdict:failed"))
    scene.shows(2)
    scene.stack.undo()
    scene.shows(4, 2)


def test_undo_selects_what_came_back(scene: Scene) -> None:
    scene.live.deletions.delete([4])
    scene.stack.undo()
    scene.qtbot.waitUntil(lambda: scene.list.current_id == 4)


def test_what_was_deleted_elsewhere_leaves_the_list(scene: Scene) -> None:
    scene.live.take(Changes(others=[DeliveriesRemoved([5, 1])]))
    scene.shows(4, 3, 2)


def test_a_delivery_is_opened_whatever_is_listed(scene: Scene) -> None:
    assert scene.live.open(3)
    scene.qtbot.waitUntil(lambda: scene.list.current_id == 3)
    assert not scene.live.open(99)


def test_the_selected_delivery_can_be_read_whole(scene: Scene) -> None:
    delivery = scene.live.delivery(3)
    assert delivery is not None
    assert delivery.request.target == "/hook/3"
    assert scene.live.delivery(None) is None
    assert scene.live.delivery(99) is None
