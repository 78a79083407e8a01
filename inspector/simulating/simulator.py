"""Simulating, as a user asks for it: try after try, each kept as an attempt."""

import asyncio
import contextlib
import itertools
import secrets as randomness
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from inspector import presets
from inspector.core.attempt import Attempt, Sent
from inspector.core.bulk import Recipe
from inspector.core.delivery import at
from inspector.core.request import NO_HEADERS, Request
from inspector.core.resending import on_the_wire, problems
from inspector.core.retry import next_delay_s, retry_after_s
from inspector.core.retry_schedule import RetrySchedule, sped_up
from inspector.core.simulation.fresh import Fresh
from inspector.core.simulation.secret_form import key_kind
from inspector.core.simulation.simulate import CannotSign, Making, simulated
from inspector.core.target import Allowance
from inspector.core.verification.secret import Secret
from inspector.feed import Feed
from inspector.resend import Clock, Resends, Sender, SendLimits
from inspector.secret_store import SecretStore, SecretUnavailable
from inspector.simulating.arrivals import Arrivals
from inspector.simulating.prepare import Prepared, Surroundings, prepared, usual_handler
from inspector.simulating.simulation import CannotSimulate, Sending, Simulation
from inspector.store import Store, StoreError, runs

_USELESS: Final = {"needs-consent", "no-host", "not-sendable", "cannot-sign"}
"""Errors that another try cannot mend."""

_RESULTS_KEPT: Final = 50


@dataclass(slots=True)
class SimulationResults:
    """What came of a simulation so far; its attempts are without what was sent and answered, which is in the store."""

    found: list[Sending] = field(default_factory=list)
    ended: bool = False
    problem: str = ""


class Simulator:
    """Simulating, as a user asks for it. It belongs to the engine's loop."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        resends: Resends,
        keys: SecretStore,
        *,
        around: Callable[[], Surroundings],
        limits: Callable[[], SendLimits],
        clock: Clock,
    ) -> None:
        self._store, self._feed, self._resends, self._keys = store, feed, resends, keys
        self._around, self._limits, self._clock = around, limits, clock
        self._results: dict[int, SimulationResults] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._numbers = itertools.count(1)

    def prepared(self, simulation: Simulation) -> Prepared:
        """All that it takes to simulate. Raises CannotSimulate."""
        return prepared(simulation, self._around())

    async def completed(self, simulation: Simulation) -> Simulation:
        """`simulation` with the key of its own that was kept for the provider, where that is what signs."""
        if simulation.secret is not None or not (key := await self.own_key(simulation.preset)):
            return simulation
        handler = simulation.handler or usual_handler(simulation.preset, self._around().handlers)
        return replace(simulation, handler=handler, secret=Secret("simulator", key))

    async def own_key(self, reference: str) -> str:
        """The private key that was made and kept for this preset and scheme; empty where there is none."""
        if not (id_ := _key_id(reference)):
            return ""
        try:
            return await self._keys.get(id_)
        except SecretUnavailable:
            return ""

    async def keep_own_key(self, reference: str, key: str) -> None:
        """Sign with this private key from now on. Raises SecretUnavailable."""
        if id_ := _key_id(reference):
            await self._keys.put(id_, key)

    async def preview(self, simulation: Simulation) -> Sent:
        """What would be sent now, with an identity that is only shown. Raises CannotSimulate."""
        simulation = await self.completed(simulation)

        def made() -> Sent:
            fresh = Fresh(bytes(16), at(time.time_ns()))
            return on_the_wire(_made(self.prepared(simulation).making, fresh, number=1))

        return await asyncio.to_thread(made)  # the first key of a pair takes its time, and the listener is on this loop

    async def run(self, simulation: Simulation) -> AsyncGenerator[Sending]:
        """Each try when it has ended, kept as an attempt of a run of its own. Raises CannotSimulate and StoreError."""
        simulation = await self.completed(simulation)
        work = await asyncio.to_thread(self.prepared, simulation)
        allowance = simulation.allowance
        if not work.own:
            allowance = (await self._resends.allowed(Recipe(work.target, allowance=allowance))).allowance
        what = {"target": work.target.url, "simulates": simulation.preset, "event": work.making.event}
        run = await self._store.do(partial(runs.begin, what=what))
        sender = Sender(limits=self._limits_for(simulation, work), keep=1)
        count = succeeded = 0
        try:
            for turn in range(1, simulation.times + 1):
                if turn > 1 and simulation.delay_s:
                    await self._clock.sleep(simulation.delay_s)
                async for sending in self._deliver(work, simulation, sender, allowance, run):
                    count += 1
                    succeeded += sending.attempt.succeeded
                    yield replace(sending, turn=turn)
        finally:
            sender.close()
            result = {"total": simulation.times, "tries": count, "succeeded": succeeded}
            with contextlib.suppress(StoreError):  # the program ends, and the store has ended before
                await self._store.do(partial(runs.end, id_=run, result=result))

    def start(self, simulation: Simulation) -> int:
        """Simulate by itself; a number to ask for the results by. Raises CannotSimulate. For who cannot wait."""
        self.prepared(simulation)
        number = next(self._numbers)
        results = self._results[number] = SimulationResults()
        for ended in [each for each in self._results if each not in self._tasks and each != number][:-_RESULTS_KEPT]:
            del self._results[ended]

        async def work() -> None:
            try:
                async with contextlib.aclosing(self.run(simulation)) as found:
                    async for sending in found:
                        results.found.append(_light(sending))
            except Exception as error:  # noqa: BLE001 - whoever asks is told, whatever it was
                results.problem = str(error) or type(error).__name__
            finally:
                results.ended = True
                self._tasks.pop(number, None)

        self._tasks[number] = asyncio.get_running_loop().create_task(work(), name=f"simulation {number}")
        return number

    def results(self, number: int) -> SimulationResults | None:
        """What came of it so far; None where there is none of that number."""
        return self._results.get(number)

    def cancel(self, number: int) -> None:
        """End it now."""
        if (task := self._tasks.get(number)) is not None:
            task.cancel()

    async def close(self) -> None:
        """End what is under way."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # How

    async def _deliver(
        self, work: Prepared, simulation: Simulation, sender: Sender, allowance: Allowance, run: int
    ) -> AsyncIterator[Sending]:
        """The tries of one delivery, until the provider would be content or give up."""
        fresh = Fresh(randomness.token_bytes(16), at(time.time_ns()))
        schedule, first, number = work.schedule, self._clock.now_s(), 1
        policy = sped_up(schedule.policy, simulation.speed)
        while True:
            with Arrivals(self._feed) as arrivals:
                made = await asyncio.to_thread(_draft, work, fresh, number)
                draft = replace(made, run=run, handler=work.handler)
                attempt = draft if draft.error else await sender.send(draft, work.target, allowance)
                attempt = replace(attempt, id=await self._store.attempts.add(attempt, None))
                delivery = await arrivals.of(attempt) if work.own else 0
            content = not attempt.error and (schedule.takes(attempt.status) or _stopped(attempt, schedule))
            delay_s = None
            if simulation.retries and not content and attempt.error not in _USELESS:
                delay_s = next_delay_s(
                    policy,
                    tried=number,
                    elapsed_s=self._clock.now_s() - first,
                    status=0 if attempt.error else attempt.status,
                    chance=0.5,
                    retry_after_s=_asked_s(attempt, simulation.speed),
                )
            yield Sending(attempt, delivery=delivery, next_s=delay_s)
            if delay_s is None:
                return
            await self._clock.sleep(delay_s)
            number += 1

    def _limits_for(self, simulation: Simulation, work: Prepared) -> SendLimits:
        limits, timeout_s = self._limits(), work.schedule.timeout_s
        if not simulation.retries or timeout_s is None:
            return limits
        return replace(limits, exchange_s=min(limits.exchange_s, timeout_s))


