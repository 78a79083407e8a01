"""Two answers side by side: of one delivery, of two, of two targets; what differs is said by shape and word."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QTableView

from inspector.gui.models.compared_rows import NAME, ComparedRows
from inspector.gui.resend.comparison_window import ComparisonWindow
from inspector.gui.resend.resends_pane import ResendsPane
from tests.gui.resend.scenes import button, combo, resends, seen, type_target, until_attempts
from tests.gui.test_program import arrives, controls, described, name_of
from tests.gui.waiting import until
from tests.resend.targets import capturing

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

FIRST = b'HTTP/1.1 200 OK\r\nX-Same: 1\r\nSet-Cookie: s3cret\r\nContent-Length: 13\r\n\r\n{"a":1,"b":2}'
SECOND = b'HTTP/1.1 500 Oops\r\nX-Same: 1\r\nX-New: y\r\nContent-Length: 13\r\n\r\n{"a":1,"b":3}'

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


async def compared(pane: ResendsPane) -> ComparisonWindow:
    """The window, when all is compared."""
    window = pane.findChild(ComparisonWindow)
    assert isinstance(window, ComparisonWindow)
    await until(lambda: seen(window, "compare_sum").startswith("The answers"))
    return window


def lines(window: ComparisonWindow) -> list[list[str]]:
    model: ComparedRows = window.rows
    return [[str(model.index(row, column).data() or "") for column in range(4)] for row in range(model.rowCount())]


async def twice(pane: ResendsPane, url: str) -> None:
    type_target(pane, url)
    for count in (1, 2):
        button(pane, "resend_send").click()
        await until_attempts(pane, count)


def test_the_two_that_are_selected_are_compared(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, FIRST, SECOND) as (program, pane, capture):
            await twice(pane, capture.url)
            pane.attempts.selectAll()
            program.window.actions_by_name["compare_answers"].trigger()
            window = await compared(pane)
            shown = lines(window)
            assert ["Status", "200 OK", "differs", "500 Oops"] in shown
            assert ["X-Same", "1", "", "1"] in shown
            assert ["Set-Cookie", "••••••••", "only left", ""] in shown
            assert ["X-New", "", "only right", "y"] in shown
            assert ["3", '  "b": 2', "differs", '  "b": 3'] in shown
            assert seen(window, "compare_sum") == "The answers differ: status, 2 headers, 1 line of the body."
            assert any(line[0] == "First byte" and line[2][:1] in "+−≈" for line in shown)

    run(scene())


def test_only_what_differs_and_values_are_shown_on_request(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, FIRST, SECOND) as (_, pane, capture):
            await twice(pane, capture.url)
            pane.compare()
            window = await compared(pane)
            for name in ("compare_only", "compare_values"):
                box = window.findChild(QCheckBox, name)
                assert isinstance(box, QCheckBox)
                box.click()
            shown = lines(window)
            assert ["Set-Cookie", "s3cret", "only left", ""] in shown
            assert not [line for line in shown if line[0] == "X-Same"]

    run(scene())


def test_the_keyboard_goes_from_difference_to_difference(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, FIRST, SECOND) as (_, pane, capture):
            await twice(pane, capture.url)
            pane.compare()
            window = await compared(pane)
            table = window.findChild(QTableView, "compared")
            assert isinstance(table, QTableView)
            found = []
            for key, modifiers in [(Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier)] * 4 + [
                (Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
            ]:
                found.append(window.rows.index(table.currentIndex().row(), NAME).data())
                QTest.keyClick(window, key, modifiers)
            found.append(window.rows.index(table.currentIndex().row(), NAME).data())
            assert found == ["Status", "Set-Cookie", "X-New", "3", "Status", "3"]

    run(scene())


def test_answers_of_two_deliveries_and_targets_are_chosen_in_the_window(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with capturing(SECOND) as other, resends(tmp_path, FIRST) as (program, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            program.window.panes.deliveries.select(await arrives(program, target=b"/other"))
            await until_attempts(pane, 0)
            type_target(pane, other.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            pane.compare()
            window = await compared(pane)
            left = combo(window, "compare_left")
            assert left.count() == 2
            left.setCurrentIndex(left.findData(1))
            await until(lambda: ["Delivery", "1", "", "2"] in lines(window))
            assert any(line[0] == "Target" and line[1] != line[3] for line in lines(window))

    run(scene())


def test_every_control_of_the_comparison_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            await twice(pane, capture.url)
            pane.compare()
            window = await compared(pane)
            assert [described(widget) for widget in controls(window) if not name_of(widget)] == []

    run(scene())


def test_it_goes_with_the_main_window(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            await twice(pane, capture.url)
            pane.attempts.selectionModel().select(
                pane.attempts.attempts.index(0, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )
            pane.compare()
            window = await compared(pane)
            program.window.hide()
            assert not window.isVisible()

    run(scene())
