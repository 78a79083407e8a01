"""Targets on loopback: one that keeps the raw bytes of every request, and ones that answer as they are told."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from inspector.core.attempt import Attempt, Sent
from inspector.core.http1 import End, Limits, Reader, Refused
from inspector.core.target import Target, target_from

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DEADLINE_S = 30

type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Capture:
    """What a target received: each request as the bytes that it was, and how many connections there were."""

    url: str = ""
    answers: Sequence[bytes] = (OK,)  # in turn; the last one again and again
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    open_: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open_.set()

    @property
    def target(self) -> Target:
        return target_from(self.url)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        events, raw = Reader(Limits(max_body_bytes=1 << 30)), bytearray()
        while data := await reader.read(1 << 16):
            raw += data
            events.feed(data)
            while (event := events.next_event()) is not None:
                if isinstance(event, End | Refused):
                    taken = len(raw) - events.unread
                    self.requests.append(bytes(raw[:taken]))
                    del raw[:taken]
                    self.arrived.set()
                    await self.open_.wait()
                    writer.write(self.answers[min(len(self.requests), len(self.answers)) - 1])
                    await writer.drain()
                if isinstance(event, Refused):
                    return


@asynccontextmanager
async def capturing(*answers: bytes, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Capture]:
    """A target that keeps what it receives and answers `answers`."""
    capture = Capture(answers=answers or (OK,))
    async with talking(capture.talk, port=port, tls=tls) as url:
        capture.url = url
        yield capture


@asynccontextmanager
async def talking(talk: Talk, *, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A target that does `talk` on every connection; its URL."""
    tasks: set[asyncio.Task[Any]] = set()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(served, "127.0.0.1", port, ssl=tls)
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def capturing_beside(*answers: bytes) -> Iterator[Capture]:
    """A capturing target on a loop in a thread of its own, for tests that block."""
    ready, stop = threading.Event(), threading.Event()
    found: list[Capture] = []

    async def serve() -> None:
        async with capturing(*answers) as capture:
            found.append(capture)
            ready.set()
            while not stop.is_set():  # noqa: ASYNC110 - the test's thread sets it
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(DEADLINE_S)
    try:
        yield found[0]
    finally:
        stop.set()
        thread.join()


def says(*parts: bytes, then_stays: bool = False) -> Talk:
    """A target that reads the head of a request, says `parts` and closes, or stays silent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
        if then_stays:
            await asyncio.Event().wait()
        writer.close()
        await writer.wait_closed()

    return talk


def a_draft(
    head: bytes = b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n", body: bytes = b"{}"
) -> Attempt:
    return Attempt(1, "http://target.example", Sent(head, body), 0)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test on the engine's kind of loop."""
    from inspector.event_loop import new_event_loop

    async def limited() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await work

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(limited())
