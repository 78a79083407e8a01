"""The live pane uses keys by address as a delivery does, and everything in it has a name."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from inspector.core.delivery import Standing
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.program import Program
from tests.gui.test_program import shown
from tests.gui.waiting import until
from tests.material.test_keys import Server, Tls, serving, trusted
from tests.product import a_handler, github_signature, post, send
from tests.recheck.test_rechecks import a_token, with_keys

__all__ = ["trusted"]  # the fixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


@pytest.fixture
def server(trusted: Tls) -> Iterator[Server]:
    """The keys' server, on a loop of its own."""
    made: list[Server] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()
    end = asyncio.Event()

    async def serve() -> None:
        async with serving(trusted[0]) as server:
            made.append(server)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    yield made[0]
    loop.call_soon_threadsafe(end.set)
    thread.join(10)
    loop.close()


async def arrives(program: Program, raw: bytes) -> None:
    before = program.deliveries.model.rowCount()
    await program.engine.call(lambda inspector: send(inspector, raw))
    model = program.deliveries.model
    await until(lambda: model.rowCount() > before, model.rowsInserted, model.modelReset)


def test_an_address_that_is_typed_is_called_when_asked_for_only(
    tmp_path: Path, run: Run, server: Server, trusted: Tls
) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:

            async def trust(inspector: Any) -> None:
                inspector._keys._tls = trusted[1]

            await program.engine.call(trust)
            handler = with_keys(server)
            await arrives(program, post(a_token()))
            assert program.pages is not None
            pane = program.pages.handlers
            program.window.sidebar.choose(Choice.HANDLERS)
            pane.start_from_preset("kinde")
            line = pane.form.findChild(QWidget, "parameter-jwks_url")
            assert line is not None
            line.setText(handler.parameters["jwks_url"])  # type: ignore[attr-defined]
            live = pane.live
            unchecked = ["1 cannot be checked"]
            await until(lambda: live._fetch.isVisible() and live.counts.texts == unchecked, live.counts_shown)
            assert live._keys.text.startswith("The keys at https://127.0.0.1:")
            assert server.asked == []
            QTest.mouseClick(live._fetch, Qt.MouseButton.LeftButton)
            await until(lambda: "1 won" in live.counts.texts, live.counts_shown)
            assert live.counts.texts[0] == "1 changes from failed to won"
            await until(lambda: live.explanation.outcome.text.startswith("It verifies this delivery"))
            assert (len(server.asked), live._keys.text) == (1, "")
            button = live.findChild(QAbstractButton, "count-all")
            assert button is not None
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            await until(lambda: live.stored.of.text().startswith("Of all 1"), pane.history.ended)
            assert list(live.counts._tally.standings) == [Standing.WON]

    run(scene())


def test_every_control_of_live_pane_and_picker_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "one"))
            await arrives(program, post(b"{}", github_signature(b"{}", "two")))
            assert program.pages is not None
            pane = program.pages.handlers
            program.window.sidebar.choose(Choice.HANDLERS)
            await until(lambda: "1 failed" in pane.live.counts.texts, pane.live.counts_shown)
            pane.pick_preset()
            for part in (pane.live, pane.picker):
                controls = [each for each in part.findChildren(QWidget) if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
                unnamed = [
                    each.metaObject().className()
                    for each in controls
                    if (found := QAccessible.queryAccessibleInterface(each)) and not found.text(QAccessible.Text.Name)
                ]
                assert len(controls) > 3
                assert unnamed == []

    run(scene())
