"""Many resends as one: in order, at a rate, paused, gone on with, broken off, and every attempt kept."""

import asyncio
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.app import Inspector
from inspector.core.bulk import BulkOptions, Progress, Recipe
from inspector.core.filters import parse
from inspector.core.retry import RetryPolicy
from inspector.core.target import Allowance, target_from
from inspector.feed import AttemptsAdded, Change, RunChanged
from inspector.resend import NoSuchDelivery
from inspector.store import Reader
from tests.product import post, product, send
from tests.resend.targets import OK, Capture, capturing, run

BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"


async def receive(inspector: Inspector, *bodies: bytes) -> None:
    for body in bodies:
        await send(inspector, post(body))


def bodies(target: Capture) -> list[bytes]:
    return [raw.partition(b"\r\n\r\n")[2] for raw in target.requests]


async def ended(inspector: Inspector, run_: int) -> Progress:
    last = None
    async for progress in inspector.resends.watch(run_):
        last = progress
    assert last is not None
    return last


def test_a_selection_goes_out_in_its_order_and_every_attempt_is_kept(tmp_path: Path) -> None:
    changes: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1", b"2", b"3")
            inspector.feed.subscribe(changes.append)
            started = await inspector.resends.start([3, 1, 2], Recipe(target.target), BulkOptions())
            progress = await ended(inspector, started.run)
            assert bodies(target) == [b"3", b"1", b"2"]
            assert target.connections == 1
        assert (progress.state, progress.total, progress.done, progress.succeeded) == ("done", 3, 3, 3)
        assert progress.answers == {"200": 3}
        assert sorted(each.id for each in progress.slowest) == [1, 2, 3]

    run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [each.delivery for each in reader.attempts(run=1)] == [3, 1, 2]
        [kept] = reader.runs()
        assert kept.result["succeeded"] == 3
    assert [c.progress.state for c in changes if isinstance(c, RunChanged)] == ["running", "done"]
    assert sum(len(c.attempts) for c in changes if isinstance(c, AttemptsAdded)) == 3


def test_all_that_match_go_out_and_nothing_that_comes_meanwhile(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"apple 1", b"pear", b"apple 2")
            options = BulkOptions(newest_first=True, times=2)
            started = await inspector.resends.start(parse("body:apple"), Recipe(target.target), options)
            await receive(inspector, b"apple 3")
            assert (await ended(inspector, started.run)).succeeded == 4
            assert bodies(target) == [b"apple 2", b"apple 1"] * 2

    run(work())


def test_a_rate_is_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1")
            options = BulkOptions(times=20, per_second=100, concurrency=4)
            before = time.monotonic()
            started = await inspector.resends.start([1], Recipe(target.target), options)
            await ended(inspector, started.run)
            assert 0.15 < time.monotonic() - before < 2
            assert len(target.requests) == 20

    run(work())


def test_a_run_is_paused_and_gone_on_with(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1")
            resends = inspector.resends
            started = await resends.start([1], Recipe(target.target), BulkOptions(times=300, per_second=500))
            await target.arrived.wait()
            resends.pause(started.run)
            await asyncio.sleep(0.1)
            held = len(target.requests)
            assert resends.progress(started.run).state == "paused"
            await asyncio.sleep(0.1)
            assert len(target.requests) == held < 300
            resends.resume(started.run)
            assert (await ended(inspector, started.run)).succeeded == 300
            assert len(target.requests) == 300

    run(work())


def test_a_run_is_broken_off_at_once_and_what_was_under_way_is_recorded_so(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1")
            target.open_.clear()
            started = await inspector.resends.start([1], Recipe(target.target), BulkOptions(times=50, concurrency=2))
            await target.arrived.wait()
            before = time.monotonic()
            inspector.resends.cancel(started.run)
            progress = await ended(inspector, started.run)
            assert time.monotonic() - before < 2
            assert (progress.state, progress.succeeded) == ("cancelled", 0)
            assert set(progress.answers) == {"cancelled"}
            target.open_.set()

    run(work())
    with closing(Reader(tmp_path)) as reader:
        assert {each.error for each in reader.attempts(run=1)} == {"cancelled"}


def test_what_fails_is_tried_again_as_the_policy_says(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(BUSY, BUSY, OK) as target:
            await receive(inspector, b"1")
            policy = RetryPolicy(attempts=5, first_delay_s=0.01)
            started = await inspector.resends.start([1], Recipe(target.target), BulkOptions(retry=policy))
            progress = await ended(inspector, started.run)
            assert (progress.done, progress.succeeded, progress.tries) == (1, 1, 3)
            assert progress.answers == {"503": 2, "200": 1}
            assert [failure.id for failure in progress.failures] == [1, 2]

    run(work())
    with closing(Reader(tmp_path)) as reader:
        attempts = [reader.attempt(id_) for id_ in (1, 2, 3)]
        assert [attempt.number for attempt in attempts if attempt] == [1, 2, 3]


def test_the_own_listener_is_no_target_and_is_not_tried_twice(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await receive(inspector, b"1")
            recipe = Recipe(target_from(inspector.listener_state.url))
            options = BulkOptions(retry=RetryPolicy(attempts=5, first_delay_s=60))
            progress = await ended(inspector, (await inspector.resends.start([1], recipe, options)).run)
            assert progress.answers == {"own-listener": 1}
            attempt = await inspector.resends.send(1, recipe)
            assert "own listener" in attempt.sentence

    run(work())


def test_a_delivery_that_is_gone_is_counted_and_the_others_go_out(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1", b"2")
            progress = await ended(
                inspector, (await inspector.resends.start([9, 2], Recipe(target.target), BulkOptions())).run
            )
            assert (progress.state, progress.done, progress.succeeded) == ("done", 2, 1)
            assert progress.answers["deleted"] == 1

    run(work())


def test_one_is_sent_at_once_and_its_attempt_has_its_id(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await receive(inspector, b"1")
            attempt = await inspector.resends.send(1, Recipe(target.target))
            assert (attempt.id, attempt.status, bodies(target)) == (1, 200, [b"1"])
            with pytest.raises(NoSuchDelivery):
                await inspector.resends.send(2, Recipe(target.target))
            missing = replace(Recipe(target.target), sign_with="nobody")
            assert (await inspector.resends.send(1, missing)).error == "cannot-sign"
            with pytest.raises(NoSuchDelivery):
                await inspector.resends.start([1], missing, BulkOptions())
            with pytest.raises(NoSuchDelivery):
                inspector.resends.pause(99)

    run(work())


def test_what_is_allowed_for_a_target_is_remembered(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            target = target_from("http://x.example/1")
            await inspector.resends.allow(target, Allowance(link_local=True))
            recipe = await inspector.resends.allowed(Recipe(target_from("http://x.example/2")))
            assert recipe.allowance == Allowance(link_local=True)

    run(work())


def test_a_run_ends_with_the_program(tmp_path: Path) -> None:
    async def work() -> None:
        async with capturing() as target:
            async with product(tmp_path) as inspector:
                await receive(inspector, b"1")
                await inspector.resends.start([1], Recipe(target.target), BulkOptions(times=10_000, per_second=50))
                await target.arrived.wait()
            with closing(Reader(tmp_path)) as reader:
                assert reader.runs()[0].result["state"] == "cancelled"

    run(work())


@pytest.mark.parametrize(
    "wrong", [{"times": 0}, {"concurrency": 0}, {"concurrency": 999}, {"per_second": -1}, {"jitter": 2}]
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        BulkOptions(**wrong)  # type: ignore[arg-type]
