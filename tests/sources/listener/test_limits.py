"""What is too slow, too large or not HTTP is answered rightly, and the connection closed."""

from pathlib import Path

import pytest

from tests.sources.listener.loopback import Notebook, Run, a_request, connected


@pytest.mark.parametrize(
    ("begun", "settings"),
    [
        (b"POST /", {"header_timeout_s": 0.1}),
        (a_request()[:-2], {"header_timeout_s": 0.1}),
        (a_request(b"Content-Length: 5") + b"hel", {"body_timeout_s": 0.1}),
        (a_request(b"Content-Length: 5"), {"body_timeout_s": 0.1}),
        (a_request(b"Transfer-Encoding: chunked") + b"5\r\nhel", {"body_timeout_s": 0.1}),
        (a_request(b"Transfer-Encoding: chunked") + b"0\r\nA: b\r\n", {"body_timeout_s": 0.1}),
    ],
)
def test_who_stops_within_a_request_is_told_and_closed(run: Run, begun: bytes, settings: dict[str, float]) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook, **settings) as client:
            await client.send(begun)
            answer = await client.answer()
            assert (answer.status, answer.headers["connection"]) == (408, "close")
            assert await client.rest() == b""
        assert notebook.arrivals == []

    run(work())


def test_a_head_that_drips_has_no_more_time_than_another(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook(), header_timeout_s=0.1) as client:
            await client.send(b"POST / HTTP/1.1\r\n")
            answered = b""
            while not answered:
                await client.send(b"A: b\r\n")
                answered = await client.so_far()
            assert answered.startswith(b"HTTP/1.1 408 ")

    run(work())


@pytest.mark.parametrize("before", [b"", a_request(), b"\r\n"])
def test_an_idle_connection_is_closed_without_a_word(run: Run, before: bytes) -> None:
    async def work() -> None:
        async with connected(Notebook(), idle_timeout_s=0.1) as client:
            await client.send(before)
            if before.strip():
                assert (await client.answer()).status == 200
            assert await client.rest() == b""

    run(work())


def test_a_slow_store_is_not_the_senders_fault(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        times = {"header_timeout_s": 0.1, "body_timeout_s": 0.1, "idle_timeout_s": 0.1}
        async with connected(notebook, **times) as slow, connected(Notebook(), **times) as idle:
            await slow.send(a_request())
            assert await idle.rest() == b""  # as long as all limits
            notebook.open_.set()
            assert (await slow.answer()).status == 200

    run(work())


def test_who_does_not_take_the_answers_is_closed(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.answer = type(notebook.answer)(200, (), b"x" * 1_000_000)
        async with connected(notebook, body_timeout_s=0.1) as client:
            await client.send(a_request() * 50)
            await client.refused_to_read()
        assert len(notebook.arrivals) < 50

    run(work())


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (a_request(b"Content-Length: 1001"), 413),
        (a_request(b"Transfer-Encoding: chunked") + b"3e9\r\n", 413),
        (a_request(b"A: " + b"b" * 500), 431),
        (a_request(*[b"A: b"] * 10), 431),
        (a_request(line=b"GET /" + b"a" * 500 + b" HTTP/1.1"), 414),
        (a_request(b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
        (a_request(line=b"GET / HTTP/2.0"), 505),
        (a_request(b"Transfer-Encoding: gzip, chunked"), 501),
        (b"\x16\x03\x01\x02\x00", 400),
        (b"GET /\r\n", 400),
    ],
)
def test_what_is_refused_is_told_and_not_received(run: Run, raw: bytes, status: int) -> None:
    async def work() -> None:
        notebook = Notebook()
        limits = {"max_body_bytes": 1000, "max_header_line_bytes": 400, "max_header_lines": 10}
        async with connected(notebook, **limits) as client:
            await client.send(raw)
            answer = await client.answer()
            assert (answer.status, answer.headers["connection"]) == (status, "close")
            assert "server" not in answer.headers
            assert await client.rest() == b""
        assert notebook.arrivals == []

    run(work())


def test_who_goes_on_sending_too_much_can_still_read_why(run: Run) -> None:
    async def work() -> None:
        async with connected(Notebook(), max_body_bytes=1000) as client:
            await client.send(a_request(b"Content-Length: 3000000"), *[b"x" * 100_000] * 30)
            assert (await client.answer()).status == 413

    run(work())


@pytest.mark.parametrize("begun", [b"POST / HT", a_request(b"Content-Length: 5") + b"hel"])
def test_a_request_cut_short_is_refused(run: Run, begun: bytes) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            await client.send(begun)
            client.close_sending()
            assert (await client.answer()).status == 400
            assert await client.rest() == b""
        assert notebook.arrivals == []

    run(work())


def test_the_file_of_a_request_that_never_ends_is_removed(run: Run, tmp_path: Path) -> None:
    async def work() -> None:
        notebook = Notebook(tmp_path)
        async with connected(notebook, body_timeout_s=0.1) as client:
            await client.send(a_request(b"Content-Length: 400000") + b"x" * 300_000)
            assert (await client.answer()).status == 408
        assert notebook.files == 1

    run(work())
    assert list(tmp_path.iterdir()) == []
