"""A stored delivery and a handler of the chain, made into a case and explained by a worker process."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from inspector import presets
from inspector.core.delivery import Delivery
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished, Progress, Step, unexplained
from inspector.core.diagnosis.of_chain import case_of_link
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.workers import Workers

DEEPEST_S = 30
"""A deep search ends there."""

TOLD_EVERY_S = 0.05
"""Progress is told no more often."""

CUT_SHORT = ("what-takes-longer",)


def case_of_delivery(delivery: Delivery, link: Link, chain: Chain, retired: Sequence[Secret]) -> Case:
    """Why did the handler of `link` not verify `delivery`? Everything in it can be sent to another process.

    `retired` are the older secrets of that handler. Reads all presets the first time: call it in a thread.
    """
    request = replace(delivery.request, body=bytes(delivery.request.body))  # it may be a file's, mapped
    preferred = (link.handler.preset.partition(":")[0],)
    recognised = presets.recogniser().recognise(Reading(request), preferred)
    return case_of_link(
        request,
        link,
        chain,
        now=delivery.received_at,
        known=presets.known_schemes(),
        recognised=recognised.provider if recognised else "",
        retired={link.handler.name: retired},
    )


async def explained(
    workers: Workers, case: Case, *, deep: bool, search: Callable[..., Iterable[Step]] = diagnose
) -> AsyncGenerator[Step]:
    """The steps of the search in a worker process; the last one is Finished. A deep one ends after DEEPEST_S."""
    now = asyncio.get_running_loop().time
    started = told = now()
    anything = False
    async with aclosing(workers.run(partial(search, deep=deep), case)) as steps:
        async for step in steps:
            anything = anything or isinstance(step, Finding)
            if not isinstance(step, Progress):
                yield step
            elif now() - started > DEEPEST_S:
                if not anything:
                    yield unexplained(step.tried)
                yield Finished(step.tried, CUT_SHORT)
                return
            elif now() - told > TOLD_EVERY_S:
                told = now()
                yield step
