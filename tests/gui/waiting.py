"""Waiting for what the window's loop will do: for signals, and for what they make true."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

DEADLINE_S = 20
LOOK_EVERY_S = 0.005


async def emitted(signal: Any, do: Callable[[], object] | None = None) -> tuple[Any, ...]:
    """Wait until `signal` is emitted, after doing `do`; returns what came with it."""
    told: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()

    def take(*arguments: Any) -> None:
        if not told.done():
            told.set_result(arguments)

    connection = signal.connect(take)
    try:
        if do is not None:
            do()
        async with asyncio.timeout(DEADLINE_S):
            return await told
    finally:
        signal.disconnect(connection)


async def until(condition: Callable[[], object], *signals: Any) -> None:
    """Wait until `condition` holds: looks each time one of `signals` is emitted, and now and then.

    Like `qtbot.waitUntil`, for where the window's loop has to run.
    """
    looked = asyncio.Event()

    def look(*_arguments: Any) -> None:
        looked.set()

    connections = [(signal, signal.connect(look)) for signal in signals]
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(looked.wait(), LOOK_EVERY_S)
                looked.clear()
    finally:
        for signal, connection in connections:
            signal.disconnect(connection)
