"""The bare listeners that the bars of SPEC.md 10 are ratios of: stock aiohttp, one HMAC verified, nothing stored.

Run as `python -m tests.benchmarks.bare`, it prints them beside the product's own listener with a receiver that
does no more, which is the most that the rest of the product could keep.
"""

import asyncio
import contextlib
import hmac
import mmap
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import SECRET, SIGNATURE_HEADER, load

MAX_BODY_BYTES = 64 << 20


@dataclass(frozen=True)
class Served:
    """A listener in a process of its own."""

    url: str
    pid: int

    def cpu_s(self) -> float:
        """Processor seconds it has used, by which listeners compare even on a busy machine; Linux only, else 0."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return 0.0
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def bare() -> Iterator["Served"]:
    """aiohttp's low-level server in a process of its own: the "bare" of the bars."""
    with _in_process("server") as served:
        yield served


@contextmanager
def bare_application() -> Iterator["Served"]:
    """aiohttp's application server in a process of its own."""
    with _in_process("application") as served:
        yield served


@contextmanager
def product_listener() -> Iterator["Served"]:
    """the product's listener whose receiver verifies and stores nothing, in a process of its own."""
    with _in_process("product") as served:
        yield served


@contextmanager
def _in_process(kind: str) -> Iterator["Served"]:
    command = [sys.executable, "-m", "tests.benchmarks.bare", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Served(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


def verifies(body: bytes | memoryview, signature: str) -> bool:
    """The one check of a bare listener."""
    return hmac.compare_digest("sha256=" + hmac.digest(SECRET, body, "sha256").hex(), signature)


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    from aiohttp import web

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        signed = verifies(body, request.headers[SIGNATURE_HEADER])
        return web.Response(body=b"ok") if signed else web.Response(status=403)

    server = web.Server(answer, auto_decompress=False, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0, backlog=1024)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"


@asynccontextmanager
async def _application() -> AsyncIterator[str]:
    from aiohttp import web

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        signed = verifies(body, request.headers[SIGNATURE_HEADER])
        return web.Response(body=b"ok") if signed else web.Response(status=403)

    application = web.Application(client_max_size=MAX_BODY_BYTES)
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"


@asynccontextmanager
async def _product() -> AsyncIterator[str]:
    from inspector.core.delivery import Answer
    from inspector.settings.listener import ListenerSettings
    from inspector.sources.listener import listening
    from inspector.sources.source import Arrival, SpooledBody

    text = (("Content-Type", "text/plain; charset=utf-8"),)

    class Verified:
        def __init__(self, answer: Answer) -> None:
            self.answer = answer

        def left(self, ns: int) -> None:
            pass

    class Receiver:
        async def receive(self, arrival: Arrival) -> Verified:
            signature = (arrival.request.headers.first(SIGNATURE_HEADER) or b"").decode()
            return Verified(Answer(200, text, b"ok") if verifies(arrival.request.body, signature) else Answer(403))

        def spool(self) -> SpooledBody:
            return _UnsyncedFile()

        def cannot_keep(self, error: OSError) -> Answer:
            return Answer(503)

    async with listening(ListenerSettings(port=0), Receiver()) as listener:
        yield listener.url


class _UnsyncedFile:
    """A large body in a file that nobody waits for."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by both ends

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def finish(self) -> memoryview:
        with self._file:
            return memoryview(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ))

    def discard(self) -> None:
        self._file.close()


_KINDS: dict[str, Callable[[], contextlib.AbstractAsyncContextManager[str]]] = {
    "server": _server,
    "application": _application,
    "product": _product,
}


async def _serve(kind: str) -> None:
    async with _KINDS[kind]() as url:
        print(url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Print the listeners beside each other, in two rounds."""
    print("verifies one HMAC, stores nothing; 1 KiB bodies, 128 connections")
    for _ in range(2):
        bare_per_second = bare_cpu_us = 0.0
        for name, listener in (
            ("aiohttp web.Server", bare),
            ("aiohttp web.Application", bare_application),
            ("product's listener", product_listener),
        ):
            with listener() as served:
                load(served.url, seconds=1)
                before = served.cpu_s()
                figures = load(served.url, warm_up=False)
                cpu_us = (served.cpu_s() - before) / figures.requests * 1e6
            bare_per_second = bare_per_second or figures.per_second
            bare_cpu_us = bare_cpu_us or cpu_us
            shares = figures.per_second / bare_per_second, bare_cpu_us / max(cpu_us, 0.1)
            print(f"{name:24}{figures}  {shares[0]:5.2f} x bare  {cpu_us:6.1f} us of CPU each, {shares[1]:5.2f} x bare")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        from inspector.event_loop import new_event_loop

        with asyncio.Runner(loop_factory=new_event_loop) as serving, contextlib.suppress(KeyboardInterrupt):
            serving.run(_serve(sys.argv[1]))
    else:
        main()
