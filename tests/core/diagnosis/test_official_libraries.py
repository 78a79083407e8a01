"""What the providers' own libraries signed and somebody broke afterwards is explained."""

import json
from base64 import b64encode

import stripe
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook as StandardWebhook
from svix.webhooks import Webhook as SvixWebhook
from twilio.request_validator import RequestValidator

from inspector.core.diagnosis.case import KnownSecret
from tests.core.diagnosis.failures import JSON, NOW, case_with, first

TEXT = "a signing secret of more than thirty-two characters"
WHSEC = "whsec_" + b64encode(b"a secret of more than 24 bytes").decode()
SECONDS = str(int(NOW.timestamp()))


def test_stripe_with_the_secret_of_test_mode() -> None:
    header = stripe.WebhookSignature._compute_signature(f"{SECONDS}.{JSON.decode()}", TEXT)
    case = case_with({"Stripe-Signature": f"t={SECONDS},v1={header}"}, "stripe", "whsec_live_1", JSON)
    from dataclasses import replace

    finding = first(replace(case, others=[KnownSecret("Stripe (test)", "", TEXT, "stripe")]))
    assert (finding.cause, finding.verified) == ("secret-test-live-mixed", True)


def test_standard_webhooks_with_a_secret_that_keeps_its_prefix() -> None:
    signature = StandardWebhook(WHSEC).sign("msg_1", NOW, JSON.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": SECONDS, "webhook-signature": signature}
    case = case_with(headers, "standard-webhooks", "v1," + WHSEC, JSON)
    assert (first(case).cause, first(case).verified) == ("secret-prefix-kept", True)


def test_svix_with_a_body_that_a_framework_wrote_again() -> None:
    signature = SvixWebhook(WHSEC).sign("msg_1", NOW, JSON.decode())
    headers = {"svix-id": "msg_1", "svix-timestamp": SECONDS, "svix-signature": signature}
    case = case_with(headers, "svix", WHSEC, json.dumps(json.loads(JSON)).encode())
    assert (first(case).cause, first(case).signed_body) == ("body-unicode-escapes", JSON)


def test_slack_behind_a_proxy_that_renames_headers() -> None:
    signature = SignatureVerifier(TEXT).generate_signature(timestamp=SECONDS, body=JSON)
    assert signature is not None
    headers = {"X-Slack-Request-Timestamp": SECONDS, "X-Forwarded-X-Slack-Signature": signature}
    finding = first(case_with(headers, "slack", TEXT, JSON))
    assert (finding.cause, finding.verified) == ("header-renamed-by-proxy", True)


def test_twilio_behind_a_proxy_that_ends_tls() -> None:
    form = {"From": "+14158675309", "Body": "Hello there"}
    signature = RequestValidator(TEXT).compute_signature("https://hooks.test/sms", form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    body = b"From=%2B14158675309&Body=Hello+there"
    finding = first(case_with(headers, "twilio:form-sha1", TEXT, body, "http://hooks.test/sms"))
    assert (finding.cause, finding.verified) == ("url-scheme", True)
