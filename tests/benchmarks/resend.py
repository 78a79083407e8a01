"""Bulk resend to a local target, and the listener meanwhile: python -m tests.benchmarks.resend [resends]."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from inspector.app import Inspector, running
from inspector.core.bulk import BulkOptions, Progress, Recipe
from inspector.core.filters import EVERYTHING
from inspector.core.handler import Handler
from inspector.core.target import target_from
from inspector.core.verification.scheme import Scheme
from inspector.event_loop import new_event_loop
from inspector.settings import Settings
from tests.benchmarks.filling import fill

CONNECTIONS = 16
STORED = 1_000
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def main() -> None:
    """Print every figure."""
    resends = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sys.setswitchinterval(0.0005)  # as the program does
    with tempfile.TemporaryDirectory(prefix="webhook-inspector-") as folder, _child("target") as url:
        fill(Path(folder), STORED)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_measure(Path(folder), url, resends))


async def _measure(folder: Path, url: str, resends: int) -> None:
    settings = Settings()
    settings = replace(settings, listener=replace(settings.listener, port=0))
    async with running(folder, settings) as inspector:
        await inspector.save_handlers([Handler("any", Scheme("none"))])
        await _run(inspector, url, BulkOptions(times=1, concurrency=CONNECTIONS))
        await _latency(inspector)  # whatever is done once is done then
        alone = await _latency(inspector)
        before = _rss_mib()
        progress = await _run(inspector, url, BulkOptions(times=resends // STORED, concurrency=CONNECTIONS))
        print(
            f"{progress.done:,} resends over {CONNECTIONS} connections: {progress.per_second:,.0f}/s (bar 1,000), "
            f"{progress.succeeded:,} succeeded, memory {before:.0f} -> {_rss_mib():.0f} MiB (peak {_peak_mib():.0f})"
        )
        in_order = await _run(inspector, url, BulkOptions(times=3))
        print(f"in order over one connection: {in_order.per_second:,.0f}/s")
        options = BulkOptions(times=60, concurrency=CONNECTIONS, per_second=1_000)
        run = (await inspector.resends.start(EVERYTHING, Recipe(target_from(url)), options)).run
        meanwhile = await _latency(inspector)
        rate = inspector.resends.progress(run).per_second
        inspector.resends.cancel(run)
        print(
            f"listener at 100/s: p99 {alone:.1f} ms alone, {meanwhile:.1f} ms during a run of {rate:,.0f}/s (bar 3 ms)"
        )


async def _run(inspector: Inspector, url: str, options: BulkOptions) -> Progress:
    started = await inspector.resends.start(range(1, STORED + 1), Recipe(target_from(url)), options)
    last = started
    async for progress in inspector.resends.watch(started.run):
        last = progress
    return last


async def _latency(inspector: Inspector) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.resend", "load", inspector.listener_state.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    return float(json.loads(output))


def _rss_mib() -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _child(kind: str) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.resend", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


class _Answering(asyncio.Protocol):
    """Answers each request; every request here has a length and comes in few segments."""

    def __init__(self) -> None:
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, empty, body = self._data.partition(b"\r\n\r\n")
        if empty:
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0] or b"0")
            if len(body) >= length:
                self._data = body[length:]
                self._transport.write(ANSWER)  # type: ignore[attr-defined]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["target"]:
            with asyncio.Runner(loop_factory=new_event_loop) as runner_:
                runner_.run(_serve())
        case ["load", url_]:
            from tests.benchmarks.rate import at_rate

            print(json.dumps(at_rate(url_, per_second=100, seconds=5).p99_ms))
        case _:
            main()
