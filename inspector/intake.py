"""What happens to a delivery, from arrival to answer, top to bottom."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from inspector.core.delivery import Answer, Delivery, Refusal, Verdict, at
from inspector.core.judgement import TEXT, Judge, Judgement
from inspector.core.recognition import Recogniser
from inspector.core.request import Request
from inspector.core.verification.context import NOTHING
from inspector.core.verification.key_addresses import addresses_for, outdated_for, with_fetched_keys
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.preset import Preset
from inspector.feed import Fault, FaultEnded, Feed
from inspector.late_recognition import LateRecognition
from inspector.material import LIMIT_S, Keys
from inspector.resend import Forwarding
from inspector.settings import AnswerSettings
from inspector.sources.source import Arrival, Receipt, SpooledBody
from inspector.store import Store, StoreError

logger = logging.getLogger(__name__)

LARGE_BODY_BYTES = 256 * 1024
"""A body above this size is hashed in a thread, so that other answers do not wait for it."""

RETRY_AFTER_S = 5

_FEATURE_OFF = Judgement(Verdict.REFUSED, (), Answer(403, TEXT, b"Feature not enabled"))
_NOT_STORED = Answer(
    503, (*TEXT, ("Retry-After", str(RETRY_AFTER_S))), b"The delivery could not be stored. Try again later."
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

    def __init__(
        self,
        store: Store,
        feed: Feed,
        answer: AnswerSettings,
        keys: Keys,
        early: LateRecognition,
        *,
        enabled: bool = True,
    ) -> None:
        self.enabled = enabled
        self.judge = Judge()
        self.use(answer)
        self._fetching: Sequence[Link] = ()  # the handlers whose keys may have to be fetched
        self._keys = keys
        self.early = early
        self._store = store
        self._feed = feed
        self._storing = True
        self.forwarding: Forwarding | None = None

    @property
    def chain(self) -> Chain:
        """The handlers by which is judged, with their secrets."""
        return self.judge.chain

    def use(self, answer: AnswerSettings) -> None:
        """Answer so from now on where no handler verifies."""
        self.judge = replace(self.judge, unauthorised=Answer(answer.status, TEXT, answer.body.encode()))

    def judge_by(self, chain: Chain, presets: Mapping[str, Preset]) -> None:
        """Judge by this chain from now on; `presets` are those that its handlers name."""
        self.judge = replace(self.judge, chain=chain, presets=presets)
        self._fetching = with_fetched_keys(chain)

    def recognise_by(self, recogniser: Recogniser) -> None:
        """Recognise who sends from now on, and who has sent already."""
        self.judge = replace(self.judge, recogniser=recogniser)
        self.early.begin(recogniser, [preset.id for preset in self.judge.presets.values()])

    async def receive(self, arrival: Arrival) -> Receipt:
        """Store `arrival` durably with the outcome of every handler; the answer may leave when this returns."""
        early = self.judge.recogniser is None and self.enabled
        if not self.enabled:
            judgement = _FEATURE_OFF
        elif self._fetching or len(arrival.request.body) > LARGE_BODY_BYTES:
            judgement = await self._judged(arrival)
        else:
            judgement = self.judge.judge(arrival.request, now=at(arrival.last_byte_ns))
        delivery = _delivery(arrival, judgement, None if self.enabled else Refusal("feature-off"))
        try:
            id_ = await self._store.add(delivery, arrival.spooled)
        except StoreError as error:
            self._not_stored(str(error))
            return UnstoredReceipt(_NOT_STORED)
        if not self._storing:
            self._storing = True
            self._feed.publish(FaultEnded("store"))
        if judgement.fetch:
            self._confirm(judgement.fetch)
        if early and judgement.recognised is None:
            self.early.note(id_)
        answer = delivery.answer
        if self.forwarding is not None and (given := await self.forwarding.answer(id_, delivery)) is not None:
            answer = await self._given(id_, given)
        return StoredReceipt(answer, id_, self._store)

    async def keep(self, request: Request, received_at: datetime, remote: str) -> int:
        """Store a request that no source received, with the outcome of every handler as of then; returns its id.

        Raises StoreError.
        """
        ns = int(received_at.timestamp() * 1_000_000) * 1000
        arrival = Arrival(request, remote, ns, ns)
        return await self._store.add(_delivery(arrival, await self._judged(arrival), None))

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

    async def _judged(self, arrival: Arrival) -> Judgement:
        """What is decided where keys may have to be fetched, or a body hashed for long."""
        judge, request = self.judge, arrival.request
        now = at(arrival.last_byte_ns)
        material = await self._material(request) if self._fetching else NOTHING
        if len(request.body) > LARGE_BODY_BYTES:
            return await asyncio.to_thread(judge.judge, request, now=now, material=material)
        return judge.judge(request, now=now, material=material)

    async def _material(self, request: Request) -> Mapping[str, str]:
        """The keys that were fetched for this request, within the time that a delivery waits for them."""
        if not (addresses := addresses_for(request, self._fetching)):
            return NOTHING
        began = monotonic()
        material = self._keys.at_hand(addresses) or await self._keys.get(addresses)
        if outdated := outdated_for(request, self._fetching, material):
            left_s = max(0.0, LIMIT_S - (monotonic() - began))
            material = {**material, **await self._keys.renewed(outdated, limit_s=left_s)}
        return material

    def _confirm(self, address: str) -> None:
        """Call the address that a provider wants called, now that its handshake is stored."""

        def told(problem: str) -> None:
            if problem:
                text = f"A subscription could not be confirmed: {problem}. Ask the provider to send it again."
                self._feed.publish(Fault("handshake", text))
            else:
                self._feed.publish(FaultEnded("handshake"))

        self._keys.call(address, told)

    def _not_stored(self, why: str) -> None:
        if self._storing:  # said once; it lasts until a delivery is stored again
            logger.error("deliveries cannot be stored: %s", why)
            self._feed.publish(Fault("store", why))
        self._storing = False


def _delivery(arrival: Arrival, judgement: Judgement, refusal: Refusal | None) -> Delivery:
    return Delivery(
        request=arrival.request,
        remote=arrival.remote,
        first_byte_ns=arrival.first_byte_ns,
        last_byte_ns=arrival.last_byte_ns,
        verdict=judgement.verdict,
        ladder=judgement.ladder,
        answer=judgement.answer,
        tls=arrival.tls,
        refusal=refusal,
        recognised=judgement.recognised,
    )
