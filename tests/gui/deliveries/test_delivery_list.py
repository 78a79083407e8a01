"""The middle column: it follows, or nothing moves."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Summary
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.models.delivery_columns import COLUMNS
from tests.gui.summaries import a_summary


def page(ids: Sequence[int]) -> list[Summary]:
    return [a_summary(id_) for id_ in ids]


@pytest.fixture
def deliveries(qtbot: QtBot) -> DeliveryList:
    nothing_yet, no_match = QLabel("nothing yet"), QLabel("no match")
    shown = DeliveryList(page, nothing_yet=nothing_yet, no_match=no_match)
    shown.resize(900, 400)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def arrive(deliveries: DeliveryList, *ids: int) -> None:
    deliveries.add([a_summary(id_) for id_ in ids])


def top_id(deliveries: DeliveryList) -> int:
    return deliveries.model.id_at(deliveries.view.rowAt(1))


def scroll(deliveries: DeliveryList, rows: int) -> None:
    deliveries.view.verticalScrollBar().setValue(rows * deliveries.view.row_height)


def test_it_follows_from_the_start(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1001), searching=False)
    arrive(deliveries, 1001, 1002)
    assert (deliveries.following, deliveries.unseen, top_id(deliveries)) == (True, 0, 1002)


def test_scrolling_away_stops_following_and_nothing_moves(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1001), searching=False)
    scroll(deliveries, 100)
    assert not deliveries.following
    before = top_id(deliveries)
    arrive(deliveries, 1001, 1002, 1003)
    arrive(deliveries, 1004)
    assert (top_id(deliveries), deliveries.unseen) == (before, 4)


def test_the_pill_counts_and_leads_back_to_the_newest(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1001), searching=False)
    scroll(deliveries, 100)
    arrive(deliveries, 1001, 1002)
    pill = deliveries._pill
    assert (pill.isVisible(), pill.text(), pill.accessibleName()) == (True, "2 new", "2 new")
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert (deliveries.following, pill.isVisible(), top_id(deliveries)) == (True, False, 1002)
    assert deliveries.current_id == 1002


def test_scrolling_back_to_the_top_follows_again(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1001), searching=False)
    scroll(deliveries, 100)
    scroll(deliveries, 0)
    assert deliveries.following


def test_following_that_was_switched_off_stays_off_at_the_top(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1001), searching=False)
    deliveries.follow(on=False)
    arrive(deliveries, 1001, 1002)
    assert (top_id(deliveries), deliveries.unseen) == (1000, 2)
    scroll(deliveries, 0)
    assert (deliveries.following, deliveries.unseen) == (False, 0)


def test_the_selected_delivery_stays_selected_while_others_arrive(deliveries: DeliveryList) -> None:
    told: list[object] = []
    deliveries.show_ids(range(1, 101), searching=False)
    deliveries.delivery_selected.connect(told.append)
    assert deliveries.select(95)
    arrive(deliveries, 101, 102)
    assert (deliveries.view.currentIndex().row(), told) == (7, [95])


def test_the_selected_delivery_survives_a_search_that_lists_it(deliveries: DeliveryList) -> None:
    told: list[object] = []
    deliveries.show_ids(range(1, 101), searching=False)
    deliveries.select(50)
    deliveries.delivery_selected.connect(told.append)
    deliveries.show_ids(range(40, 60), searching=True)
    assert (deliveries.view.currentIndex().row(), deliveries.current_id, told) == (9, 50, [])


def test_the_selected_delivery_is_back_when_the_search_is_cleared(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 101), searching=False)
    deliveries.select(50)
    deliveries.show_ids(range(1, 10), searching=True)
    assert deliveries.current_id is None
    deliveries.show_ids(range(1, 101), searching=False)
    assert deliveries.current_id == 50


def test_j_and_k_and_the_ends(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 101), searching=False)
    places = []
    for rows in (1, 1, 1, -1, 1000, 1, -1000, -1):
        deliveries.step(rows)
        places.append(deliveries.current_id)
    assert places == [100, 99, 98, 99, 1, 1, 100, 100]


def test_home_and_end_are_keys_of_the_view_too(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 101), searching=False)
    deliveries.step(1)
    QTest.keyClick(deliveries.view, Qt.Key.Key_End)
    assert deliveries.current_id == 1
    QTest.keyClick(deliveries.view, Qt.Key.Key_Home)
    assert deliveries.current_id == 100


def test_typing_letters_selects_nothing(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 101), searching=False)
    QTest.keyClicks(deliveries.view, "won")
    assert deliveries.current_id is None


def test_enter_asks_for_the_details(deliveries: DeliveryList, qtbot: QtBot) -> None:
    deliveries.show_ids(range(1, 101), searching=False)
    deliveries.step(1)
    with qtbot.waitSignal(deliveries.details_wanted):
        QTest.keyClick(deliveries.view, Qt.Key.Key_Return)


def test_after_a_removal_the_next_row_is_current(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 11), searching=False)
    deliveries.select(8)
    deliveries.remove([8])
    assert deliveries.current_id == 7


def test_all_selected_rows_are_known_by_id(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 1_000_001), searching=False)
    deliveries.view.selectAll()
    assert len(deliveries.view.selected_ids()) == 1_000_000


@pytest.mark.parametrize(("searching", "text"), [(False, "nothing yet"), (True, "no match")])
def test_an_empty_list_says_why(deliveries: DeliveryList, searching: bool, text: str) -> None:
    deliveries.show_ids((), searching=searching)
    labels = [label.text() for label in deliveries.findChildren(QLabel) if label.isVisible()]
    assert labels == [text]


def test_a_search_that_has_not_ended_does_not_say_that_nothing_matches(deliveries: DeliveryList) -> None:
    deliveries.show_ids((), searching=True, whole=False)
    assert deliveries.view.isVisible()
    deliveries.add_older((), whole=True)
    assert not deliveries.view.isVisible()


def test_rows_keep_their_place_when_older_ones_come_below(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(900, 1001), searching=True, whole=False)
    scroll(deliveries, 20)
    before = top_id(deliveries)
    deliveries.add_older(range(1, 1001))
    assert (top_id(deliveries), deliveries.model.rowCount()) == (before, 1000)


def test_a_narrow_table_lets_the_least_columns_go(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 10), searching=False)
    columns = deliveries.view.columns
    deliveries.resize(1200, 400)
    assert not any(columns.isSectionHidden(place) for place in range(columns.count()))
    deliveries.resize(420, 400)
    hidden = {place for place in range(columns.count()) if columns.isSectionHidden(place)}
    assert {COLUMNS[place].name for place in hidden} == {"sender", "size", "method", "event", "provider"}
    assert not columns.unwanted
    deliveries.resize(1200, 400)
    assert not any(columns.isSectionHidden(place) for place in range(columns.count()))


def test_a_column_that_is_not_wanted_stays_hidden(deliveries: DeliveryList) -> None:
    deliveries.show_ids(range(1, 10), searching=False)
    columns = deliveries.view.columns
    columns.want_all_but(frozenset({4}))
    deliveries.resize(1300, 400)
    assert [columns.isSectionHidden(place) for place in range(8)] == [place == 4 for place in range(8)]
