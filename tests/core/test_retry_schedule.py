"""The documented habits of providers as policies, and policies as they are typed."""

import pytest

from inspector import presets
from inspector.core.retry import NO_ANSWER, RetryPolicy
from inspector.core.retry_schedule import (
    LONGEST_S,
    RetryMalformed,
    RetrySchedule,
    delays_text,
    policy_from,
    sped_up,
)

SVIX: tuple[float, ...] = (0, 5, 300, 1800, 7200, 18000, 36000, 36000)


def typed(text: str) -> RetryPolicy:
    return policy_from(text, presets.retry_schedule)


def test_a_provider_that_documents_its_delays_is_a_policy() -> None:
    policy = typed("svix")
    assert policy.schedule == SVIX
    assert policy.attempts == 9
    assert policy.jitter == 0
    assert [policy.retries(status) for status in (NO_ANSWER, 200, 204, 299, 302, 404, 410, 500)] == [
        True, False, False, False, True, True, True, True,
    ]  # fmt: skip


def test_every_schedule_of_a_preset_can_be_used_and_is_said() -> None:
    schedules = presets.retry_schedules()
    assert len(schedules) >= 13
    for each in schedules:
        assert typed(each.id).schedule == each.delays_s == each.policy.schedule
        assert each.sentence.startswith(f"{len(each.delays_s)} more tr")
    names = [each.name.casefold() for each in schedules]
    assert names == sorted(names)


def test_a_provider_that_takes_only_200_tries_again_after_any_other() -> None:
    schedule = RetrySchedule("x", "X", (1.0,), known=True, success="200, 204")
    assert [schedule.takes(status) for status in (0, 200, 201, 204, 301)] == [False, True, False, True, False]


def test_what_a_provider_does_is_said() -> None:
    said = presets.retry_schedule
    assert [found.sentence for id_ in ("slack", "github", "stripe") if (found := said(id_))] == [
        "3 more tries: at once, 1 min, 5 min",
        "by hand for 3 days",
        "for up to 3 days, at growing distances; in test mode 3 within hours",
    ]
    assert said("nobody") is None
    assert delays_text([0.25, 90, 3661, 90_000, 86_400]) == "250 ms, 1 min 30 s, 1 h 1 min, 1 d 1 h, 1 d"


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("10s, 1m,5m", RetryPolicy(4, schedule=(10, 60, 300), jitter=0, total_s=LONGEST_S)),
        ("0,500ms,2h,1d", RetryPolicy(5, schedule=(0, 0.5, 7200, 86_400), jitter=0, total_s=LONGEST_S)),
        ("attempts=3", RetryPolicy(3)),
        ("first=2s,factor=3,longest=1m,total=1h", RetryPolicy(5, 2, 3, 60, total_s=3600)),
        ("attempts=2,on=5xx+429,retry-after=no", RetryPolicy(2, statuses=("5xx", "429"), obeys_retry_after=False)),
        ("1s,total=5s,jitter=0.5", RetryPolicy(2, schedule=(1,), jitter=0.5, total_s=5)),
    ],
)
def test_a_policy_is_typed(text: str, policy: RetryPolicy) -> None:
    assert typed(text) == policy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "neither a provider nor"),
        ("nobody", "'nobody' is neither"),
        ("../stripe", "neither"),
        ("github", "GitHub does not try again"),
        ("stripe", "Stripe does not document its delays"),
        ("slack,svix", "'svix' is no delay"),
        ("10x", "'10x' is no time"),
        ("400d", "longer than a year"),
        ("attempts=0", "attempts is a number"),
        ("jitter=-1", "jitter is a number"),
        ("jitter=2", "jitter from 0 to 1"),
        ("on=abc", "is no status"),
        ("on=", "is no status"),
        ("retry-after=maybe", "yes or no"),
        ("speed=3", "'speed' is not known"),
    ],
)
def test_what_is_no_policy_is_said_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(RetryMalformed, match=words.replace("(", r"\(")):
        typed(text)


def test_three_days_can_pass_in_minutes() -> None:
    fast = sped_up(typed("svix"), 1000)
    assert fast.schedule == tuple(delay / 1000 for delay in SVIX)
    assert fast.total_s == LONGEST_S / 1000
    for factor in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="above 0"):
            sped_up(fast, factor)
