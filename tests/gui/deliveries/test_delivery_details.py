"""The tabs of a delivery: only the one in sight is filled, and what was chosen stays."""

import asyncio
import gzip
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QCheckBox, QComboBox, QLineEdit, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.deliveries.delivery_details import DeliveryDetails
from inspector.gui.deliveries.raw_pane import RawPane
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.widgets.text_panel import TextPanel
from tests.gui.deliveries.samples import MISMATCH, SIGNED, a_delivery, a_request, expected, handler_of, until

FOCUSABLE = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTabWidget)


@pytest.fixture
def details(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> DeliveryDetails:
    details = DeliveryDetails(expected, handler_of)
    qtbot.addWidget(details)
    details.resize(450, 600)
    with qtbot.waitExposed(details):
        details.show()
    return details


def tabs(details: DeliveryDetails) -> QTabWidget:
    found = details.findChild(QTabWidget, "details_tabs")
    assert isinstance(found, QTabWidget)
    return found


def action(details: DeliveryDetails, name: str) -> QAction:
    return next(action for action in details.actions() if action.objectName() == name)


def test_without_a_delivery_there_is_nothing_to_command(details: DeliveryDetails) -> None:
    assert not tabs(details).isVisible()
    assert not any(action.isEnabled() for action in details.actions())
    details.show_delivery(a_delivery())
    assert tabs(details).isVisible()
    assert all(action.isEnabled() for action in details.actions())
    details.show_delivery(None)
    assert not tabs(details).isVisible()


def test_the_tab_stays_from_delivery_to_delivery(details: DeliveryDetails) -> None:
    details.show_delivery(a_delivery(a_request(b"one")))
    details.show_tab(3)
    details.show_delivery(a_delivery(a_request(b"two"), number=2))
    panel = details.findChild(TextPanel, "raw_text")
    assert isinstance(panel, TextPanel)
    assert details.tab == 3
    assert panel.text().endswith("two")


def test_what_is_shown_in_one_tab_is_shown_in_the_other(details: DeliveryDetails) -> None:
    details.show_delivery(a_delivery(a_request(b"", (b"Cookie", b"id=1"))))
    details.show_tab(1)
    box = details.findChild(QCheckBox, "show_values")
    assert isinstance(box, QCheckBox)
    box.click()
    details.show_tab(3)
    panel = details.findChild(TextPanel, "raw_text")
    assert isinstance(panel, TextPanel)
    assert "Cookie: id=1" in panel.text()


def test_find_opens_in_the_body_and_says_what_came_of_it(
    details: DeliveryDetails, window_loop: asyncio.AbstractEventLoop
) -> None:
    details.show_delivery(a_delivery(a_request(b'{"a": "needle"}')))
    action(details, "find_in_body").trigger()
    assert details.tab == 2
    bar = next(bar for bar in details.findChildren(FindBar) if bar.isVisible())
    field = bar.findChild(QLineEdit, "find_text")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "missing")
    QTest.keyClick(field, Qt.Key.Key_Return)
    window_loop.run_until_complete(until(lambda: bar.said == "Not found"))
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_find_stays_in_the_raw_request(details: DeliveryDetails) -> None:
    details.show_delivery(a_delivery(a_request(b"x")))
    details.show_tab(3)
    action(details, "find_in_body").trigger()
    raw = details.findChild(RawPane)
    assert isinstance(raw, RawPane)
    assert details.tab == 3
    assert raw.find_bar.isVisible()


@pytest.mark.parametrize(("name", "copied"), [("copy_body", "body"), ("copy_curl", "curl --globoff")])
def test_commands_work_from_any_tab(details: DeliveryDetails, name: str, copied: str) -> None:
    details.show_delivery(a_delivery(a_request(b"body")))
    action(details, name).trigger()
    assert QGuiApplication.clipboard().text().startswith(copied)
    assert details.tab == 0


def test_every_control_has_a_name(details: DeliveryDetails) -> None:
    details.show_delivery(a_delivery(a_request(b'{"a": 1}', SIGNED), MISMATCH))
    unnamed: list[QWidget] = []
    for tab in range(4):
        details.show_tab(tab)
        unnamed += [
            widget
            for widget in details.findChildren(QWidget)
            if isinstance(widget, FOCUSABLE)
            and widget.isVisible()
            and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
            and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        ]
    assert unnamed == []


@pytest.mark.parametrize("tab", range(1, 4))
def test_the_tab_key_goes_in_reading_order(details: DeliveryDetails, tab: int) -> None:
    body = gzip.compress(b"text")
    details.show_delivery(a_delivery(a_request(body, (b"Content-Encoding", b"gzip"), content_type=b"text/plain")))
    details.show_tab(tab)
    details.grab()
    pane = tabs(details).currentWidget()
    assert pane is not None
    chain: list[QWidget] = [pane]
    while (following := chain[-1].nextInFocusChain()) is not None and following is not pane:
        chain.append(following)
    corners = [
        widget.mapTo(pane, widget.rect().topLeft())
        for widget in chain[1:]
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isAncestorOf(widget)
    ]
    places = [(corner.y() // 20, corner.x()) for corner in corners]
    assert len(places) >= 4
    assert places == sorted(places)


@pytest.mark.parametrize("tab", range(4))
def test_browsing_small_deliveries_takes_no_time(details: DeliveryDetails, tab: int) -> None:
    body = b'{"id": 1, "text": "' + b"x" * 2_000 + b'"}'
    deliveries = [a_delivery(a_request(body, SIGNED), MISMATCH, number=number) for number in range(1, 31)]
    details.show_delivery(deliveries[0])
    details.show_tab(tab)
    times = []
    for delivery in deliveries[1:]:
        begun = perf_counter()
        details.show_delivery(delivery)
        times.append(perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.05
