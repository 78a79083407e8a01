"""What the tests of the window share: the loop that its coroutines run on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from inspector.app import Inspector
from inspector.gui.engine import Engine
from tests.gui.waiting import emitted
from tests.product import DEADLINE_S, any_port


@pytest.fixture
def window_loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """The window's loop, for widgets that start coroutines; `run_until_complete` lets it and Qt run."""
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # who goes ends what it started
    loop.run_until_complete(_all_ended())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def engine(window_loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Engine]:
    """The real product, running in its own thread and listening on a free port."""
    made = Engine(tmp_path / "data", any_port())
    window_loop.run_until_complete(emitted(made.started, made.start))
    window_loop.run_until_complete(_until_listening(made))
    yield made
    window_loop.run_until_complete(emitted(made.ended, made.request_stop))
    assert made.join(DEADLINE_S)


async def _all_ended() -> None:
    """As at the end of `asyncio.run`: a task that is left is cancelled, and not forgotten while it is pending."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _until_listening(engine: Engine) -> None:
    async def started(inspector: Inspector) -> None:
        if not inspector.listener_state.listening:
            await inspector.start_listening()

    await engine.call(started)
