"""Where the keys go once something is chosen: into it, but never while one walks through the sidebar."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from inspector.core.forward_rule import ForwardRule
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.program import Program
from tests.gui.forwarding.scenes import forwarding, line, with_rules
from tests.gui.test_program import Run, arrives, run, shown, with_handler

__all__ = ["run"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL = Qt.KeyboardModifier.ControlModifier


def in_front(program: Program) -> None:
    """The window is the one that has the keys."""
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)


def focused(program: Program) -> str:
    """The name of what has the focus."""
    widget = program.window.focusWidget()
    assert isinstance(widget, QWidget)
    return widget.objectName()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


@pytest.mark.parametrize(
    ("choice", "name"),
    [
        (Choice.HANDLERS, "new-handler"),
        (Choice.FORWARDING, "new_rule"),
        (Choice.SCENARIOS, "choose_delivery"),
        (Choice.SIMULATOR, "simulator-search"),
        (Choice.SETTINGS, "host"),
    ],
)
def test_a_chosen_page_has_the_focus_at_what_begins_something(
    tmp_path: Path, run: Run, choice: Choice, name: str
) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            program.window.actions_by_name[f"show_{choice}"].trigger()
            assert focused(program) == name

    run(scene())


def test_chosen_deliveries_have_the_focus(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrives(program)
            program.window.actions_by_name["show_settings"].trigger()
            program.window.actions_by_name["show_all"].trigger()
            assert program.window.focusWidget() is program.window.panes.deliveries.view

    run(scene())


def test_a_page_is_entered_again_where_it_was_left(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await with_rules(program, page, ForwardRule("shop", "http://127.0.0.1:9"))
            actions = program.window.actions_by_name
            actions["show_all"].trigger()
            actions["show_forwarding"].trigger()
            assert program.window.focusWidget() is page.list
            line(page, "search").setFocus()
            actions["show_all"].trigger()
            actions["show_forwarding"].trigger()
            assert program.window.focusWidget() is line(page, "search")

    run(scene())


def test_keys_of_a_page_work_as_soon_as_it_is_chosen(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await with_handler(program)
            await with_rules(program, page, ForwardRule("shop", "http://127.0.0.1:9"))
            in_front(program)
            program.window.actions_by_name["show_all"].trigger()
            press(Qt.Key.Key_8, CONTROL)
            press(Qt.Key.Key_N, CONTROL)
            assert [entry.rule.name for entry in page.model.entries] == ["shop", "forward"]
            assert program.window.sidebar.choice is Choice.FORWARDING

    run(scene())


def test_a_new_handler_is_begun_from_where_one_is(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, _page):
            in_front(program)
            program.window.actions_by_name["show_all"].trigger()
            press(Qt.Key.Key_N, CONTROL)
            assert program.window.sidebar.choice is Choice.HANDLERS

    run(scene())


def test_arrow_keys_walk_through_the_sidebar_undisturbed(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            in_front(program)
            sidebar = program.window.sidebar
            sidebar.setFocus()
            passed = []
            for _ in range(9):
                press(Qt.Key.Key_Down)
                passed.append(sidebar.choice)
                assert program.window.focusWidget() is sidebar
            assert {Choice.FORWARDING, Choice.SCENARIOS, Choice.SIMULATOR, Choice.HANDLERS} < set(passed)
            press(Qt.Key.Key_Return)
            assert focused(program) == "host"

    run(scene())


def test_a_click_in_the_sidebar_goes_into_the_page(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            in_front(program)
            sidebar = program.window.sidebar
            place = sidebar.visualItemRect(sidebar._items[Choice.SIMULATOR]).center()
            QTest.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=place)
            assert focused(program) == "simulator-search"

    run(scene())
