"""The history of the form ends with it, and leaves nothing behind."""

import asyncio
import multiprocessing

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from inspector.core.verification.ladder import Link
from inspector.core.verification.secret import Secret
from inspector.gui.engine import Engine
from inspector.gui.handlers.history import History
from tests.gui.waiting import emitted
from tests.product import a_handler, github_signature, post, send


@pytest.mark.parametrize("everything", [False, True])
def test_a_history_that_nobody_closed_leaves_no_process(
    engine: Engine, window_loop: asyncio.AbstractEventLoop, *, everything: bool
) -> None:
    parent = QObject()
    history = History(engine.folder, engine, parent)

    async def scene() -> None:
        handler = await engine.call(lambda inspector: a_handler(inspector, "github", "s3cret"))
        await engine.call(lambda inspector: send(inspector, post(b"{}", github_signature(b"{}", "s3cret"))))
        await emitted(history.loaded, history.open)
        link = Link(handler, (Secret("current", "s3cret"),))
        await emitted(history.counted, lambda: history.count(link, handler.id, ()))
        if everything:
            await emitted(history.progressed, history.count_all)
        assert multiprocessing.active_children()

    window_loop.run_until_complete(scene())
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert multiprocessing.active_children() == []
