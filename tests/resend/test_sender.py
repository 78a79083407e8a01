"""What a sender sends is what was asked for, and whatever a target does is an attempt with a sentence."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.core.attempt import Attempt, Sent
from inspector.core.target import NOTHING_ALLOWED, Allowance, Target, target_from
from inspector.resend import Pace, Sender, SendLimits, way
from tests.resend.certificates import a_context
from tests.resend.targets import OK, Talk, a_draft, capturing, run, says, talking

QUICK = SendLimits(look_up_s=2, connect_s=0.5, tls_s=0.5, exchange_s=0.5, answer_bytes=10_000)
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def sent_to(
    url: str, draft: Attempt | None = None, allowance: Allowance = NOTHING_ALLOWED, limits: SendLimits = QUICK
) -> Attempt:
    sender = Sender(limits=limits)
    try:
        return await sender.send(a_draft() if draft is None else draft, target_from(url), allowance)
    finally:
        sender.close()


def test_the_bytes_are_those_of_the_draft_and_the_times_follow_each_other() -> None:
    async def work() -> None:
        async with capturing() as target:
            attempt = await sent_to(target.url)
            assert target.requests == [attempt.sent.head + bytes(attempt.sent.body)]
        times = attempt.times
        order = [times.looked_up_ns, times.connected_ns, times.sent_ns, times.first_byte_ns, times.ended_ns]
        assert order == sorted(order)
        assert order[0] > 0
        assert attempt.succeeded
        assert attempt.address == target.url.removeprefix("http://")
        assert abs(time.time_ns() - attempt.started_ns) < 10e9

    run(work())


def test_a_large_body_arrives_whole() -> None:
    body = bytes(range(256)) * 40_000
    draft = a_draft(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body), body)

    async def work() -> None:
        async with capturing() as target:
            attempt = await sent_to(target.url, draft, limits=SendLimits())
            assert attempt.succeeded, attempt.sentence
            assert target.requests[0].endswith(b"\r\n\r\n" + body)

    run(work())


def test_an_early_answer_counts_though_the_target_takes_no_more_of_the_body() -> None:
    body = bytes(8 << 20)
    draft = a_draft(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body), body)
    answer = b"HTTP/1.1 413 Too much\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    async def work() -> None:
        async with talking(says(answer, then_stays=True)) as url:
            attempt = await sent_to(url, draft, limits=SendLimits(exchange_s=5))
            assert (attempt.status, attempt.error) == (413, "")

    run(work())


def test_kept_connections_carry_one_request_after_the_other() -> None:
    async def work() -> None:
        sender = Sender(keep=2)
        async with capturing() as target:
            attempts = [await sender.send(a_draft(), target.target) for _ in range(5)]
            assert (target.connections, len(target.requests)) == (1, 5)
        sender.close()
        assert [attempt.kept_connection for attempt in attempts] == [False, True, True, True, True]
        assert attempts[1].times.connected_ns == 0

    run(work())


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nCONNECTION : x\r\nconnection: Close\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_a_request_that_asks_to_close_has_a_connection_of_its_own(head: bytes) -> None:
    async def work() -> None:
        sender = Sender(keep=2)
        async with capturing() as target:
            for _ in range(2):
                await sender.send(a_draft(head.replace(b" : x", b"-X: x")), target.target)
            assert target.connections == 2
        sender.close()

    run(work())


def test_a_kept_connection_that_the_target_closed_is_not_used() -> None:
    async def work() -> None:
        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(len(a_draft().sent.head) + 2)
            writer.write(OK)
            await writer.drain()
            writer.close()

        sender = Sender(keep=2)
        async with talking(once) as url:
            for _ in range(3):
                attempt = await sender.send(a_draft(), target_from(url))
                assert attempt.succeeded, attempt.sentence
                await asyncio.sleep(0.02)
        sender.close()

    run(work())


def test_a_target_that_closes_kept_connections_without_a_word_is_sent_to_anew_and_over_new_ones() -> None:
    taken: list[bytes] = []

    async def closes_at_the_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(await reader.readexactly(len(a_draft().sent.head) + 2))
        writer.write(OK)
        await writer.drain()
        await reader.readexactly(1)
        writer.close()

    async def work() -> None:
        sender = Sender(keep=2)
        async with talking(closes_at_the_second) as url:
            attempts = [await sender.send(a_draft(), target_from(url)) for _ in range(4)]
        sender.close()
        assert [attempt.succeeded for attempt in attempts] == [True] * 4
        assert [attempt.maybe_twice for attempt in attempts] == [False, True, False, False]
        assert [attempt.kept_connection for attempt in attempts] == [False] * 4
        assert len(taken) == 4

    run(work())


def test_a_redirect_is_shown_and_not_followed() -> None:
    async def work() -> None:
        async with capturing() as elsewhere:
            answer = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n".encode()
            async with talking(says(answer)) as url:
                attempt = await sent_to(url)
            assert (attempt.status, attempt.succeeded, elsewhere.requests) == (302, False, [])

    run(work())


def test_an_answer_is_not_decompressed() -> None:
    bomb = b"\x1f\x8b" + bytes(50)
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(bomb), bomb)

    async def work() -> None:
        async with talking(says(answer)) as url:
            attempt = await sent_to(url)
        assert attempt.answer is not None
        assert attempt.answer.body == bomb

    run(work())


def drip(first: bytes, again: bytes) -> Talk:
    """Says `first`, and `again` and again."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(0.001)

    return talk


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def closes_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
HOSTILE: list[tuple[str, Talk, str]] = [
    ("says nothing", says(then_stays=True), "too-slow"),
    ("closes without a word", says(), "closed"),
    ("closes before the request", closes_at_once, "closed|reset"),
    ("resets", resets, "reset"),
    ("half a status line", says(b"HTTP/1.1 2"), "closed"),
    ("half a head", says(HEAD + b"X: y\r\n"), "closed"),
    ("half a body", says(HEAD + b"Content-Length: 9\r\n\r\nhalf"), "closed"),
    ("half a chunk", says(CHUNKED + b"ff\r\nhalf"), "closed"),
    ("no last chunk", says(CHUNKED + b"1\r\na\r\n"), "closed"),
    ("half a body and silence", says(HEAD + b"Content-Length: 9\r\n\r\nhalf", then_stays=True), "too-slow"),
    ("endless head", drip(HEAD, b"X: " + b"y" * 5000 + b"\r\n"), "answer-malformed"),
    ("dripping head", drip(HEAD, b"X: y\r\n"), "too-slow"),
    ("endless header line", drip(HEAD + b"X: ", b"y" * 50_000), "answer-malformed"),
    ("endless body", drip(HEAD + b"\r\n", b"y" * 1000), "answer-too-large"),
    ("endless chunks", drip(CHUNKED, b"64\r\n" + b"y" * 100 + b"\r\n"), "answer-too-large"),
    ("dripping body", drip(HEAD + b"\r\n", b"y"), "too-slow"),
    ("a length of a terabyte", drip(HEAD + b"Content-Length: 1000000000000\r\n\r\n", b"y" * 5000), "answer-too-large"),
    ("endless interim answers", drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "answer-malformed"),
    ("endless trailers", drip(CHUNKED + b"0\r\n", b"X: y\r\n" * 100), "answer-malformed"),
    ("an endless chunk size", drip(CHUNKED, b"0" * 5000), "answer-malformed"),
    ("another protocol", says(b"220 mail.example ESMTP\r\n"), "not-http"),
    ("HTTP/2", says(b"\0\0\x12\4\0\0\0\0\0"), "not-http"),
    ("HTTP/0.9", says(b"<html>hello</html>"), "not-http"),
    ("TLS", says(b"\x15\x03\x03\x00\x02\x02\x46"), "speaks-tls"),
    ("binary nonsense", says(bytes(range(256))), "not-http"),
    ("two lengths", says(HEAD + b"Content-Length: 1\r\nContent-Length: 3\r\n\r\nabc"), "answer-malformed"),
    ("a negative length", says(HEAD + b"Content-Length: -1\r\n\r\nabc"), "answer-malformed"),
    ("a chunk of too many digits", says(CHUNKED + b"f" * 17 + b"\r\n"), "answer-malformed"),
    ("a body of spaces", says(b" " * 100), "not-http"),
    ("a status of nought", says(b"HTTP/1.1 000 No\r\n\r\n"), "answer-malformed"),
]


