"""A run of many resends: it reads a few deliveries at a time, sends, and tells how far it is."""

import asyncio
import heapq
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from inspector.core.attempt import Attempt, AttemptSummary
from inspector.core.bulk import BulkOptions, Progress, Recipe, RunState
from inspector.core.delivery import Delivery, at
from inspector.core.retry import next_delay_s, retry_after_s
from inspector.resend.clock import REAL_CLOCK, Clock
from inspector.resend.following import Allowed, hops
from inspector.resend.making import Signer, drafted
from inspector.resend.sender import Sender
from inspector.store import Reader, StoreError
from inspector.store.attempt_log import AttemptLog

logger = logging.getLogger(__name__)

_READ_AT_ONCE: Final = 32
_SLOWEST: Final = 10
_FAILURES: Final = 100
_TOLD_EVERY_S: Final = 0.1


class Bulk:
    """One run. `work` does it; the other methods steer it and tell of it while it lasts."""

    def __init__(
        self,
        run: int,
        ids: Sequence[int],
        recipe: Recipe,
        options: BulkOptions,
        *,
        folder: Path,
        sender: Sender,
        log: AttemptLog,
        allowed: Allowed,
        signer: Signer | None,
        clock: Clock = REAL_CLOCK,
    ) -> None:
        self.run = run
        self._clock = clock
        self._ids, self._recipe, self._options = ids, recipe, options
        self._folder, self._sender, self._log, self._signer = folder, sender, log, signer
        self._allowed = allowed
        self._going = asyncio.Event()
        self._going.set()
        self._state: RunState = "running"
        self._problem = ""
        self._started = time.monotonic()
        self._paused_s, self._paused_at = 0.0, 0.0
        self._ended_at = 0.0
        self._done = self._succeeded = self._tries = 0
        self._answers: Counter[str] = Counter()
        self._slowest: list[tuple[int, int, AttemptSummary]] = []
        self._failures: list[AttemptSummary] = []
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        now = self._ended_at or self._paused_at or time.monotonic()
        return Progress(
            self.run,
            self._state,
            len(self._ids) * self._options.times,
            self._done,
            self._succeeded,
            self._tries,
            now - self._started - self._paused_s,
            dict(self._answers.most_common()),
            tuple(summary for _, _, summary in sorted(self._slowest, reverse=True)),
            tuple(self._failures),
            self._problem,
        )

    async def watch(self) -> AsyncIterator[Progress]:
        """How far it is, ten times a second, until it has ended; who is slow misses some and never the last."""
        while True:
            progress = self.progress
            yield progress
            if progress.ended:
                return
            try:
                async with asyncio.timeout(_TOLD_EVERY_S), self._changed:
                    await self._changed.wait_for(lambda: self._ended_at > 0)
            except TimeoutError:
                continue

    def pause(self) -> None:
        """Send nothing more until `resume`; what is under way is finished."""
        if self._state == "running":
            self._state, self._paused_at = "paused", time.monotonic()
            self._going.clear()

    def resume(self) -> None:
        """Go on."""
        if self._state == "paused":
            self._paused_s += time.monotonic() - self._paused_at
            self._state, self._paused_at = "running", 0.0
            self._going.set()

    def cancel(self) -> None:
        """End it now; what is under way is broken off and recorded so."""
        if not self._ended_at:
            self.resume()
            self._state = "cancelling"
            if self._task is not None:
                self._task.cancel()

    def stored(self, attempt: AttemptSummary) -> None:
        """An attempt of this run is stored and has its id."""
        if not attempt.succeeded and len(self._failures) < _FAILURES:
            self._failures.append(attempt)
        place = (attempt.took_ns, attempt.id, attempt)
        if len(self._slowest) < _SLOWEST:
            heapq.heappush(self._slowest, place)
        elif place > self._slowest[0]:
            heapq.heapreplace(self._slowest, place)

    async def work(self) -> Progress:
        """Do it, to the end; what came of it."""
        self._task = asyncio.get_running_loop().create_task(self._work(), name=f"run {self.run}")
        came: RunState = "done"
        try:
            await asyncio.shield(self._task)
        except asyncio.CancelledError:
            came = "cancelled"
            self._task.cancel()  # where it is the program that ends
            await asyncio.gather(self._task, return_exceptions=True)
        except Exception as error:
            came, self._problem = "failed", str(error) or type(error).__name__
            if not isinstance(error, StoreError):
                logger.exception("run %d failed", self.run)
        self._sender.close()
        try:
            await self._log.flush()
        except StoreError as error:
            came, self._problem = "failed", str(error)
        self._state, self._ended_at = came, time.monotonic()
        async with self._changed:
            self._changed.notify_all()
        return self.progress

    async def _work(self) -> None:
        queue: asyncio.Queue[Delivery | None] = asyncio.Queue(1)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._options.concurrency):
                    tasks.create_task(self._send_from(queue))
                tasks.create_task(self._fill(queue))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _fill(self, queue: "asyncio.Queue[Delivery | None]") -> None:
        """Put the deliveries into `queue` when their time comes."""
        options, next_at = self._options, time.monotonic()
        reader = Reader(self._folder)
        try:
            for turn in range(options.times):
                if turn and options.delay_s:
                    await asyncio.sleep(options.delay_s * (1 + options.jitter * random.uniform(-1, 1)))  # noqa: S311
                for part in _parts(self._ids, _READ_AT_ONCE):
                    for id_, delivery in zip(part, await asyncio.to_thread(_read, reader, part), strict=True):
                        if not self._going.is_set():
                            await self._going.wait()
                            next_at = time.monotonic()
                        if options.per_second:
                            next_at = max(next_at, time.monotonic() - 1) + 1 / options.per_second
                            await asyncio.sleep(next_at - 1 / options.per_second - time.monotonic())
                        if delivery is None:  # deleted since
                            self._count_missing(id_)
                        else:
                            await queue.put(delivery)
            for _ in range(options.concurrency):
                await queue.put(None)
        finally:
            await asyncio.to_thread(reader.close)

    async def _send_from(self, queue: "asyncio.Queue[Delivery | None]") -> None:
        while (delivery := await queue.get()) is not None:
            await self._going.wait()
            await self._resend(delivery)
            await self._log.room()
            if self._log.failure is not None:
                raise self._log.failure

    async def _resend(self, delivery: Delivery) -> None:
        """Send `delivery` until it succeeds or is not to be tried again."""
        first, number = self._clock.now_s(), 1
        while True:
            attempt = await self._try(delivery, number)
            delay_s = next_delay_s(
                self._options.retry,
                tried=number,
                elapsed_s=self._clock.now_s() - first,
                status=attempt.status if not attempt.error else 0,
                chance=random.random(),  # noqa: S311 - spreads load, guards nothing
                retry_after_s=_asked_delay_s(attempt),
            )
            if attempt.succeeded or delay_s is None or attempt.error in _USELESS:
                break
            await self._clock.sleep(delay_s)
            await self._going.wait()
            number += 1
        self._done += 1
        self._succeeded += attempt.succeeded

    async def _try(self, delivery: Delivery, number: int) -> Attempt:
        attempt = replace(
            drafted(delivery.request, self._recipe, self._signer, delivery=delivery.id, run=self.run), number=number
        )
        if not attempt.error:
            attempt = await self._sent(attempt, delivery)
        self._note(attempt, delivery)
        return attempt

    async def _sent(self, attempt: Attempt, delivery: Delivery) -> Attempt:
        """The last hop; those before it are on their way into the store."""

        def broken_off(attempt: Attempt) -> None:
            self._note(attempt, delivery)

        if not self._recipe.follow_redirects:
            recipe = self._recipe
            return await self._sender.send(attempt, recipe.target, recipe.allowance, broken_off=broken_off)
        on_the_way: list[Attempt] = []
        try:
            async for hop in hops(attempt, self._recipe, self._sender, self._allowed, broken_off):
                on_the_way.append(hop)  # noqa: PERF401 - those so far are kept where it is cancelled
            return on_the_way.pop()
        finally:
            for hop in on_the_way:
                self._log.put(hop, delivery)

    def _note(self, attempt: Attempt, delivery: Delivery) -> None:
        self._log.put(attempt, delivery)
        self._tries += 1
        self._answers[attempt.error or str(attempt.status)] += 1

    def _count_missing(self, id_: int) -> None:
        self._done += 1
        self._answers["deleted"] += 1
        if len(self._failures) < _FAILURES:
            self._failures.append(AttemptSummary(0, id_, time.time_ns(), self._recipe.target.url, 0, "deleted", 0))


_USELESS: Final = {"own-listener", "needs-consent", "no-host", "not-sendable", "cannot-sign"}
"""Errors that another try cannot mend."""


def _asked_delay_s(attempt: Attempt) -> float | None:
    if attempt.answer is None:
        return None
    return retry_after_s(attempt.answer.headers.all(b"retry-after"), at(attempt.started_ns))


def _parts(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _read(reader: Reader, ids: Sequence[int]) -> list[Delivery | None]:
    return [reader.delivery(id_) for id_ in ids]
