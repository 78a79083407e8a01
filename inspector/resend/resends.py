"""What a user can ask of resending: one now, many in a run, and what is allowed for a target."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from inspector.core.attempt import Attempt, AttemptSummary, Sent, sentence, summary_of
from inspector.core.bulk import BulkOptions, Progress, Recipe
from inspector.core.delivery import Delivery
from inspector.core.filters import Search
from inspector.core.request import Request
from inspector.core.scenario import CaseResult, Scenario
from inspector.core.scenario_request import kept, request_of
from inspector.core.target import Allowance, Target
from inspector.feed import AttemptsAdded, Feed, RunChanged
from inspector.resend.bulk import Bulk
from inspector.resend.clock import REAL_CLOCK, Clock
from inspector.resend.following import hops
from inspector.resend.making import FindSigner, drafted, made
from inspector.resend.scenarios import ScenarioRun, run_scenario
from inspector.resend.sender import Sender, SendLimits
from inspector.resend.way import NoWay, OwnListener, addresses_of
from inspector.store import Reader, Store, StoreError, runs, targets

_ENDED_KEPT: Final = 50
"""So many runs that have ended are remembered with their progress; all are in the store."""
_LOOK_UP_S: Final = 2.0
_OBSTACLES: Final = {"needs-consent", "own-listener", "no-host"}


class NoSuchDelivery(ValueError):
    """There is no delivery, run or handler of that id or name; the message says which."""


@dataclass(slots=True)
class ScenarioResults:
    """What came of a scenario so far."""

    found: list[CaseResult] = field(default_factory=list)
    ended: bool = False
    problem: str = ""


class Resends:
    """Resending, as a user asks for it. It belongs to the engine's loop."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        feed: Feed,
        *,
        own_listener: OwnListener,
        signer: FindSigner,
        limits: Callable[[], SendLimits] = SendLimits,
        clock: Clock = REAL_CLOCK,
    ) -> None:
        self._folder, self._store, self._feed = folder, store, feed
        self._own_listener, self._signer, self._limits = own_listener, signer, limits
        self._clock = clock
        self._runs: dict[int, Bulk] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._scenarios: dict[int, ScenarioResults] = {}
        self._numbers = itertools.count(1)
        store.attempts.logged = self._logged

    # One

    def preview(self, delivery: Delivery, recipe: Recipe) -> Sent:
        """What would be sent. Raises NotSendable and CannotSign."""
        return made(delivery.request, recipe, self._signer(recipe.sign_with), now_ns=delivery.last_byte_ns)

    async def send(self, delivery_id: int, recipe: Recipe) -> Attempt:
        """Send the delivery once; the stored attempt. Raises NoSuchDelivery and StoreError."""
        delivery = await self._delivery(delivery_id)
        recipe = await self.allowed(recipe)
        attempt = drafted(delivery.request, recipe, self._signer(recipe.sign_with), delivery=delivery.id)
        return await self._sent(attempt, recipe, delivery)

    async def send_request(self, request: Request, recipe: Recipe, *, to_own: bool = False) -> Attempt:
        """Send a request that was made here; the stored attempt. `to_own`: the own listener may be the target."""
        recipe = await self.allowed(recipe)
        attempt = drafted(request, recipe, self._signer(recipe.sign_with))
        return await self._sent(attempt, recipe, None, to_own=to_own)

    # Many

    async def start(self, selection: Sequence[int] | Search, recipe: Recipe, options: BulkOptions) -> Progress:
        """Start sending all of `selection` again; its progress as it starts. Raises StoreError.

        What matches a search is looked up once, so that nothing that comes meanwhile is sent too.
        """
        recipe = await self.allowed(recipe)
        if recipe.sign_with and self._signer(recipe.sign_with) is None:
            raise NoSuchDelivery(f"There is no handler named {recipe.sign_with!r}.")
        if isinstance(selection, Search):
            ids: Sequence[int] = await asyncio.to_thread(self._matching, selection)
        else:
            ids = tuple(selection)
        if options.newest_first:
            ids = sorted(ids, reverse=True) if not isinstance(ids, range) else ids[::-1]
        run = await self._store.do(partial(runs.begin, what=_described(selection, recipe, options)))
        bulk = Bulk(
            run,
            ids,
            recipe,
            options,
            folder=self._folder,
            sender=self._sender(keep=options.concurrency),
            log=self._store.attempts,
            allowed=self._allowed_for,
            signer=self._signer(recipe.sign_with) if recipe.sign_with else None,
            clock=self._clock,
        )
        self._runs[run] = bulk
        self._tasks[run] = asyncio.get_running_loop().create_task(self._work(bulk), name=f"run {run}")
        self._feed.publish(RunChanged(bulk.progress))
        return bulk.progress

    async def scenario(self, scenario: Scenario, recipe: Recipe) -> AsyncGenerator[CaseResult]:
        """Run `scenario` against the target of `recipe`: the result of each case when it is there.

        Its attempts are kept with its delivery as a run. Raises NoSuchDelivery, NotSendable and StoreError.
        """
        request, delivery = await self._good(scenario)
        signer = self._signer(scenario.sign) if scenario.sign else None
        if scenario.sign and signer is None:
            raise NoSuchDelivery(f"There is no handler named {scenario.sign!r}.")
        recipe = await self.allowed(recipe)
        what = {"target": recipe.target.url, "scenario": scenario.name, "sign_with": scenario.sign}
        run = await self._store.do(partial(runs.begin, what=what))
        sender = self._sender(keep=1)
        passed: dict[str, bool] = {}
        try:
            work = ScenarioRun(scenario, request, delivery, recipe, signer, run)
            async for result in run_scenario(work, sender, self._store.attempts):
                passed[result.case.title] = result.passed
                yield result
        finally:
            sender.close()
            await self._store.do(partial(runs.end, id_=run, result={"passed": passed}))

    def start_scenario(self, scenario: Scenario, recipe: Recipe) -> int:
        """Run `scenario` by itself; a number to ask for its results by. For who cannot wait."""
        number = next(self._numbers)
        results = self._scenarios[number] = ScenarioResults()

        async def work() -> None:
            try:
                async with contextlib.aclosing(self.scenario(scenario, recipe)) as found:
                    async for result in found:
                        results.found.append(result)
            except asyncio.CancelledError:
                results.problem = "It was broken off."
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was: cases that were not sent did not pass
                results.problem = str(error) or type(error).__name__
            finally:
                results.ended = True
                self._tasks.pop(-number, None)

        self._tasks[-number] = asyncio.get_running_loop().create_task(work(), name=f"scenario {number}")
        return number

    def scenario_results(self, number: int) -> "ScenarioResults":
        """What came of it so far. Raises NoSuchDelivery."""
        if (results := self._scenarios.get(number)) is None:
            raise NoSuchDelivery(f"There is no scenario {number} under way.")
        return results

    async def attempts(self, run: int, ended: str, limit: int) -> list[AttemptSummary]:
        """The newest attempts of the run that `ended` so: a status, an error, `failed`, or empty for all of them."""

        def read() -> list[AttemptSummary]:
            with contextlib.closing(Reader(self._folder)) as reader:
                return reader.attempts(run=run, ended=ended, limit=limit, newest=True)

        return await asyncio.to_thread(read)

    def progress(self, run: int) -> Progress:
        """How far the run is. Raises NoSuchDelivery where it was not started since the program was."""
        return self._bulk(run).progress

    async def watch(self, run: int) -> AsyncIterator[Progress]:
        """How far the run is, several times a second, until it has ended. Raises NoSuchDelivery."""
        async for progress in self._bulk(run).watch():
            yield progress

    def pause(self, run: int) -> None:
        """Hold the run. Raises NoSuchDelivery."""
        self._steer(run, Bulk.pause)

    def resume(self, run: int) -> None:
        """Let the run go on. Raises NoSuchDelivery."""
        self._steer(run, Bulk.resume)

    def cancel(self, run: int) -> None:
        """End the run. Raises NoSuchDelivery."""
        self._steer(run, Bulk.cancel)

    # Targets

    async def allow(self, target: Target, allowance: Allowance) -> None:
        """Allow this for `target` from now on. Raises StoreError."""
        await self._store.do(partial(targets.allow, target=target, allowance=allowance))

    async def obstacle(self, target: Target) -> tuple[str, str]:
        """Why nothing would be sent to `target`: a key of `attempt.ERRORS` and the sentence; empty where it would.

        Its name is looked up, and nothing is connected to: one that is not known today may be tomorrow.
        Raises StoreError.
        """
        allowance = await self._store.do(partial(targets.allowed, target=target))
        try:
            await addresses_of(target, allowance, self._own_listener, _LOOK_UP_S)
        except NoWay as no_way:
            if no_way.error in _OBSTACLES:
                return no_way.error, sentence(no_way.error, str(no_way))
        return "", ""

    async def allowed(self, recipe: Recipe) -> Recipe:
        """`recipe` with what is allowed for its target; the target counts as used. Raises StoreError."""

        def work(connection: Any) -> Allowance:
            targets.used(connection, recipe.target)
            return targets.allowed(connection, recipe.target)

        return replace(recipe, allowance=await self._store.do(work) | recipe.allowance)

    async def close(self) -> None:
        """End what is under way."""
        for bulk in self._runs.values():
            bulk.cancel()
        for number in [number for number in self._tasks if number < 0]:
            self._tasks[number].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    # How

    def _logged(self, attempts: Sequence[Attempt]) -> None:
        summaries = [summary_of(attempt) for attempt in attempts]
        for summary in summaries:
            if summary.run and (bulk := self._runs.get(summary.run)) is not None:
                bulk.stored(summary)
        self._feed.publish(AttemptsAdded(summaries))

    async def _sent(
        self, attempt: Attempt, recipe: Recipe, delivery: Delivery | None, *, to_own: bool = False
    ) -> Attempt:
        if attempt.error:
            return await self._stored(attempt, delivery)
        sender = Sender(limits=self._limits(), own_listener=(lambda: None) if to_own else self._own_listener)
        cancelled: list[Attempt] = []
        try:
            async for hop in hops(attempt, recipe, sender, self._allowed_for, cancelled.append):
                stored = await self._stored(hop, delivery)
        except asyncio.CancelledError:
            for begun in cancelled:  # what was begun is history too
                await self._stored(begun, delivery)
            raise
        finally:
            sender.close()
        return stored

    async def _stored(self, attempt: Attempt, delivery: Delivery | None) -> Attempt:
        return replace(attempt, id=await self._store.attempts.add(attempt, delivery))

    async def _allowed_for(self, target: Target) -> Allowance:
        return await self._store.do(partial(targets.allowed, target=target))

    async def _work(self, bulk: Bulk) -> None:
        try:
            progress = await bulk.work()
            with contextlib.suppress(StoreError):  # the attempts could not be kept either, and that was told
                await self._store.do(partial(runs.end, id_=bulk.run, result=_result(progress)))
            self._feed.publish(RunChanged(progress))
        finally:
            self._tasks.pop(bulk.run, None)
            ended = [run for run in self._runs if run not in self._tasks]
            for run in ended[:-_ENDED_KEPT]:
                del self._runs[run]

    def _sender(self, *, keep: int) -> Sender:
        return Sender(limits=self._limits(), own_listener=self._own_listener, keep=keep)

    def _bulk(self, run: int) -> Bulk:
        if (bulk := self._runs.get(run)) is None:
            raise NoSuchDelivery(f"There is no run {run}.")
        return bulk

    def _steer(self, run: int, how: Callable[[Bulk], None]) -> None:
        bulk = self._bulk(run)
        how(bulk)
        self._feed.publish(RunChanged(bulk.progress))

    async def _delivery(self, id_: int) -> Delivery:
        def read() -> Delivery | None:
            with contextlib.closing(Reader(self._folder)) as reader:
                return reader.delivery(id_)

        if (delivery := await asyncio.to_thread(read)) is None:
            raise NoSuchDelivery(f"There is no delivery {id_}.")
        return delivery

    async def _good(self, scenario: Scenario) -> tuple[Request, Delivery | None]:
        """The good request, and the delivery that it is: a file from elsewhere brings its own, of no delivery here."""
        if scenario.request is None:
            delivery = await self._delivery(scenario.delivery)
            return delivery.request, delivery
        with contextlib.suppress(NoSuchDelivery):
            delivery = await self._delivery(scenario.delivery)
            if kept(delivery.request) == scenario.request:
                return delivery.request, delivery
        return request_of(scenario.request), None

    def _matching(self, search: Search) -> Sequence[int]:
        with contextlib.closing(Reader(self._folder)) as reader:
            return reader.ids(search)


def _described(selection: Sequence[int] | Search, recipe: Recipe, options: BulkOptions) -> dict[str, Any]:
    what: dict[str, Any] = {"target": recipe.target.url, "sign_with": recipe.sign_with, "times": options.times}
    if isinstance(selection, Search):
        return {**what, "search": str(selection)}
    return {**what, "deliveries": len(selection), "first": selection[0] if selection else 0}


def _result(progress: Progress) -> dict[str, Any]:
    return {
        "state": progress.state,
        "total": progress.total,
        "done": progress.done,
        "succeeded": progress.succeeded,
        "tries": progress.tries,
        "elapsed_s": round(progress.elapsed_s, 3),
        "answers": dict(progress.answers),
        "slowest": [each.id for each in progress.slowest],
    }
