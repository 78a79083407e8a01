"""What is signed anew is accepted by the providers' own libraries, with a timestamp and an identifier of its own."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import stripe
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook as StandardWebhook
from twilio.request_validator import RequestValidator

from inspector import presets
from inspector.core.bulk import Recipe
from inspector.core.resending import Edits
from tests.core.test_resending import received
from tests.product import a_handler, post, product, send
from tests.resend.targets import capturing, run
from tests.test_official_libraries import FORM, JSON, TEXT, WHSEC

type Lines = dict[str, str]


def by_stripe(body: bytes, lines: Lines, _url: str) -> bool:
    return bool(stripe.WebhookSignature.verify_header(body.decode(), lines["stripe-signature"], TEXT, tolerance=60))


def by_standardwebhooks(body: bytes, lines: Lines, _url: str) -> bool:
    StandardWebhook(WHSEC).verify(body, lines)
    return lines["webhook-id"] != "msg_old"


def by_slack_sdk(body: bytes, lines: Lines, _url: str) -> bool:
    return SignatureVerifier(TEXT).is_valid(body, lines["x-slack-request-timestamp"], lines["x-slack-signature"])


def by_twilio(body: bytes, lines: Lines, url: str) -> bool:
    return bool(RequestValidator(TEXT).validate(url, dict(parse_qsl(body.decode())), lines["x-twilio-signature"]))


OLD = f"{time.time() - 86_400:.0f}"


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize(
    ("preset", "secret", "body", "old", "accepts"),
    [
        ("stripe", TEXT, JSON, [f"Stripe-Signature: t={OLD},v1=00"], by_stripe),
        (
            "standard-webhooks",
            WHSEC,
            JSON,
            ["webhook-id: msg_old", f"webhook-timestamp: {OLD}", "webhook-signature: v1,AA=="],
            by_standardwebhooks,
        ),
        ("slack", TEXT, JSON, [f"X-Slack-Request-Timestamp: {OLD}", "X-Slack-Signature: v0=00"], by_slack_sdk),
        (
            "twilio",
            TEXT,
            FORM,
            ["X-Twilio-Signature: old", "Content-Type: application/x-www-form-urlencoded"],
            by_twilio,
        ),
    ],
)
def test_official_libraries_accept_it(
    tmp_path: Path,
    preset: str,
    secret: str,
    body: bytes,
    old: list[str],
    accepts: Callable[[bytes, Lines, str], bool],
    edited: bool,
) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await a_handler(inspector, "provider", secret, presets.scheme(preset).scheme)
            await send(inspector, post(body, *(line.encode() for line in old)))
            edits = Edits(body=body.replace(b"1250", b"99").replace(b"Hello", b"Bye")) if edited else Edits()
            attempt = await inspector.resends.send(1, Recipe(target.target, edits, "provider"))
            assert attempt.succeeded, attempt.sentence
            request = received(target.requests[0])
            lines = {name.decode().lower(): value.decode() for name, value in request.headers}
            assert accepts(bytes(request.body), lines, f"{target.url}/hook")
            assert (bytes(request.body) != body) == edited
            assert next(name for name, _ in request.headers) == b"Host"

    run(work())
