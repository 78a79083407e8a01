"""Attempts on their way into the store: those that come while a commit is under way are the next one."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final, Protocol

from inspector.core.attempt import Attempt
from inspector.core.delivery import Delivery
from inspector.store import attempts
from inspector.store.attempts import Encode
from inspector.store.sqlite import StoreError

_MOST_WAITING: Final = 512
_LARGEST_COMMIT: Final = 256
_GATHERED_S: Final = 0.025
"""What nobody waits for is gathered so long: each commit is one more that deliveries wait behind."""

type Logged = Callable[[Sequence[Attempt]], None]


class Do(Protocol):
    """Does work on the writing connection in a transaction of its own. Raises StoreError."""

    def __call__[T](self, work: Callable[[sqlite3.Connection], T], /) -> Coroutine[Any, Any, T]:
        """What came of it."""


class AttemptLog:
    """Keeps attempts with their deliveries. `logged` is called with those that are stored, their ids set.

    `encode` makes bytes smaller; it belongs to the thread that writes.
    """

    def __init__(self, do: Do, encode: Encode) -> None:
        self.logged: Logged = lambda _: None
        self._do = do
        self.encode = encode
        self._waiting: list[tuple[Attempt, Delivery | None, asyncio.Future[int] | None]] = []
        self._writing: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._hurry = asyncio.Event()
        self.failure: StoreError | None = None

    async def add(self, attempt: Attempt, delivery: Delivery | None = None) -> int:
        """Store `attempt`; its id once it is durable. Raises StoreError."""
        stored: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._put(attempt, delivery, stored)
        return await stored

    def put(self, attempt: Attempt, delivery: Delivery | None = None) -> None:
        """Store `attempt` with a later commit that nobody waits for; what goes wrong then is in `failure`."""
        self._put(attempt, delivery, None)

    async def room(self) -> None:
        """Wait until not too many are on their way."""
        await self._room.wait()

    async def flush(self) -> None:
        """Wait until all are stored. Raises StoreError where one was not since the last flush."""
        while self._writing is not None:
            self._hurry.set()
            await asyncio.shield(self._writing)
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def _put(self, attempt: Attempt, delivery: Delivery | None, stored: asyncio.Future[int] | None) -> None:
        self._waiting.append((attempt, delivery, stored))
        if len(self._waiting) >= _MOST_WAITING:
            self._room.clear()
        if stored is not None or len(self._waiting) >= _LARGEST_COMMIT:
            self._hurry.set()
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write(), name="store attempts")

    async def _write(self) -> None:
        try:
            while self._waiting:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_GATHERED_S):
                        await self._hurry.wait()
                self._hurry.clear()
                batch, self._waiting = self._waiting[:_LARGEST_COMMIT], self._waiting[_LARGEST_COMMIT:]
                await self._commit(batch)
                if len(self._waiting) < _MOST_WAITING:
                    self._room.set()
        finally:
            self._writing = None
            self._room.set()

    async def _commit(self, batch: Sequence[tuple[Attempt, Delivery | None, asyncio.Future[int] | None]]) -> None:
        rows = [(attempt, delivery) for attempt, delivery, _ in batch]
        try:
            first_id = await self._do(partial(attempts.insert, attempts=rows, encode=self.encode))
        except StoreError as error:
            for _, _, stored in batch:
                if stored is not None and not stored.done():
                    stored.set_exception(StoreError(str(error)))
            self.failure = error
            return
        for place, (_, _, stored) in enumerate(batch):
            if stored is not None and not stored.done():
                stored.set_result(first_id + place)
        self.logged([attempts.with_id(attempt, first_id + place) for place, (attempt, _) in enumerate(rows)])
