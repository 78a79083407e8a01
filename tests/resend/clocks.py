"""A clock whose waits take no time and are remembered."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class QuickClock:
    """Every wait is over at once, and the clock has moved on by it."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now_s(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds
        await asyncio.sleep(0)
