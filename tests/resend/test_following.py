"""Redirects are followed on request only: every hop is an attempt, and goes through the checks of a typed target."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.core.bulk import BulkOptions, Recipe
from inspector.core.target import Allowance, Target
from inspector.resend import Sender, SendLimits
from inspector.resend.following import hops
from inspector.store import Reader
from tests.product import product
from tests.resend.targets import OK, a_draft, capturing, run
from tests.resend.test_bulk import ended, receive


def redirect(url: str, status: int = 307) -> bytes:
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode()


async def nothing(_: Target) -> Allowance:
    return Allowance()


def test_unasked_a_redirect_is_not_followed(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as last, capturing(redirect(last.url)) as first:
            await receive(inspector, b"1")
            attempt = await inspector.resends.send(1, Recipe(first.target))
            assert (attempt.status, attempt.error, last.requests) == (307, "", [])

    run(work())


def test_asked_each_hop_is_an_attempt_and_the_last_one_is_the_outcome(tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            product(tmp_path) as inspector,
            capturing() as last,
            capturing(redirect(f"{last.url}/end", 308)) as middle,
            capturing(redirect(f"{middle.url}/middle")) as first,
        ):
            await receive(inspector, b"1")
            attempt = await inspector.resends.send(1, Recipe(first.target, follow_redirects=True))
            assert (attempt.status, attempt.hop, attempt.led_from) == (200, 2, f"{middle.url}/middle")
            sent = first.requests[0]
            host = last.url.removeprefix("http://").encode()
            assert last.requests == [sent.replace(b"/hook", b"/end").replace(b"Host: localhost", b"Host: " + host)]

    run(work())
    with closing(Reader(tmp_path)) as reader:
        found = reader.attempts(delivery=1)
        assert [(each.status, each.hop) for each in found] == [(307, 0), (308, 1), (200, 2)]


def test_a_circle_ends_at_the_limit() -> None:
    async def work() -> None:
        async with capturing() as target:
            target.answers = (redirect(target.url),)
            sender = Sender(limits=SendLimits(redirects=3))
            found = [
                each async for each in hops(a_draft(), Recipe(target.target, follow_redirects=True), sender, nothing)
            ]
            assert [each.error for each in found] == ["", "", "", "redirects-too-many"]
            assert found[-1].sentence == "It redirected once more after 3 redirects."
            assert len(target.requests) == 4

    run(work())


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://169.254.169.254/latest/meta-data", "needs-consent"),
        ("http://metadata.google.internal/", "needs-consent"),
        ("http://0xa9.0xfe.43518/", "needs-consent"),
        ("http://224.0.0.1/", "no-host"),
        ("gopher://localhost/", "redirect-malformed"),
    ],
)
def test_a_hop_goes_through_the_checks_of_a_target(location: str, error: str) -> None:
    async def work() -> None:
        async with capturing(redirect(location)) as target:
            recipe = Recipe(target.target, allowance=Allowance(link_local=True), follow_redirects=True)
            sender = Sender()
            found = [each async for each in hops(a_draft(), recipe, sender, nothing)]
            assert found[-1].error == error
            assert found[-1].sentence.endswith(".")

    run(work())


def test_the_own_listener_is_no_hop(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing(redirect(inspector.listener_state.url)) as target:
            await receive(inspector, b"1")
            attempt = await inspector.resends.send(1, Recipe(target.target, follow_redirects=True))
            assert (attempt.error, attempt.hop) == ("own-listener", 1)

    run(work())


def test_a_name_that_was_sent_to_is_not_looked_up_again_for_a_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    async def work() -> None:
        async with capturing() as target:
            target.answers = (redirect("/again"), OK)
            monkeypatch.setattr(socket, "getaddrinfo", rebinding)
            named = Recipe(Target("http", "rebinding.example", target.target.port), follow_redirects=True)
            draft = replace(a_draft(), target=named.target.url)
            found = [each async for each in hops(draft, named, Sender(), nothing)]
            assert [each.status for each in found] == [307, 200]
            assert asked == ["rebinding.example"]

    run(work())


def test_a_run_counts_the_outcome_and_keeps_the_hops(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as last, capturing(redirect(last.url)) as first:
            await receive(inspector, b"1")
            recipe = Recipe(first.target, follow_redirects=True)
            started = await inspector.resends.start([1], recipe, BulkOptions(times=20, concurrency=4))
            progress = await ended(inspector, started.run)
            assert (progress.succeeded, progress.tries, progress.answers) == (20, 20, {"200": 20})

    run(work())
    with closing(Reader(tmp_path)) as reader:
        assert sorted(each.hop for each in reader.attempts(run=1)) == [0] * 20 + [1] * 20


def test_cancelled_at_a_hop_all_of_it_is_recorded(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as last, capturing(redirect(last.url)) as first:
            await receive(inspector, b"1")
            last.open_.clear()
            recipe = Recipe(first.target, follow_redirects=True)
            sending = asyncio.ensure_future(inspector.resends.send(1, recipe))
            await last.arrived.wait()
            sending.cancel()
            assert isinstance((await asyncio.gather(sending, return_exceptions=True))[0], asyncio.CancelledError)

    run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [(each.status, each.error, each.hop) for each in reader.attempts(delivery=1)] == [
            (307, "", 0),
            (0, "cancelled", 1),
        ]


def test_a_hop_that_needs_consent_is_followed_once_its_target_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", metadata_on_loopback(socket.getaddrinfo))

    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as last:
            hop = Target("http", METADATA, last.target.port)
            async with capturing(redirect(f"{hop.url}/new")) as first:
                await receive(inspector, b"1")
                recipe = Recipe(first.target, follow_redirects=True)
                asked = await inspector.resends.send(1, recipe)
                assert (asked.error, asked.hop, asked.target) == ("needs-consent", 1, f"{hop.url}/new")
                assert last.requests == []
                await inspector.resends.allow(first.target, Allowance(link_local=True))
                assert (await inspector.resends.send(1, recipe)).error == "needs-consent"  # each target by itself
                await inspector.resends.allow(hop, Allowance(link_local=True))
                followed = await inspector.resends.send(1, recipe)
                assert (followed.error, followed.status, followed.hop) == ("", 200, 1)
                assert len(last.requests) == 1

    run(work())


METADATA = "metadata.google.internal"

type Resolver = Callable[..., list[tuple[Any, ...]]]


def metadata_on_loopback(otherwise: Resolver) -> Resolver:
    """A resolver for which the name of a cloud's metadata service is loopback: nothing leaves this machine."""

    def resolve(host: str, *arguments: Any, **named: Any) -> list[tuple[Any, ...]]:
        return otherwise("127.0.0.1" if host == METADATA else host, *arguments, **named)

    return resolve
