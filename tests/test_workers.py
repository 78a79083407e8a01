"""A pool of processes: what they yield arrives, what fails is told, and they end with whoever started them."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from inspector.event_loop import new_event_loop
from inspector.workers import WorkerEnded, Workers, WorkFailed


def squares(count: int) -> Iterator[int]:
    for number in range(count):
        yield number * number


def for_ever() -> Iterator[int]:
    while True:
        yield os.getpid()


def breaking() -> Iterator[int]:
    yield 1
    raise ValueError("no more")


def ending() -> Iterator[int]:
    yield 1
    os._exit(3)


def run(work: Callable[[Workers], Coroutine[Any, Any, None]]) -> None:
    async def limited() -> None:
        pool = Workers(2)
        try:
            async with asyncio.timeout(30):
                await work(pool)
        finally:
            pool.close()
        assert not multiprocessing.active_children()

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(limited())


def test_what_is_yielded_in_a_process_arrives_in_order() -> None:
    async def work(pool: Workers) -> None:
        assert [value async for value in pool.stream(squares, 5)] == [0, 1, 4, 9, 16]

    run(work)


def test_work_is_shared_out_and_processes_are_used_again() -> None:
    async def sums(pool: Workers) -> int:
        return sum([value async for value in pool.stream(squares, 4)])

    async def work(pool: Workers) -> None:
        assert await asyncio.gather(*(sums(pool) for _ in range(6))) == [14] * 6
        assert len(multiprocessing.active_children()) <= 2

    run(work)


def test_leaving_early_ends_the_work() -> None:
    async def work(pool: Workers) -> None:
        stream = pool.stream(for_ever)
        async for process in stream:
            assert process != os.getpid()
            break
        await stream.aclose()  # type: ignore[attr-defined]
        assert not multiprocessing.active_children()
        assert [value async for value in pool.stream(squares, 2)] == [0, 1]

    run(work)


@pytest.mark.parametrize(("broken", "error"), [(breaking, WorkFailed), (ending, WorkerEnded)])
def test_what_breaks_is_told_and_the_pool_goes_on(broken: Callable[[], Iterator[int]], error: type[Exception]) -> None:
    async def work(pool: Workers) -> None:
        with pytest.raises(error):
            _ = [value async for value in pool.stream(broken)]
        assert [value async for value in pool.stream(squares, 2)] == [0, 1]

    run(work)
