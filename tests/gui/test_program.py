"""The whole window on the running product: what arrives is seen, what is chosen is done."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

from inspector.app import Inspector
from inspector.feed import OpenDelivery
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.program import Program
from inspector.gui.theme import Theme, is_dark
from inspector.gui.widgets.mnemonics import letter_of
from inspector.settings import Settings
from tests.gui.waiting import until
from tests.product import a_handler, any_port, delivery_in, github_signature, post, send

BODY = b'{"zen": "Design for failure."}'
SECRET = "It's a Secret"

# A window that comes to the front asks for what the offscreen platform does not know.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)  # as the product has it: the engine ends first
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


@asynccontextmanager
async def shown(folder: Path, settings: Settings | None = None, *, listening: bool = True) -> AsyncIterator[Program]:
    """The program with its window, until the window is closed at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(application)
    program = Program(folder, settings or any_port(), theme)
    program.window.show()
    program.add_pages()
    running = asyncio.ensure_future(program.run())
    try:
        if listening:
            await until(lambda: program.window.header.url, program.engine.changed)
        yield program
    finally:  # a scene that fails must not leave its engine to the next one
        program.window.close()
        await running
        program.window.deleteLater()
        theme.deleteLater()


async def with_handler(program: Program) -> None:
    await program.engine.call(_add_handler)


async def _add_handler(inspector: Inspector) -> None:
    await a_handler(inspector, "github", SECRET)


async def arrives(program: Program, secret: str = SECRET, target: bytes = b"/hook") -> int:
    """Send a delivery signed with `secret`, and wait until it is listed; returns its id."""
    before = program.live.counts.total()  # type: ignore[attr-defined]
    raw = post(BODY, github_signature(BODY, secret), target=target)
    await program.engine.call(lambda inspector: send(inspector, raw))
    model = program.window.panes.deliveries.model
    await until(lambda: program.live.counts.total() > before, program.live.counted)  # type: ignore[attr-defined]
    await until(lambda: model.rowCount() > before, model.rowsInserted, model.modelReset)
    return model.id_at(0)


PLACES = [place for place, each in enumerate(COLUMNS) if each.name in ("verdict", "path", "handler", "status")]


def cells(program: Program) -> list[tuple[str, ...]]:
    """Verdict, path, handler and status of each row."""
    model = program.window.panes.deliveries.model
    return [tuple(model.text(row, column) for column in PLACES) for row in range(model.rowCount())]


