"""When a failed attempt is tried again: back-off, the target's own wish, and the limits of both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

NO_ANSWER: Final = 0
"""The status of an attempt that got no answer."""

_PATTERN = re.compile(r"[1-5](?:[0-9]{2}|xx)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when. Times are seconds.

    The delays are those of `schedule`, where it has any (then `attempts` is one more than its length at most); else
    `first_delay_s`, each next one `factor` times as long, at most `longest_delay_s`. `jitter` is the share of a delay
    that chance may add or take away. `total_s` counts from the first attempt to the beginning of the last.
    `statuses` are as `503` or `5xx`; no answer at all is always tried again.
    """

    attempts: int = 1  # in all
    first_delay_s: float = 1.0
    factor: float = 2.0
    longest_delay_s: float = 3600.0
    jitter: float = 0.2
    total_s: float = 259_200.0
    statuses: tuple[str, ...] = ("408", "425", "429", "5xx")
    schedule: tuple[float, ...] = ()
    obeys_retry_after: bool = True

    def __post_init__(self) -> None:
        if self.attempts < 1 or not 0 <= self.jitter <= 1 or self.factor < 1:
            raise ValueError("attempts from 1, jitter from 0 to 1, factor from 1")
        if min((self.first_delay_s, self.longest_delay_s, self.total_s, *self.schedule)) < 0:
            raise ValueError("a time is negative")
        for pattern in self.statuses:
            if not _PATTERN.fullmatch(pattern):
                raise ValueError(f"{pattern!r} is no status: as 503 or 5xx")

    def retries(self, status: int) -> bool:
        """Whether an attempt that was answered so is tried again; NO_ANSWER is."""
        if status == NO_ANSWER:
            return True
        text = str(status)
        return any(text == p or (p[1:].lower() == "xx" and text[:1] == p[0]) for p in self.statuses)


NEVER: Final = RetryPolicy()
"""One attempt, whatever comes of it."""


def next_delay_s(
    policy: RetryPolicy,
    *,
    tried: int,
    elapsed_s: float,
    status: int,
    chance: float,
    retry_after_s: float | None = None,
) -> float | None:
    """How long to wait after the attempt number `tried` (from 1) before the next; None where there is none.

    `elapsed_s` counts from the beginning of the first attempt; `chance` is from 0 to 1 and makes the jitter.
    """
    if tried >= policy.attempts or not policy.retries(status):
        return None
    delay_s = _planned_s(policy, tried)
    if delay_s is None:
        return None
    delay_s *= 1 + policy.jitter * (2 * chance - 1)
    if policy.obeys_retry_after and retry_after_s is not None:
        delay_s = max(delay_s, retry_after_s)
    return None if elapsed_s + delay_s > policy.total_s else delay_s


def retry_after_s(values: Sequence[bytes], now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for, from 0; None where it says nothing that can be read.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 (read 2026-11-22).
    """
    if len(values) != 1:
        return None
    text = values[0].decode("latin-1").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _planned_s(policy: RetryPolicy, tried: int) -> float | None:
    if policy.schedule:
        return policy.schedule[tried - 1] if tried <= len(policy.schedule) else None
    try:
        return min(policy.first_delay_s * policy.factor ** (tried - 1), policy.longest_delay_s)
    except OverflowError:
        return policy.longest_delay_s
