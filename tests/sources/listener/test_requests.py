"""What arrives is what was sent, and each request gets its answer."""

import asyncio
import gzip
import time
from pathlib import Path
from typing import NoReturn

import pytest

from inspector.core.delivery import Answer
from inspector.core.request import Headers
from inspector.sources.source import Arrival, SpooledBody
from tests.sources.listener.loopback import Notebook, Run, a_request, connected

ODD = [
    a_request(b"x-B: 1", b"X-b: 2", b"a: 3", b"x-B: 1"),
    a_request(b"X-Name: caf\xe9 \xff"),
    a_request(b"Content-Encoding: gzip", body=gzip.compress(b"{}" * 100, mtime=0)),
    a_request(body=bytes(range(256))),
    a_request(),
    a_request(b"Content-Length: 0"),
    a_request(line=b"GET /" + b"a" * 8192 + b"?b HTTP/1.1"),
    a_request(line=b"X-CUSTOM!method /%zz//..?a=b&&c HTTP/1.1", body=b"x"),
    a_request(line=b"POST http://example.org/a HTTP/1.1"),
    a_request(line=b"OPTIONS * HTTP/1.1"),
    a_request(b"Upgrade: websocket", b"Connection: Upgrade", body=b"not upgraded"),
    a_request(b"X: " + b"v" * 65_000),
    a_request(*[b"X-%d: y" % number for number in range(250)]),
]


@pytest.mark.parametrize("raw", ODD, ids=range(len(ODD)))
def test_a_request_arrives_as_it_was_sent(run: Run, raw: bytes) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            await client.send(raw)
            assert (await client.answer()).status == 200
        request = notebook.arrivals[0].request
        head, _, body = raw.partition(b"\r\n\r\n")
        line, *lines = head.split(b"\r\n")
        assert f"{request.method} {request.target} HTTP/{request.version}".encode("latin-1") == line
        assert [name + b": " + value for name, value in request.headers] == lines
        assert request.head == head + b"\r\n\r\n"
        assert bytes(request.body) == body

    run(work())


