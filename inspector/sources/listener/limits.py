"""How much and how long: the limits of a connection, and the clock that watches them."""

import asyncio
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

from inspector.core import http1
from inspector.settings.listener import ListenerSettings

NEVER = math.inf


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds that a connection may take."""

    header_s: float  # from the first byte of a request to its empty line
    body_s: float  # without progress within a body, or with an answer that is not taken
    idle_s: float  # without a request
    linger_s: float = 5.0  # for a client to take the last answer and close its side
    stop_s: float = 5.0  # for answers under way when the listener stops


def reader_limits(settings: ListenerSettings) -> http1.Limits:
    """What a request may measure by `settings`."""
    return http1.Limits(settings.max_body_bytes, settings.max_header_line_bytes, settings.max_header_lines)


def time_limits(settings: ListenerSettings) -> TimeLimits:
    """What a connection may take by `settings`."""
    return TimeLimits(settings.header_timeout_s, settings.body_timeout_s, settings.idle_timeout_s)


class Timed(Protocol):
    """Something with a deadline on the loop's clock."""

    deadline: float

    def expired(self) -> None:
        """The deadline has passed."""


class Clock:
    """One coarse timer for all connections: a timer for each would cost more than the requests.

    A deadline is noticed late by a second at most, or by a tenth of the shortest limit.
    """

    def __init__(self, watched: Iterable[Timed], limits: TimeLimits) -> None:
        shortest = min(limits.header_s, limits.body_s, limits.idle_s, limits.linger_s)
        self._interval_s = min(1.0, max(0.01, shortest / 10))
        self._watched = watched
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._timer = self._loop.call_later(self._interval_s, self._tick)
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _tick(self) -> None:
        now = self._loop.time()
        for timed in [each for each in self._watched if each.deadline <= now]:
            timed.expired()
        self._timer = self._loop.call_later(self._interval_s, self._tick)
