"""Above the failures stands why they failed: groups, each a link to its deliveries, mended at one press."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from inspector.core.delivery import Verdict
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.diagnosis.effect_view import EffectView
from inspector.gui.diagnosis.failure_groups import FailureGroups
from inspector.gui.diagnosis.group_row import GroupRow
from inspector.gui.program import Program
from inspector.gui.widgets.link_button import LinkButton
from tests.gui.diagnosis.test_cause_section import has_handlers
from tests.gui.test_program import SECRET, arrives, shown
from tests.gui.waiting import until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


async def asked(program: Program) -> FailureGroups:
    """Ask by the command, and wait for the answer."""
    program.window.actions_by_name["why_failed"].trigger()
    pane = program.window.findChild(FailureGroups)
    assert pane is not None
    await until(lambda: not pane.busy)
    return pane


def rows(pane: FailureGroups) -> list[GroupRow]:
    return pane.findChildren(GroupRow)


def listed(program: Program) -> list[int]:
    model = program.window.panes.deliveries.model
    return [model.id_at(row) for row in range(model.rowCount())]


def test_each_cause_is_a_group_with_its_count_and_what_to_do(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            for secret in (SECRET, SECRET, "nobody has it"):
                await arrives(program, secret)
            pane = await asked(program)
            assert program.window.sidebar.choice is Choice.FAILED
            titles = [row.title.text() for row in rows(pane)]
            assert [title.partition(" since ")[0].partition(" at ")[0] for title in titles] == ["1 failed", "2 failed"]
            assert all("for “github”" in title for title in titles)
            sentence = rows(pane)[1].findChild(QLabel, "group_sentence")
            assert sentence is not None
            assert "a blank" in sentence.text()

    run(scene())


def test_a_group_lists_its_deliveries_and_all_can_be_listed_again(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            for secret in (SECRET, "nobody has it", SECRET):
                await arrives(program, secret)
            pane = await asked(program)
            await until(lambda: listed(program) == [3, 2, 1])
            QTest.mouseClick(rows(pane)[0].title, Qt.MouseButton.LeftButton)
            assert listed(program) == [3, 1]
            assert program.window.sidebar.choice is Choice.FAILED
            program.live.list_all()
            await until(lambda: listed(program) == [3, 2, 1])

    run(scene())


def test_applied_to_a_group_the_change_mends_the_handler_and_the_group_verifies(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            await arrives(program)
            await arrives(program)
            pane = await asked(program)
            QTest.mouseClick(rows(pane)[0].apply, Qt.MouseButton.LeftButton)
            await until(lambda: [each.group.finding.cause for each in pane.groups] == ["verifies"])
            await until(lambda: not pane.busy)
            assert not rows(pane)[-1].apply.isVisible()
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: [each.group.finding.cause for each in pane.groups] == ["secret-whitespace"])

    run(scene())


def test_before_it_is_applied_the_change_says_what_it_would_have_made_of_the_last_deliveries(
    tmp_path: Path, run: Run
) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            for secret in (SECRET, "nobody has it", SECRET):
                await arrives(program, secret)
            pane = await asked(program)
            await until(lambda: not pane.counting)
            mended, unexplained = (row.findChild(EffectView, "group_effect") for row in rows(pane))
            assert mended is not None
            assert unexplained is not None
            assert list(mended.texts) == ["2 change from failed to won"]
            assert mended.isVisible()
            assert not unexplained.isVisible()  # nothing is proposed there
            link = mended.findChild(LinkButton, "change-wins")
            assert link is not None
            QTest.mouseClick(link, Qt.MouseButton.LeftButton)
            assert listed(program) == [3, 1]

    run(scene())


def test_the_search_narrows_what_is_grouped(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            await arrives(program, target=b"/one")
            await arrives(program, target=b"/two")
            pane = await asked(program)
            assert [len(each.ids) for each in pane.groups] == [2]
            program.window.header.search.search_now("path:/two")
            await until(lambda: pane.busy)
            await until(lambda: not pane.busy)
            assert [len(each.ids) for each in pane.groups] == [1]

    run(scene())


def test_closed_it_does_nothing_and_elsewhere_it_is_not_to_be_seen(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            assert program.window.findChild(FailureGroups) is None
            program.window.sidebar.choose(Choice.FAILED)
            pane = program.window.findChild(FailureGroups)
            assert pane is not None
            assert pane.isVisible()
            assert not pane.busy
            pane = await asked(program)
            said = pane.findChild(QLabel, "failures_said")
            assert said is not None
            assert said.text() == "Nothing failed there."
            program.window.sidebar.choose(Choice.ALL)
            assert not pane.isVisible()
            assert not pane.opener.isChecked()

    run(scene())


def test_the_search_for_causes_can_be_stopped(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", SECRET))
            for number in range(4):
                await arrives(program, f"nobody has {number}")
            program.window.actions_by_name["why_failed"].trigger()
            pane = program.window.findChild(FailureGroups)
            assert pane is not None
            stop = pane.findChild(QPushButton, "failures_stop")
            assert stop is not None
            assert pane.busy
            QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
            await until(lambda: not pane.busy)
            said = pane.findChild(QLabel, "failures_said")
            assert said is not None
            assert said.text().startswith("Stopped.")

    run(scene())


def test_a_process_is_made_ready_once_there_is_a_failure_and_not_before(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", SECRET))
            await arrives(program)
            assert program.live.counts[Verdict.WON] == 1
            assert program.pages is not None
            why = program.pages.why_failed
            assert not why.warming
            await arrives(program, "nobody has it")
            await until(lambda: why.warming, program.live.counted)

    run(scene())