def test_a_chunked_body_arrives_whole_with_its_trailers(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            head = a_request(b"Transfer-Encoding: chunked")
            await client.send(head, b"3;x\r\nab", b"c\r\n1", b"0\r\n" + b"d" * 16, b"\r\n0\r\nDigest: 1\r\n", b"\r\n")
            assert (await client.answer()).body == b"ok"
        request = notebook.arrivals[0].request
        assert request.body == b"abc" + b"d" * 16
        assert request.trailers == Headers([(b"Digest", b"1")])

    run(work())


def test_one_byte_at_a_time_is_a_request_too(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            raw = a_request(b"A: b", body=b"hello")
            await client.send(*(raw[at : at + 1] for at in range(len(raw))))
            await client.answer()
        assert notebook.arrivals[0].request.body == b"hello"

    run(work())


@pytest.mark.parametrize("size", [256 * 1024, 256 * 1024 + 1, 5_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_goes_into_a_file(run: Run, tmp_path: Path, size: int, chunked: bool) -> None:
    async def work() -> None:
        notebook = Notebook(tmp_path)
        body = bytes(range(251)) * (size // 251 + 1)
        body = body[:size]
        async with connected(notebook) as client:
            if chunked:
                await client.send(a_request(b"Transfer-Encoding: chunked"))
                for start in range(0, size, 100_000):
                    piece = body[start : start + 100_000]
                    await client.send(b"%x\r\n%b\r\n" % (len(piece), piece))
                await client.send(b"0\r\n\r\n")
            else:
                await client.send(a_request(body=body))
            assert (await client.answer()).status == 200
        arrival = notebook.arrivals[0]
        assert bytes(arrival.request.body) == body
        assert (arrival.spooled is not None) == (size > 256 * 1024) == (notebook.files == 1)

    run(work())


def test_the_times_and_the_sender_are_known(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        before = time.time_ns()
        async with connected(notebook) as client:
            address = client.address
            await client.send(b"GET ")
            await client.send(a_request(line=b"/ HTTP/1.1"))
            await client.answer()
        arrival, after = notebook.arrivals[0], time.time_ns()
        assert before <= arrival.first_byte_ns <= arrival.last_byte_ns <= notebook.left_ns[0] <= after
        assert arrival.remote == address

    run(work())


def test_pipelined_requests_are_answered_in_order(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            requests = [a_request(line=b"PUT /%d HTTP/1.1" % number, body=b"x" * number) for number in range(50)]
            await client.send(b"".join(requests))
            assert [(await client.answer()).status for _ in requests] == [200] * 50
        assert [arrival.request.target for arrival in notebook.arrivals] == [f"/{number}" for number in range(50)]

    run(work())


def test_many_pipelined_requests_wait_until_they_are_wanted(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        async with connected(notebook) as client:
            sending = asyncio.create_task(client.send(a_request(body=b"x" * 10_000) * 500))
            await notebook.begun.wait()
            notebook.open_.set()
            assert [(await client.answer()).status for _ in range(500)] == [200] * 500
            await sending
        assert len(notebook.arrivals) == 500

    run(work())


def test_a_good_request_before_garbage_is_kept_and_answered(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            await client.send(a_request(body=b"good") + b"\x16\x03\x01garbage\r\n\r\n")
            assert (await client.answer()).status == 200
            refused = await client.answer()
            assert (refused.status, refused.headers["connection"]) == (400, "close")
            assert await client.rest() == b""
        assert [arrival.request.body for arrival in notebook.arrivals] == [b"good"]

    run(work())


def test_who_closes_its_side_still_gets_all_answers(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        async with connected(notebook) as client:
            await client.send(a_request(body=b"one") + a_request(body=b"two"))
            client.close_sending()
            await notebook.begun.wait()
            notebook.open_.set()
            assert (await client.answer()).status == 200
            assert (await client.answer()).status == 200
            assert await client.rest() == b""
        assert [arrival.request.body for arrival in notebook.arrivals] == [b"one", b"two"]

    run(work())


def test_a_request_is_kept_though_its_sender_has_gone(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        async with connected(notebook) as client:
            await client.send(a_request(body=b"kept"))
            await notebook.begun.wait()
            client.vanish()
            notebook.open_.set()
            await notebook.kept.wait()
        assert notebook.arrivals[0].request.body == b"kept"

    run(work())


def test_nobody_is_told_that_an_answer_left_that_nobody_took(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        async with connected(notebook) as client:
            await client.send(a_request())
            await notebook.begun.wait()
            client.vanish()
            async with connected(Notebook()) as other:  # a round trip, in which the loss is noticed
                await other.send(a_request())
                await other.answer()
            notebook.open_.set()
            await notebook.kept.wait()
        assert notebook.left_ns == []

    run(work())


def test_who_expects_to_be_asked_is_asked_for_the_body(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook()) as client:
            await client.send(a_request(b"Expect: 100-continue", b"Content-Length: 4"))
            assert (await client.answer()).status == 100
            await client.send(b"body")
            assert (await client.answer()).status == 200

    run(work())


def test_who_expects_is_refused_a_body_too_large_before_sending_it(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook(), max_body_bytes=3) as client:
            await client.send(a_request(b"Expect: 100-continue", b"Content-Length: 4"))
            assert (await client.answer()).status == 413

    run(work())


def test_the_answer_to_head_has_no_body(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook()) as client:
            await client.send(a_request(line=b"HEAD / HTTP/1.1") + a_request())
            answer = await client.answer(to_head=True)
            assert answer.headers["content-length"] == "2"
            assert (await client.answer()).body == b"ok"

    run(work())


@pytest.mark.parametrize(
    ("line", "header", "connection"),
    [
        (b"GET / HTTP/1.1", b"A: b", None),
        (b"GET / HTTP/1.1", b"Connection: close", "close"),
        (b"GET / HTTP/1.0", b"A: b", "close"),
        (b"GET / HTTP/1.0", b"Connection: keep-alive", "keep-alive"),
        (b"CONNECT x:1 HTTP/1.1", b"A: b", "close"),
    ],
)
def test_the_connection_goes_on_or_ends_as_asked(run: Run, line: bytes, header: bytes, connection: str | None) -> None:
    async def work() -> None:
        async with connected(Notebook()) as client:
            await client.send(a_request(header, line=line))
            answer = await client.answer()
            assert answer.headers.get("connection") == connection
            if connection == "close":
                assert await client.rest() == b""
            else:
                await client.send(a_request())
                assert (await client.answer()).status == 200

    run(work())


def test_an_answer_says_what_the_receiver_said_and_no_more(run: Run) -> None:
    async def work() -> None:
        answer = Answer(
            418, (("X-A", "caf\xe9"), ("content-length", "99"), ("Connection", "x"), ("Bad\r\n", "1")), b"tea"
        )
        async with connected(Notebook(answer=answer)) as client:
            await client.send(a_request())
            told = await client.answer()
        assert (told.status, told.body, told.headers["x-a"]) == (418, b"tea", "caf\xe9")
        assert set(told.headers) == {"x-a", "content-length", "date"}

    run(work())


def test_an_answer_without_content_has_no_length(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook(answer=Answer(204))) as client:
            await client.send(a_request() * 2)
            assert "content-length" not in (await client.answer()).headers
            assert (await client.answer()).status == 204

    run(work())


class Broken(Notebook):
    """A receiver that fails."""

    async def receive(self, arrival: Arrival) -> None:  # type: ignore[override]
        raise RuntimeError("the secret is hunter2")


def test_a_fault_of_ours_is_told_without_details(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with connected(Broken()) as client:
            await client.send(a_request())
            answer = await client.answer()
            assert (answer.status, answer.body) == (500, b"Internal Server Error")
            assert await client.rest() == b""

    run(work())
    assert "could not be answered" in caplog.text


FULL = OSError(28, "No space left on device")


class FullAtOnce(Notebook):
    """A receiver whose disk has no room for another file."""

    def spool(self) -> None:  # type: ignore[override]
        raise FULL


class FullMeanwhile(Notebook):
    """A receiver whose disk has no room for a whole body."""

    def spool(self) -> SpooledBody:
        body = super().spool()
        body.write = refused  # type: ignore[method-assign, assignment]
        return body


class FullAtTheEnd(Notebook):
    """A receiver whose disk has no room for the last of it."""

    def spool(self) -> SpooledBody:
        body = super().spool()
        body.finish = refused  # type: ignore[method-assign]
        return body


def refused(*_: object) -> NoReturn:
    raise FULL


@pytest.mark.parametrize("full_disk", [FullAtOnce, FullMeanwhile, FullAtTheEnd])
def test_a_body_that_cannot_be_kept_is_told_and_may_come_again_later(
    run: Run, tmp_path: Path, full_disk: type[Notebook]
) -> None:
    async def work() -> None:
        notebook = full_disk(tmp_path)
        async with connected(notebook) as client:
            await client.send(a_request(b"Content-Length: 300000"), b"x" * 300_000)
            answer = await client.answer()
            assert (answer.status, answer.headers["retry-after"]) == (503, "5")
            await client.send(b"x" * 300_000)
            assert await client.rest() == b""
        assert notebook.arrivals == []
        assert notebook.refusals == [FULL]

    run(work())
    assert list(tmp_path.iterdir()) == []
