"""Many deliveries are checked again under the table, and each count lists what it counted."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from inspector.core.delivery import Verdict
from inspector.gui.deliveries.again_panel import AgainPanel
from inspector.gui.program import Program
from tests.gui.test_program import shown
from tests.gui.waiting import emitted, until
from tests.product import a_handler, delivery_in, github_signature, post, send

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]

BODY = b'{"order": 7}'


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


async def arrive(program: Program, *secrets: str) -> None:
    for secret in secrets:
        raw = post(BODY, github_signature(BODY, secret))
        await program.engine.call(lambda inspector, raw=raw: send(inspector, raw))  # type: ignore[misc]
    model = program.deliveries.model
    await until(lambda: model.rowCount() == len(secrets), model.rowsInserted, model.modelReset)


def panel_of(program: Program) -> AgainPanel:
    panel = program.window.findChild(AgainPanel)
    assert isinstance(panel, AgainPanel)
    return panel


async def check(program: Program, action: str) -> AgainPanel:
    program.window.actions_by_name[action].trigger()
    panel = panel_of(program)
    await emitted(panel.ended)
    return panel


def click(parent: QWidget, name: str) -> None:
    button = parent.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_all_that_is_listed_is_checked_and_counted(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrive(program, "new", "new", "none")
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "new"))
            panel = await check(program, "check_all_again")
            assert panel.isVisible()
            assert panel.title == "3 deliveries checked with today’s handlers"
            assert panel.counts.texts == ["2 won", "1 failed", "2 from failed to won"]
            click(panel, "turn-wins")
            model = program.deliveries.model
            await until(lambda: model.rowCount() == 2, model.modelReset)
            assert {model.text(row, 0) for row in range(2)} == {"failed"}  # what is stored stays
            said = "Listed are deliveries that were checked again: 2 from failed to won."
            assert said in program.window.messages.texts
            panel = await check(program, "check_all_again")
            assert panel.title == "2 deliveries checked with today’s handlers"
            QTest.keyClick(panel, Qt.Key.Key_Escape)
            assert not panel.isVisible()

    run(scene())
    stored = delivery_in(tmp_path, 1)
    assert stored is not None
    assert (stored.verdict, stored.ladder) == (Verdict.FAILED, ())


def test_a_selection_is_checked_and_one_alone_is_shown_beside_its_outcome(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrive(program, "new", "none", "new")
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "new"))
            program.deliveries.step(0)
            program.window.actions_by_name["check_again"].trigger()
            verdict = program.details._verdict
            assert verdict is not None
            assert verdict.again is not None
            await until(verdict.again.said.text, verdict.again.shown)
            assert program.window.findChild(AgainPanel) is None
            QTest.keyClick(program.deliveries.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
            assert len(program.deliveries.view.selected_ids()) == 2
            panel = await check(program, "check_again")
            assert panel.counts.texts == ["1 won", "1 failed", "1 from failed to won"]

    run(scene())


def test_a_check_can_be_cancelled_and_says_how_far_it_came(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrive(program, "new", "new")
            program.window.actions_by_name["check_all_again"].trigger()
            panel = panel_of(program)
            assert panel.title == "Checking with today’s handlers: 0 of 0"
            click(panel, "cancel-again")
            assert panel.title.startswith("Cancelled after 0 of ")
            assert panel.isVisible()
            click(panel, "close-again")
            assert not panel.isVisible()

    run(scene())


def test_every_control_of_the_panel_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrive(program, "new")
            panel = await check(program, "check_all_again")
            controls = [child for child in panel.findChildren(QWidget) if child.focusPolicy() != Qt.FocusPolicy.NoFocus]
            unnamed = [
                child.objectName()
                for child in controls
                if (found := QAccessible.queryAccessibleInterface(child)) and not found.text(QAccessible.Text.Name)
            ]
            assert len(controls) > 8
            assert unnamed == []

    run(scene())
