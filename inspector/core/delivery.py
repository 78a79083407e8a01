"""One HTTP request received, with all that we know of it.

The values are msgspec's structs, because several are made for each request: a frozen dataclass takes ten times as long.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from inspector.core.annotation import NO_ANNOTATION, Annotation
from inspector.core.request import Request

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Verdict(StrEnum):
    """What became of a delivery as a whole."""

    WON = "won"
    FAILED = "failed"
    HANDSHAKE = "handshake"
    REFUSED = "refused"


class Standing(StrEnum):
    """Where one handler stands on a delivery's ladder."""

    WON = "won"
    ANSWERED = "answered"  # its provider's handshake
    SHADOWED = "shadowed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    NOT_CHECKABLE = "not-checkable"


class Rung(Struct, frozen=True, gc=False):
    """The outcome of one handler for one delivery, as it is stored: what was checked, and what came out.

    `reason` is an identifier (`signature-mismatch`, `header-missing`, `path`, `disabled` ...), None when
    verified; `detail` names what it is about, mostly a header. `would_verify` is for a disabled handler. Where the
    signature is right and its time is not, `age_s` says how old it was at the receipt (negative: ahead) beside what
    the handler tolerates, in whole seconds.
    """

    revision: int
    handler: str
    user: str
    standing: Standing
    reason: str | None = None
    secret_label: str | None = None
    detail: str = ""
    would_verify: bool = False
    age_s: int | None = None
    tolerance_s: int | None = None


ANSWERING = (Standing.WON, Standing.ANSWERED)
"""Where the handler stands whose answer was sent."""

type Ladder = tuple[Rung, ...]


class TlsFacts(Struct, frozen=True, gc=False):
    """What the TLS handshake told: protocol version, cipher, server name asked for."""

    version: str
    cipher: str
    server_name: str = ""


class Answer(Struct, frozen=True, gc=False):
    """What the sender was answered."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Refusal(Struct, frozen=True, gc=False):
    """Why a request was turned away before any handler saw it; `raw` has its first bytes where it was not HTTP."""

    reason: str  # "feature-off", "malformed", "too-large", "too-slow" ...
    raw: bytes = b""


class Recognised(Struct, frozen=True, gc=False):
    """What a delivery tells of itself; empty where it does not. `attempt` is the number as sent."""

    provider: str
    event: str = ""
    delivery_id: str = ""
    attempt: int | None = None


class Delivery(Struct, frozen=True, gc=False):
    """A request as received, the outcome of every handler, and the answer.

    Times are nanoseconds since the epoch, UTC. `id` is 0 until it is stored; ids grow in arrival order.
    `answered_ns` is 0 while the answer is not known to have left.
    """

    request: Request
    remote: str  # "address:port"
    first_byte_ns: int
    last_byte_ns: int
    verdict: Verdict
    ladder: Ladder
    answer: Answer
    tls: TlsFacts | None = None
    refusal: Refusal | None = None
    id: int = 0
    answered_ns: int = 0
    recognised: Recognised | None = None
    annotation: Annotation = NO_ANNOTATION

    @property
    def received_at(self) -> datetime:
        """When the last byte came, to the microsecond, timezone-aware."""
        return at(self.last_byte_ns)

    @property
    def winner(self) -> Rung | None:
        """The rung of the handler that won, or None."""
        return next((rung for rung in self.ladder if rung.standing is Standing.WON), None)

    @property
    def answered_by(self) -> Rung | None:
        """The rung of the handler whose answer was sent: it won, or its provider's handshake was answered."""
        return next((rung for rung in self.ladder if rung.standing in ANSWERING), None)


class Summary(Struct, frozen=True, gc=False):
    """What a list shows of a delivery: its hot columns, without request and ladder."""

    id: int
    received_ns: int
    verdict: Verdict
    method: str
    target: str
    handler: str  # the name of the one that answered; empty without one
    status: int
    body_size: int  # bytes
    remote: str
    reason: str = ""  # of a refusal
    recognised: Recognised | None = None
    annotation: Annotation = NO_ANNOTATION


def summary_of(delivery: Delivery) -> Summary:
    """The hot columns of `delivery`."""
    answering = delivery.answered_by
    return Summary(
        id=delivery.id,
        received_ns=delivery.last_byte_ns,
        verdict=delivery.verdict,
        method=delivery.request.method,
        target=delivery.request.target,
        handler=answering.handler if answering else "",
        status=delivery.answer.status,
        body_size=len(delivery.request.body),
        remote=delivery.remote,
        reason=delivery.refusal.reason if delivery.refusal else "",
        recognised=delivery.recognised,
        annotation=delivery.annotation,
    )


def at(ns: int) -> datetime:
    """The moment `ns` nanoseconds after the epoch, in UTC, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=ns // 1000)
