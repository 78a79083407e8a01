"""A provider that asks whether a URL is meant for it is answered by the handler that names it, and by no other."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from inspector import presets
from inspector.core.delivery import Answer, Standing, Verdict
from inspector.core.handler import Handler
from inspector.core.handshake import LONGEST_ECHO_BYTES, brought_secret
from inspector.core.judgement import Judge, Judgement
from inspector.core.request import Headers, Request
from inspector.core.verification.ladder import Link
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from tests.core.verification.test_sign import key_pair

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "It's a Secret to Everybody"


def a_request(target: str = "/hook", body: object = b"", method: str = "POST", **headers: str) -> Request:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method, target, "1.1", Headers([(b"Host", b"hooks.example"), *lines]), text)


def a_link(preset: str, secret: str = SECRET, **values: Any) -> Link:
    handler = Handler(preset, presets.scheme(preset).scheme, preset=preset, **values)
    return Link(handler, (Secret("current", secret),) if secret else ())


def judged(request: Request, *links: Link) -> Judgement:
    names = [link.handler.preset for link in links if link.handler.preset]
    named = {name: presets.preset(name) for name in names}
    return Judge(links, named, presets.recogniser(), Answer(403)).judge(request, now=NOON)


def signed(request: Request, preset: str, secret: str = SECRET) -> Request:
    return signed_request(request, presets.scheme(preset).scheme, Secret("current", secret), now=NOON)


def mac(content: str, digest: str = "sha256") -> "hmac.HMAC":
    return hmac.new(SECRET.encode(), content.encode(), digest)


PLAIN: Mapping[str, tuple[Request, Mapping[str, str], str]] = {
    "microsoft-graph": (a_request("/hook?validationToken=Validation%3A+a"), {}, "Validation: a"),
    "strava": (a_request("/?hub.mode=subscribe&hub.challenge=c1", method="GET"), {}, '{"hub.challenge":"c1"}'),
    "nylas": (a_request("/?challenge=c2", method="GET"), {}, "c2"),
    "dropbox": (a_request("/?challenge=c3", method="GET"), {}, "c3"),
    "onfleet": (a_request("/?check=c4", method="GET"), {}, "c4"),
    "monday": (a_request(body={"challenge": "c5"}), {}, '{"challenge":"c5"}'),
    "websub": (a_request("/?hub.mode=subscribe&hub.challenge=c6", method="GET"), {}, "c6"),
    "front": (a_request(X_Front_Challenge="c7"), {}, "c7"),
    "okta": (a_request(method="GET", X_Okta_Verification_Challenge="c8"), {}, '{"verification":"c8"}'),
    "azure-event-grid": (
        a_request(body=[{"data": {"validationCode": "c9"}}], aeg_event_type="SubscriptionValidation"),
        {},
        '{"validationResponse":"c9"}',
    ),
    "meta": (
        a_request("/?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=c10", method="GET"),
        {"verify_token": "mine"},
        "c10",
    ),
    "x-twitter": (
        a_request("/?crc_token=t1", method="GET"),
        {},
        json.dumps({"response_token": f"sha256={b64encode(mac('t1').digest()).decode()}"}, separators=(",", ":")),
    ),
    "linkedin": (
        a_request("/?challengeCode=t2", method="GET"),
        {},
        json.dumps({"challengeCode": "t2", "challengeResponse": mac("t2").hexdigest()}, separators=(",", ":")),
    ),
    "ebay": (
        a_request("/e?challenge_code=t3", method="GET"),
        {"verification_token": "v"},
        json.dumps(
            {"challengeResponse": hashlib.sha256(b"t3vhttp://hooks.example/e").hexdigest()}, separators=(",", ":")
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("provider", PLAIN)
def test_the_handler_that_names_the_provider_answers_its_handshake(provider: str) -> None:
    request, parameters, body = PLAIN[provider]
    found = judged(request, a_link(provider, parameters=parameters))
    assert (found.verdict, found.answer.status, found.answer.body.decode()) == (Verdict.HANDSHAKE, 200, body)
    assert ("X-Content-Type-Options", "nosniff") in found.answer.headers
    kind = dict(found.answer.headers)["Content-Type"]
    assert kind == ("application/json" if body.startswith("{") else "text/plain; charset=utf-8")
    assert [rung.standing for rung in found.ladder] == [Standing.ANSWERED]
    assert found.recognised is not None
    assert found.recognised.provider == provider


WITHOUT_ECHO: Mapping[str, tuple[Request, Mapping[str, str]]] = {
    "trello": (a_request(method="HEAD"), {}),
    "intercom": (a_request(method="HEAD"), {}),
    "smartsheet": (a_request(Smartsheet_Hook_Challenge="d78dd1d3-01ce-4481"), {
        "Smartsheet-Hook-Response": "d78dd1d3-01ce-4481", "Content-Type": "application/json",
        "X-Content-Type-Options": "nosniff",
    }),
    "cloudevents-webhook": (a_request(method="OPTIONS", WebHook_Request_Origin="eventemitter.example.com"), {
        "WebHook-Allowed-Origin": "eventemitter.example.com",
    }),
    "azure-event-grid": (a_request(method="OPTIONS", WebHook_Request_Origin="eventgrid.azure.net"), {
        "WebHook-Allowed-Origin": "eventgrid.azure.net", "WebHook-Allowed-Rate": "*",
    }),
    "asana": (a_request(X_Hook_Secret="s3cret"), {"X-Hook-Secret": "s3cret"}),
}  # fmt: skip


@pytest.mark.parametrize("provider", WITHOUT_ECHO)
def test_an_answer_may_be_in_the_head_alone(provider: str) -> None:
    request, headers = WITHOUT_ECHO[provider]
    found = judged(request, a_link(provider))
    assert (found.verdict, found.answer.status, dict(found.answer.headers)) == (Verdict.HANDSHAKE, 200, headers)
    body = '{"smartsheetHookResponse":"d78dd1d3-01ce-4481"}' if provider == "smartsheet" else ""
    assert found.answer.body.decode() == body
    for elsewhere in (a_link("github"), a_link(provider, enabled=False), a_link(provider, path="/elsewhere")):
        assert judged(request, elsewhere).verdict is Verdict.FAILED


def test_every_provider_with_a_handshake_is_tested() -> None:
    tested = {*PLAIN, *WITHOUT_ECHO, *SIGNED, "xero", "fitbit", "notion", "braintree", "aws-sns"}
    assert {entry.id for entry in presets.index() if presets.preset(entry.id).handshakes} == tested


def test_discord_is_answered_where_its_key_signed_and_with_401_where_not() -> None:
    private, public = key_pair("ed25519")
    link = a_link("discord", secret=public)
    request = signed(a_request(body=b'{"type":1}'), "discord", private)
    found = judged(request, link)
    assert (found.verdict, found.answer.status, found.answer.body) == (Verdict.HANDSHAKE, 200, b'{"type":1}')
    assert dict(found.answer.headers)["Content-Type"] == "application/json"
    for tampered in (replace(request, body=b'{"type":1} '), a_request(body=b'{"type":1}')):
        assert judged(tampered, link).answer.status == 401
    assert judged(signed(a_request(body=b'{"type":2}'), "discord", private), link).verdict is Verdict.WON


def test_braintree_is_shown_that_the_private_key_is_known() -> None:
    challenge = "20f9f8ed05f77439fe955c977e4c8a53"
    link = a_link("braintree", parameters={"public_key": "integration_public_key"})
    found = judged(a_request(f"/?bt_challenge={challenge}", method="GET"), link)
    proof = hmac.new(hashlib.sha1(SECRET.encode()).digest(), challenge.encode(), "sha1").hexdigest()
    assert (found.verdict, found.answer.body.decode()) == (Verdict.HANDSHAKE, f"integration_public_key|{proof}")
    (rung,) = judged(a_request(f"/?bt_challenge={challenge}", method="GET"), a_link("braintree")).ladder
    assert (rung.reason, rung.detail) == ("parameter-missing", "public_key")


@pytest.mark.parametrize(
    ("provider", "target"),
    [
        ("braintree", "/?bt_challenge=PG5vdGlmaWNhdGlvbj4%3D"),
        ("braintree", "/?bt_challenge=abcdef"),
        ("x-twitter", "/?crc_token=%7B%22for_user_id%22%3A%221%22%7D"),
        ("x-twitter", "/?crc_token=" + "a" * 257),
        ("linkedin", "/?challengeCode=hmacsha256%3D%7B%22type%22%3A%22x%22%7D"),
    ],
)
def test_nobody_gets_the_signature_of_a_delivery_of_his_own_by_asking_for_it(provider: str, target: str) -> None:
    found = judged(a_request(target, method="GET"), a_link(provider, parameters={"public_key": "k"}))
    assert (found.verdict, found.answer.body) == (Verdict.FAILED, b"")


@pytest.mark.parametrize("provider", PLAIN)
def test_nobody_is_answered_whom_no_handler_names(provider: str) -> None:
    request, _, _ = PLAIN[provider]
    for links in ((), (a_link("github"),), (a_link(provider, enabled=False),), (a_link(provider, path="/elsewhere"),)):
        found = judged(request, *links)
        assert found.verdict is Verdict.FAILED
        assert found.answer.body == b""


SIGNED: Mapping[str, tuple[Request, str]] = {
    "slack": (a_request(body={"type": "url_verification", "challenge": "s1"}), "s1"),
    "discord": (a_request(body=b'{"type":1}'), '{"type":1}'),
    "twitch": (
        a_request(body={"challenge": "s2"}, Twitch_Eventsub_Message_Type="webhook_callback_verification",
                  Twitch_Eventsub_Message_Id="1"), "s2",
    ),
    "zoom": (
        a_request(body={"event": "endpoint.url_validation", "payload": {"plainToken": "s3"}}),
        json.dumps({"plainToken": "s3", "encryptedToken": mac("s3").hexdigest()}, separators=(",", ":")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("provider", ["slack", "twitch", "zoom"])
def test_one_that_has_to_be_signed_is_answered_only_where_it_verifies(provider: str) -> None:
    request, body = SIGNED[provider]
    found = judged(signed(request, provider), a_link(provider))
    assert (found.verdict, found.answer.body.decode()) == (Verdict.HANDSHAKE, body)
    assert found.ladder[0].secret_label == "current"
    wrong = judged(signed(request, provider, "another"), a_link(provider))
    assert (wrong.verdict, wrong.answer.status, wrong.answer.body) == (Verdict.FAILED, 403, b"")


def test_xero_learns_by_the_status_alone_whether_its_signature_is_right() -> None:
    request = a_request(body={"events": []})
    found = judged(signed(request, "xero"), a_link("xero"))
    assert (found.verdict, found.answer) == (Verdict.HANDSHAKE, Answer(200))
    wrong = judged(signed(request, "xero", "another"), a_link("xero"))
    assert (wrong.verdict, wrong.answer.status, wrong.ladder[0].standing) == (Verdict.FAILED, 401, Standing.FAILED)


def test_a_handshake_with_the_wrong_value_gets_the_status_that_its_provider_wants() -> None:
    link = a_link("fitbit", parameters={"verification_code": "right"})
    answers = [judged(a_request(f"/?verify={code}", method="GET"), link).answer.status for code in ("right", "wrong")]
    assert answers == [204, 404]


def test_a_verify_token_that_differs_is_no_handshake() -> None:
    request = a_request("/?hub.mode=subscribe&hub.verify_token=other&hub.challenge=c", method="GET")
    found = judged(request, a_link("meta", parameters={"verify_token": "mine"}))
    assert (found.verdict, found.answer.body) == (Verdict.FAILED, b"")


def test_what_is_not_configured_is_named() -> None:
    request = a_request("/?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=c", method="GET")
    (rung,) = judged(request, a_link("meta")).ladder
    assert (rung.standing, rung.reason, rung.detail) == (Standing.NOT_CHECKABLE, "parameter-missing", "verify_token")
    assert "verify_token" in presets.preset("meta").parameters
    (rung,) = judged(PLAIN["x-twitter"][0], a_link("x-twitter", secret="")).ladder
    assert (rung.standing, rung.reason) == (Standing.NOT_CHECKABLE, "secret-missing")


def test_no_more_than_a_kibibyte_is_ever_sent_back() -> None:
    longest = "x" * LONGEST_ECHO_BYTES
    link = a_link("nylas")
    assert judged(a_request(f"/?challenge={longest}", method="GET"), link).answer.body == longest.encode()
    assert judged(a_request(f"/?challenge={longest}x", method="GET"), link).verdict is Verdict.FAILED


def test_what_is_echoed_in_a_header_cannot_split_the_answer() -> None:
    request = a_request(X_Hook_Secret="a\tb")
    assert judged(request, a_link("asana")).verdict is Verdict.FAILED


def test_a_large_body_is_no_handshake() -> None:
    body = {"challenge": "c", "x": "y" * 70_000}
    assert judged(a_request(body=body), a_link("monday")).verdict is Verdict.FAILED


def test_a_handler_before_it_that_verifies_wins() -> None:
    everything = Link(Handler("everything", Scheme("none")), ())
    request, _, _ = PLAIN["nylas"]
    before, after = judged(request, everything, a_link("nylas")), judged(request, a_link("nylas"), everything)
    assert (before.verdict, after.verdict) == (Verdict.WON, Verdict.HANDSHAKE)
    assert [rung.standing for rung in after.ladder] == [Standing.ANSWERED, Standing.SHADOWED]


def test_the_secret_that_a_handshake_brings_is_answered_and_offered() -> None:
    request = a_request(X_Hook_Secret="b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81")
    found = judged(request, a_link("asana", secret=""))
    assert found.verdict is Verdict.HANDSHAKE
    assert dict(found.answer.headers)["X-Hook-Secret"] == request.headers[1][1].decode()
    assert brought_secret(request, presets.preset("asana")) == request.headers[1][1].decode()
    notion = a_request(body={"verification_token": "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"})
    assert brought_secret(notion, presets.preset("notion")) == "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"
    assert brought_secret(a_request(body={"type": "page.created"}), presets.preset("notion")) is None


@pytest.mark.parametrize("provider", [entry.id for entry in presets.index() if presets.preset(entry.id).handshakes])
def test_every_handshake_of_a_preset_can_be_read(provider: str) -> None:
    for handshake in presets.preset(provider).handshakes:
        assert isinstance(handshake.parameters, list)
    judged(a_request(), a_link(provider))


def test_no_handler_wins_and_the_status_is_the_one_that_the_provider_wants() -> None:
    event = signed(a_request(body={"events": [{"eventType": "Update"}]}), "xero", "another")
    assert judged(event, a_link("xero")).answer.status == 401
    assert judged(event, a_link("xero"), a_link("github")).answer.status == 401  # recognised by its header
    assert judged(event, a_link("github")).answer.status == 403
    unknown = a_request(body={"a": 1})
    assert judged(unknown, a_link("xero")).answer.status == 401  # nothing else answers this path
    assert judged(unknown, a_link("xero"), a_link("github")).answer.status == 403


def sns_confirmation(address: str) -> tuple[Request, Secret]:
    """A signed request to confirm a subscription by calling `address`, and the public key that verifies it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = {
        "Type": "SubscriptionConfirmation", "MessageId": "1", "Token": "t", "TopicArn": "arn", "Message": "m",
        "SubscribeURL": address, "Timestamp": "2026-11-22T12:00:00.000Z", "SignatureVersion": "2",
    }  # fmt: skip
    content = "".join(
        f"{key}\n{body[key]}\n"
        for key in ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    )
    signature = private.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
    request = a_request(
        body={**body, "Signature": b64encode(signature).decode()}, x_amz_sns_message_type="SubscriptionConfirmation"
    )
    return request, Secret("key", public.decode())


def test_a_subscription_is_confirmed_only_where_its_signature_verified_and_at_its_providers_hosts() -> None:
    link = a_link("aws-sns", secret="")
    address = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    request, key = sns_confirmation(address)
    found = judged(request, replace(link, secrets=(key,)))
    assert (found.verdict, found.answer.status, found.fetch) == (Verdict.HANDSHAKE, 200, address)
    tampered = replace(request, body=bytes(request.body).replace(b"Token=t", b"Token=u"))
    assert (judged(tampered, replace(link, secrets=(key,))).verdict, judged(request, link).fetch) == (
        Verdict.FAILED,
        "",
    )
    for elsewhere in ("https://sns.example.com/", "http://sns.eu-west-1.amazonaws.com/", "https://169.254.169.254/"):
        request, key = sns_confirmation(elsewhere)
        assert judged(request, replace(link, secrets=(key,))).fetch == ""
