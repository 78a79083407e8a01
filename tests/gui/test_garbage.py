"""Widgets are freed in the window's thread, whoever allocates."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inspector.gui.garbage import GarbageCollector


class Cycle(QObject):
    """A QObject that only the collector can free; it notes the thread in which it is freed."""

    def __init__(self, freed_in: list[int]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: freed_in.append(threading.get_ident()))


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    made = GarbageCollector()
    made.start()
    yield made
    made.stop()


def allocate(count: int) -> list[list[int]]:
    """So much that Python's own collector would have run."""
    return [[] for _ in range(count)]


@pytest.mark.usefixtures("collector")
def test_another_thread_that_allocates_frees_no_widget(qtbot: QtBot) -> None:
    freed_in: list[int] = []
    Cycle(freed_in)
    thread = threading.Thread(target=allocate, args=(200_000,))
    thread.start()
    thread.join()
    assert freed_in == []
    kept = allocate(200_000)
    qtbot.waitUntil(lambda: bool(freed_in))
    assert freed_in == [threading.get_ident()]
    assert kept


@pytest.mark.parametrize("collects", [True, False])
def test_python_collects_as_before_when_it_has_stopped(collects: bool) -> None:
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        collector = GarbageCollector()
        collector.start()
        assert not gc.isenabled()
        collector.stop()
        assert gc.isenabled() is collects
        assert gc.get_freeze_count() == 0
    finally:
        (gc.enable if before else gc.disable)()


def test_what_is_kept_is_looked_at_no_more(collector: GarbageCollector) -> None:
    kept = allocate(1_000)
    before = gc.get_freeze_count()
    collector.keep()
    assert gc.get_freeze_count() >= before + len(kept)
