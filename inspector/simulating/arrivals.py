"""Which delivery an attempt became at the own listener."""

import asyncio
import contextlib
from types import TracebackType
from typing import Final, Self

from inspector.core.attempt import Attempt
from inspector.feed import Change, DeliveriesAdded, Feed

_WITHIN_S: Final = 2.0


class Arrivals:
    """Looks at what is stored while the block lasts. The feed tells of a delivery before it is answered."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._ids: dict[bytes, int] = {}
        self._came = asyncio.Event()

    def __enter__(self) -> Self:
        self._unsubscribe = self._feed.subscribe(self._notice)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._unsubscribe()

    async def of(self, attempt: Attempt) -> int:
        """The id of what `attempt` sent; 0 where it did not arrive."""
        head = attempt.sent.head
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WITHIN_S if attempt.answer is not None else 0):
                while head not in self._ids:
                    self._came.clear()
                    await self._came.wait()
        return self._ids.pop(head, 0)

    def _notice(self, change: Change) -> None:
        if isinstance(change, DeliveriesAdded):
            self._ids.update((delivery.request.head, delivery.id) for delivery in change.deliveries)
            self._came.set()