@pytest.mark.parametrize(("talk", "error"), [pytest.param(*case[1:], id=case[0]) for case in HOSTILE])
def test_a_hostile_target_is_an_attempt_with_a_sentence_and_never_a_hang(talk: Talk, error: str) -> None:
    async def work() -> None:
        async with talking(talk) as url:
            before = time.monotonic()
            attempt = await sent_to(url)
            assert time.monotonic() - before < 5
        assert attempt.error in error.split("|"), attempt
        assert attempt.sentence.endswith(".")
        assert "{" not in attempt.sentence
        assert attempt.answer is None or len(attempt.answer.body) <= QUICK.answer_bytes

    run(work())


def test_what_came_before_the_end_is_kept() -> None:
    async def work() -> None:
        async with talking(says(HEAD + b"Content-Length: 9\r\n\r\nhalf")) as url:
            attempt = await sent_to(url)
        assert attempt.answer is not None
        assert (attempt.answer.body, attempt.answer.cut, attempt.succeeded) == (b"half", True, False)
        assert attempt.sentence == "The target closed the connection within its answer."

    run(work())


def test_a_target_that_takes_nothing_is_given_up() -> None:
    body = bytes(64 << 20)
    draft = a_draft(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body), body)

    async def stays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async def work() -> None:
        async with talking(stays) as url:
            assert (await sent_to(url, draft)).error == "stalled"

    run(work())


