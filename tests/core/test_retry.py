"""When a failed attempt is tried again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.retry import NO_ANSWER, RetryPolicy, next_delay_s, retry_after_s

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIVE = RetryPolicy(attempts=5, first_delay_s=2, factor=3, longest_delay_s=20, jitter=0.5)


def delay(
    policy: RetryPolicy = FIVE, *, tried: int = 1, status: int = 503, chance: float = 0.5, **more: float
) -> float | None:
    return next_delay_s(policy, tried=tried, elapsed_s=more.pop("elapsed_s", 0), status=status, chance=chance, **more)


def test_delays_grow_by_the_factor_up_to_the_longest() -> None:
    assert [delay(tried=tried) for tried in (1, 2, 3, 4, 5)] == [2, 6, 18, 20, None]


def test_chance_spreads_a_delay_by_the_jitter() -> None:
    assert (delay(chance=0), delay(chance=1)) == (1, 3)


@pytest.mark.parametrize(
    ("status", "again"),
    [(NO_ANSWER, True), (503, True), (599, True), (429, True), (408, True), (404, False), (301, False), (200, False)],
)
def test_only_what_may_mend_itself_is_tried_again(status: int, again: bool) -> None:
    assert (delay(status=status) is not None) == again


def test_the_target_may_ask_for_a_longer_delay_and_not_for_a_shorter_one() -> None:
    assert delay(retry_after_s=60) == 60
    assert delay(retry_after_s=0.1) == 2
    assert delay(RetryPolicy(attempts=2, obeys_retry_after=False, jitter=0), retry_after_s=60) == 1


def test_nothing_is_tried_after_the_total_time() -> None:
    policy = RetryPolicy(attempts=9, first_delay_s=10, jitter=0, total_s=60)
    assert delay(policy, elapsed_s=50) == 10
    assert delay(policy, elapsed_s=50.1) is None
    assert delay(policy, retry_after_s=61) is None


def test_a_schedule_counts_in_the_place_of_back_off() -> None:
    policy = RetryPolicy(attempts=10, schedule=(5, 300, 3600), jitter=0)
    assert [delay(policy, tried=tried) for tried in (1, 2, 3, 4)] == [5, 300, 3600, None]


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ([b"120"], 120),
        ([b" 0 "], 0),
        ([b"Sun, 22 Nov 2026 12:01:30 GMT"], 90),
        ([b"Sun, 22 Nov 2026 11:00:00 GMT"], 0),
        ([], None),
        ([b"1", b"2"], None),
        ([b"-1"], None),
        ([b"soon"], None),
        ([b"1e9"], None),
        ([b"\xff"], None),
        ([b"9" * 400], None),
    ],
)
def test_retry_after_is_seconds_or_a_date(values: list[bytes], seconds: float | None) -> None:
    assert retry_after_s(values, NOON) == seconds


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"jitter": 2}, {"factor": 0.5}, {"first_delay_s": -1}, {"statuses": ("6xx",)}]
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        RetryPolicy(**wrong)  # type: ignore[arg-type]


@given(st.integers(1, 2000), st.floats(0, 1), st.floats(1, 10))
def test_a_delay_is_never_negative_and_never_beyond_the_longest(tried: int, chance: float, factor: float) -> None:
    policy = RetryPolicy(attempts=10_000, factor=factor, longest_delay_s=100, jitter=0.2, total_s=1e9)
    found = next_delay_s(policy, tried=tried, elapsed_s=0, status=500, chance=chance)
    assert found is not None
    assert 0 <= found <= 120


@given(st.binary(max_size=40))
def test_any_retry_after_is_read_or_passed_over(value: bytes) -> None:
    found = retry_after_s([value], NOON)
    assert found is None or found >= 0
