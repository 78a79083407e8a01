"""The whole product on a folder of the test's own, and a client that sends to it over a socket."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.app import Inspector, running
from inspector.core.delivery import Delivery
from inspector.core.handler import Handler, SecretRef
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.event_loop import new_event_loop
from inspector.resend import REAL_CLOCK, Clock
from inspector.settings import Settings
from inspector.store import Reader

DEADLINE_S = 30

GITHUB = Scheme(
    "hmac", algorithm="sha256", signature=SignaturePlace(name="X-Hub-Signature-256", format="prefix", prefix="sha256=")
)


def any_port(settings: Settings | None = None) -> Settings:
    """Settings that listen on a free port."""
    settings = settings or Settings()
    return replace(settings, listener=replace(settings.listener, port=0))


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end on the product's loop, in bounded time."""

    async def limited() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await work

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(limited())


@asynccontextmanager
async def product(
    folder: Path, settings: Settings | None = None, clock: Clock = REAL_CLOCK
) -> AsyncIterator[Inspector]:
    """The product running and listening on a free port."""
    async with running(folder, any_port(settings), clock=clock) as inspector:
        assert inspector.listener_state.listening, inspector.listener_state.problem
        yield inspector


async def a_handler(inspector: Inspector, name: str, secret: str, scheme: Scheme = GITHUB, **values: Any) -> Handler:
    """Add a handler with one secret, labelled `current`, at the end of the chain."""
    ref = SecretRef(await inspector.keep_secret(secret), "current")
    handler = Handler(name, scheme, user=f"{name}-user", secrets=(ref,), **values)
    return (await inspector.save_handlers((*inspector.handlers, handler)))[-1]


def github_signature(body: bytes, secret: str) -> bytes:
    """The header line as GitHub sends it."""
    return b"X-Hub-Signature-256: sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


def post(body: bytes, *lines: bytes, target: bytes = b"/hook") -> bytes:
    """A raw POST with these further header lines."""
    head = [b"POST " + target + b" HTTP/1.1", b"Host: localhost", b"Content-Length: %d" % len(body), *lines]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


async def send(inspector: Inspector, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send these bytes to the listener; returns status, headers (lower case) and body of the answer."""
    host, _, port = inspector.listener_state.url.split("/")[2].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        return int(head[0].split()[1]), headers, await reader.readexactly(int(headers["content-length"]))
    finally:
        writer.close()
        await writer.wait_closed()


def delivery_in(folder: Path, id_: int) -> Delivery | None:
    """The delivery of this id as it is stored."""
    with closing(Reader(folder)) as reader:
        return reader.delivery(id_)


def files_with(folder: Path, text: bytes) -> list[str]:
    """The names of the files below `folder` that have `text` in them."""
    return [file.name for file in sorted(folder.rglob("*")) if file.is_file() and text in file.read_bytes()]
