"""Deliveries for the tests of the store."""

from inspector.core.delivery import Answer, Delivery, Recognised, Refusal, Rung, Standing, Verdict
from inspector.core.handler import Handler
from inspector.core.request import NO_HEADERS, Body, Headers, Request
from inspector.core.verification.scheme import Scheme

NOON_NS = 1_795_348_800_000_000_000
STRIPE = Rung(1, "stripe", "ann", Standing.WON, secret_label="live")
GITHUB = Rung(2, "github", "bob", Standing.FAILED, "header-missing", detail="X-Hub-Signature-256")
OK = Answer(200, (("Content-Type", "text/plain"),), b"ok")


def a_request(
    *,
    method: str = "POST",
    target: str = "/stripe",
    lines: tuple[tuple[bytes, bytes], ...] = ((b"Host", b"localhost"), (b"X-Tag", b"a")),
    body: Body = b'{"n": 1}',
    trailers: Headers = NO_HEADERS,
) -> Request:
    head = f"{method} {target} HTTP/1.1\r\n".encode("latin-1")
    head += b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n"
    return Request(method, target, "1.1", Headers(lines), body, trailers, head)


def a_delivery(
    request: Request | None = None,
    *,
    verdict: Verdict = Verdict.WON,
    ladder: tuple[Rung, ...] = (STRIPE, GITHUB),
    answer: Answer = OK,
    refusal: Refusal | None = None,
    received_ns: int = NOON_NS,
    recognised: Recognised | None = None,
) -> Delivery:
    return Delivery(
        a_request() if request is None else request,
        "127.0.0.1:50123",
        received_ns - 1500,
        received_ns,
        verdict,
        ladder,
        answer,
        refusal=refusal,
        recognised=recognised,
    )


def a_handler(name: str = "stripe", **fields: object) -> Handler:
    return Handler(name, Scheme(kind="none"), **fields)  # type: ignore[arg-type]
