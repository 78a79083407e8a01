"""Scenarios in the window: made from a delivery, run against a receiver, edited, saved and opened again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from inspector import presets
from inspector.app import Inspector
from inspector.core.scenario import scenario_from
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.program import Program
from inspector.gui.scenarios.scenarios_page import ScenariosPage
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.text_panel import TextPanel
from tests.gui.test_program import Run, controls, described, name_of, run, shown
from tests.gui.waiting import until
from tests.product import a_handler, post, send
from tests.resend.stripe_receiver import BUGS, PAYLOAD, SECRET, TWELVE, receiver, sound, stripe_header, with_two_bugs
from tests.resend.targets import capturing

__all__ = ["run"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


async def one_delivery(inspector: Inspector) -> None:
    await a_handler(inspector, "stripe", SECRET, presets.scheme("stripe").scheme)
    raw = post(PAYLOAD, stripe_header(), b"Content-Type: application/json", target=b"/webhooks/stripe")
    assert (await send(inspector, raw))[0] == 200


@asynccontextmanager
async def made(folder: Path) -> AsyncIterator[tuple[Program, ScenariosPage]]:
    """The program with a scenario that was made from a good delivery by its command."""
    async with shown(folder) as program:
        await program.engine.call(one_delivery)
        deliveries = program.window.panes.deliveries
        await until(deliveries.model.rowCount, deliveries.model.rowsInserted, deliveries.model.modelReset)
        deliveries.step(1)
        program.window.actions_by_name["make_scenario"].trigger()
        page = program.window.findChild(ScenariosPage)
        assert isinstance(page, ScenariosPage)
        yield program, page


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def made_from(page: QWidget) -> LinkButton:
    found = page.findChild(LinkButton, "scenario_delivery")
    assert isinstance(found, LinkButton)
    return found


def target(page: QWidget) -> QComboBox:
    found = page.findChild(QComboBox, "scenario_target")
    assert isinstance(found, QComboBox)
    return found


def cell(page: ScenariosPage, kind: str, column: int) -> str:
    document = page.document
    assert document is not None
    place = [case.kind for case in document.scenario.case].index(kind)
    return str(page.view.cases.index(place, column).data())


def write_cell(page: ScenariosPage, place: int, column: int, text: str) -> None:
    cases = page.view.cases
    cases.setData(cases.index(place, column), text)


def notices(page: QWidget) -> list[str]:
    return [notice.text for notice in page.findChildren(Notice) if notice.isVisible()]


async def ran(page: ScenariosPage) -> None:
    """Press Run, and wait for the end."""
    run_it = button(page, "run_scenario")
    run_it.click()
    await until(lambda: not run_it.isEnabled() or (page.document and page.document.results))
    await until(run_it.isEnabled)


def leave_only(page: ScenariosPage, kinds: tuple[str, ...]) -> None:
    document = page.document
    assert document is not None
    for place, case in enumerate(document.scenario.case):
        if case.kind not in kinds:
            page.view.cases.switched.emit(place, False)


def test_the_bugs_of_a_receiver_are_marked_and_its_answer_is_seen(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (_, page):
            assert page.document is not None
            assert (page.document.scenario.delivery, page.document.scenario.sign) == (1, "stripe")
            leave_only(page, TWELVE)
            with receiver(with_two_bugs) as url:
                target(page).setEditText(url)
                await ran(page)
            assert sorted(kind for kind in TWELVE if cell(page, kind, 4) == "differs") == sorted(BUGS)
            assert {cell(page, kind, 4) for kind in TWELVE if kind not in BUGS} == {"as expected"}
            assert cell(page, "burst", 3) == "200 × 20"
            assert cell(page, "cut", 4) == "switched off"
            summary = page.findChild(QLabel, "scenario_summary")
            assert isinstance(summary, QLabel)
            assert summary.text() == "10 as expected, 2 differ"
            page.view.selectRow(4)
            assert "Expected 4xx, but the receiver answered 200." in notices(page)
            shown_answer = page.case.findChild(TextPanel, "attempt_text")
            assert isinstance(shown_answer, TextPanel)
            assert shown_answer.text().endswith('{"received": true}')

    run(scene())


def test_a_sound_receiver_differs_in_nothing(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (_, page):
            leave_only(page, TWELVE)
            with receiver(sound) as url:
                target(page).setEditText(url)
                await ran(page)
            assert {cell(page, kind, 4) for kind in TWELVE} == {"as expected"}

    run(scene())


def test_what_is_expected_can_be_edited_and_counts_at_once(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (program, page):
            leave_only(page, ("good", "stale"))
            async with capturing(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n") as nobody:
                target(page).setEditText(nobody.url)
                await ran(page)
            assert cell(page, "good", 4) == "differs"
            write_cell(page, 0, 2, "2xx or 404")
            assert (cell(page, "good", 2), cell(page, "good", 4)) == ("2xx or 404", "as expected")
            write_cell(page, 0, 2, "6xx")
            assert "good: expects '6xx'; as 200, 2xx, none or any." in notices(page)
            assert cell(page, "good", 2) == "2xx or 404"
            program.window.actions_by_name["undo"].trigger()
            assert (cell(page, "good", 2), cell(page, "good", 4)) == ("2xx", "differs")
            write_cell(page, 4, 1, "60")
            assert (cell(page, "stale", 1), cell(page, "stale", 4)) == ("60 s", "not run yet")

    run(scene())


def test_space_switches_a_case_off_and_on(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (_, page):
            page.view.setFocus()
            page.view.selectRow(1)
            QTest.keyClick(page.view, Qt.Key.Key_Space)
            assert cell(page, "wrong-secret", 4) == "switched off"
            QTest.keyClick(page.view, Qt.Key.Key_Space)
            assert cell(page, "wrong-secret", 4) == "not run yet"

    run(scene())


def test_it_is_saved_as_the_file_that_the_command_line_runs(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (program, page):
            name = page.findChild(QLineEdit, "scenario_name")
            assert isinstance(name, QLineEdit)
            name.selectAll()
            QTest.keyClicks(name, "stripe / live")
            target(page).setEditText("http://127.0.0.1:9/hook")
            page.view.cases.switched.emit(0, False)
            button(page, "save_scenario").click()
            file = tmp_path / "scenarios" / "stripe-live.toml"
            saved = scenario_from(file.read_text(encoding="utf-8"))
            assert (saved.name, saved.delivery, saved.target) == ("stripe / live", 1, "http://127.0.0.1:9/hook")
            assert not saved.case[0].enabled
            assert not button(page, "save_scenario").isEnabled()
            program.pages.scenarios["delete_scenario"].trigger()  # type: ignore[union-attr]
            assert not file.exists()
            program.window.actions_by_name["undo"].trigger()
            assert scenario_from(file.read_text(encoding="utf-8")) == saved
        async with shown(tmp_path) as program:
            program.window.sidebar.choose(Choice.SCENARIOS)
            again = program.window.findChild(ScenariosPage)
            assert isinstance(again, ScenariosPage)
            assert again.document is not None
            assert (again.document.scenario, again.list.count()) == (saved, 1)

    run(scene())


def test_a_deleted_file_comes_back_byte_for_byte_and_one_that_cannot_be_deleted_stays(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (program, page):
            button(page, "save_scenario").click()
            assert page.document is not None
            file = page.document.path
            assert file is not None
            written = file.read_bytes() + b"# a remark\r\n"
            file.write_bytes(written)
            delete = program.pages.scenarios["delete_scenario"]  # type: ignore[union-attr]
            delete.trigger()
            assert not file.exists()
            assert page.list.count() == 0
            program.window.actions_by_name["undo"].trigger()
            assert file.read_bytes() == written
            file.unlink()
            file.mkdir()
            said: list[str] = []
            page.said.connect(said.append)
            delete.trigger()
            assert page.document is not None
            assert len(said) == 1

    run(scene())


def test_a_run_is_cancelled_and_keeps_what_was_answered(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (_, page), capturing() as slow:
            slow.open_.clear()
            target(page).setEditText(slow.url)
            button(page, "run_scenario").click()
            await until(lambda: slow.requests)
            slow.open_.set()
            await until(lambda: page.document is not None and page.document.results)
            slow.open_.clear()
            button(page, "cancel_scenario").click()
            await until(button(page, "run_scenario").isEnabled)
            assert page.document is not None
            assert 1 <= len(page.document.results) < 16
            assert cell(page, "cut", 4) == "not run yet"
            slow.open_.set()

    run(scene())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Type where the receiver is."),
        ("gopher://x", "Only http and https can be sent to, not gopher."),
        ("http://169.254.169.254/", "hands out credentials"),
    ],
)
def test_a_target_that_cannot_be_is_said_beneath_it(tmp_path: Path, run: Run, url: str, said: str) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (_, page):
            target(page).setEditText(url)
            button(page, "run_scenario").click()
            await until(lambda: any(said in text for text in notices(page)))
            assert button(page, "allow_scenario_target").isVisible() == ("169" in url)
            assert page.document is not None
            assert page.document.results == {}

    run(scene())


def test_a_file_that_is_none_is_said_and_nothing_is_opened(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path) as (program, page):
            odd = tmp_path / "odd.toml"
            odd.write_text("[[case]]\nkind = 'odd'")
            page.open_path(str(odd))
            assert any("unknown kind 'odd'" in text for text in program.window.messages.texts)
            assert page.list.count() == 1

    run(scene())


def test_every_control_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path / "empty") as program:
            program.window.sidebar.choose(Choice.SCENARIOS)
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []
        async with made(tmp_path) as (program, page), capturing() as nobody:
            target(page).setEditText(nobody.url)
            leave_only(page, ("good", "duplicate"))
            await ran(page)
            page.view.selectRow(11)
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []

    run(scene())


def test_a_saved_file_brings_its_request_to_another_machine(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with made(tmp_path / "here") as (program, page):
            button(page, "save_scenario").click()
            assert page.document is not None
            assert page.document.path is not None
            carried = tmp_path / "carried.toml"
            carried.write_bytes(page.document.path.read_bytes())
            assert made_from(page).text().startswith("delivery 1: POST ")
        async with shown(tmp_path / "there") as program:
            program.window.sidebar.choose(Choice.SCENARIOS)
            opened = program.window.findChild(ScenariosPage)
            assert isinstance(opened, ScenariosPage)
            opened.open_path(str(carried))
            assert made_from(opened).text().startswith("the request in the file: POST ")
            assert not made_from(opened).isEnabled()

    run(scene())
