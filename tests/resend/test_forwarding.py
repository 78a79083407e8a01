"""What a rule selects goes on to its target, live; what cannot be delivered waits, and nothing is lost."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.app import Inspector
from inspector.core.forward_rule import ForwardRule
from inspector.core.retry import RetryPolicy
from inspector.feed import AttemptsAdded, Change, Fault, ForwardQueueChanged, ForwardsChanged
from inspector.resend import RuleRejected
from inspector.store import Reader
from tests.product import delivery_in, post, product, send
from tests.resend.targets import DEADLINE_S, OK, Capture, capturing, run

AT_ONCE = RetryPolicy(attempts=1000, first_delay_s=0.02, factor=1.0, jitter=0.0)
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
NOT_THERE = b"HTTP/1.1 404 Not there\r\nContent-Type: text/x\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nnone"


def bodies(target: Capture) -> list[bytes]:
    return [raw.partition(b"\r\n\r\n")[2] for raw in target.requests]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not true():  # noqa: ASYNC110 - what it waits for happens on sockets
            await asyncio.sleep(0.005)


async def until_queue_is(inspector: Inspector, states: list[str]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while [each.state for each in await inspector.forwarding.queue()] != states:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_what_a_rule_selects_goes_on_and_the_rest_does_not(tmp_path: Path) -> None:
    changes: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await send(inspector, post(b"apple, before the rule"))
            inspector.feed.subscribe(changes.append)
            [rule] = await inspector.forwarding.save_rules([ForwardRule("apples", target.url, "body:apple")])
            raw = [post(b"apple 1", b"X-Odd:  1"), post(b"pear"), post(b"apple 2")]
            for each in raw:
                await send(inspector, each)
            await until_queue_is(inspector, [])
            await until(lambda: len(target.requests) == 2)
            assert sorted(target.requests) == sorted([raw[0], raw[2]])
            assert rule.id == 1

    run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [each.delivery for each in reader.attempts(rule=1)] == [2, 4]
        attempt = reader.attempt(1)
        assert attempt is not None
        assert (attempt.succeeded, attempt.maybe_twice) == (True, False)
    assert any(isinstance(change, ForwardsChanged) for change in changes)
    assert sum(len(change.attempts) for change in changes if isinstance(change, AttemptsAdded)) == 2


def test_what_could_not_be_delivered_is_tried_again_and_the_order_is_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(BUSY, BUSY, OK) as target:
            rule = ForwardRule("all", target.url, in_order=True, retry=AT_ONCE)
            await inspector.forwarding.save_rules([rule])
            for number in range(5):
                await send(inspector, post(b"%d" % number))
            await until(lambda: len(target.requests) == 7)
            assert bodies(target) == [b"0", b"0", b"0", b"1", b"2", b"3", b"4"]
            await until_queue_is(inspector, [])

    run(work())


def test_without_an_order_one_that_fails_holds_nothing_up(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(BUSY, OK) as target:
            slow = RetryPolicy(attempts=9, first_delay_s=60)
            await inspector.forwarding.save_rules([ForwardRule("all", target.url, concurrency=1, retry=slow)])
            for number in range(3):
                await send(inspector, post(b"%d" % number))
            await until(lambda: len(target.requests) == 3)
            await until_queue_is(inspector, ["waiting"])
            [waiting] = await inspector.forwarding.queue()
            assert (waiting.delivery, waiting.tried, waiting.status) == (1, 1, 503)
            assert waiting.due_ns > time.time_ns()
            assert await inspector.forwarding.retry_now([waiting.id]) == 1
            await until_queue_is(inspector, [])
            assert bodies(target) == [b"0", b"1", b"2", b"0"]

    run(work())


def test_what_the_target_will_never_take_is_given_up_and_can_be_dropped(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(NOT_THERE, OK) as target:
            await inspector.forwarding.save_rules([ForwardRule("all", target.url, in_order=True)])
            for number in range(2):
                await send(inspector, post(b"%d" % number))
            await until(lambda: len(target.requests) == 2)
            await until_queue_is(inspector, ["given-up"])
            assert await inspector.forwarding.counts() == {1: {"given-up": 1}}
            [entry] = await inspector.forwarding.queue()
            assert await inspector.forwarding.drop([entry.id]) == [entry]
            assert await inspector.forwarding.queue() == []

    run(work())


def test_the_target_answers_the_sender_where_that_is_asked(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(NOT_THERE) as target:
            rule = ForwardRule("all", target.url, answers_sender=True)
            await inspector.forwarding.save_rules([rule])
            status, headers, body = await send(inspector, post(b"1"))
            assert (status, headers["x-a"], headers["content-type"], body) == (404, "1", "text/x", b"none")
            assert headers["content-length"] == "4"

    run(work())
    kept = delivery_in(tmp_path, 1)
    assert kept is not None
    assert (kept.answer.status, kept.answer.body) == (404, b"none")


def test_a_target_that_takes_too_long_leaves_the_answer_to_us(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            target.open_.clear()
            rule = ForwardRule("all", target.url, answers_sender=True, answer_limit_s=0.1)
            await inspector.forwarding.save_rules([rule])
            status, _, _ = await send(inspector, post(b"1"))
            assert status == 403
            target.open_.set()
            await until_queue_is(inspector, [])
            assert bodies(target) == [b"1"]

    run(work())


def test_nobody_at_the_target_leaves_the_answer_to_us_and_waits(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            async with capturing() as target:
                pass
            rule = ForwardRule("all", target.url, answers_sender=True, retry=RetryPolicy(attempts=9, first_delay_s=60))
            await inspector.forwarding.save_rules([rule])
            assert (await send(inspector, post(b"1")))[0] == 403
            await until_queue_is(inspector, ["waiting"])
            assert (await inspector.forwarding.queue())[0].error == "refused"

    run(work())


def test_what_waits_goes_out_after_a_restart(tmp_path: Path) -> None:
    async def work() -> None:
        async with capturing() as target:
            pass
        rule = ForwardRule("all", target.url, in_order=True, retry=AT_ONCE)
        async with product(tmp_path) as inspector:
            await inspector.forwarding.save_rules([rule])
            for number in range(10):
                await send(inspector, post(b"%d" % number))
            await until(lambda: Path(tmp_path / "store.db").exists())
        async with capturing(port=target.target.port) as again, product(tmp_path) as inspector:
            assert [each.name for each in inspector.forwarding.rules] == ["all"]
            await until(lambda: len(again.requests) == 10)
            assert bodies(again) == [b"%d" % number for number in range(10)]
            await until_queue_is(inspector, [])

    run(work())


def test_a_rule_that_is_off_rests_and_what_comes_meanwhile_is_not_its_business(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            forwarding = inspector.forwarding
            [rule] = await forwarding.save_rules([ForwardRule("all", target.url)])
            await forwarding.save_rules([replace(rule, enabled=False)])
            await send(inspector, post(b"off"))
            await forwarding.save_rules([rule])
            await send(inspector, post(b"on"))
            await until(lambda: len(target.requests) == 1)
            assert bodies(target) == [b"on"]
            await forwarding.save_rules([])
            await send(inspector, post(b"gone"))
            assert await forwarding.queue() == []
            assert bodies(target) == [b"on"]

    run(work())


def test_a_delivery_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    async def work() -> None:
        async with capturing() as target:
            port = target.target.port
        async with product(tmp_path) as inspector:
            patient = RetryPolicy(attempts=9, first_delay_s=60)
            rule = ForwardRule("all", f"http://127.0.0.1:{port}", retry=patient)
            await inspector.forwarding.save_rules([rule])
            for body in (b"1", b"x" * 300_000, b"3"):
                await send(inspector, post(body))
            async with asyncio.timeout(DEADLINE_S):
                while [each.tried for each in await inspector.forwarding.queue()] != [1, 1, 1]:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            [file] = (tmp_path / "bodies").iterdir()
            file.unlink()
            async with capturing(port=port) as again:
                await inspector.forwarding.retry_now([1, 2, 3])
                await until(lambda: len(again.requests) == 2)
                await until_queue_is(inspector, ["waiting"])
                [left] = await inspector.forwarding.queue()
                assert (left.delivery, left.tried, left.error) == (2, 1, "not-readable")
                assert sorted(bodies(again)) == [b"1", b"3"]

    run(work())


def test_what_was_taken_when_the_store_failed_goes_out_when_it_works_again(tmp_path: Path) -> None:
    faults: list[Change] = []

    def renamed(old: str, new: str) -> None:
        with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await inspector.forwarding.save_rules([ForwardRule("all", target.url, in_order=True)])
            inspector.feed.subscribe(lambda change: faults.append(change) if isinstance(change, Fault) else None)
            await asyncio.to_thread(renamed, "target", "elsewhere")
            for number in range(3):
                await send(inspector, post(b"%d" % number))
            await until(lambda: bool(faults))
            await asyncio.to_thread(renamed, "elsewhere", "target")
            await until(lambda: len(target.requests) == 3)
            assert bodies(target) == [b"0", b"1", b"2"]

    run(work())


@asynccontextmanager
async def waiting(folder: Path, count: int) -> AsyncIterator[tuple[Inspector, ForwardRule, int]]:
    """The product with so many deliveries that wait for a target where nobody listens; its port."""
    async with capturing() as target:
        port = target.target.port
    async with product(folder) as inspector:
        patient = RetryPolicy(attempts=9, first_delay_s=60)
        rule = ForwardRule("all", f"http://127.0.0.1:{port}", in_order=True, retry=patient)
        [rule] = await inspector.forwarding.save_rules([rule])
        for number in range(count):
            await send(inspector, post(b"%d" % number))
        await until_queue_is(inspector, ["waiting"] * count)
        while not (await inspector.forwarding.queue())[0].tried:  # noqa: ASYNC110 - it happens on sockets
            await asyncio.sleep(0.005)
        yield inspector, rule, port


def test_what_was_dropped_can_be_put_back_at_its_place(tmp_path: Path) -> None:
    async def work() -> None:
        async with waiting(tmp_path, 4) as (inspector, _, port):
            forwarding = inspector.forwarding
            before = await forwarding.queue()
            dropped = await forwarding.drop([before[0].id, before[2].id])
            await inspector.delete([before[2].delivery])
            assert await forwarding.restore(dropped) == 1
            assert await forwarding.restore(dropped) == 0
            assert [each.delivery for each in await forwarding.queue()] == [1, 2, 4]
            async with capturing(port=port) as target:
                await forwarding.retry_now([each.id for each in before])
                await until(lambda: len(target.requests) == 3)
                assert bodies(target) == [b"0", b"1", b"3"]

    run(work())


def test_a_rule_that_comes_back_finds_what_waits_for_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with waiting(tmp_path, 2) as (inspector, rule, _):
            forwarding = inspector.forwarding
            await forwarding.save_rules([])
            assert (await forwarding.queue(), await forwarding.counts()) == ([], {})
            await forwarding.save_rules([rule])
            assert [each.delivery for each in await forwarding.queue()] == [1, 2]
            await forwarding.save_rules([])
        async with product(tmp_path) as inspector:
            await inspector.forwarding.save_rules([rule])
            assert await inspector.forwarding.queue() == []

    run(work())


def test_the_feed_tells_of_the_queue_and_of_many_changes_once(tmp_path: Path) -> None:
    told: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await inspector.forwarding.save_rules([ForwardRule("all", target.url)])
            inspector.feed.subscribe(lambda change: told.append(change) if change == ForwardQueueChanged() else None)
            for number in range(50):
                await send(inspector, post(b"%d" % number))
            await until(lambda: len(target.requests) == 50)
            await until_queue_is(inspector, [])
            before = len(told)
            await until(lambda: len(told) > before)
            assert 1 <= len(told) < 40

    run(work())


def test_two_changes_of_the_rules_at_once_are_both_made(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await asyncio.gather(
                *(
                    inspector.forwarding.change_rules(lambda rules, name=name: (*rules, ForwardRule(name, "http://x")))  # type: ignore[misc]
                    for name in ("a", "b")
                )
            )
            assert [rule.name for rule in inspector.forwarding.rules] == ["a", "b"]

    run(work())


def test_a_deleted_delivery_leaves_the_queue(tmp_path: Path) -> None:
    async def work() -> None:
        async with capturing() as target:
            pass
        async with product(tmp_path) as inspector:
            rule = ForwardRule("all", target.url, retry=RetryPolicy(attempts=9, first_delay_s=60))
            await inspector.forwarding.save_rules([rule])
            await send(inspector, post(b"1"))
            await until_queue_is(inspector, ["waiting"])
            await inspector.delete([1])
            assert await inspector.forwarding.queue() == []

    run(work())


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([ForwardRule("", "http://x")], "name is empty"),
        ([ForwardRule("a", "http://x"), ForwardRule("a", "http://y")], "named 'a' already"),
        ([ForwardRule("a", "x")], "no URL"),
        ([ForwardRule("a", "http://x", "(")], "not understood"),
        ([ForwardRule("a", "http://x", concurrency=0)], "connections"),
        ([ForwardRule("a", "http://x", answer_limit_s=99)], "seconds"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_and_nothing_changes(
    tmp_path: Path, rules: list[ForwardRule], sentence: str
) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            with pytest.raises(RuleRejected, match=sentence):
                await inspector.forwarding.save_rules(rules)
            assert inspector.forwarding.rules == ()

    run(work())


PROGRAM = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from inspector.app import running
from inspector.core.forward_rule import ForwardRule
from inspector.core.retry import RetryPolicy
from inspector.event_loop import new_event_loop
from inspector.settings import Settings

async def main(folder, url):
    settings = Settings()
    settings = replace(settings, listener=replace(settings.listener, port=0))
    async with running(Path(folder), settings) as inspector:
        if not inspector.forwarding.rules:
            policy = RetryPolicy(attempts=10000, first_delay_s=0.05, factor=1.0)
            await inspector.forwarding.save_rules([ForwardRule("all", url, in_order=True, retry=policy)])
        print(inspector.listener_state.url, flush=True)
        await asyncio.Event().wait()

with asyncio.Runner(loop_factory=new_event_loop) as runner:
    runner.run(main(*sys.argv[1:]))
"""


