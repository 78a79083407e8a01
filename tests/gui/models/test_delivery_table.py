"""The delivery table: a window on ids, newest first."""

from array import array
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt

from inspector.core.delivery import Recognised, Summary, Verdict
from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.models.delivery_table import KEPT_PAGES, PAGE, DeliveryTable
from tests.gui.summaries import a_summary

Role = Qt.ItemDataRole


class Store:
    """Answers pages, and remembers which were asked for."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []
        self.gone: set[int] = set()

    def page(self, ids: Sequence[int]) -> list[Summary]:
        self.asked.append(ids)
        return [a_summary(id_) for id_ in ids if id_ not in self.gone]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def table(store: Store) -> DeliveryTable:
    return DeliveryTable(store.page)


def listed(table: DeliveryTable) -> list[int]:
    return [table.id_at(row) for row in range(table.rowCount())]


def test_the_newest_delivery_is_the_first_row(table: DeliveryTable, qtmodeltester: Any) -> None:
    table.reset(range(1, 6))
    assert listed(table) == [5, 4, 3, 2, 1]
    qtmodeltester.check(table)


def test_a_new_delivery_appears_as_the_first_row(table: DeliveryTable, qtmodeltester: Any) -> None:
    table.reset(range(0))
    table.add([a_summary(1), a_summary(2)])
    assert table.add([a_summary(3), a_summary(4, method="PUT")]) == 2
    assert listed(table) == [4, 3, 2, 1]
    assert text_of(table, 0, "method") == "PUT"
    qtmodeltester.check(table)


def test_a_delivery_that_is_listed_is_not_listed_twice(table: DeliveryTable) -> None:
    table.reset(range(1, 4))
    assert table.add([a_summary(3), a_summary(4)]) == 1
    assert listed(table) == [4, 3, 2, 1]


def test_following_reads_nothing_from_the_store(table: DeliveryTable, store: Store) -> None:
    table.reset(range(1, PAGE + 1))
    text_of(table, 0, "path")
    store.asked.clear()
    table.add([a_summary(id_) for id_ in range(PAGE + 1, 2 * PAGE + 5)])
    assert [text_of(table, row, "path") for row in range(10)] == [f"/hook/{2 * PAGE + 4 - row}" for row in range(10)]
    assert store.asked == []


def test_rows_that_were_read_stay_read_when_others_arrive_on_top(table: DeliveryTable, store: Store) -> None:
    table.reset(range(1, 4 * PAGE + 1))
    table.row(2 * PAGE)
    store.asked.clear()
    table.add([a_summary(4 * PAGE + 1)])
    assert table.row(2 * PAGE + 1).texts[3].startswith("/hook/")
    assert store.asked == []


def test_ids_without_a_gap_stay_a_range(table: DeliveryTable) -> None:
    table.reset(range(1, 1_000_001))
    table.add([a_summary(1_000_001)])
    assert table.ids_between(0, 1) == range(1_000_000, 1_000_002)


def test_ids_with_a_gap_are_listed_too(table: DeliveryTable, qtmodeltester: Any) -> None:
    table.reset(range(1, 3))
    table.add([a_summary(7)])
    assert listed(table) == [7, 2, 1]
    qtmodeltester.check(table)


def test_older_ones_go_below(table: DeliveryTable, qtmodeltester: Any) -> None:
    table.reset(array("q", [8, 9]))
    table.add([a_summary(12)])
    table.add_older(array("q", [2, 5, 8, 9]))
    assert listed(table) == [12, 9, 8, 5, 2]
    assert text_of(table, 4, "path") == "/hook/2"
    qtmodeltester.check(table)


@pytest.mark.parametrize("ids", [range(1, 101), array("q", range(2, 202, 2))], ids=["dense", "sparse"])
@pytest.mark.parametrize("places", [[0], [99], [10, 11, 12, 50], list(range(0, 100, 3)), list(range(100))])
def test_removed_ones_are_gone_and_the_rest_stays(ids: Sequence[int], places: list[int]) -> None:
    table = DeliveryTable(Store().page)
    table.reset(ids)
    rest = [id_ for place, id_ in enumerate(ids) if place not in places]
    table.remove([ids[place] for place in places] + [10_000])
    assert listed(table) == rest[::-1]
    assert [text_of(table, row, "path") for row in range(len(rest))] == [f"/hook/{id_}" for id_ in reversed(rest)]


def test_removing_keeps_the_model_sound(table: DeliveryTable, qtmodeltester: Any) -> None:
    table.reset(range(1, 50))
    table.remove([3, 4, 5, 20, 49])
    assert table.rowCount() == 44
    qtmodeltester.check(table)


def test_a_row_is_found_by_its_id(table: DeliveryTable) -> None:
    table.reset(array("q", [2, 5, 9]))
    assert [table.row_of(id_) for id_ in (9, 5, 2, 4, 10, 0)] == [0, 1, 2, None, None, None]


def test_a_delivery_that_has_gone_since_is_an_empty_row(table: DeliveryTable, store: Store) -> None:
    store.gone = {2}
    table.reset(range(1, 4))
    assert [text_of(table, row, "path") for row in range(3)] == ["/hook/3", "", "/hook/1"]


def test_only_so_many_pages_are_kept(table: DeliveryTable, store: Store) -> None:
    table.reset(range(1, (KEPT_PAGES + 3) * PAGE))
    for row in range(0, table.rowCount(), PAGE):
        table.row(row)
    store.asked.clear()
    table.row(table.rowCount() - 1)
    assert store.asked == []
    table.row(0)
    assert len(store.asked) == 1


def test_a_deceiving_path_is_shown_with_its_marks(table: DeliveryTable) -> None:
    table.reset(range(0))
    table.add([a_summary(1, target="/a\u00e2\u0080\u00aegpj")])
    assert text_of(table, 0, "path") == "/a‹RLO›gpj"


def test_a_tooltip_is_never_taken_for_html(table: DeliveryTable) -> None:
    table.reset(range(0))
    table.add([a_summary(1, target="/<img src='file:///etc/passwd'>")])
    index = table.index(0, place_of("path"))
    assert table.data(index, Role.ToolTipRole) == "<qt>/&lt;img src=&#x27;file:///etc/passwd&#x27;&gt;</qt>"


def test_the_tooltip_of_a_time_is_exact(table: DeliveryTable) -> None:
    table.reset(range(0))
    table.add([a_summary(1, received_ns=1_795_348_800_123_456_789)])
    assert "12:00:00.123456789 UTC" in table.data(table.index(0, place_of("time")), Role.ToolTipRole)


def test_a_refused_delivery_says_why(table: DeliveryTable) -> None:
    table.reset(range(0))
    table.add([a_summary(1, verdict=Verdict.REFUSED, reason="feature-off")])
    assert (text_of(table, 0, "verdict"), text_of(table, 0, "handler")) == ("refused", "switched off")


def test_times_are_told_as_how_long_ago_when_asked_for(table: DeliveryTable) -> None:
    table.reset(range(0))
    table.add([a_summary(1, received_ns=0)])
    table.show_relative_times(on=True)
    assert text_of(table, 0, "time").endswith("d ago")


def test_numbers_stand_to_the_right(table: DeliveryTable) -> None:
    table.reset(range(1, 2))
    right = {
        column.name
        for place, column in enumerate(COLUMNS)
        if table.data(table.index(0, place), Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    }
    assert right == {"status", "size"}


def test_provider_and_event_are_listed_with_marks_for_what_cannot_be_seen() -> None:
    sent = a_summary(1, recognised=Recognised("stripe", "invoice.paid\u202e", "evt_1", 2))
    table = DeliveryTable(lambda ids: [sent for _ in ids])
    table.reset(range(1, 2))
    assert text_of(table, 0, "provider") == "stripe"
    assert text_of(table, 0, "event").startswith("invoice.paid")
    assert "\u202e" not in text_of(table, 0, "event")
    assert "(attempt 2)" in str(table.data(table.index(0, place_of("event")), Qt.ItemDataRole.ToolTipRole))


def test_an_invalid_index_has_nothing(table: DeliveryTable) -> None:
    assert table.data(QModelIndex()) is None
    assert table.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def place_of(name: str) -> int:
    return next(place for place, column in enumerate(COLUMNS) if column.name == name)


def text_of(table: DeliveryTable, row: int, column: str) -> str:
    return str(table.data(table.index(row, place_of(column))))
