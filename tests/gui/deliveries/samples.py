"""Deliveries to look at, and ways to look at them."""

import asyncio
from collections.abc import Callable

from inspector.core.delivery import Answer, Delivery, Ladder, Refusal, Rung, Standing, Verdict
from inspector.core.handler import Handler
from inspector.core.request import Body, Headers, Request
from inspector.core.verification.computed import expected_signature
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.secret import Secret

SCHEME = Scheme(
    kind="hmac",
    algorithm="sha256",
    signature=SignaturePlace(name="X-Signature", format="prefix", prefix="sha256="),
)
HANDLER = Handler("stripe-live", SCHEME, user="alice", revision=1)
MISMATCH = Rung(1, "stripe-live", "alice", Standing.FAILED, "signature-mismatch", detail="X-Signature")
SIGNED = (b"X-Signature", b"sha256=" + b"00" * 32)


def a_request(
    body: Body = b"", *headers: tuple[bytes, bytes], content_type: bytes = b"", trailers: Headers | None = None
) -> Request:
    """A request with its head as it would have come."""
    lines = [(b"Host", b"127.0.0.1"), *headers]
    if content_type:
        lines.append((b"Content-Type", content_type))
    head = b"POST /hook HTTP/1.1\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n"
    return Request("POST", "/hook", "1.1", Headers(lines), body, trailers or Headers(), head)


def a_delivery(
    request: Request | None = None,
    *ladder: Rung,
    verdict: Verdict | None = None,
    answer: Answer | None = None,
    refusal: Refusal | None = None,
    number: int = 1,
    answered_ns: int = 3_500_000,
) -> Delivery:
    """A delivery that nobody verified, unless its ladder has a winner or it says otherwise."""
    won = any(rung.standing is Standing.WON for rung in ladder)
    verdict = verdict or (Verdict.WON if won else Verdict.FAILED)
    answer = answer or (Answer(200, (), b"ok") if won else Answer(403, (), b"Webhook not authorized."))
    steps: Ladder = tuple(ladder)
    return Delivery(
        request or a_request(),
        "127.0.0.1:5000",
        1_400_000,
        1_600_000,
        verdict,
        steps,
        answer,
        refusal=refusal,
        id=number,
        answered_ns=answered_ns,
    )


async def expected(delivery: Delivery, rung: Rung) -> bytes | None:
    """What HANDLER expects."""
    return expected_signature(delivery.request, SCHEME, Secret("current", "geheim"))


def handler_of(rung: Rung) -> Handler | None:
    """The handler of every rung with HANDLER's revision."""
    return HANDLER if rung.revision == HANDLER.revision else None


async def until(condition: Callable[[], bool]) -> None:
    """Let the window go on until `condition` holds; a second at the most."""
    async with asyncio.timeout(1):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)
