"""Deliveries that providers' own libraries sign come through the socket and are verified by our presets."""

import base64
import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import jwt
import pytest
import stripe
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import HMAC_SHA256
from nacl.signing import SigningKey
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from twilio.request_validator import RequestValidator

from inspector import presets
from tests.product import a_handler, post, product, send
from tests.product import run as run_product

JSON = b'{"id":"evt_1","type":"invoice.paid","amount":1250,"name":"Z\xc3\xbcrich"}'
FORM = b"From=%2B14158675309&Body=Hello+there&To=%2B18005551212"
PUBLIC = "https://hooks.example.test"
WHSEC = "whsec_" + base64.b64encode(b"a secret of more than 24 bytes").decode()
TEXT = "a signing secret of more than thirty-two characters"
KEY = SigningKey(hashlib.sha256(b"a test key").digest())

type Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sender:
    """A preset, what its handler is given, and a library's signature of a body for an address."""

    preset: str
    secret: str
    sign: Callable[[bytes, str], Lines]
    body: bytes = JSON


def by_stripe(body: bytes, _url: str) -> Lines:
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), TEXT)
    return [("Stripe-Signature", header)]


def by_standardwebhooks(body: bytes, _url: str) -> Lines:
    now = datetime.now(UTC).replace(microsecond=0)
    signature = StandardWebhook(WHSEC).sign("msg_1", now, body.decode())
    return [("webhook-id", "msg_1"), ("webhook-timestamp", f"{now.timestamp():.0f}"), ("webhook-signature", signature)]


def by_svix(body: bytes, _url: str) -> Lines:
    now = datetime.now(UTC).replace(microsecond=0)
    signature = SvixWebhook(WHSEC).sign("msg_1", now, body.decode())
    return [("svix-id", "msg_1"), ("svix-timestamp", f"{now.timestamp():.0f}"), ("svix-signature", signature)]


def by_slack_sdk(body: bytes, _url: str) -> Lines:
    timestamp = f"{time.time():.0f}"
    signature = SignatureVerifier(TEXT).generate_signature(timestamp=timestamp, body=body)
    return [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature or "")]


def by_twilio(body: bytes, url: str) -> Lines:
    signature = RequestValidator(TEXT).compute_signature(url, dict(parse_qsl(body.decode())))
    return [("X-Twilio-Signature", signature), ("Content-Type", "application/x-www-form-urlencoded")]


def by_pynacl(body: bytes, _url: str) -> Lines:
    timestamp = f"{time.time():.0f}"
    signature = KEY.sign(timestamp.encode() + body).signature.hex()
    return [("X-Signature-Timestamp", timestamp), ("X-Signature-Ed25519", signature)]


def by_pyjwt(body: bytes, url: str) -> Lines:
    now = int(time.time())
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": "Upstash", "sub": url, "iat": now, "nbf": now, "exp": now + 300, "body": digest}
    return [("Upstash-Signature", jwt.encode(claims, TEXT, algorithm="HS256"))]


class OneKey(HTTPSignatureKeyResolver):
    """The library's way to be given a key."""

    def resolve_private_key(self, key_id: str) -> bytes:
        return TEXT.encode()

    resolve_public_key = resolve_private_key


@dataclass
class Message:
    """The request as the library for message signatures wants it."""

    method: str
    url: str
    headers: dict[str, str]


def by_http_message_signatures(body: bytes, url: str) -> Lines:
    message = Message("POST", url, {})
    signer = HTTPMessageSigner(signature_algorithm=HMAC_SHA256, key_resolver=OneKey())
    covered = ("@method", "@target-uri", "content-digest")
    signer.sign(message, key_id="k", covered_component_ids=covered, body=body)
    return list(message.headers.items())


SENDERS = {
    "stripe": Sender("stripe", TEXT, by_stripe),
    "standardwebhooks": Sender("standard-webhooks", WHSEC, by_standardwebhooks),
    "svix": Sender("svix", WHSEC, by_svix),
    "slack_sdk": Sender("slack", TEXT, by_slack_sdk),
    "twilio": Sender("twilio", TEXT, by_twilio, FORM),
    "pynacl": Sender("discord", KEY.verify_key.encode().hex(), by_pynacl),
    "pyjwt": Sender("upstash-qstash", TEXT, by_pyjwt),
    "http-message-signatures": Sender(
        "http-message-signatures", base64.b64encode(TEXT.encode()).decode(), by_http_message_signatures
    ),
}


def statuses(folder: Path, sender: Sender, lines: Lines, bodies: Sequence[bytes]) -> list[int]:
    """What these bodies with the signature's lines are answered, each sent through the socket."""
    got: list[int] = []

    async def work() -> None:
        async with product(folder) as inspector:
            scheme = presets.scheme(sender.preset).scheme
            await a_handler(inspector, "provider", sender.secret, scheme, public_url=PUBLIC)
            raw = [f"{name}: {value}".encode() for name, value in lines]
            for body in bodies:
                status, *_ = await send(inspector, post(body, *raw, target=b"/in?shop=1"))
                got.append(status)

    run_product(work())
    return got


@pytest.mark.parametrize("name", SENDERS)
def test_what_a_library_signs_is_verified_and_what_was_changed_is_refused(name: str, tmp_path: Path) -> None:
    sender = SENDERS[name]
    lines = sender.sign(sender.body, f"{PUBLIC}/in?shop=1")
    changed = sender.body[:-3] + bytes([sender.body[-3] ^ 1]) + sender.body[-2:]
    assert statuses(tmp_path, sender, lines, [sender.body, changed, sender.body + b" "]) == [200, 403, 403]


@pytest.mark.parametrize("name", SENDERS)
def test_another_signature_of_the_same_form_is_refused(name: str, tmp_path: Path) -> None:
    sender = SENDERS[name]
    lines = sender.sign(b"x=another" if sender.body is FORM else b'{"another":1}', f"{PUBLIC}/in?shop=1")
    assert statuses(tmp_path, sender, lines, [sender.body]) == [403]


def test_what_octokit_signs_is_verified(tmp_path: Path) -> None:
    """Node's package is looked for where Node looks for it; no test installs it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node")
    script = (
        "import('@octokit/webhooks-methods').then(async ({sign}) => console.log(await sign("
        f"{json.dumps(TEXT)}, {json.dumps(JSON.decode())})))"
    )
    done = subprocess.run(
        [node, "-e", script], capture_output=True, text=True, encoding="utf-8", check=False, cwd=Path(__file__).parent
    )
    if done.returncode != 0:
        pytest.skip("Node has no @octokit/webhooks-methods")
    lines = [("X-Hub-Signature-256", done.stdout.strip()), ("X-GitHub-Event", "push")]
    assert statuses(tmp_path, Sender("github", TEXT, by_stripe), lines, [JSON, JSON + b" "]) == [200, 403]
