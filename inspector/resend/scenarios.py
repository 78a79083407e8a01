"""Run a scenario against a target: case after case, every attempt kept with the delivery."""

import asyncio
import secrets as randomness
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace

from inspector.core.attempt import Attempt
from inspector.core.bulk import Recipe
from inspector.core.delivery import Delivery, at
from inspector.core.request import Request
from inspector.core.resending import edited
from inspector.core.scenario import CaseResult, Scenario
from inspector.core.scenario_cases import Good, Plan, Step, plan
from inspector.core.verification.context import NOTHING
from inspector.resend.making import Signer, url_of
from inspector.resend.sender import Pace, Sender
from inspector.store.attempt_log import AttemptLog


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """A scenario with all that it takes to run it."""

    scenario: Scenario
    request: Request
    delivery: Delivery | None  # with which the attempts are kept, where the request is one's
    recipe: Recipe
    signer: Signer | None
    run: int = 0


async def run_scenario(
    work: ScenarioRun, sender: Sender, log: AttemptLog, *, clock: Callable[[], int] = time.time_ns
) -> AsyncIterator[CaseResult]:
    """The result of each case when it is there. Raises NotSendable where the delivery itself cannot be sent."""
    request = edited(work.request, work.recipe.target, work.recipe.edits)
    for case in work.scenario.chosen:
        good = Good(
            request,
            None if work.signer is None else work.signer.handler.scheme,
            None if work.signer is None else work.signer.secret,
            at(clock()),
            url_of(work.recipe.target, request),
            _identifiers(),
            NOTHING if work.signer is None else work.signer.handler.parameters,
        )
        planned = plan(case, good)
        attempts = await _sent(planned, work, sender)
        stored = [replace(each, id=await log.add(each, work.delivery)) for each in attempts]
        expected = tuple(step.expect or case.expected for step in planned.steps)
        yield CaseResult(case, tuple(stored), expected, planned.skipped)


async def _sent(planned: Plan, work: ScenarioRun, sender: Sender) -> list[Attempt]:
    def sending(step: Step) -> "asyncio.Task[Attempt]":
        draft = Attempt(
            0 if work.delivery is None else work.delivery.id,
            url_of(work.recipe.target, work.request),
            step.sent,
            0,
            handler="" if work.signer is None else work.signer.handler.name,
            run=work.run,
        )
        pace = Pace(step.bytes_per_s, step.cut_at)
        return asyncio.ensure_future(sender.send(draft, work.recipe.target, work.recipe.allowance, pace=pace))

    if planned.at_once:
        return list(await asyncio.gather(*map(sending, planned.steps)))
    return [await sending(step) for step in planned.steps]


def _identifiers() -> Iterator[str]:
    while True:
        yield f"msg_{randomness.token_hex(12)}"
