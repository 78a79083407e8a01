"""A client that sends at a fixed rate whatever the answers do: latency counts from the moment that was planned."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass

from inspector.event_loop import new_event_loop
from tests.benchmarks.load import webhook_headers


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the planned sending to the answer."""

    count: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    errors: int


def at_rate(url: str, *, per_second: float, seconds: float, connections: int = 1, size: int = 1024) -> Latency:
    """Send `per_second` webhooks over `connections`, in turn, for `seconds`."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(_send(url, per_second, seconds, connections, size))


class _Connection(asyncio.Protocol):
    def __init__(self, taken_ms: list[float]) -> None:
        self.waiting: deque[float] = deque()
        self.errors = 0
        self._taken_ms = taken_ms

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        for answer in data.split(b"HTTP/1.1 ")[1:]:
            self.errors += not answer.startswith(b"200")
            self._taken_ms.append((now - self.waiting.popleft()) * 1000)


async def _send(url: str, per_second: float, seconds: float, connections: int, size: int) -> Latency:
    host, _, port = url.split("/")[2].rpartition(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in webhook_headers(size).items())
    head = f"POST /hook/github HTTP/1.1\r\nHost: {host}:{port}\r\n{lines}Content-Length: {size}\r\n\r\n"
    request = head.encode() + b"x" * size
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    senders = [
        (await loop.create_connection(lambda: _Connection(taken), host.strip("[]"), int(port)))[1]
        for _ in range(connections)
    ]
    start, count = time.perf_counter(), int(per_second * seconds)
    for number in range(count):
        planned = start + number / per_second
        if (ahead := planned - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        sender = senders[number % connections]
        sender.waiting.append(planned)
        sender.transport.write(request)  # type: ignore[attr-defined]
    deadline = time.perf_counter() + 10
    while len(taken) < count and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    for sender in senders:
        sender.transport.close()
    taken.sort()
    errors = sum(sender.errors for sender in senders) + count - len(taken)
    return Latency(count, taken[len(taken) // 2], taken[int(len(taken) * 0.99)], taken[-1], errors)