def test_what_arrives_is_listed_with_its_verdict_and_handler(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            await arrives(program)
            await arrives(program, "another secret")
            assert cells(program) == [("failed", "/hook", "", "403"), ("won", "/hook", "github", "200")]
            await until(lambda: program.window.status.text.startswith("2 deliveries · 1 failed"))

    run(scene())


def test_the_sidebar_chooses_what_is_listed(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            await arrives(program)
            await arrives(program, "another secret")
            model = program.window.panes.deliveries.model
            program.window.sidebar.choose(Choice.FAILED)
            await until(lambda: model.rowCount() == 1, model.modelReset)
            assert cells(program) == [("failed", "/hook", "", "403")]

    run(scene())


def test_the_selected_delivery_is_explained(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            id_ = await arrives(program)
            window = program.window
            window.panes.deliveries.view.setFocus()
            QTest.keyClick(window.panes.deliveries.view, Qt.Key.Key_J)
            delivery = window.panes.details.delivery
            assert delivery is not None
            assert (delivery.id, bytes(delivery.request.body)) == (id_, BODY)

    run(scene())


def test_a_taken_port_is_said_with_the_next_one_on_a_button(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            settings = replace(any_port(), listener=replace(any_port().listener, port=port))
            async with shown(tmp_path, settings, listening=False) as program:
                window = program.window
                await until(lambda: window.messages.findChildren(QPushButton), program.engine.changed)
                assert any(str(port) in text for text in window.messages.texts)
                button = next(each for each in window.messages.findChildren(QPushButton) if "Use port" in each.text())
                offered = button.text().split()[-1]
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)
                await until(lambda: window.header.url, program.engine.changed)
                assert window.header.url == f"http://127.0.0.1:{offered}/"

    run(scene())


def test_switched_off_it_answers_403_and_says_so(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            program.window.actions_by_name["enabled"].trigger()
            button = program.window.header.findChild(QWidget, "listening_button")
            assert button is not None
            await until(lambda: button.accessibleName() == "Switched off", program.engine.changed)
            raw = post(BODY)
            status, _, body = await program.engine.call(lambda inspector: send(inspector, raw))
            assert (status, body) == (403, b"Feature not enabled")
            model = program.window.panes.deliveries.model
            await until(model.rowCount, model.rowsInserted, model.modelReset)
            assert cells(program)[0][0] == "refused"

    run(scene())


def test_the_url_is_copied(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            program.window.actions_by_name["copy_url"].trigger()
            assert QGuiApplication.clipboard().text() == program.window.header.url

    run(scene())


def test_another_start_of_the_program_shows_a_delivery_in_this_one(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            first = await arrives(program)
            await arrives(program, target=b"/other")
            deliveries = program.window.panes.deliveries
            program.window.header.search.search_now("path:/other")
            await until(lambda: deliveries.model.rowCount() == 1, deliveries.model.modelReset)
            await program.engine.call(lambda inspector: _publish(inspector, OpenDelivery(first)))
            await until(lambda: deliveries.current_id == first, deliveries.delivery_selected)
            assert program.window.header.search.text() == ""

    run(scene())


async def _publish(inspector: Inspector, change: OpenDelivery) -> None:
    inspector.feed.publish(change)


def test_a_deletion_is_for_good_once_the_window_is_closed(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            gone = await arrives(program)
            kept = await arrives(program)
            deliveries, actions = program.window.panes.deliveries, program.window.actions_by_name
            for id_ in (gone, kept):
                deliveries.select(id_)
                actions["delete"].trigger()
            assert cells(program) == []
            actions["undo"].trigger()
            await until(lambda: deliveries.model.rowCount() == 1, deliveries.model.modelReset)
            assert delivery_in(tmp_path, gone) is not None
        assert delivery_in(tmp_path, gone) is None
        assert delivery_in(tmp_path, kept) is not None

    run(scene())


def test_what_one_writes_to_a_delivery_is_kept_found_and_can_be_undone(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            id_ = await arrives(program)
            program.window.panes.deliveries.select(id_)
            tabs = program.window.findChild(QTabWidget, "details_tabs")
            assert tabs is not None
            tabs.setCurrentIndex(4)
            tags = program.window.findChild(QLineEdit, "tags")
            assert tags is not None
            QTest.keyClicks(tags, "refund")
            QTest.keyClick(tags, Qt.Key.Key_Return)
            await until(lambda: tags_of(program, id_) == ("refund",), program.live.annotated)
            program.window.header.search.search_now("tag:refund")
            model = program.window.panes.deliveries.model
            await until(lambda: model.rowCount() == 1, model.modelReset)
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: tags_of(program, id_) == (), program.live.annotated)
            await until(lambda: model.rowCount() == 0, model.modelReset)

    run(scene())


def tags_of(program: Program, id_: int) -> tuple[str, ...]:
    delivery = program.live.delivery(id_)
    return delivery.annotation.tags if delivery else ()


def test_the_next_start_looks_as_the_window_was_left(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            window = program.window
            window.sidebar.choose(Choice.FAILED)
            window.header.search.search_now("path:/hook")
            window.actions_by_name["details"].setChecked(False)
            window.panes.deliveries.view.columns.want_all_but(frozenset({7}))
            window.resize(790, 555)
        async with shown(tmp_path) as program:
            window = program.window
            assert window.sidebar.choice is Choice.FAILED
            assert window.header.search.text() == "path:/hook"
            assert not window.panes.details.isVisible()
            assert window.panes.deliveries.view.columns.unwanted == {7}
            assert (window.width(), window.height()) == (790, 555)

    run(scene())


def test_the_theme_is_chosen_and_kept(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            program.window.actions_by_name["theme_dark"].trigger()
            await until((tmp_path / "settings.toml").exists, program.engine.changed)
            assert is_dark(QApplication.palette())
            program.window.actions_by_name["theme_light"].trigger()
            assert not is_dark(QApplication.palette())

    run(scene())


def test_an_empty_list_offers_what_helps(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            await arrives(program)
            window, model = program.window, program.window.panes.deliveries.model
            window.sidebar.choose(Choice.REFUSED)
            await until(lambda: not model.rowCount(), model.modelReset)
            assert "show_all" in buttons_in(window.panes.deliveries)
            window.header.search.search_now("path:/nowhere")
            window.sidebar.choose(Choice.ALL)
            await until(lambda: buttons_in(window.panes.deliveries) == ["clear_search"], model.modelReset)

    run(scene())


def test_slash_goes_to_the_search_from_anywhere(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            window = program.window
            window.sidebar.choose(Choice.SETTINGS)
            window.actions_by_name["search"].trigger()
            assert window.focusWidget() is window.header.search
            assert window.sidebar.choice is Choice.ALL

    run(scene())


@pytest.mark.parametrize("choice", [Choice.ALL, Choice.HANDLERS, Choice.SETTINGS])
def test_every_control_has_a_name(tmp_path: Path, run: Run, choice: Choice) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await with_handler(program)
            await arrives(program)
            program.window.panes.deliveries.step(1)
            program.window.sidebar.choose(choice)
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []

    run(scene())


def controls(window: QWidget) -> list[QWidget]:
    """What can have the focus and is in sight."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and widget.focusProxy() is None
        and not isinstance(widget, QTabBar)
        and not (isinstance(widget, QAbstractScrollArea) and not widget.viewport().isVisible())
    ]


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def described(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()!r} in {type(parent).__name__}"


def buttons_in(widget: QWidget) -> list[str]:
    """The names of what can be pressed there."""
    return [button.objectName() for button in widget.findChildren(QPushButton) if button.isVisible()]


def test_no_control_of_a_page_has_a_letter_of_a_menu(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            window = program.window
            menus = {letter_of(action.text()) for action in window.menuBar().actions()}
            assert len(menus) == len(window.menuBar().actions())
            for choice in (each for each in Choice if not each.lists_deliveries):
                window.sidebar.choose(choice)
                middle = window.findChild(QStackedWidget)
                assert isinstance(middle, QStackedWidget)
                page = middle.currentWidget()
                assert page is not None
                buttons = [each for each in page.findChildren(QPushButton) if letter_of(each.text())]
                letters = [letter_of(each.text()) for each in buttons]
                assert not menus & set(letters), choice
                assert len(set(letters)) == len(letters), choice

    run(scene())
