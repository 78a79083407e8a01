"""The provider is told by the companions of its signature header, and an ambiguous delivery is nobody's."""

import pytest

from inspector import presets
from inspector.core.recognition import LARGEST_BODY_BYTES, Recognised
from inspector.core.request import Headers, Request
from inspector.core.verification.reading import Reading
from tests.vector_files import Vector, vectors

GITHUB = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "1"), ("X-Hub-Signature-256", "sha256=0")]
STANDARD = [("webhook-id", "1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,0")]


def recognised(
    *headers: tuple[str, str], body: bytes = b"", target: str = "/", preferred: tuple[str, ...] = ()
) -> Recognised | None:
    lines = Headers((name.encode(), value.encode()) for name, value in headers)
    return presets.recogniser().recognise(Reading(Request("POST", target, "1.1", lines, body)), preferred)


def provider(*headers: tuple[str, str], body: bytes = b"", target: str = "/") -> str | None:
    found = recognised(*headers, body=body, target=target)
    return found.provider if found else None


@pytest.mark.parametrize("vector", vectors(), ids=str)
def test_a_delivery_is_its_providers_or_one_that_sends_the_same_or_nobodys(vector: Vector) -> None:
    found = presets.recogniser().recognise(Reading(vector.request, vector.url))
    shared = presets.preset(vector.provider).recognition.shared_with
    assert found is None or found.provider in (vector.provider, *shared)


def test_most_deliveries_are_recognised() -> None:
    known = [presets.recogniser().recognise(Reading(vector.request, vector.url)) for vector in vectors()]
    assert sum(found is not None for found in known) > 0.85 * len(known)


def test_provider_event_identifier_and_attempt_are_told() -> None:
    github = (("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "72d3162e"), ("X-Hub-Signature-256", "sha256=00"))
    assert recognised(*github) == Recognised("github", "push", "72d3162e")
    bitbucket = (
        ("X-Event-Key", "repo:push"),
        ("X-Hook-UUID", "h"),
        ("X-Request-UUID", "r1"),
        ("X-Attempt-Number", "3"),
    )
    assert recognised(*bitbucket) == Recognised("bitbucket", "repo:push", "r1", 3)


def test_fields_of_the_body_are_read_where_the_provider_has_them_there() -> None:
    body = b'{"id":"evt_1","type":"invoice.paid"}'
    assert recognised(("Stripe-Signature", "t=1,v1=0"), body=body) == Recognised("stripe", "invoice.paid", "evt_1")


@pytest.mark.parametrize(
    "name", ["X-Hub-Signature", "X-Hub-Signature-256", "X-Signature", "Webhook-Signature", "X-Hook-Signature"]
)
def test_a_signature_header_that_several_use_says_nothing_by_itself(name: str) -> None:
    assert provider((name, "sha256=00")) is None


@pytest.mark.parametrize(
    ("headers", "body", "who"),
    [
        ([("X-Hub-Signature-256", "sha256=0")], b'{"object":"page","entry":[]}', "meta"),
        ([("X-Hub-Signature-256", "sha256=0"), ("X-GitHub-Event", "ping")], b"", "github"),
        ([("X-Hub-Signature", "sha256=0"), ("X-Event-Key", "x"), ("X-Hook-UUID", "u")], b"", "bitbucket"),
        ([("X-Hub-Signature", "sha1=0")], b'{"app_id":"a","topic":"t"}', "intercom"),
        ([("Webhook-Signature", "time=1,sig1=0")], b"", "cloudflare-stream"),
        ([("Webhook-Signature", "00"), ("User-Agent", "gocardless-webhook-service/1.1")], b"{}", "gocardless"),
        (STANDARD, b"{}", "standard-webhooks"),
        ([("X-Signature", "0"), ("X-Event-Name", "order")], b"{}", "lemon-squeezy"),
        ([("X-Gitea-Event", "push"), *GITHUB], b"{}", "gitea"),
        ([("X-Gitlab-Event", "Push Hook"), *STANDARD], b"{}", "gitlab"),
        ([], b'{"aspect_type":"create","owner_id":1}', "strava"),
        ([], b'[{"log_id":"1"}]', "auth0"),
        ([("Content-Type", "application/x-www-form-urlencoded")], b"bt_signature=a%7Cb&bt_payload=x", "braintree"),
        ([("User-Agent", "Microsoft-SkypeBotApi (x)")], b"{}", "microsoft-teams-outgoing"),
        ([("Content-Type", "application/json"), ("User-Agent", "curl/8")], b'{"id":1}', None),
        ([], b"", None),
    ],
)  # fmt: skip
def test_companions_decide(headers: list[tuple[str, str]], body: bytes, who: str | None) -> None:
    assert provider(*headers, body=body) == who


def test_a_provider_that_a_handler_names_is_preferred_among_those_that_send_the_same() -> None:
    svix = (("svix-id", "msg_1"), ("svix-timestamp", "1"), ("svix-signature", "v1,0"))
    assert recognised(*svix, preferred=("stripe", "clerk")) == Recognised("clerk", delivery_id="msg_1")
    assert recognised(*svix, preferred=("stripe",)) == Recognised("svix", delivery_id="msg_1")


def test_a_large_body_is_not_parsed() -> None:
    body = b'{"id":"evt_1","type":"x","fill":"' + b"a" * LARGEST_BODY_BYTES + b'"}'
    assert recognised(("Stripe-Signature", "t=1,v1=0"), body=body) == Recognised("stripe")


@pytest.mark.parametrize("body", [b"\xff", b'{"id":', b"[" * 5000, b"[1,2", b'{"":0}', b"null"])
def test_a_broken_body_costs_the_event_only(body: bytes) -> None:
    assert recognised(("Stripe-Signature", "t=1,v1=0"), body=body) == Recognised("stripe")


def test_what_a_sender_writes_is_cut_and_never_trusted() -> None:
    found = recognised(("X-GitHub-Event", "e" * 5000), ("X-GitHub-Delivery", "\x7f"), ("X-Attempt-Number", "9" * 50))
    assert found is not None
    assert (len(found.event), found.delivery_id, found.attempt) == (200, "\x7f", None)