def test_nobody_at_the_port_and_no_such_name() -> None:
    async def work() -> None:
        async with talking(closes_at_once) as url:
            pass
        attempt = await sent_to(url)
        assert attempt.sentence == f"Nothing listens at {url.removeprefix('http://')}."
        unknown = await sent_to("http://no-such-name.invalid")
        assert unknown.error in ("name-unknown", "name-too-slow")

    run(work())


@pytest.mark.parametrize(
    ("spelled", "error"),
    [
        ("169.254.169.254", "needs-consent"),
        ("2852039166", "needs-consent"),
        ("0251.0376.0251.0376", "needs-consent"),
        ("0xa9.0xfe.43518", "needs-consent"),
        ("[::ffff:169.254.169.254]", "needs-consent"),
        ("[64:ff9b::a9fe:a9fe]", "needs-consent"),
        ("[fd00:ec2::254]", "needs-consent"),
        ("[fe80::1%25lo]", "needs-consent"),
        ("metadata.google.internal", "needs-consent"),
        ("224.0.0.1", "no-host"),
    ],
)
def test_addresses_that_nobody_means_by_accident_are_refused_before_anything_is_sent(spelled: str, error: str) -> None:
    async def work() -> None:
        attempt = await sent_to(f"http://{spelled}:1/latest/meta-data")
        assert attempt.error == error
        assert attempt.times.connected_ns == 0

    run(work())


def test_consent_for_the_target_lets_it_through() -> None:
    async def work() -> None:
        target = target_from("http://2852039166")
        found = await way.addresses_of(target, Allowance(link_local=True), lambda: None, limit_s=1)
        assert list(map(str, found)) == ["169.254.169.254"]

    run(work())


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("127.8.9.1", "0.0.0.0"),
        ("[::1]", "::"),
    ],
)
def test_the_own_listener_is_refused_however_it_is_spelled(host: str, own: str) -> None:
    async def work() -> None:
        sender = Sender(own_listener=lambda: (own, 8080))
        attempt = await sender.send(a_draft(), target_from(f"http://{host}:8080/"))
        assert attempt.error == "own-listener"

    run(work())