def _key_id(reference: str) -> str:
    """Under which the private key of a preset is kept; empty where its scheme has none, or there is no such preset."""
    try:
        found = presets.scheme(reference)
    except presets.PresetUnknown:
        return ""
    return f"simulator-{reference.partition(':')[0]}-{found.id}" if key_kind(found.scheme) else ""


def _made(making: Making, fresh: Fresh, *, number: int) -> Request:
    """The request. Raises CannotSimulate."""
    try:
        request = simulated(making, fresh, now=at(time.time_ns()), number=number)
    except CannotSign as error:
        raise CannotSimulate(f"It cannot be signed: {error}.") from None
    for problem in problems(request):
        raise CannotSimulate(problem.sentence)
    return request


def _draft(work: Prepared, fresh: Fresh, number: int) -> Attempt:
    """The attempt to send the try of that number; one with an error where it cannot be made."""
    url = work.target.origin + work.making.path
    try:
        sent = on_the_wire(_made(work.making, fresh, number=number))
    except CannotSimulate as problem:
        detail = str(problem).removesuffix(".").removeprefix("It cannot be signed: ")
        return Attempt(0, url, Sent(b""), time.time_ns(), error="cannot-sign", detail=detail, number=number)
    return Attempt(0, url, sent, time.time_ns(), number=number)


def _light(sending: Sending) -> Sending:
    answer = sending.attempt.answer
    kept = None if answer is None else replace(answer, headers=NO_HEADERS, head=b"", body=b"")
    return replace(sending, attempt=replace(sending.attempt, sent=Sent(b""), answer=kept))


def _stopped(attempt: Attempt, schedule: RetrySchedule) -> bool:
    return attempt.answer is not None and schedule.stops_at(attempt.answer.headers)


def _asked_s(attempt: Attempt, speed: float) -> float | None:
    """The delay that the target asked for, as much shorter as all the others."""
    if attempt.answer is None:
        return None
    asked = retry_after_s(attempt.answer.headers.all(b"retry-after"), at(attempt.started_ns))
    return None if asked is None else asked / speed
