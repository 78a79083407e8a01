"""A stored delivery and a handler of the chain, made into a case and explained by a worker process."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from inspector import presets
from inspector.core.delivery import Delivery, Standing, Summary
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.clock import Clock, clock_of
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished, Progress, Step, unexplained
from inspector.core.diagnosis.of_chain import case_of_link
from inspector.core.diagnosis.values import seconds_behind
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.store import Reader
from inspector.workers import Workers

DEEPEST_S = 30
"""A deep search ends there."""

TOLD_EVERY_S = 0.05
"""Progress is told no more often."""

CUT_SHORT = ("what-takes-longer",)


MOST_TIMED = 40
"""So many of a sender's last deliveries tell of its clock."""

_LOOKED_THROUGH = 400
_SIGNED = (Standing.WON, Standing.SHADOWED, Standing.FAILED)
_OUT_OF_TIME = ("timestamp-expired", "timestamp-future")


def case_of_delivery(folder: Path, delivery: Delivery, link: Link, chain: Chain, retired: Sequence[Secret]) -> Case:
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
        clock=clock_of_sender(folder, delivery, link),
    )


def clock_of_sender(folder: Path, delivery: Delivery, link: Link) -> Clock | None:
    """What the last deliveries that this handler was asked about, up to this one, tell of their sender's clock.

    None where the time of this one is no reason for its failure.
    """
    if not any(rung.handler == link.handler.name and rung.reason in _OUT_OF_TIME for rung in delivery.ladder):
        return None
    behind: list[float] = []
    with closing(Reader(folder)) as reader:
        ids = range(delivery.id, max(0, delivery.id - _LOOKED_THROUGH), -1)
        for summary in reader.page(ids):
            if len(behind) < MOST_TIMED and _same_sender(summary, delivery):
                behind += _behind(reader.delivery(summary.id), link)
    return clock_of(behind)


def _same_sender(summary: Summary, delivery: Delivery) -> bool:
    """Whether it looks like one of the same sender: recognised as such, else by its path."""
    one, two = summary.recognised, delivery.recognised
    if one is None or two is None:
        return one is two and summary.target.partition("?")[0] == delivery.request.path
    return one.provider == two.provider


def _behind(delivery: Delivery | None, link: Link) -> Sequence[float]:
    asked = delivery is not None and any(
        rung.handler == link.handler.name and rung.standing in _SIGNED and rung.reason != "header-missing"
        for rung in delivery.ladder
    )
    if delivery is None or not asked:
        return ()
    seconds = seconds_behind(Reading(delivery.request), link.handler.scheme, delivery.received_at)
    return () if seconds is None else (seconds,)


async def explained(workers: Workers, case: Case, *, deep: bool) -> AsyncGenerator[Step]:
    """The steps of the search in a worker process; the last one is Finished. A deep one ends after DEEPEST_S."""
    now = asyncio.get_running_loop().time
    started = told = now()
    anything = False
    async with aclosing(workers.run(partial(diagnose, deep=deep), case)) as steps:
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
