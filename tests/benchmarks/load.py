"""A load of signed webhooks over many connections: wrk where it is installed, a client of our own where not."""

import asyncio
import hmac
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

SECRET = b"benchmark secret"
SIGNATURE_HEADER = "X-Hub-Signature-256"
_WRK_SCRIPT = """
wrk.method = "POST"
wrk.body = string.rep("x", {size})
{headers}
done = function(summary, latency, requests)
  local e = summary.errors
  io.write("\\nJSON" .. string.format(
    '{{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d}}', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout) .. "\\n")
end
"""


@dataclass(frozen=True)
class Load:
    """What came of a load. Latencies are those of a client that sends its next request after the answer."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    def __str__(self) -> str:
        faults = f", {self.errors} ERRORS" if self.errors else ""
        return f"{self.per_second:10,.0f}/s   p50 {self.p50_ms:7.2f} ms   p99 {self.p99_ms:7.2f} ms{faults}"


def webhook_headers(size: int) -> dict[str, str]:
    """The headers of a webhook with a body of `size` letters x."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sender-Hookshot/044aadd",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        SIGNATURE_HEADER: "sha256=" + hmac.new(SECRET, b"x" * size, "sha256").hexdigest(),
    }


def load(url: str, *, connections: int = 128, seconds: float = 5, size: int = 1024, warm_up: bool = True) -> Load:
    """Send webhooks of `size` bytes over `connections` for `seconds`, after a second to warm up."""
    if warm_up:
        _load(url, connections, 1, size)
    return _load(url, connections, seconds, size)


def _load(url: str, connections: int, seconds: float, size: int) -> Load:
    wrk = shutil.which("wrk")
    if wrk is None:
        command = [sys.executable, "-m", "tests.benchmarks.load", url, str(connections), str(seconds), str(size)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return Load(**json.loads(told))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "webhook.lua"
        headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in webhook_headers(size).items())
        script.write_text(_WRK_SCRIPT.format(size=size, headers=headers))
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(script), url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Load(**json.loads(told.rpartition("JSON")[2]))


class _Sender(asyncio.Protocol):
    """One connection that sends the next request as soon as the answer to the last one came."""

    def __init__(self, request: bytes, taken_s: list[float], until: float) -> None:
        self._request = request
        self._taken_s = taken_s
        self._until = until
        self._sent = 0.0
        self.errors = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:  # every answer here comes in one segment
        now = time.perf_counter()
        self._taken_s.append(now - self._sent)
        self.errors += not data.startswith(b"HTTP/1.1 200 ")
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.errors += time.perf_counter() < self._until
        self.ended.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)  # type: ignore[attr-defined]


async def _send(url: str, connections: int, seconds: float, size: int) -> Load:
    host, _, port = url.split("/")[2].rpartition(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in webhook_headers(size).items())
    head = f"POST /hook/github HTTP/1.1\r\nHost: {host}:{port}\r\n{lines}Content-Length: {size}\r\n\r\n"
    request, taken_s = head.encode() + b"x" * size, list[float]()
    loop, start = asyncio.get_running_loop(), time.perf_counter()

    def sender() -> _Sender:
        return _Sender(request, taken_s, start + seconds)

    senders = [(await loop.create_connection(sender, host.strip("[]"), int(port)))[1] for _ in range(connections)]
    await asyncio.gather(*(each.ended for each in senders))
    taken_s.sort()
    p50, p99 = (taken_s[int(len(taken_s) * share)] * 1e3 for share in (0.5, 0.99))
    return Load(len(taken_s), time.perf_counter() - start, p50, p99, sum(each.errors for each in senders))


if __name__ == "__main__":
    from inspector.event_loop import new_event_loop

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        url_, connections_, seconds_, size_ = sys.argv[1:]
        print(json.dumps(asdict(runner.run(_send(url_, int(connections_), float(seconds_), int(size_))))))
