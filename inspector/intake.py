"""What happens to a delivery, from arrival to answer, top to bottom."""

import asyncio
import logging
from dataclasses import dataclass

from inspector.core.delivery import Answer, Delivery, Ladder, Refusal, Verdict, at
from inspector.core.verification.ladder import Chain, evaluate, winner_of
from inspector.feed import Fault, FaultEnded, Feed
from inspector.resend import Forwarding
from inspector.settings import AnswerSettings
from inspector.sources.source import Arrival, Receipt, SpooledBody
from inspector.store import Store, StoreError

logger = logging.getLogger(__name__)

LARGE_BODY_BYTES = 256 * 1024
"""A body above this size is hashed in a thread, so that other answers do not wait for it."""

RETRY_AFTER_S = 5

_TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
_FEATURE_OFF = Answer(403, _TEXT, b"Feature not enabled")
_NOT_STORED = Answer(
    503, (*_TEXT, ("Retry-After", str(RETRY_AFTER_S))), b"The delivery could not be stored. Try again later."
)


@dataclass(slots=True)
class StoredReceipt:
    """The answer to a delivery that is stored; remembers when it left."""

    answer: Answer
    id: int
    store: Store

    def left(self, ns: int) -> None:
        """The answer was handed to the system at `ns`: noted by a later commit."""
        self.store.answered(self.id, ns)


@dataclass(frozen=True, slots=True)
class UnstoredReceipt:
    """The answer to a request that could not be stored: nothing remembers it."""

    answer: Answer

    def left(self, ns: int) -> None:
        """Nothing to note."""


class Intake:
    """Receives arrivals of every source: evaluates all handlers, stores, and says what to answer."""

    def __init__(self, store: Store, feed: Feed, answer: AnswerSettings, *, enabled: bool = True) -> None:
        self.chain: Chain = ()
        self.answer = answer
        self.enabled = enabled
        self._store = store
        self._feed = feed
        self._storing = True
        self.forwarding: Forwarding | None = None

    async def receive(self, arrival: Arrival) -> Receipt:
        """Store `arrival` durably with the outcome of every handler; the answer may leave when this returns."""
        delivery = await self._judged(arrival) if self.enabled else _feature_off(arrival)
        try:
            id_ = await self._store.add(delivery, arrival.spooled)
        except StoreError as error:
            self._not_stored(str(error))
            return UnstoredReceipt(_NOT_STORED)
        if not self._storing:
            self._storing = True
            self._feed.publish(FaultEnded("store"))
        answer = delivery.answer
        if self.forwarding is not None and (given := await self.forwarding.answer(id_, delivery)) is not None:
            answer = await self._given(id_, given)
        return StoredReceipt(answer, id_, self._store)

    def spool(self) -> SpooledBody:
        """A new file for a body too large for memory. Raises OSError where the disk refuses."""
        return self._store.spool()

    def cannot_keep(self, error: OSError) -> Answer:
        """The disk refused a spooled body on its way: the same as a delivery that cannot be stored."""
        self._not_stored(f"A large body cannot be written: {error.strerror or error}.")
        return _NOT_STORED

    async def _given(self, id_: int, answer: Answer) -> Answer:
        """The answer of a target, on its way to the sender: the delivery remembers it instead of our own."""
        try:
            await self._store.answer_with(id_, answer)
        except StoreError as error:  # it is the right answer all the same
            logger.warning("the answer given to delivery %d could not be kept: %s", id_, error)
        return answer

    async def _judged(self, arrival: Arrival) -> Delivery:
        chain, request = self.chain, arrival.request
        now = at(arrival.last_byte_ns)
        if len(request.body) > LARGE_BODY_BYTES:
            ladder = await asyncio.to_thread(evaluate, request, chain, now=now)
        else:
            ladder = evaluate(request, chain, now=now)
        winner = winner_of(ladder, chain)
        if winner is None:
            verdict, answer = Verdict.FAILED, Answer(self.answer.status, _TEXT, self.answer.body.encode())
        else:
            response = winner.response
            verdict, answer = Verdict.WON, Answer(response.status, response.headers or _TEXT, response.body.encode())
        return _delivery(arrival, verdict, ladder, answer)

    def _not_stored(self, why: str) -> None:
        if self._storing:  # said once; it lasts until a delivery is stored again
            logger.error("deliveries cannot be stored: %s", why)
            self._feed.publish(Fault("store", why))
        self._storing = False


def _feature_off(arrival: Arrival) -> Delivery:
    return _delivery(arrival, Verdict.REFUSED, (), _FEATURE_OFF, Refusal("feature-off"))


def _delivery(
    arrival: Arrival, verdict: Verdict, ladder: Ladder, answer: Answer, refusal: Refusal | None = None
) -> Delivery:
    return Delivery(
        request=arrival.request,
        remote=arrival.remote,
        first_byte_ns=arrival.first_byte_ns,
        last_byte_ns=arrival.last_byte_ns,
        verdict=verdict,
        ladder=ladder,
        answer=answer,
        tls=arrival.tls,
        refusal=refusal,
    )
