"""Why stored deliveries failed: each made into a case of the chain and explained by a worker process, or many."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

from msgspec import structs

from inspector import presets
from inspector.core.delivery import Delivery, Standing, Summary
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.clock import Clock, clock_of
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished, HandlerChange, Progress, Step, unexplained
from inspector.core.diagnosis.group import GroupStep
from inspector.core.diagnosis.of_chain import case_of_link
from inspector.core.diagnosis.same_cause import mended_link
from inspector.core.diagnosis.values import seconds_behind
from inspector.core.effect import Tally
from inspector.core.explanation import Explanation, explain
from inspector.core.filters import Search
from inspector.core.handler import Handler
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.failures import grouped
from inspector.recheck.edited import Trial
from inspector.recheck.newest import tally_of_newest
from inspector.store import Reader
from inspector.workers import Workers

DEEPEST_S = 30
"""A deep search ends there."""

TOLD_EVERY_S = 0.05
"""Progress is told no more often."""

CUT_SHORT = ("what-takes-longer",)


type Retired = Callable[[Handler], Awaitable[Sequence[Secret]]]
"""Reads the older secrets of a handler."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the handler comes to its outcome as it is now, and with the change that was found; None without one."""

    now: Explanation | None
    then: Explanation | None


class Diagnoses:
    """Says why deliveries failed, with the handlers as they are now. Secrets go to other processes by pipe alone."""

    def __init__(self, folder: Path, workers: Workers, chain: Callable[[], Chain], retired: Retired) -> None:
        self._folder, self._workers, self._chain, self._read_retired = folder, workers, chain, retired

    async def warm(self) -> None:
        """Have a process ready, so that the first answer need not wait for its start."""
        async with aclosing(self._workers.run(made_ready)) as steps:
            async for _ in steps:
                pass
        await asyncio.to_thread(presets.known_schemes)

    async def of(self, delivery: Delivery, handler_id: int, *, deep: bool = False) -> AsyncGenerator[Step]:
        """Why that handler does not verify `delivery`: findings and progress, Finished last.

        Leaving the generator stops it. Nothing comes where there is no such handler. Raises WorkFailed.
        """
        chain = self._chain()
        link = _link_of(chain, handler_id)
        if link is None:
            return
        retired = await self._read_retired(link.handler)
        case = await asyncio.to_thread(case_of_delivery, self._folder, delivery, link, chain, retired)
        async with aclosing(explained(self._workers, case, deep=deep)) as steps:
            async for step in steps:
                yield step

    async def of_many(self, search: Search) -> AsyncGenerator[GroupStep]:
        """The failures of `search` grouped by their cause and handler, newest first, while they are looked at."""
        chain = self._chain()
        retired = {link.handler.name: await self._read_retired(link.handler) for link in chain}
        async with aclosing(self._workers.run(grouped, self._folder, search, chain, retired)) as steps:
            async for step in steps:
                yield step

    async def effect(self, delivery: Delivery, handler_id: int, change: HandlerChange) -> AsyncGenerator[Tally]:
        """What the change of that handler would have made of the last deliveries: parts, to be merged."""
        chain = self._chain()
        mended = await self._mended(delivery, handler_id, change)
        if mended is None:
            return
        earlier = tuple(takewhile(lambda name: name != mended.handler.name, (link.handler.name for link in chain)))
        with closing(Reader(self._folder)) as reader:
            mark = await asyncio.to_thread(reader.newest_id)
        trial = Trial(mended, handler_id, earlier)
        async with aclosing(self._workers.run(tally_of_newest, self._folder, mark, trial)) as parts:
            async for part in parts:
                yield part.tally

    async def evidence(self, delivery: Delivery, handler_id: int, finding: Finding) -> Evidence:
        """What the handler signs and expects as it is, and with what `finding` proposes where that verifies."""
        link = _link_of(self._chain(), handler_id)
        if link is None:
            return Evidence(None, None)
        mended = await self._mended(delivery, handler_id, finding.remedy.change or HandlerChange())
        body = finding.signed_body
        as_signed = (
            delivery if body is None else structs.replace(delivery, request=replace(delivery.request, body=body))
        )
        now = await asyncio.to_thread(explain, delivery, link)
        if mended is None or not finding.verified or (finding.remedy.change is None and body is None):
            return Evidence(now, None)
        then = await asyncio.to_thread(explain, as_signed, mended)
        # Of another secret no signature is shown, but one that the sender sent itself.
        return Evidence(now, then if then.expected == then.received else replace(then, expected=b"", with_secret=""))

    async def _mended(self, delivery: Delivery, handler_id: int, change: HandlerChange) -> Link | None:
        chain = self._chain()
        link = _link_of(chain, handler_id)
        if link is None:
            return None
        retired = {link.handler.name: await self._read_retired(link.handler)}
        return mended_link(link, change, chain, retired, delivery.request)


def made_ready() -> Iterator[None]:
    """Load everything that a diagnosis needs in this process."""
    presets.known_schemes()
    presets.recogniser()
    yield None


def _link_of(chain: Chain, handler_id: int) -> Link | None:
    return next((link for link in chain if link.handler.id == handler_id), None)


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
