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
from http_message_signatures.algorithms import (
    ECDSA_P256_SHA256,
    ED25519,
    HMAC_SHA256,
    RSA_PSS_SHA512,
    RSA_V1_5_SHA256,
    HTTPSignatureAlgorithm,
)
from nacl.signing import SigningKey
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from twilio.request_validator import RequestValidator

from inspector import presets
from tests.core.verification.test_key_set import jwk, jwks
from tests.core.verification.test_sign import key_pair
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
    target: str = "/in?shop=1"


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


def by_twilio_with_json(_body: bytes, url: str) -> Lines:
    return [("X-Twilio-Signature", RequestValidator(TEXT).compute_signature(url, {}))]


def by_pynacl(body: bytes, _url: str) -> Lines:
    timestamp = f"{time.time():.0f}"
    signature = KEY.sign(timestamp.encode() + body).signature.hex()
    return [("X-Signature-Timestamp", timestamp), ("X-Signature-Ed25519", signature)]


def by_pynacl_in_base64(body: bytes, _url: str) -> Lines:
    timestamp = f"{time.time():.0f}"
    signature = base64.b64encode(KEY.sign(timestamp.encode() + b"|" + body).signature).decode()
    return [("telnyx-timestamp", timestamp), ("telnyx-signature-ed25519", signature)]


def by_pyjwt(body: bytes, url: str) -> Lines:
    now = int(time.time())
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": "Upstash", "sub": url, "iat": now, "nbf": now, "exp": now + 300, "body": digest}
    return [("Upstash-Signature", jwt.encode(claims, TEXT, algorithm="HS256"))]


def by_pyjwt_with_a_private_key(body: bytes, _url: str) -> Lines:
    claims = {"iat": int(time.time()), "request_body_sha256": hashlib.sha256(body).hexdigest()}
    token = jwt.encode(claims, key_pair("ec")[0], algorithm="ES256", headers={"kid": "k2"})
    return [("Plaid-Verification", token)]


class OneKey(HTTPSignatureKeyResolver):
    """The library's way to be given a key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def resolve_private_key(self, key_id: str) -> bytes:
        return self._key

    resolve_public_key = resolve_private_key


@dataclass
class Message:
    """The request as the library for message signatures wants it."""

    method: str
    url: str
    headers: dict[str, str]


def by_http_message_signatures(algorithm: type[HTTPSignatureAlgorithm], key: str) -> Callable[[bytes, str], Lines]:
    def sign(body: bytes, url: str) -> Lines:
        message = Message("POST", url, {})
        signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=OneKey(key))
        covered = ("@method", "@target-uri", "content-digest")
        signer.sign(message, key_id="k", covered_component_ids=covered, body=body)
        return list(message.headers.items())

    return sign


SENDERS = {
    "stripe": Sender("stripe", TEXT, by_stripe),
    "standardwebhooks": Sender("standard-webhooks", WHSEC, by_standardwebhooks),
    "svix": Sender("svix", WHSEC, by_svix),
    "slack_sdk": Sender("slack", TEXT, by_slack_sdk),
    "twilio": Sender("twilio", TEXT, by_twilio, FORM),
    "pynacl": Sender("discord", KEY.verify_key.encode().hex(), by_pynacl),
    "pyjwt": Sender("upstash-qstash", TEXT, by_pyjwt),
    "twilio with JSON": Sender(
        "twilio:json-sha1", TEXT, by_twilio_with_json, JSON, f"/in?bodySHA256={hashlib.sha256(JSON).hexdigest()}"
    ),
    "pynacl in base64": Sender("telnyx", base64.b64encode(KEY.verify_key.encode()).decode(), by_pynacl_in_base64),
    "pyjwt with a set of keys": Sender(
        "plaid", jwks(jwk("rsa", kid="k1"), jwk("ec", kid="k2")), by_pyjwt_with_a_private_key
    ),
    "message signed with HMAC": Sender(
        "http-message-signatures",
        base64.b64encode(TEXT.encode()).decode(),
        by_http_message_signatures(HMAC_SHA256, TEXT),
    ),
    **{
        f"message signed with {algorithm.algorithm_id}": Sender(
            "http-message-signatures", key_pair(kind)[1], by_http_message_signatures(algorithm, key_pair(kind)[0])
        )
        for kind, algorithm in (
            ("ed25519", ED25519), ("ec", ECDSA_P256_SHA256), ("rsa", RSA_PSS_SHA512), ("rsa", RSA_V1_5_SHA256),
        )
    },
}  # fmt: skip


def statuses(folder: Path, sender: Sender, lines: Lines, bodies: Sequence[bytes]) -> list[int]:
    """What these bodies with the signature's lines are answered, each sent through the socket."""
    got: list[int] = []

    async def work() -> None:
        async with product(folder) as inspector:
            scheme = presets.scheme(sender.preset).scheme
            await a_handler(inspector, "provider", sender.secret, scheme, public_url=PUBLIC)
            raw = [f"{name}: {value}".encode() for name, value in lines]
            for body in bodies:
                status, *_ = await send(inspector, post(body, *raw, target=sender.target.encode()))
                got.append(status)

    run_product(work())
    return got


@pytest.mark.parametrize("name", SENDERS)
def test_what_a_library_signs_is_verified_and_what_was_changed_is_refused(name: str, tmp_path: Path) -> None:
    sender = SENDERS[name]
    lines = sender.sign(sender.body, f"{PUBLIC}{sender.target}")
    changed = sender.body[:-3] + bytes([sender.body[-3] ^ 1]) + sender.body[-2:]
    assert statuses(tmp_path, sender, lines, [sender.body, changed, sender.body + b" "]) == [200, 403, 403]


@pytest.mark.parametrize("name", SENDERS)
def test_another_signature_of_the_same_form_is_refused(name: str, tmp_path: Path) -> None:
    sender = SENDERS[name]
    another = f"{PUBLIC}{sender.target}0" if sender.sign is by_twilio_with_json else f"{PUBLIC}{sender.target}"
    lines = sender.sign(b"x=another" if sender.body is FORM else b'{"another":1}', another)
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
