"""Simulated deliveries arrive, their handler verifies them, and they are tried again as the provider does."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from inspector import presets
from inspector.app import Inspector
from inspector.core.delivery import Verdict
from inspector.core.handler import Handler
from inspector.core.simulation.sample import Payload
from inspector.core.target import target_from
from inspector.core.verification.public_url import FORWARDED
from inspector.core.verification.secret import Secret
from inspector.resend import Signer
from inspector.simulating import CannotSimulate, Sending, Simulation, handlers_secret, made_secret
from inspector.store import Reader
from tests.product import a_handler, delivery_in, files_with, product
from tests.resend.clocks import QuickClock
from tests.resend.targets import OK, capturing, run, says
from tests.resend.test_bulk import BUSY

SVIX = [0, 5, 300, 1800, 7200, 18000, 36000, 36000]


async def of_preset(inspector: Inspector, preset: str, **values: object) -> tuple[Handler, str]:
    """A handler that began as the preset, and the secret that signs for it."""
    scheme = presets.scheme(preset)
    signs, checks = made_secret(scheme.scheme)
    id_ = preset.partition(":")[0]
    return await a_handler(inspector, id_, checks, scheme.scheme, preset=f"{id_}:{scheme.id}", **values), signs


async def came_of(inspector: Inspector, simulation: Simulation) -> list[Sending]:
    return [each async for each in inspector.simulator.run(simulation)]


@pytest.mark.parametrize(
    ("preset", "values"),
    [
        ("stripe", {}),
        ("github:sha1", {"path": "/gh/*/hooks"}),
        ("twilio", {"public_url": "https://hooks.example.test"}),
        ("square", {"public_url": "https://hooks.example.test/square"}),
        ("hubspot", {"public_url": FORWARDED}),
        ("braintree", {"parameters": {"public_key": "own-key"}}),
        ("gitlab:signing-token", {}),
        ("adyen", {}),
        ("generic-basic", {}),
    ],
)
def test_the_own_listener_receives_it_and_its_handler_verifies(
    tmp_path: Path, preset: str, values: dict[str, object]
) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler, _ = await of_preset(inspector, preset, **values)
            first, second = await came_of(inspector, Simulation(preset, times=2))
            assert (first.attempt.status, first.attempt.handler) == (200, handler.name)
            assert first.attempt.number == second.attempt.number == 1
            assert [first.turn, second.turn] == [1, 2]
            deliveries = [delivery_in(tmp_path, each.delivery) for each in (first, second)]
            assert [each and each.answered_by and each.answered_by.handler for each in deliveries] == [handler.name] * 2
            provider = deliveries[0] and deliveries[0].recognised and deliveries[0].recognised.provider
            assert provider == preset.partition(":")[0] or preset == "generic-basic"

    run(work())


def test_a_handler_with_a_public_key_verifies_what_the_private_one_signs(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            for preset in ("discord", "sendgrid", "aws-sns", "wise"):
                handler, private = await of_preset(inspector, preset, path=f"/{preset}")
                with pytest.raises(CannotSimulate, match="public key only"):
                    await came_of(inspector, Simulation(preset, handler=handler.name))
                [sent] = await came_of(
                    inspector, Simulation(preset, handler=handler.name, secret=Secret("own", private))
                )
                assert sent.attempt.status == 200
                assert handlers_secret(handler.scheme, private) != private

    run(work())


@pytest.mark.parametrize(
    ("preset", "event", "answer"),
    [
        ("slack", "url_verification", b"0"),
        ("discord", "ping", b'"type":1'),
        ("zoom", "endpoint.url_validation", b"enc"),
    ],
)
def test_a_handshake_is_simulated_and_the_handler_answers_it(
    tmp_path: Path, preset: str, event: str, answer: bytes
) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler, secret = await of_preset(inspector, preset)
            simulation = Simulation(preset, event, handler=handler.name, secret=Secret("own", secret))
            [sent] = await came_of(inspector, simulation)
            delivery = delivery_in(tmp_path, sent.delivery)
            assert delivery is not None
            assert delivery.verdict is Verdict.HANDSHAKE
            assert sent.attempt.answer is not None
            body = bytes(delivery.request.body)
            challenge = json.loads(body)["challenge"].encode() if preset == "slack" else answer
            assert challenge in sent.attempt.answer.body.replace(b" ", b"")

    run(work())


def test_a_key_that_was_kept_for_a_provider_signs_for_it_from_then_on(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler, private = await of_preset(inspector, "paypal", parameters={"webhook_id": "WH-7"}, path="/pay/*")
            assert await inspector.simulator.own_key("paypal") == ""
            await inspector.simulator.keep_own_key("paypal", private)
            await inspector.simulator.keep_own_key("github", "no key: its secret is shared")
            assert await inspector.simulator.own_key("github") == ""
        async with product(tmp_path) as inspector:
            [sent] = await came_of(inspector, Simulation("paypal"))
            assert (sent.attempt.status, sent.attempt.handler) == (200, handler.name)

    run(work())


def test_an_attempt_is_kept_of_each_try_and_no_secret_anywhere(tmp_path: Path) -> None:
    secret = "a secret that nobody may ever find"

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(OK) as target:
            simulation = Simulation("github", "push", secret=Secret("own", secret), target=target.target, times=3)
            assert secret not in repr(simulation)
            sent = await came_of(inspector, simulation)
            assert [each.delivery for each in sent] == [0, 0, 0]
            assert len({raw.partition(b"\r\n\r\n")[2] for raw in target.requests}) == 3

    run(work())
    with closing(Reader(tmp_path)) as reader:
        [kept] = reader.runs()
        assert kept.what["simulates"] == "github"
        assert kept.result == {"total": 3, "tries": 3, "succeeded": 3}
        assert [each.delivery for each in reader.attempts(run=kept.id)] == [0, 0, 0]
    assert files_with(tmp_path, secret.encode()) == []


def test_the_providers_schedule_is_kept_and_every_try_is_the_same_delivery(tmp_path: Path) -> None:
    clock = QuickClock()

    async def work() -> None:
        async with product(tmp_path, clock=clock) as inspector, capturing(BUSY) as target:
            await of_preset(inspector, "svix")
            sent = await came_of(inspector, Simulation("svix", target=target.target, retries=True))
            assert clock.waits == SVIX
            assert [each.next_s for each in sent] == [*SVIX, None]
            assert [each.attempt.number for each in sent] == list(range(1, 10))
            assert len({raw.partition(b"\r\n\r\n")[2] for raw in target.requests}) == 1
            clock.waits.clear()
            await came_of(inspector, Simulation("svix", target=target.target, retries=True, speed=100))
            assert clock.waits == [each / 100 for each in SVIX]

    run(work())


def test_it_is_not_tried_again_once_it_is_taken_or_where_the_provider_would_not(tmp_path: Path) -> None:
    clock = QuickClock()

    async def work() -> None:
        async with product(tmp_path, clock=clock) as inspector, capturing(BUSY, BUSY, OK) as target:
            for preset in ("slack", "github"):
                await of_preset(inspector, preset)
            sent = await came_of(inspector, Simulation("slack", target=target.target, retries=True))
            assert [each.attempt.status for each in sent] == [503, 503, 200]
            assert b"X-Slack-Retry-Num: 2" in target.requests[2]
            target.answers = [BUSY]
            for simulation in (
                Simulation("github", target=target.target, retries=True),
                Simulation("slack", target=target.target),
            ):
                assert len(await came_of(inspector, simulation)) == 1

    run(work())


def test_the_answer_can_ask_slack_not_to_try_again(tmp_path: Path) -> None:
    stop = BUSY.replace(b"\r\n", b"\r\nx-slack-no-retry: 1\r\n", 1)

    async def work() -> None:
        async with product(tmp_path, clock=QuickClock()) as inspector, capturing(BUSY, stop, BUSY) as target:
            await of_preset(inspector, "slack")
            sent = await came_of(inspector, Simulation("slack", target=target.target, retries=True))
            assert [each.attempt.status for each in sent] == [503, 503]
            assert sent[-1].next_s is None

    run(work())


def test_an_own_payload_goes_out_byte_for_byte(tmp_path: Path) -> None:
    body = b'{"a": 1.0,\r\n "b": "${id}\xff"}'

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await of_preset(inspector, "stripe")
            payload = Payload(body, "application/json", filled=False)
            await came_of(inspector, Simulation("stripe", payload=payload, target=target.target))
            assert target.requests[0].endswith(b"\r\n\r\n" + body)

    run(work())


def test_a_preview_is_what_is_sent_but_for_its_identity(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await of_preset(inspector, "github")
            simulation = Simulation("github", target=target_from(f"{target.url}/in"))
            preview = await inspector.simulator.preview(simulation)
            await came_of(inspector, simulation)
            heads = [text.partition(b"\r\n\r\n")[0].split(b"\r\n") for text in (preview.head, target.requests[0])]
            names = [[line.partition(b":")[0] for line in head] for head in heads]
            assert names[0] == names[1]
            assert heads[0][:4] == heads[1][:4]

    run(work())


@pytest.mark.parametrize(
    ("simulation", "words"),
    [
        (Simulation("nobody"), "no preset 'nobody'"),
        (Simulation("github:sha3"), "no scheme 'sha3'"),
        (Simulation("github", handler="none"), "no handler named 'none'"),
        (Simulation("shopify"), "Nothing signs for Shopify"),
        (Simulation("generic-mtls"), "client certificate"),
        (Simulation("discord", secret=Secret("s", "no key")), "cannot be signed"),
        (Simulation("github", payload=Payload(b"", headers={"A": "b\r\nc"}, filled=False)), "line break"),
    ],
)
def test_what_cannot_be_simulated_is_said(tmp_path: Path, simulation: Simulation, words: str) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await of_preset(inspector, "github")
            with pytest.raises(CannotSimulate, match=words):
                await inspector.simulator.preview(simulation)

    run(work())


def test_without_a_listener_a_target_has_to_be_named(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            await of_preset(inspector, "github")
            await inspector.stop_listening()
            with pytest.raises(CannotSimulate, match="does not run"):
                inspector.simulator.prepared(Simulation("github"))
            assert (await came_of(inspector, Simulation("github", target=target.target)))[0].attempt.succeeded

    run(work())


def test_a_provider_waits_no_longer_than_it_does(tmp_path: Path) -> None:
    clock = QuickClock()

    async def work() -> None:
        from tests.resend.targets import talking

        async with product(tmp_path, clock=clock) as inspector, talking(says(then_stays=True)) as url:
            await of_preset(inspector, "slack")
            [sent] = [
                each
                async for each in inspector.simulator.run(Simulation("slack", target=target_from(url), retries=True))
                if each.attempt.number == 1
            ][:1]
            assert (sent.attempt.error, sent.next_s) == ("too-slow", 0)
            assert "3" in sent.attempt.sentence

    run(work())


def test_a_signer_shows_no_secret() -> None:
    assert "hidden" not in repr(Signer(Handler("x", presets.scheme("github").scheme), Secret("s", "hidden")))
