"""Each test of the listener runs on asyncio's loop and on the product's."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from inspector.event_loop import new_event_loop
from tests.sources.listener.loopback import DEADLINE_S, Run


@pytest.fixture(params=[asyncio.new_event_loop, new_event_loop], ids=["asyncio", "product"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run a coroutine to its end on a new loop."""
    factory: Callable[[], asyncio.AbstractEventLoop] = request.param

    def run(work: Coroutine[Any, Any, None]) -> None:
        async def limited() -> None:
            async with asyncio.timeout(DEADLINE_S):
                await work

        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(limited())

    return run