def test_kills_lose_nothing_keep_the_order_and_double_only_what_was_in_flight(tmp_path: Path) -> None:
    """The service is down, the program is killed again and again, the service comes up: all arrive, in order."""
    sent: list[bytes] = []
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}

    async def started(url: str) -> tuple[asyncio.subprocess.Process, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, str(tmp_path), url, stdout=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        return process, (await process.stdout.readline()).decode().strip()

    async def post_to(url: str, count: int) -> None:
        host, _, port = url.split("/")[2].rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(count):
            sent.append(b"%06d" % len(sent))
            writer.write(post(sent[-1]))
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split()[0]))
        writer.close()

    async def work() -> None:
        async with capturing() as down:
            port = down.target.port
        process, url = await started(down.url)
        await post_to(url, 40)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with capturing(port=port) as up:
            for _ in range(4):
                before = len(up.requests)
                process, url = await started(down.url)
                await post_to(url, 40)
                await until(lambda before=before: len(up.requests) > before + 10)  # type: ignore[misc]
                process.send_signal(signal.SIGKILL)
                await process.wait()
            process, url = await started(down.url)
            await until(lambda: bodies(up)[-1:] == sent[-1:])
            await asyncio.sleep(0.1)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            got = bodies(up)
        once = [body for place, body in enumerate(got) if body not in got[:place]]
        assert once == sent
        doubled = [body for place, body in enumerate(got) if body in got[:place]]
        assert len(doubled) <= 5
        assert all(got[place - 1] == body for place, body in enumerate(got) if body in got[:place])
        with closing(Reader(tmp_path)) as reader:
            attempts = [reader.attempt(each.id) for each in reader.attempts(rule=1)]
        marked = {attempt.delivery for attempt in attempts if attempt is not None and attempt.maybe_twice}
        assert {int(body) + 1 for body in doubled} <= marked
        assert len(marked) <= 5 + 1

    run(work())


def test_all_that_waits_for_a_rule_is_tried_at_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with waiting(tmp_path, 3) as (inspector, rule, port):
            forwarding = inspector.forwarding
            assert await forwarding.retry_rule_now(rule.id + 1) == 0
            assert await forwarding.retry_rule_now(rule.id, "name-unknown") == 0
            async with capturing(port=port) as target:
                assert await forwarding.retry_rule_now(rule.id) == 3
                await until(lambda: len(target.requests) == 3)
                assert bodies(target) == [b"0", b"1", b"2"]

    run(work())
