"""Thirty hostile targets and answers, by name: each ends as was promised, soon, and nothing goes where it should not.

Addresses of metadata services are only read and asked about: a watch over all connections fails a test that makes one.
"""

import asyncio
import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest

from inspector.core.bulk import Recipe
from inspector.core.target import NOTHING_ALLOWED, Address, Allowance, Target, TargetMalformed, target_from
from inspector.gui.resend.attempt_text import shown_answer
from inspector.resend import Sender, SendLimits, way
from inspector.resend import sender as sender_module
from inspector.resend.following import hops
from tests.resend.certificates import a_context
from tests.resend.targets import Talk, a_draft, capturing, run, says, talking
from tests.resend.test_sender import CHUNKED, HEAD, drip, resets

QUICK = SendLimits(look_up_s=2, connect_s=0.5, tls_s=0.5, exchange_s=0.5, answer_bytes=100_000)
SOON_S = 5
OWN_PORT = 18_177
BOMB = gzip.compress(bytes(64 << 20), 9)  # 64 MiB of nothing in 64 KiB


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test of this file connects to anything but this machine."""
    made: list[str] = []

    async def watched[P: asyncio.BaseProtocol](
        factory: Callable[[], P], addresses: Sequence[Address], port: int, limit_s: float
    ) -> tuple[P, str]:
        made.extend(map(str, addresses))
        return await way.connect(factory, addresses, port, limit_s)

    monkeypatch.setattr(sender_module, "connect", watched)
    yield
    assert [address for address in made if not ip_address(address).is_loopback] == []


# Targets that nothing is ever sent to


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("file:///etc/passwd", "scheme", id="01 a file"),
        pytest.param("gopher://localhost:6379/_SET%20x", "scheme", id="02 gopher, to speak to a database"),
        pytest.param("http://localhost/\r\nX-Injected: 1", "control", id="03 a line break in the path"),
        pytest.param("http://localhost\r\nHost: evil/", "control", id="04 a line break in the host"),
        pytest.param("http://localhost/\x00.png", "control", id="05 a NUL"),
        pytest.param("http://good.example@127.0.0.1/", "credentials", id="06 a host that is a user name"),
    ],
)
def test_a_target_that_is_none_is_refused_beside_its_field(url: str, reason: str) -> None:
    with pytest.raises(TargetMalformed) as refused:
        target_from(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("host", "error"),
    [
        pytest.param("169.254.169.254", "needs-consent", id="07 a metadata service"),
        pytest.param("metadata.google.internal", "needs-consent", id="08 one by its name"),
        pytest.param("2852039166", "needs-consent", id="09 one in decimal"),
        pytest.param("0251.0376.0251.0376", "needs-consent", id="10 one in octal"),
        pytest.param("[::ffff:a9fe:a9fe]", "needs-consent", id="11 one mapped into IPv6"),
        pytest.param("[fe80::1%25lo]", "needs-consent", id="12 a link-local address"),
        pytest.param("localhost", "own-listener", id="13 the own listener by its name"),
        pytest.param("2130706433", "own-listener", id="14 the own listener in decimal"),
        pytest.param("[::ffff:127.0.0.1]", "own-listener", id="15 the own listener mapped into IPv6"),
    ],
)
def test_an_address_that_harms_is_asked_about_or_refused_before_anything_is_sent(host: str, error: str) -> None:
    async def work() -> None:
        sender = Sender(limits=QUICK, own_listener=lambda: ("127.0.0.1", OWN_PORT))
        attempt = await sender.send(a_draft(), target_from(f"http://{host}:{OWN_PORT}/"))
        assert (attempt.error, attempt.times.connected_ns, attempt.answer) == (error, 0, None)
        assert attempt.sentence.endswith(".")

    run(work())


def test_16_a_name_that_is_bound_anew_after_the_check_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.0.1", "169.254.169.254"])

    def rebinding(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 0))]

    async def work() -> None:
        async with capturing() as target:
            monkeypatch.setattr(socket, "getaddrinfo", rebinding)
            sender = Sender(limits=QUICK)
            url = f"http://rebinding.example:{target.target.port}"
            assert (await sender.send(a_draft(), target_from(url))).succeeded  # what was checked is what was used
            sender.forget()
            assert (await sender.send(a_draft(), target_from(url))).error == "needs-consent"
            assert len(target.requests) == 1

    run(work())


@pytest.mark.parametrize(
    ("location", "error"),
    [
        pytest.param("file:///etc/passwd", "redirect-malformed", id="17 a redirect to a file"),
        pytest.param("http://169.254.169.254/latest", "needs-consent", id="18 a redirect to a metadata service"),
    ],
)
def test_a_redirect_leads_nowhere_that_was_not_allowed(location: str, error: str) -> None:
    answer = f"HTTP/1.1 307 Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()

    async def nothing(_: Target) -> Allowance:
        return NOTHING_ALLOWED

    async def work() -> None:
        async with capturing(answer) as target:
            shown = await Sender(limits=QUICK).send(a_draft(), target.target)
            assert (shown.status, shown.error) == (307, "")
            recipe = Recipe(target.target, follow_redirects=True)
            found = [each async for each in hops(a_draft(), recipe, Sender(limits=QUICK), nothing)]
            assert found[-1].error == error
            assert len(target.requests) == 2

    run(work())


# Targets whose answers are hostile


@dataclass(frozen=True)
class Hostile:
    """How a target talks, and what the attempt may end with."""

    talk: Talk
    errors: tuple[str, ...]


ANSWERS = {
    "19 endless headers": Hostile(drip(HEAD, b"X: " + b"y" * 5000 + b"\r\n"), ("answer-malformed",)),
    "20 an endless body": Hostile(drip(HEAD + b"\r\n", b"y" * 5000), ("answer-too-large",)),
    "21 a slow drip": Hostile(drip(HEAD + b"\r\n", b"y"), ("too-slow",)),
    "22 a malformed status line": Hostile(says(b"HTTP/1.1 OK 200\r\n\r\n"), ("answer-malformed", "not-http")),
    "23 less than its Content-Length": Hostile(says(HEAD + b"Content-Length: 99\r\n\r\nhalf"), ("closed",)),
    "24 garbage for a chunk": Hostile(says(CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n"), ("answer-malformed",)),
    "25 a flood of interim answers": Hostile(drip(b"", b"HTTP/1.1 103 Early\r\n\r\n"), ("answer-malformed",)),
    "26 a reset in the middle": Hostile(resets, ("reset",)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_an_attempt_with_a_sentence(name: str) -> None:
    async def work() -> None:
        async with talking(ANSWERS[name].talk) as url:
            before = time.monotonic()
            attempt = await Sender(limits=QUICK).send(a_draft(), target_from(url))
            assert time.monotonic() - before < SOON_S
        assert attempt.error in ANSWERS[name].errors, attempt
        assert attempt.sentence.endswith(".")
        assert attempt.answer is None or len(attempt.answer.body) <= QUICK.answer_bytes

    run(work())


def test_27_a_bomb_is_kept_as_it_came_and_unpacked_only_so_far_as_it_is_shown() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB)

    async def work() -> None:
        async with capturing(head + BOMB) as target:
            attempt = await Sender(limits=QUICK).send(a_draft(), target.target)
        assert attempt.answer is not None
        assert attempt.answer.body == BOMB
        assert len(shown_answer(attempt.answer, masked=True)) < 5 << 20

    run(work())


TLS: dict[str, tuple[Callable[[Path], ssl.SSLContext], str]] = {
    "28 a certificate that has expired": (lambda folder: a_context(folder, begins=-9, ends=-1), "certificate-expired"),
    "29 one that is signed by itself": (a_context, "certificate-self-signed"),
    "30 one for another name": (lambda folder: a_context(folder, name="other.example"), "certificate-name"),
}


@pytest.mark.parametrize("name", TLS)
def test_a_certificate_that_is_not_valid_keeps_everything_back(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, error = TLS[name]
    context = make(tmp_path)
    if error != "certificate-self-signed":
        trusting = ssl.create_default_context(cafile=str(tmp_path / "target.pem"))
        monkeypatch.setattr(way, "_context", lambda *, checked: trusting)

    async def work() -> None:
        async with capturing(tls=context) as target:
            attempt = await Sender(limits=QUICK).send(a_draft(), target.target)
            assert (attempt.error, target.requests) == (error, [])

    run(work())


def test_31_tls_that_is_reset_in_the_handshake_is_told() -> None:
    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(5)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    async def work() -> None:
        async with talking(breaks_off) as url:
            attempt = await Sender(limits=QUICK).send(a_draft(), target_from(url.replace("http:", "https:")))
            assert attempt.error in ("tls", "reset", "closed"), attempt

    run(work())
