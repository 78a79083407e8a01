"""What a verb yields comes over the bridge as it is made, and leaving it ends the verb."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import pytest

from inspector.app import Inspector
from inspector.gui.engine import MOST_AHEAD, Engine
from tests.gui.waiting import until

type Verb = Callable[[Inspector], AsyncGenerator[int]]


class Counting:
    """A verb that counts, and knows how far it came and whether it was left."""

    def __init__(self, to: int, *, breaks: bool = False) -> None:
        self.made, self.left = 0, False
        self._to, self._breaks = to, breaks

    async def verb(self, _inspector: Inspector) -> AsyncGenerator[int]:
        try:
            while self.made < self._to:
                self.made += 1
                yield self.made
            if self._breaks:
                raise ValueError("broken")
        finally:
            self.left = True


def test_every_value_comes_in_order(engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    async def scene() -> None:
        assert [value async for value in engine.stream(Counting(100).verb)] == list(range(1, 101))

    window_loop.run_until_complete(scene())


def test_an_exception_comes_out_after_the_values(engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    async def scene() -> None:
        got: list[int] = []

        async def take() -> None:
            async for value in engine.stream(Counting(40, breaks=True).verb):
                got.append(value)  # noqa: PERF401 - those before the exception are kept

        with pytest.raises(ValueError, match="broken"):
            await take()
        assert got == list(range(1, 41))

    window_loop.run_until_complete(scene())


def test_what_is_not_taken_is_not_made(engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    async def scene() -> None:
        counting = Counting(1_000)
        async with aclosing(engine.stream(counting.verb)) as values:
            await anext(values)
            await engine.call(_a_few_turns)
            assert counting.made <= 2 * MOST_AHEAD + 1

    window_loop.run_until_complete(scene())


def test_leaving_the_stream_leaves_the_verb(engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    async def scene() -> None:
        counting = Counting(1_000)
        async with aclosing(engine.stream(counting.verb)) as values:
            await anext(values)
        await until(lambda: counting.left)
        assert counting.made < 1_000

    window_loop.run_until_complete(scene())


async def _a_few_turns(_inspector: Inspector) -> None:
    for _ in range(200):
        await asyncio.sleep(0)
