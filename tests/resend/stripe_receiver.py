"""A small real receiver: aiohttp with Stripe's own library, sound or with two bugs in it."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import stripe
from aiohttp import web

from tests.resend.targets import DEADLINE_S

SECRET = "whsec_a_secret_of_the_tests_only"
TOLERANCE_S = 300

type Check = Callable[[web.Request, bytes], None]
"""Raises where the request is to be refused."""


def sound(request: web.Request, body: bytes) -> None:
    """As Stripe's documentation has it."""
    stripe.Webhook.construct_event(body, _signature(request), SECRET, tolerance=TOLERANCE_S)


def with_two_bugs(request: web.Request, body: bytes) -> None:
    """No age is too great, and what is checked is the JSON written anew instead of what was received."""
    body = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
    stripe.Webhook.construct_event(body, _signature(request), SECRET, tolerance=None)  # type: ignore[arg-type]


def _signature(request: web.Request) -> str:
    found = request.headers.getall("Stripe-Signature", [])
    if len(found) != 1:  # a proxy or an attacker added one: none of them can be trusted
        raise ValueError("there is not one signature")
    signed = re.match(r"t=(\d+)", found[0])
    if signed and int(signed[1]) > time.time() + TOLERANCE_S:  # the library looks at the past only
        raise ValueError("it was signed in the future")
    return found[0]


@contextmanager
def receiver(check: Check, port: int = 0) -> Iterator[str]:
    """The receiver's URL, while it runs on a loop of its own in a thread."""
    ready, stop = threading.Event(), threading.Event()
    urls: list[str] = []

    async def take(request: web.Request) -> web.Response:
        try:
            check(request, await request.read())
        except (ValueError, stripe.SignatureVerificationError):
            return web.json_response({"error": "signature"}, status=400)
        return web.json_response({"received": True})

    async def serve() -> None:
        application = web.Application()
        application.router.add_post("/webhooks/stripe", take)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            urls.append(f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/stripe")
            ready.set()
            while not stop.is_set():  # noqa: ASYNC110 - the test's thread sets it
                await asyncio.sleep(0.01)
        finally:
            await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(DEADLINE_S)
    try:
        yield urls[0]
    finally:
        stop.set()
        thread.join()


PAYLOAD = b'{"id":"evt_1","object":"event","type":"invoice.paid","data":{"object":{"amount":1250,"currency":"eur"}}}'

TWELVE = (
    *("good", "wrong-secret", "flipped-byte", "reserialised", "stale", "future", "missing-header", "doubled-header"),
    *("recased-header", "wrong-encoding", "duplicate", "burst"),
)
BUGS = ("reserialised", "stale")
"""The kinds of cases that show the two bugs."""


def stripe_header(body: bytes = PAYLOAD) -> bytes:
    """The header line that Stripe's library makes for `body` now."""
    made = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET)
    return f"Stripe-Signature: {made}".encode()
