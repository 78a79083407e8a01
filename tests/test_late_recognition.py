"""A delivery that comes while the providers are still being read gets its sender all the same, a moment later."""

import asyncio
import threading
from pathlib import Path

import pytest

from inspector import presets
from inspector.core.annotation import NO_ANNOTATION
from inspector.core.delivery import Recognised
from inspector.core.forward_rule import ForwardRule
from inspector.core.recognition import Recogniser
from inspector.feed import Change, DeliveriesRecognised
from tests.product import delivery_in, post, product, run, send
from tests.resend.targets import capturing

GITHUB = (b"X-GitHub-Event: push", b"X-GitHub-Delivery: 72d3162e", b"X-Hub-Signature-256: sha256=0")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Nobody knows the providers until this is set."""
    ready = threading.Event()

    def waiting() -> Recogniser:
        ready.wait(10)
        return presets.recogniser()

    monkeypatch.setattr("inspector.app.presets", type("Slow", (), {"recogniser": staticmethod(waiting)}))
    return ready


def test_what_came_too_early_is_recognised_as_soon_as_senders_are(tmp_path: Path, read: threading.Event) -> None:
    told: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector:
            inspector.feed.subscribe(told.append)
            await send(inspector, post(b"{}", *GITHUB))
            await send(inspector, post(b"{}"))
            early = delivery_in(tmp_path, 1)
            assert early is not None
            assert early.recognised is None
            read.set()
            await inspector.recognising()
            await send(inspector, post(b"{}", *GITHUB))

    run(work())
    github = Recognised("github", "push", "72d3162e")
    assert [delivery_in(tmp_path, id_).recognised for id_ in (1, 2, 3)] == [github, None, github]  # type: ignore[union-attr]
    assert [change for change in told if isinstance(change, DeliveriesRecognised)] == [
        DeliveriesRecognised({1: github})
    ]


def test_one_that_was_judged_before_and_stored_after_is_not_forgotten(tmp_path: Path, read: threading.Event) -> None:
    read.set()

    async def work() -> None:
        async with product(tmp_path) as inspector:
            await inspector.recognising()
            inspector._intake.judge = type(inspector._intake.judge)()  # as it was while the providers were read
            await send(inspector, post(b"{}", *GITHUB))
            await inspector.recognising()

    run(work())
    kept = delivery_in(tmp_path, 1)
    assert kept is not None
    assert kept.recognised is not None
    assert kept.recognised.provider == "github"


def test_a_rule_that_asks_for_the_sender_waits_until_senders_can_be_told(tmp_path: Path, read: threading.Event) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as named, capturing() as every:
            rules = [ForwardRule("named", named.url, "provider:github"), ForwardRule("every", every.url)]
            await inspector.forwarding.save_rules(rules)
            await send(inspector, post(b"{}", *GITHUB))
            await send(inspector, post(b"{}"))
            async with asyncio.timeout(10):
                while len(every.requests) < 2:  # noqa: ASYNC110 - it happens on sockets
                    await asyncio.sleep(0.005)
            assert named.requests == []
            read.set()
            async with asyncio.timeout(10):
                while not named.requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            assert b"push" in named.requests[0]

    run(work())


def test_closing_while_the_providers_are_read_leaves_it_as_it_is(tmp_path: Path, read: threading.Event) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await send(inspector, post(b"{}", *GITHUB))
            asyncio.get_running_loop().call_later(0.05, read.set)

    run(work())
    kept = delivery_in(tmp_path, 1)
    assert kept is not None
    assert (kept.recognised, kept.annotation) == (None, NO_ANNOTATION)
