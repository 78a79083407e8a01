"""A listener on loopback, a receiver that keeps what arrives, and a client that sends bytes as they are."""

import asyncio
import mmap
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspector.core.delivery import Answer
from inspector.settings.listener import ListenerSettings
from inspector.sources.listener import Listener, listening
from inspector.sources.source import Arrival, SpooledBody

OK = Answer(200, (("Content-Type", "text/plain"),), b"ok")
DEADLINE_S = 20  # of a whole test: nothing here waits for a clock unless something is wrong

type Run = Callable[[Coroutine[Any, Any, None]], None]


class FileBody:
    """A body in a file of its own, as the store keeps large ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def finish(self) -> memoryview:
        self._file.flush()
        with self._file, mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return memoryview(bytes(mapped))

    def discard(self) -> None:
        self._file.close()
        self._path.unlink()


@dataclass
class NotedReceipt:
    """The answer to an arrival; notes when it left."""

    answer: Answer
    left_ns: list[int]

    def left(self, ns: int) -> None:
        self.left_ns.append(ns)


@dataclass
class Notebook:
    """A receiver that keeps arrivals and answers all of them alike, when `open_` is set."""

    folder: Path = Path()
    answer: Answer = OK
    arrivals: list[Arrival] = field(default_factory=list)
    left_ns: list[int] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    open_: asyncio.Event = field(default_factory=asyncio.Event)
    kept: asyncio.Event = field(default_factory=asyncio.Event)
    files: int = 0
    refusals: list[OSError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open_.set()

    async def receive(self, arrival: Arrival) -> NotedReceipt:
        self.begun.set()
        await self.open_.wait()
        self.arrivals.append(arrival)
        self.kept.set()
        return NotedReceipt(self.answer, self.left_ns)

    def spool(self) -> SpooledBody:
        self.files += 1
        return FileBody(self.folder / f"{self.files}.body")

    def cannot_keep(self, error: OSError) -> Answer:
        self.refusals.append(error)
        return Answer(503, (("Retry-After", "5"),))


@dataclass(frozen=True)
class Answered:
    """An answer as a client reads it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection to a listener."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> None:
        """Send `parts` one after another, each in a segment of its own as far as the system allows."""
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(0)

    def close_sending(self) -> None:
        self._writer.write_eof()

    def vanish(self) -> None:
        """Reset the connection, as the system does for a program that was killed."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
        self._writer.transport.abort()

    @property
    def address(self) -> str:
        host, port = self._writer.get_extra_info("sockname")[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def answer(self, *, to_head: bool = False) -> Answered:
        """The next answer, by its own framing."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = 0 if to_head else int(headers.get("content-length", 0))
        return Answered(int(first.split()[1]), headers, await self._reader.readexactly(length))

    async def so_far(self) -> bytes:
        """What has come until now; empty when that is nothing."""
        try:
            async with asyncio.timeout(0.01):
                return await self._reader.read(100)
        except TimeoutError:
            return b""

    async def refused_to_read(self) -> None:
        """Take nothing until the listener gives up."""
        with suppress(ConnectionError):
            while not self._writer.is_closing():
                await self.send(b"\r\n")
                await asyncio.sleep(0.01)

    async def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        return await self._reader.read()


@asynccontextmanager
async def a_client(listener: Listener) -> AsyncIterator[Client]:
    """A connection that is closed in the end."""
    reader, writer = await asyncio.open_connection(listener.host, listener.port)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def connected(notebook: Notebook, **settings: Any) -> AsyncIterator[Client]:
    """A client of a listener of its own, with `settings` that differ from the usual ones."""
    async with listening(ListenerSettings(port=0, **settings), notebook) as listener, a_client(listener) as client:
        yield client


def a_request(*lines: bytes, line: bytes = b"POST /hook HTTP/1.1", body: bytes = b"") -> bytes:
    """A request as it goes on the wire; its Content-Length is added where there is a body."""
    length = (b"Content-Length: %d" % len(body),) if body else ()
    return b"\r\n".join((line, b"Host: x", *lines, *length, b"", body))


@asynccontextmanager
async def a_client_of(notebook: Notebook) -> AsyncIterator[tuple[Client, Callable[[], Coroutine[Any, Any, None]]]]:
    """A client, and what stops its listener."""
    async with AsyncExitStack() as stack:
        stopping = await stack.enter_async_context(AsyncExitStack())
        listener = await stopping.enter_async_context(listening(ListenerSettings(port=0), notebook))
        client = await stack.enter_async_context(a_client(listener))
        yield client, stopping.aclose
