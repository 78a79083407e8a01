"""What the tests of the window share: the loop that its coroutines run on."""

import asyncio
from collections.abc import Iterator

import pytest
import qasync
from PySide6.QtWidgets import QApplication


@pytest.fixture
def window_loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """The window's loop, for widgets that start coroutines; `run_until_complete` lets it and Qt run."""
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    asyncio.set_event_loop(None)
