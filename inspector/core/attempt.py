"""One try to send a delivery to a target: what was sent, what came back, when, and what went wrong."""

from dataclasses import dataclass, field
from typing import Final

from inspector.core.request import NO_HEADERS, Body, Headers


@dataclass(frozen=True, slots=True)
class Times:
    """When the steps were done, in nanoseconds from the start of the attempt; 0 for a step that was not taken.

    A kept connection has neither name look-up nor connection nor TLS.
    """

    looked_up_ns: int = 0
    connected_ns: int = 0
    secured_ns: int = 0
    sent_ns: int = 0
    first_byte_ns: int = 0
    ended_ns: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went on the wire: its raw head, and its body between what frames it there."""

    head: bytes = field(repr=False)
    body: Body = field(default=b"", repr=False)
    before_body: bytes = b""  # of a chunked one, the size of its one chunk
    after_body: bytes = b""  # and its end with the trailers

    @property
    def method(self) -> str:
        """The method in the head."""
        return self.head.partition(b" ")[0].decode("latin-1")

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.head) + len(self.before_body) + len(self.body) + len(self.after_body)


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """What a target answered: its raw head, and its body without transfer coding and with any content coding.

    `cut`: the body was longer than the limit, or ended before its time; the attempt's `error` tells which.
    """

    status: int
    reason: str
    version: str
    headers: Headers
    head: bytes = field(default=b"", repr=False)
    body: bytes = field(default=b"", repr=False)
    trailers: Headers = NO_HEADERS
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `id` is 0 until it is stored; `started_ns` is nanoseconds since the epoch, UTC.

    `error` is a key of ERRORS, or empty; an answer that came before the error is kept. `delivery` is 0 where the
    request was made here. `number` counts the tries of the same resend from 1, `run` is the id of the bulk resend
    it belongs to, `maybe_twice`: it may have reached the target before, when the program was killed. `hop` counts the
    redirects that were followed up to here, the last of them from the URL `led_from`.
    """

    delivery: int
    target: str  # its URL
    sent: Sent
    started_ns: int
    times: Times = Times()
    answer: TargetAnswer | None = None
    error: str = ""
    detail: str = ""
    address: str = ""  # "address:port" that was connected to
    tls: str = ""  # version and cipher
    certificate_problem: str = ""  # what was wrong with a certificate that the user allowed
    kept_connection: bool = False
    handler: str = ""  # whose recipe signed it anew
    number: int = 1
    run: int = 0
    rule: int = 0  # of a forward
    maybe_twice: bool = False
    hop: int = 0
    led_from: str = ""
    id: int = 0

    @property
    def status(self) -> int:
        """The status of the answer, 0 without one."""
        return self.answer.status if self.answer is not None else 0

    @property
    def succeeded(self) -> bool:
        """Whether the target took it: a whole answer of 200 to 299."""
        return not self.error and 200 <= self.status <= 299

    @property
    def sentence(self) -> str:
        """What went wrong, for a person; empty where nothing did."""
        return sentence(self.error, self.detail)


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """What a list shows of an attempt."""

    id: int
    delivery: int
    started_ns: int
    target: str
    status: int
    error: str
    took_ns: int
    run: int = 0
    rule: int = 0
    hop: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether the target took it."""
        return not self.error and 200 <= self.status <= 299


def summary_of(attempt: Attempt) -> AttemptSummary:
    """What a list shows of `attempt`."""
    return AttemptSummary(
        attempt.id,
        attempt.delivery,
        attempt.started_ns,
        attempt.target,
        attempt.status,
        attempt.error,
        attempt.times.ended_ns,
        attempt.run,
        attempt.rule,
        attempt.hop,
    )


def sentence(error: str, detail: str = "") -> str:
    """The error in words."""
    text = ERRORS.get(error, "It could not be sent: {detail}." if error else "")
    return text.format(detail=detail) if text else ""


ERRORS: Final = {
    "not-readable": "The delivery cannot be read: {detail}.",
    "own-listener": "The target is this program's own listener: what is sent there would come back as a new delivery.",
    "needs-consent": "The target's address {detail} is link-local or one that hands out credentials: allow it first.",
    "no-host": "The target's address {detail} is no single host.",
    "name-unknown": "The name of the target is not known: {detail}.",
    "name-too-slow": "The name of the target was not found in time.",
    "refused": "Nothing listens at {detail}.",
    "unreachable": "The target at {detail}.",
    "connect-too-slow": "No connection to {detail} came about in time.",
    "not-tls": "The target does not speak TLS on this port: try http instead of https.",
    "tls": "TLS with the target failed: {detail}.",
    "tls-too-slow": "TLS with the target was not ready in time.",
    "certificate-expired": "The target's certificate has expired{detail}.",
    "certificate-early": "The target's certificate is not valid yet{detail}.",
    "certificate-name": "The target's certificate is for another name{detail}.",
    "certificate-self-signed": "The target's certificate is signed by itself{detail}.",
    "certificate-unknown": "The target's certificate is signed by nobody whom this machine trusts{detail}.",
    "certificate": "The target's certificate cannot be trusted{detail}.",
    "speaks-tls": "The target speaks TLS on this port: try https instead of http.",
    "reset": "The target reset the connection {detail}.",
    "closed": "The target closed the connection {detail}.",
    "not-http": "What the target answered is not HTTP/1.",
    "answer-malformed": "The answer cannot be read: {detail}.",
    "answer-too-large": "The answer is longer than {detail}; what came up to there is kept.",
    "too-slow": "The answer was not complete within {detail} seconds.",
    "stalled": "The target took no more of the request for {detail} seconds.",
    "redirect-malformed": "It redirects to where nothing can be sent: {detail}.",
    "redirect-insecure": "It redirects from https to http, which is not followed: {detail}.",
    "redirect-inward": "A public target redirected to {detail}, which is inside: type it where it is meant.",
    "redirects-too-many": "It redirected once more after {detail} redirects.",
    "cut-on-purpose": "The connection was cut here, in the middle of the request, as asked.",
    "cancelled": "It was cancelled{detail}.",
    "not-sendable": "It cannot be sent: {detail}.",
    "cannot-sign": "It cannot be signed anew: {detail}.",
    "failed": "It could not be sent: {detail}.",
}
"""Why an attempt failed, in words. `detail` may be put in."""
