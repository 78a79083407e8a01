"""A run tries again when its policy says so, on a clock of its own: schedules, statuses, Retry-After, total time."""

from contextlib import closing
from pathlib import Path

import pytest

from inspector import presets
from inspector.core.bulk import BulkOptions, Progress, Recipe
from inspector.core.retry import RetryPolicy
from inspector.core.retry_schedule import policy_from
from inspector.store import Reader
from tests.product import post, product, send
from tests.resend.clocks import QuickClock
from tests.resend.targets import OK, capturing, run
from tests.resend.test_bulk import BUSY, ended

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"


def waiting(seconds: int) -> bytes:
    return BUSY.replace(b"Busy\r\n", b"Busy\r\nRetry-After: %d\r\n" % seconds)


def tried(folder: Path, policy: RetryPolicy, *answers: bytes) -> tuple[Progress, QuickClock]:
    """What came of one delivery by this policy where the target answers so, and what was waited."""
    clock, found = QuickClock(), []

    async def work() -> None:
        async with product(folder, clock=clock) as inspector, capturing(*answers) as target:
            await send(inspector, post(b"1"))
            started = await inspector.resends.start([1], Recipe(target.target), BulkOptions(retry=policy))
            found.append(await ended(inspector, started.run))

    run(work())
    return found[0], clock


def test_a_providers_schedule_is_kept_to_the_second(tmp_path: Path) -> None:
    policy = policy_from("svix", presets.retry_schedule)
    progress, clock = tried(tmp_path, policy, BUSY)
    assert clock.waits == [0, 5, 300, 1800, 7200, 18000, 36000, 36000]
    assert (progress.done, progress.succeeded, progress.tries) == (1, 0, 9)
    with closing(Reader(tmp_path)) as reader:
        attempts = [reader.attempt(each.id) for each in reader.attempts(run=progress.run)]
    assert [each.number for each in attempts if each] == list(range(1, 10))


def test_it_ends_with_the_first_answer_that_is_taken(tmp_path: Path) -> None:
    progress, clock = tried(tmp_path, policy_from("slack", presets.retry_schedule), BUSY, MOVED, OK)
    assert clock.waits == [0, 60]
    assert (progress.succeeded, progress.answers) == (1, {"503": 1, "302": 1, "200": 1})


@pytest.mark.parametrize(
    ("policy", "answers", "waits"),
    [
        ("attempts=4,first=2s,factor=3,jitter=0", [BUSY], [2, 6, 18]),
        ("attempts=4,first=2s,factor=3,longest=5s,jitter=0", [BUSY], [2, 5, 5]),
        ("attempts=4,jitter=0", [BUSY, GONE], [1]),
        ("attempts=4,jitter=0,on=410", [BUSY], []),
        ("attempts=3,jitter=0,on=410", [GONE], [1, 2]),
        ("attempts=3,jitter=0", [waiting(30)], [30, 30]),
        ("attempts=3,jitter=0,retry-after=no", [waiting(30)], [1, 2]),
        ("attempts=9,jitter=0,total=40s", [waiting(30)], [30]),
        ("10s,20s,40s,total=35s", [BUSY], [10, 20]),
    ],
)
def test_statuses_delays_and_limits_are_respected(
    tmp_path: Path, policy: str, answers: list[bytes], waits: list[float]
) -> None:
    progress, clock = tried(tmp_path, policy_from(policy, presets.retry_schedule), *answers)
    assert clock.waits == waits
    assert progress.tries == len(waits) + 1
