"""Forward deliveries as they come: rules, each with a durable queue, a worker, and patience.

A rule looks at deliveries only once they are committed, and remembers in the store how far it has looked: what came
while the program was down, or was in flight when it was killed, is found again at the next start.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from inspector.core.attempt import Attempt, Sent, summary_of
from inspector.core.bulk import Recipe
from inspector.core.delivery import Answer, Delivery, at
from inspector.core.forward_rule import ForwardRule, Waiting, given_answer, rule_problems
from inspector.core.retry import NO_ANSWER, next_delay_s, retry_after_s
from inspector.feed import (
    AttemptsAdded,
    Change,
    DeliveriesAdded,
    DeliveriesRemoved,
    Fault,
    FaultEnded,
    Feed,
    ForwardQueueChanged,
    ForwardsChanged,
)
from inspector.resend.making import FindSigner, drafted
from inspector.resend.sender import Sender, SendLimits
from inspector.resend.way import OwnListener
from inspector.store import Reader, Store, StoreError, forwards, targets
from inspector.store.forwards import Settled, Turn

logger = logging.getLogger(__name__)

_STORE_RETRY_S: Final = 2.0
_LOOKED_UP_FOR_S: Final = 60.0
_TOLD_EVERY_S: Final = 0.1
_USELESS: Final = {"not-sendable", "cannot-sign", "own-listener", "needs-consent", "no-host"}


class RuleRejected(ValueError):
    """A rule cannot be used as it is; the message says which and why."""


class Forwarding:
    """All rules and their workers. It belongs to the engine's loop."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        feed: Feed,
        *,
        own_listener: OwnListener,
        signer: FindSigner,
        limits: Callable[[], SendLimits] = SendLimits,
        recognised: Callable[[], Awaitable[None]],
    ) -> None:
        """`recognised` waits until the senders of all deliveries that are stored have been looked for."""
        self.rules: tuple[ForwardRule, ...] = ()
        self._folder, self._store, self._feed = folder, store, feed
        self._own_listener, self._signer, self._limits = own_listener, signer, limits
        self._recognised = recognised
        self._workers: dict[int, _Worker] = {}
        self._unsubscribe: Callable[[], None] = lambda: None
        self._changing = asyncio.Lock()  # one change of the rules at a time
        self._telling: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Go on where the program ended. Raises StoreError."""
        again = await self._store.do(forwards.recover)
        if again:
            logger.warning("%d forwards were in flight when the program ended; they are sent again", again)
        self._unsubscribe = self._feed.subscribe(self._notice)
        await self._use(await self._store.do(forwards.rules))

    async def stop(self) -> None:
        """End the workers; what is in flight is sent again at the next start, marked so."""
        self._unsubscribe()
        workers, self._workers = self._workers, {}
        await asyncio.gather(*(worker.stop() for worker in workers.values()))
        if self._telling is not None:
            self._telling.cancel()

    async def save_rules(self, rules: Sequence[ForwardRule]) -> tuple[ForwardRule, ...]:
        """Make `rules` the rules, in this order. Raises RuleRejected, and then nothing has changed; StoreError."""
        return await self.change_rules(lambda _: rules)

    async def change_rules(
        self, change: Callable[[tuple[ForwardRule, ...]], Sequence[ForwardRule]]
    ) -> tuple[ForwardRule, ...]:
        """The same with what `change` makes of the rules as they stand when its turn comes, so that none is lost."""
        async with self._changing:
            rules = change(self.rules)
            for place, rule in enumerate(rules):
                for problem in rule_problems(rule, rules[:place]):
                    raise RuleRejected(f"Rule {rule.name!r}: {problem.sentence}")
            saved = await self._store.do(partial(forwards.save_rules, new=tuple(rules)))
            await self._use(saved)
            self._feed.publish(ForwardsChanged(self.rules))
            self._tell()
        return saved

    async def queue(self, rule: int = 0, delivery: int = 0) -> list[Waiting]:
        """What waits, is in flight or was given up. Raises StoreError."""
        return await self._store.do(partial(forwards.queue, rule=rule, delivery=delivery))

    async def counts(self) -> Mapping[int, Mapping[str, int]]:
        """How many are in each state, by rule. Raises StoreError."""
        return await self._store.do(forwards.counts)

    async def retry_now(self, ids: Sequence[int]) -> int:
        """Try these entries of the queue at once; how many there were. Raises StoreError."""
        found = await self._store.do(partial(forwards.retry_now, ids=ids))
        self._wake()
        return found

    async def retry_rule_now(self, rule: int, error: str = "") -> int:
        """The same with all entries of a rule, or only those whose last try failed with `error`. Raises StoreError."""
        found = await self._store.do(partial(forwards.retry_rule_now, rule=rule, error=error))
        self._wake()
        return found

    async def drop(self, ids: Sequence[int]) -> list[Waiting]:
        """Take these entries out of the queue; those that were there, to be restored. Raises StoreError."""
        dropped = await self._store.do(partial(forwards.drop, ids=ids))
        self._wake()
        return dropped

    async def restore(self, entries: Sequence[Waiting]) -> int:
        """Put entries that were dropped back at their places; how many. Raises StoreError."""
        restored = await self._store.do(partial(forwards.restore, entries=entries))
        self._wake()
        return restored

    async def answer(self, id_: int, delivery: Delivery) -> Answer | None:
        """What the target answers to `delivery`, where a rule wants that given to the sender and it comes in time.

        The delivery is stored as `id_`, and the feed has not told of it yet.
        """
        worker = next((w for w in self._workers.values() if w.gives_answer(delivery)), None)
        if worker is None:
            return None
        found = await worker.answer(id_)
        return None if found is None or found.answer is None or found.error else given_answer(found.answer)

    # How

    async def _use(self, rules: Sequence[ForwardRule]) -> None:
        """Let exactly `rules` work; one that did not change goes on undisturbed."""
        self.rules = tuple(rules)
        wanted = {rule.id: rule for rule in rules if rule.enabled}
        leaving = [id_ for id_, worker in self._workers.items() if wanted.get(id_) != worker.rule]
        await asyncio.gather(*(self._workers.pop(id_).stop() for id_ in leaving))
        for id_, rule in wanted.items():
            if id_ not in self._workers:
                sender = Sender(limits=self._limits(), own_listener=self._own_listener, keep=rule.concurrency)
                worker = _Worker(
                    rule,
                    self._folder,
                    self._store,
                    self._feed,
                    sender=sender,
                    signer=self._signer,
                    recognised=self._recognised,
                    tell=self._tell,
                )
                self._workers[id_] = worker
                worker.start()

    def _notice(self, change: Change) -> None:
        if isinstance(change, DeliveriesAdded):
            for worker in self._workers.values():
                worker.wake()
        elif isinstance(change, DeliveriesRemoved):
            self._tell()

    def _wake(self) -> None:
        for worker in self._workers.values():
            worker.wake()
        self._tell()

    def _tell(self) -> None:
        """Say soon that the queue has changed: for many changes once."""
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_TOLD_EVERY_S, self._told)

    def _told(self) -> None:
        self._telling = None
        self._feed.publish(ForwardQueueChanged())


class _Worker:
    """One rule at work: it puts what is new into its queue, and sends what is due."""

    def __init__(
        self,
        rule: ForwardRule,
        folder: Path,
        store: Store,
        feed: Feed,
        *,
        sender: Sender,
        signer: FindSigner,
        recognised: Callable[[], Awaitable[None]],
        tell: Callable[[], None],
    ) -> None:
        self.rule = rule
        self._tell = tell  # that the queue has changed
        self._search, self._recipe = rule.filter, rule.recipe
        self._recognised = recognised
        self._store, self._feed, self._sender, self._signer = store, feed, sender, signer
        self._reader, self._fetching = Reader(folder), Reader(folder)
        self._unsettled: Sequence[Settled] = ()  # whose commit failed
        self._new, self._due = asyncio.Event(), asyncio.Event()
        self._taken: Sequence[Waiting] = ()  # in flight, and not yet on their way
        self._sending: dict[asyncio.Task[Settled], Waiting] = {}
        self._wanted: dict[int, asyncio.Future[Attempt]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._looked_up_at = time.monotonic()

    def start(self) -> None:
        """Begin."""
        loop = asyncio.get_running_loop()
        self._new.set()
        for work, what in ((self._collect, "collect"), (self._send, "send")):
            self._tasks.append(loop.create_task(self._lasting(work), name=f"forward {self.rule.name}: {what}"))

    async def stop(self) -> None:
        """End; what is in flight waits in the queue again, marked."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        settled = self._finished()
        for sending in self._sending:
            sending.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        for future in self._wanted.values():
            future.cancel()
        self._sender.close()
        with contextlib.suppress(StoreError):  # they are marked as in flight there, and so found at the next start
            await self._turn(settled, limit=0)
            await self._store.do(partial(forwards.put_back, rule=self.rule.id))
        await asyncio.to_thread(self._close_readers)

    def wake(self) -> None:
        """There may be something new, or due."""
        self._new.set()
        self._due.set()

    def gives_answer(self, delivery: Delivery) -> bool:
        """Whether the target's answer to `delivery` is given to the sender."""
        return self.rule.answers_sender and self._search.matches(delivery, at(delivery.last_byte_ns))

    async def answer(self, delivery: int) -> Attempt | None:
        """The first attempt for this delivery; None where it takes too long."""
        wanted: asyncio.Future[Attempt] = asyncio.get_running_loop().create_future()
        self._wanted[delivery] = wanted
        try:
            async with asyncio.timeout(self.rule.answer_limit_s):
                return await wanted
        except TimeoutError:
            return None
        except asyncio.CancelledError:
            if wanted.cancelled() and not _is_cancelling():
                return None
            raise
        finally:
            self._wanted.pop(delivery, None)

    async def _lasting(self, work: Callable[[], Any]) -> None:
        """Do `work` for ever; what fails is told, and tried again: the store failing ends by itself."""
        source = f"forward {self.rule.name}"
        failing = False
        while True:
            try:
                await work()
                if failing:
                    failing = False
                    self._feed.publish(FaultEnded(source))
            except Exception as error:
                if not failing:
                    failing = True
                    foreseen = isinstance(error, StoreError)
                    if not foreseen:
                        logger.exception("the forward rule %r failed", self.rule.name)
                    reason = str(error) if foreseen else f"{type(error).__name__}."
                    self._feed.publish(Fault(source, f"Forwarding waits: {reason}"))
                await asyncio.sleep(_STORE_RETRY_S)

    async def _collect(self) -> None:
        """Put what is new into the queue."""
        await self._new.wait()
        self._new.clear()
        try:
            seen = await self._store.do(partial(forwards.seen, rule=self.rule.id))
            newest = await asyncio.to_thread(self._reader.newest_id)
            found: Sequence[int] = ()
            if newest > seen:
                if self._search.asks_for_sender:
                    await self._recognised()
                found = await asyncio.to_thread(self._matching, seen, newest)
                await self._store.do(partial(forwards.enqueue, rule=self.rule.id, deliveries=found, upto=newest))
        except Exception:
            self._new.set()
            raise
        if found:
            self._tell()
            self._due.set()

    def _matching(self, seen: int, newest: int) -> Sequence[int]:
        return [id_ for ids in self._reader.scan(self._search, after=seen) for id_ in ids if id_ <= newest]

    async def _send(self) -> None:
        """One turn: settle what is finished, take what is due, and wait until there is more to do."""
        self._unsettled = settled = self._finished()
        self._due.clear()
        room = (1 if self.rule.in_order else self.rule.concurrency) - len(self._sending) - len(self._taken)
        turn = await self._turn(settled, limit=room)
        self._unsettled = ()
        self._taken = (*self._taken, *turn.entries)
        await self._begin()
        wait_s = None
        if turn.next_due_ns and room > len(turn.entries):
            wait_s = max(0.001, (turn.next_due_ns - time.time_ns()) / 1e9)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._due.wait()

    async def _turn(self, settled: Sequence[Settled], limit: int) -> Turn:
        turn = await self._store.do(
            partial(
                forwards.turn,
                rule=self.rule.id,
                settled=settled,
                limit=limit,
                in_order=self.rule.in_order,
                now_ns=time.time_ns(),
                encode=self._store.attempts.encode,
            )
        )
        if settled or turn.entries:
            self._tell()
        if turn.stored:
            self._feed.publish(AttemptsAdded([summary_of(attempt) for attempt in turn.stored]))
        return turn

    def _finished(self) -> list[Settled]:
        done = [task for task in self._sending if task.done()]
        settled = [*self._unsettled]
        for task in done:
            entry = self._sending.pop(task)
            try:
                settled.append(task.result())
            except Exception:  # nobody foresaw it: the entry is given up, the rule goes on
                logger.exception("a forward of delivery %d failed", entry.delivery)
                settled.append(Settled(entry, None, None, given_up=True))
        return settled

    async def _begin(self) -> None:
        """Send what was taken."""
        if not self._taken:
            return
        if time.monotonic() - self._looked_up_at > _LOOKED_UP_FOR_S:
            self._sender.forget()
            self._looked_up_at = time.monotonic()
        deliveries = await asyncio.to_thread(self._read, [entry.delivery for entry in self._taken])
        allowance = await self._store.do(partial(targets.allowed, target=self._recipe.target))
        recipe = replace(self._recipe, allowance=allowance | self._recipe.allowance)
        loop = asyncio.get_running_loop()
        for entry, delivery in zip(self._taken, deliveries, strict=True):
            task = loop.create_task(self._forward(entry, delivery, recipe))
            self._sending[task] = entry
            task.add_done_callback(lambda _: self._due.set())
        self._taken = ()

    def _read(self, ids: Sequence[int]) -> list[Delivery | StoreError | None]:
        """Each of them; one that cannot be read holds up no other."""
        found: list[Delivery | StoreError | None] = []
        for id_ in ids:
            try:
                found.append(self._fetching.delivery(id_))
            except StoreError as error:
                found.append(error)
        return found

    def _close_readers(self) -> None:
        self._reader.close()
        self._fetching.close()

    async def _forward(self, entry: Waiting, delivery: Delivery | StoreError | None, recipe: Recipe) -> Settled:
        if delivery is None:  # deleted since
            return Settled(entry, None, None)
        if isinstance(delivery, StoreError):
            detail = str(delivery).removesuffix(".")
            attempt = Attempt(entry.delivery, recipe.target.url, Sent(b""), time.time_ns(), error="not-readable")
            attempt = replace(attempt, detail=detail, number=entry.tried + 1, rule=self.rule.id)
            return self._judged(entry, attempt, None)
        signer = self._signer(recipe.sign_with) if recipe.sign_with else None
        attempt = drafted(delivery.request, recipe, signer, delivery=delivery.id, rule=self.rule.id)
        attempt = replace(attempt, number=entry.tried + 1, maybe_twice=entry.maybe_twice)
        if not attempt.error:
            attempt = await self._sender.send(attempt, recipe.target, recipe.allowance)
        wanted = self._wanted.get(delivery.id)
        if wanted is not None and not wanted.done():
            wanted.set_result(attempt)
        return self._judged(entry, attempt, delivery)

    def _judged(self, entry: Waiting, attempt: Attempt, delivery: Delivery | None) -> Settled:
        if attempt.succeeded:
            return Settled(entry, attempt, delivery)
        if attempt.error in _USELESS:
            return Settled(entry, attempt, delivery, given_up=True)
        now_ns = time.time_ns()
        answer = attempt.answer
        delay_s = next_delay_s(
            self.rule.retry,
            tried=entry.tried + 1,
            elapsed_s=(now_ns - entry.first_ns) / 1e9,
            status=NO_ANSWER if attempt.error else attempt.status,
            chance=random.random(),  # noqa: S311 - spreads load, guards nothing
            retry_after_s=None if answer is None else retry_after_s(answer.headers.all(b"retry-after"), at(now_ns)),
        )
        if delay_s is None:
            return Settled(entry, attempt, delivery, given_up=True)
        return Settled(entry, attempt, delivery, due_ns=now_ns + int(delay_s * 1e9))


def _is_cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
