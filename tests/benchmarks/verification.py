"""How many handler checks one core makes a second: 2 KiB deliveries in memory, chains of 1, 10 and 50 handlers.

Run: python -m tests.benchmarks.verification
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter

from inspector import presets
from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.ladder import Link, evaluate
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request

BAR = 30_000  # handler checks a second, 10 handlers
RECOGNITION_BAR_US = 15.0
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROVIDERS = (
    *("stripe:v1", "github:sha256", "shopify:sha256", "slack:v0", "gitlab:token"),
    *("standard-webhooks:v1", "twilio:form-sha1", "zoom:v0", "linear:sha256", "paddle:h1"),
)
SECONDS = 1.0


def a_secret(number: int) -> Secret:
    """A secret that every one of these schemes can read."""
    return Secret(f"secret {number}", "whsec_" + "c2VjcmV0IG9mIDMyIGJ5dGVzIGF0IGxlYXN0ISE=")


def a_chain(size: int) -> Sequence[Link]:
    """Handlers of different providers: two in three do not find their header, as in a real chain."""
    names = [PROVIDERS[number % len(PROVIDERS)] for number in range(size)]
    return [Link(Handler(f"{i}", presets.scheme(name).scheme), (a_secret(i),)) for i, name in enumerate(names)]


def a_same_chain(size: int) -> Sequence[Link]:
    """Handlers of one provider with different secrets: every one computes a signature, and the last one wins."""
    scheme = presets.scheme("github").scheme
    return [Link(Handler(f"{i}", scheme), (Secret("s", f"secret number {i - size + 1}"),)) for i in range(size)]


def deliveries(names: Sequence[str], secret: Secret) -> list[Request]:
    """2 KiB deliveries, each signed as its provider does it."""
    body = json.dumps({"id": "evt_1", "type": "invoice.paid", "data": {"lines": ["x" * 40] * 44}}).encode()
    lines = [
        *((b"Host", b"127.0.0.1:8080"), (b"User-Agent", b"Sender/1.0"), (b"Accept", b"*/*")),
        *((b"Content-Type", b"application/json"), (b"Content-Length", str(len(body)).encode())),
    ]
    unsigned = Request("POST", "/hooks/in", "1.1", Headers(lines), body)
    return [signed_request(unsigned, presets.scheme(name).scheme, secret, now=NOW) for name in names]


def rate(work: Callable[[Request], object], requests: Sequence[Request]) -> float:
    """How often a second `work` is done, the best of three rounds."""
    best = 0.0
    for _ in range(3):
        started, done = perf_counter(), 0
        while perf_counter() - started < SECONDS:
            for request in requests:
                # A delivery is new each time: nothing of it was decoded before.
                work(Request(request.method, request.target, "1.1", Headers(request.headers), request.body))
            done += len(requests)
        best = max(best, done / (perf_counter() - started))
    return best


def main() -> None:
    """Print every figure beside its bar."""
    mixed = deliveries(PROVIDERS[:5], a_secret(0))
    same = deliveries(["github"], Secret("s", "secret number 0"))
    for what, chain_of_size, requests in (
        ("different providers", a_chain, mixed),
        ("one provider", a_same_chain, same),
    ):
        for size in (1, 10, 50):
            chain = chain_of_size(size)
            each = rate(lambda request, chain=chain: evaluate(request, chain, now=NOW), requests)  # type: ignore[misc]
            bar = f"  bar {BAR:,} ({each * size / BAR:.1f} x)" if size == 10 else ""
            print(f"{what:20} {size:3} handlers: {each * size:10,.0f} checks/s, {1e6 / each:7.1f} us a delivery{bar}")
    recogniser = presets.recogniser()
    for what, requests in (("recognition", mixed), ("nobody's delivery", deliveries(["generic-bearer"], a_secret(0)))):
        us = 1e6 / rate(lambda request: recogniser.recognise(Reading(request)), requests)
        print(f"{what:20} {us:7.1f} us a delivery  bar {RECOGNITION_BAR_US:.0f} us ({us / RECOGNITION_BAR_US:.2f} x)")


if __name__ == "__main__":
    main()
