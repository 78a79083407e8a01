"""Work in other processes: results come as they are made, and nothing outlives whoever asked."""

import asyncio
import contextlib
import math
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from inspector.workers import MOST_AHEAD, Workers, WorkFailed
from tests.product import run


def count(to: int) -> Iterator[int]:
    yield from range(to)


def process_id() -> Iterator[int]:
    yield os.getpid()


def made_so_far(path: Path, to: int) -> Iterator[int]:
    for number in range(to):
        path.write_text(str(number), "ascii")
        yield number


def never_yields(_secret: str) -> Iterator[int]:
    yield os.getpid()
    while True:
        math.factorial(500)


def breaks(secret: str) -> Iterator[int]:
    yield 1
    raise ValueError(secret)


def dies() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)
    yield 2


@asynccontextmanager
async def workers(size: int = 1) -> AsyncIterator[Workers]:
    made = Workers(size)
    try:
        yield made
    finally:
        await made.close()
        assert multiprocessing.active_children() == []


async def all_of[T](results: AsyncIterator[T]) -> list[T]:
    return [each async for each in results]


def test_results_come_in_order_from_another_process() -> None:
    async def scene() -> None:
        async with workers() as pool:
            assert await all_of(pool.run(count, 200)) == list(range(200))
            assert await all_of(pool.run(process_id)) != [os.getpid()]

    run(scene())


def test_a_process_is_used_again() -> None:
    async def scene() -> None:
        async with workers() as pool:
            first = await all_of(pool.run(process_id))
            with contextlib.suppress(WorkFailed):
                await all_of(pool.run(breaks, ""))
            assert await all_of(pool.run(process_id)) == first

    run(scene())


def test_a_job_that_is_left_stops_and_the_process_goes_on_with_the_next() -> None:
    async def scene() -> None:
        async with workers() as pool:
            first = await all_of(pool.run(process_id))
            async with aclosing(pool.run(count, 1_000_000_000)) as results:
                assert await anext(results) == 0
            assert await all_of(pool.run(process_id)) == first

    run(scene())


def test_a_job_that_does_not_stop_is_ended_with_its_process_within_a_moment() -> None:
    async def scene() -> None:
        async with workers() as pool:
            results = pool.run(never_yields, "secret")
            process = await anext(results)
            waiting = asyncio.ensure_future(anext(results))
            await asyncio.wait([waiting], timeout=0.05)
            start = asyncio.get_running_loop().time()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert asyncio.get_running_loop().time() - start < 1
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
            assert await all_of(pool.run(count, 2)) == [0, 1]

    run(scene())


@pytest.mark.parametrize("turns", [1, 2, 5, 50])
def test_work_that_is_given_up_while_its_process_starts_leaves_it_to_the_next(turns: int) -> None:
    async def scene() -> None:
        async with workers() as pool:
            for _ in range(5):
                given_up = asyncio.ensure_future(all_of(pool.run(count, 3)))
                for _ in range(turns):
                    await asyncio.sleep(0)
                given_up.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await given_up
            assert await all_of(pool.run(count, 3)) == [0, 1, 2]
            assert len(multiprocessing.active_children()) == 1

    run(scene())


@pytest.mark.parametrize("turns", [1, 2, 5, 50])
def test_a_pool_that_is_abandoned_leaves_no_process(turns: int) -> None:
    async def scene() -> None:
        pool = Workers(2)
        working = [asyncio.ensure_future(all_of(pool.run(never_yields, "secret"))) for _ in range(2)]
        for _ in range(turns):
            await asyncio.sleep(0)
        pool.abandon()
        assert [type(each) for each in await asyncio.gather(*working, return_exceptions=True)] == [WorkFailed] * 2
        assert multiprocessing.active_children() == []

    run(scene())


@pytest.mark.parametrize("turns", [1, 2, 5, 50])
def test_a_process_that_is_being_started_ends_with_the_others(turns: int) -> None:
    async def scene() -> None:
        async with workers() as pool:
            given_up = asyncio.ensure_future(all_of(pool.run(count, 3)))
            for _ in range(turns):
                await asyncio.sleep(0)
            given_up.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await given_up
        assert multiprocessing.active_children() == []

    run(scene())


def test_what_is_not_taken_is_not_made(tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "made"
        async with workers(2) as pool, aclosing(pool.run(made_so_far, path, 10_000)) as results:
            await anext(results)
            assert await all_of(pool.run(count, 2_000)) == list(range(2_000))  # meanwhile it could have made more
            assert int(path.read_text("ascii")) <= MOST_AHEAD + 1

    run(scene())


def test_an_exception_is_told_by_its_name_and_never_by_its_text() -> None:
    async def scene() -> None:
        async with workers() as pool:
            with pytest.raises(WorkFailed, match="ValueError") as failure:
                await all_of(pool.run(breaks, "the secret"))
            assert "the secret" not in str(failure.value)

    run(scene())


def test_a_process_that_dies_is_told_and_replaced() -> None:
    async def scene() -> None:
        async with workers() as pool:
            with pytest.raises(WorkFailed):
                await all_of(pool.run(dies))
            assert await all_of(pool.run(count, 2)) == [0, 1]

    run(scene())


def test_no_more_processes_than_allowed_work_at_once() -> None:
    async def scene() -> None:
        async with workers(2) as pool:
            await asyncio.gather(*(all_of(pool.run(count, 50)) for _ in range(6)))
            assert len(multiprocessing.active_children()) == 2

    run(scene())


def test_large_arguments_pass_through_the_pipe() -> None:
    async def scene() -> None:
        async with workers() as pool:
            assert await all_of(pool.run(length, bytes(10 << 20))) == [10 << 20]

    run(scene())


def length(data: bytes) -> Iterator[int]:
    yield len(data)


_KILLED = """
import asyncio, os, signal
from inspector.workers import Workers
from tests.test_workers import process_id
async def main():
    results = Workers().run(process_id)
    print(await anext(results), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


def test_an_idle_process_ends_when_the_program_was_killed() -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED], capture_output=True, text=True, check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    process = int(killed.stdout)

    async def gone() -> None:
        while await asyncio.to_thread(_is_there, process):
            pass

    run(gone())
    assert not _is_there(process)


def _is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # ended, and nobody is there to collect it