def test_a_name_is_looked_up_once_and_what_was_found_then_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    async def work() -> None:
        async with capturing() as target:
            monkeypatch.setattr(socket, "getaddrinfo", rebinding)
            sender, named = Sender(), Target("http", "rebinding.example", target.target.port)
            for _ in range(3):
                attempt = await sender.send(a_draft(), named)
                assert attempt.succeeded, attempt.sentence
            sender.forget()
            assert (await sender.send(a_draft(), named)).error == "needs-consent"
            assert (len(asked), len(target.requests)) == (2, 3)

    run(work())


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (a_context, "certificate-self-signed"),
        (lambda folder: a_context(folder, begins=-9, ends=-1), "certificate-expired"),
        (lambda folder: a_context(folder, begins=1, ends=9), "certificate-early"),
        (lambda folder: a_context(folder, name="other.example"), "certificate-name"),
    ],
)
def test_a_certificate_that_is_not_valid_is_told_in_words_and_can_be_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], ssl.SSLContext], error: str
) -> None:
    context = make(tmp_path)
    if error != "certificate-self-signed":
        trusting = ssl.create_default_context(cafile=str(tmp_path / "target.pem"))
        real = way._context
        monkeypatch.setattr(way, "_context", lambda *, checked: trusting if checked else real(checked=False))

    async def work() -> None:
        async with capturing(tls=context) as target:
            refused = await sent_to(target.url)
            assert (refused.error, refused.answer, target.requests) == (error, None, [])
            assert "certificate" in refused.sentence
            allowed = await sent_to(target.url, allowance=Allowance(any_certificate=True))
            assert allowed.succeeded, allowed.sentence
            assert allowed.certificate_problem == refused.sentence
            assert allowed.tls.startswith("TLSv1.")
            assert len(target.requests) == 1

    run(work())


def test_tls_with_a_certificate_that_is_trusted_has_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = a_context(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "target.pem"))
    monkeypatch.setattr(way, "_context", lambda *, checked: trusting)

    async def work() -> None:
        async with capturing(tls=context) as target:
            sender = Sender(keep=1)
            first = await sender.send(a_draft(), target.target)
            second = await sender.send(a_draft(), target.target)
            sender.close()
        assert first.succeeded, first.sentence
        assert (first.certificate_problem, second.kept_connection) == ("", True)
        assert first.times.connected_ns < first.times.secured_ns < first.times.first_byte_ns

    run(work())


@pytest.mark.parametrize(("talk", "error"), [(says(then_stays=True), "tls-too-slow"), (closes_at_once, "tls")])
def test_tls_that_does_not_come_about_is_told(talk: Talk, error: str) -> None:
    async def work() -> None:
        async with talking(talk) as url:
            assert (await sent_to(url.replace("http:", "https:"))).error == error

    run(work())


def test_https_to_a_port_that_speaks_http_is_told() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def work() -> None:
        async with talking(plain) as url:
            assert (await sent_to(url.replace("http:", "https:"))).error == "not-tls"

    run(work())


def test_http_to_a_port_that_speaks_tls_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with capturing(tls=a_context(tmp_path)) as target:
            attempt = await sent_to(target.url.replace("https:", "http:"))
            assert attempt.error in ("speaks-tls", "closed", "reset")

    run(work())


def test_a_request_can_be_cut_in_the_middle_on_purpose() -> None:
    got: list[bytes] = []
    gone = asyncio.Event()

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(100):
                got.append(data)
        except ConnectionResetError:
            pass
        gone.set()

    async def work() -> None:
        async with talking(listens) as url:
            sender = Sender(limits=QUICK)
            attempt = await sender.send(a_draft(), target_from(url), pace=Pace(cut_at=10))
            assert attempt.error == "cut-on-purpose"
            await gone.wait()
        assert b"".join(got) == a_draft().sent.head[:10]

    run(work())


def test_a_request_can_be_slow_on_purpose() -> None:
    async def work() -> None:
        async with capturing() as target:
            sender = Sender(limits=QUICK)
            before = time.monotonic()
            attempt = await sender.send(a_draft(), target.target, pace=Pace(bytes_per_s=200))
            assert attempt.succeeded, attempt.sentence
            assert time.monotonic() - before > 0.2
            assert target.requests == [a_draft().sent.head + b"{}"]

    run(work())


def test_what_is_sent_and_answered_is_in_no_repr() -> None:
    attempt = Attempt(1, "http://x", Sent(b"GET / HTTP/1.1\r\nAuthorization: hunter2\r\n\r\n", b"hunter2"), 0)
    assert "hunter2" not in repr(attempt)


def test_cancelling_lets_go_of_the_connection() -> None:
    async def work() -> None:
        async with capturing() as target:
            target.open_.clear()
            sending = asyncio.create_task(sent_to(target.url, limits=SendLimits()))
            await target.arrived.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            target.open_.set()

    run(work())
