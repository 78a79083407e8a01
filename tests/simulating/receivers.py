"""Services as people write them: each asks its provider's own library whether a request is genuine, and answers so."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import stripe
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook as StandardWebhook
from standardwebhooks.webhooks import WebhookVerificationError as StandardProblem
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError as SvixProblem
from twilio.request_validator import RequestValidator

from inspector.core.http1 import parse_head
from tests.resend.targets import OK, talking

REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"

type Lines = Mapping[str, str]
type Accepts = Callable[[bytes, Lines, str, str], bool]
"""Whether a body with these headers, sent to a URL, is genuine for the secret."""


def by_stripe(body: bytes, lines: Lines, _url: str, secret: str) -> bool:
    try:
        event = stripe.Webhook.construct_event(body, lines["stripe-signature"], secret, tolerance=60)
    except (stripe.SignatureVerificationError, ValueError):
        return False
    return bool(event["type"])


def by_standardwebhooks(body: bytes, lines: Lines, _url: str, secret: str) -> bool:
    try:
        StandardWebhook(secret).verify(body, dict(lines))
    except StandardProblem:
        return False
    return True


def by_svix(body: bytes, lines: Lines, _url: str, secret: str) -> bool:
    try:
        SvixWebhook(secret).verify(body, dict(lines))
    except SvixProblem:
        return False
    return True


def by_slack_sdk(body: bytes, lines: Lines, _url: str, secret: str) -> bool:
    return SignatureVerifier(secret).is_valid_request(body, dict(lines))


def by_twilio(body: bytes, lines: Lines, url: str, secret: str) -> bool:
    return bool(RequestValidator(secret).validate(url, dict(parse_qsl(body.decode())), lines["x-twilio-signature"]))


def by_pynacl(body: bytes, lines: Lines, _url: str, public: str) -> bool:
    signed = lines["x-signature-timestamp"].encode() + body
    try:
        VerifyKey(bytes.fromhex(public)).verify(signed, bytes.fromhex(lines["x-signature-ed25519"]))
    except BadSignatureError:
        return False
    return True


@dataclass
class Service:
    """A service that runs: its URL, and the verdict of the library on each request that came."""

    url: str = ""
    verdicts: list[bool] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def a_service(accepts: Accepts, secret: str) -> AsyncIterator[Service]:
    """A service on a socket of its own that takes what `accepts` takes."""
    service = Service()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            _, target, _, headers = parse_head(head)
            lines = {name.decode().lower(): value.decode() for name, value in headers}
            body = await reader.readexactly(int(lines["content-length"]))
            genuine = accepts(body, lines, f"http://{lines['host']}{target}", secret)
            service.verdicts.append(genuine)
            service.bodies.append(body)
            writer.write(OK if genuine else REFUSED)
            await writer.drain()

    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except asyncio.IncompleteReadError:
            return

    async with talking(until_closed) as service.url:
        yield service
