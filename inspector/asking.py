"""What is asked of a request that came from elsewhere: how it should be signed, or to find out how it is."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from inspector import presets
from inspector.core.delivery import Answer, Delivery, Verdict
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Step
from inspector.core.diagnosis.learning import UNKNOWN, learn
from inspector.core.diagnosis.of_chain import case_of_link
from inspector.core.explanation import Explanation, explain
from inspector.core.handler import Handler
from inspector.core.request import Request
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.diagnosing import explained
from inspector.workers import Workers

GIVEN = "given"
"""The label of a secret that was typed for this one question."""

PASTED = "pasted"
"""Stands for the sender's address of a request that nobody sent here."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and how it is said to be signed: as the handler of that id, as `scheme`, or nobody knows.

    `secret` was typed for it; those of the handler count as well. `preset` is what `scheme` comes from, as
    `stripe:v1`. `url` is the address as the sender called it, `at` when it was received.
    """

    request: Request
    at: datetime
    secret: str = field(default="", repr=False)
    scheme: Scheme | None = None
    preset: str = ""
    handler_id: int = 0
    url: str = ""

    @property
    def delivery(self) -> Delivery:
        """The request as a delivery that is stored nowhere."""
        ns = int(self.at.timestamp() * 1_000_000) * 1000
        return Delivery(self.request, PASTED, ns, ns, Verdict.FAILED, (), Answer(0))


type Answered = Explanation | Step
"""How the outcome comes about, first and only where something was asked for; then what a diagnosis says."""


async def answered(
    workers: Workers, question: Question, chain: Chain, retired: Sequence[Secret], *, deep: bool
) -> AsyncGenerator[Answered]:
    """The answer: an outcome where it is said how the request should be signed, then findings, Finished last."""
    link = _asked(question, chain)
    if link is not None:
        yield await asyncio.to_thread(explain, question.delivery, link)
    case = await asyncio.to_thread(_case, question, link, chain, retired)
    search: Callable[..., Iterable[Step]] = learn if link is None else diagnose
    async with aclosing(explained(workers, case, deep=deep, search=search)) as steps:
        async for step in steps:
            yield step


def _asked(question: Question, chain: Chain) -> Link | None:
    """The handler that is asked about; None where it is to be found out."""
    given = (Secret(GIVEN, question.secret),) if question.secret else ()
    stored = next((link for link in chain if question.handler_id and link.handler.id == question.handler_id), None)
    if stored is not None:
        handler = replace(stored.handler, public_url=question.url or stored.handler.public_url, enabled=True, path="")
        return Link(handler, (*given, *stored.secrets))
    if question.scheme is None:
        return None
    secrets: tuple[Secret | UnreadableSecret, ...] = given
    return Link(Handler("", question.scheme, preset=question.preset, public_url=question.url), secrets)


def _case(question: Question, link: Link | None, chain: Chain, retired: Sequence[Secret]) -> Case:
    """Reads all presets the first time. Everything in it can be sent to another process."""
    if link is None:
        given = (Secret(GIVEN, question.secret),) if question.secret else ()
        link = Link(Handler("", UNKNOWN, public_url=question.url), given)
    request = replace(question.request, body=bytes(question.request.body))
    recognised = presets.recogniser().recognise(Reading(request), (link.handler.preset.partition(":")[0],))
    return case_of_link(
        request,
        link,
        chain,
        now=question.at,
        known=presets.known_schemes(),
        recognised=recognised.provider if recognised else "",
        retired={link.handler.name: retired},
    )
