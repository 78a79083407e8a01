"""The time that waits between tries go by: the real one, or one that a test moves."""

import asyncio
import time
from typing import Final, Protocol


class Clock(Protocol):
    """Tells seconds that only grow, and waits."""

    def now_s(self) -> float:
        """Seconds since some moment."""

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""


class _RealClock:
    def now_s(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


REAL_CLOCK: Final[Clock] = _RealClock()
