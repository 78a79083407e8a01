"""Through the socket: who sends is recognised, handshakes are answered, and keys that are missing hold nobody up."""

import hmac
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import jwt
import pytest

from inspector import presets
from inspector.app import HandlerRejected, Inspector
from inspector.core.annotation import Annotation
from inspector.core.delivery import Recognised, Standing, Verdict
from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme
from inspector.feed import Change, DeliveriesAnnotated
from inspector.store import Reader
from tests.core.verification.test_key_set import jwk, jwks
from tests.core.verification.test_sign import key_pair
from tests.material.test_keys import Tls, serving, trusted
from tests.product import a_handler, delivery_in, post, product, run, send

__all__ = ["trusted"]  # the fixture
SLACK = b'{"type":"url_verification","challenge":"c1"}'


async def from_preset(inspector: Inspector, reference: str, secret: str = "", **values: Any) -> Handler:
    scheme = presets.scheme(reference).scheme
    if secret:
        return await a_handler(inspector, reference, secret, scheme, preset=reference, **values)
    handler = Handler(reference, scheme, preset=reference, **values)
    return (await inspector.save_handlers((*inspector.handlers, handler)))[-1]


def test_who_sent_a_delivery_is_stored_with_it_and_can_be_searched_for(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await inspector.recognising()
            lines = (b"X-GitHub-Event: push", b"X-GitHub-Delivery: 72d3162e", b"X-Hub-Signature-256: sha256=0")
            await send(inspector, post(b"{}", *lines))
            await send(inspector, post(b"{}"))

    run(work())
    kept, other = delivery_in(tmp_path, 1), delivery_in(tmp_path, 2)
    assert kept is not None
    assert other is not None
    assert (kept.recognised, other.recognised) == (Recognised("github", "push", "72d3162e"), None)


def test_what_people_write_is_tidied_stored_and_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            told: list[Change] = []
            await send(inspector, post(b"{}"))
            inspector.feed.subscribe(told.append)
            before = await inspector.annotate({1: Annotation(" ask Ann ", (" refund", "", "refund", "x" * 300))})
            assert before == {1: Annotation()}
            written = Annotation("ask Ann", ("refund", "x" * 100))
            assert told == [DeliveriesAnnotated({1: written})]
            with closing(Reader(tmp_path)) as reader:
                assert reader.annotations([1]) == {1: written}
            await inspector.annotate(before)
        with closing(Reader(tmp_path)) as reader:
            assert reader.annotations([1]) == {}

    run(work())


def test_a_handshake_is_answered_through_the_socket_and_kept_as_one(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await from_preset(inspector, "strava")
            raw = b"GET /?hub.mode=subscribe&hub.challenge=c HTTP/1.1\r\nHost: localhost\r\n\r\n"
            status, headers, body = await send(inspector, raw)
            assert (status, headers["x-content-type-options"], json.loads(body)) == (
                *(200, "nosniff"),
                {"hub.challenge": "c"},
            )

    run(work())
    kept = delivery_in(tmp_path, 1)
    assert kept is not None
    assert (kept.verdict, kept.winner) == (Verdict.HANDSHAKE, None)
    assert kept.answered_by is not None
    assert (kept.answered_by.handler, kept.answered_by.standing) == ("strava", Standing.ANSWERED)
    with closing(Reader(tmp_path)) as reader:
        assert reader.page([1])[0].handler == "strava"


@pytest.mark.parametrize(
    ("preset", "head", "answered"),
    [
        ("trello", b"HEAD / HTTP/1.1", {}),
        ("cloudevents-webhook", b"OPTIONS / HTTP/1.1\r\nWebHook-Request-Origin: me.example", {
            "webhook-allowed-origin": "me.example",
        }),
        ("okta", b"GET / HTTP/1.1\r\nX-Okta-Verification-Challenge: c", {"content-type": "application/json"}),
    ],
)  # fmt: skip
def test_a_handshake_of_any_method_is_answered_through_the_socket(
    tmp_path: Path, preset: str, head: bytes, answered: dict[str, str]
) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await from_preset(inspector, preset)
            status, headers, _ = await send(inspector, head + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert status == 200
            assert answered.items() <= headers.items()

    run(work())
    kept = delivery_in(tmp_path, 1)
    assert kept is not None
    assert kept.verdict is Verdict.HANDSHAKE


def test_without_a_handler_that_names_the_provider_nothing_is_echoed(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "secret")
            status, _, body = await send(inspector, post(SLACK))
            assert (status, body) == (403, b"Webhook not authorized.")
            await inspector.save_handlers((*inspector.handlers, Handler("any", Scheme("none"))))
            status, _, body = await send(inspector, post(SLACK))
            assert (status, body) == (200, b"ok")

    run(work())


def test_a_wrong_signature_gets_the_status_that_its_provider_wants(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await inspector.recognising()
            await from_preset(inspector, "xero", "secret")
            await from_preset(inspector, "github", "secret")
            status, _, body = await send(inspector, post(b'{"events":[]}', b"x-xero-signature: AAAA"))
            assert (status, body) == (401, b"")
            status, _, body = await send(inspector, post(b'{"other":1}', b"x-xero-signature: AAAA"))
            assert (status, body) == (401, b"")
            status, _, _ = await send(inspector, post(b"{}", b"X-Hub-Signature-256: sha256=00", b"X-GitHub-Event: p"))
            assert status == 403

    run(work())


def test_a_delivery_is_answered_while_its_keys_do_not_come(tmp_path: Path, trusted: Tls) -> None:
    async def work() -> None:
        async with serving(trusted[0]) as server, product(tmp_path) as inspector:
            server.hold.clear()
            inspector._keys._tls = trusted[1]
            await from_preset(inspector, "kinde", parameters={"jwks_url": server.url}, path="/kinde")
            await send(inspector, post(b"{}", target=b"/other"))
            assert not server.asked
            token = b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.AAAA"
            status, _, _ = await send(inspector, post(token, target=b"/kinde"))
            assert status == 403
            assert not server.hold.is_set()
            assert server.asked

    run(work())
    kept = delivery_in(tmp_path, 2)
    assert kept is not None
    assert [(rung.standing, rung.reason) for rung in kept.ladder] == [(Standing.NOT_CHECKABLE, "key-not-available")]


def test_a_secret_that_a_handshake_brought_is_kept_only_when_it_is_asked_for(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await from_preset(inspector, "asana")
            secret = "b537207f20cbfa02357cf448134da559"
            status, headers, _ = await send(inspector, post(b"", b"X-Hook-Secret: " + secret.encode()))
            assert (status, headers["x-hook-secret"]) == (200, secret)
            assert not inspector.handlers[0].secrets
            assert await inspector.take_secret(1) == "asana"
            (ref,) = inspector.handlers[0].secrets
            assert (ref.label, await inspector.secret(ref.id)) == ("from delivery 1", secret)
            body = b'{"events":[]}'
            signature = hmac.new(secret.encode(), body, "sha256").hexdigest().encode()
            assert (await send(inspector, post(body, b"X-Hook-Signature: " + signature)))[0] == 200
            with pytest.raises(HandlerRejected):
                await inspector.take_secret(2)

    run(work())


def test_a_key_that_is_newer_than_the_fetched_set_is_fetched_once(tmp_path: Path, trusted: Tls) -> None:
    private = key_pair("rsa")[0]

    def token(key_id: str) -> bytes:
        return jwt.encode({"a": 1}, private, algorithm="RS256", headers={"kid": key_id}).encode()

    async def work() -> None:
        async with serving(trusted[0]) as server, product(tmp_path) as inspector:
            now = 1_000_000_000.0
            inspector._keys._tls, inspector._keys._clock = trusted[1], lambda: now
            await from_preset(inspector, "kinde", parameters={"jwks_url": server.url})
            old, new = jwks(jwk("rsa", kid="old")).encode(), jwks(jwk("rsa", kid="old"), jwk("rsa", kid="new")).encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            server.answer = answer % (len(old), old)
            assert (await send(inspector, post(token("old"))))[0] == 200
            server.answer = answer % (len(new), new)
            assert (await send(inspector, post(token("new"))))[0] == 403  # it was asked just now
            assert len(server.asked) == 1
            now += 60
            assert (await send(inspector, post(token("new"))))[0] == 200
            for number in range(5):
                assert (await send(inspector, post(token(f"made up {number}"))))[0] == 403
            assert len(server.asked) == 2

    run(work())
