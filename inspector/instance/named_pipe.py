"""The channel as a named pipe, on Windows. Written from the documentation; our own machines have not run it."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

type Opened = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


def new_address(folder: Path) -> str:
    """The name of the pipe for the data `folder`: not to be guessed, so that nobody else serves under it before us."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    return rf"\\.\pipe\webhook-inspector-{name}-{secrets.token_hex(8)}"


class PipeServer:
    """Takes connections until it is closed. Windows gives other users no right to write into the pipe."""

    def __init__(self, address: str, opened: Opened, limit: int) -> None:
        self._opened, self._limit = opened, limit
        loop = cast(Any, asyncio.get_running_loop())  # a ProactorEventLoop, which type checkers know on Windows only
        self._starting = loop.create_task(loop.start_serving_pipe(self._protocol, address))

    async def close(self) -> None:
        """Take no more connections."""
        for server in await self._starting:
            server.close()

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(limit=self._limit), self._opened)


def serve(address: str, opened: Opened, *, limit: int) -> PipeServer:
    """Serve on `address`."""
    return PipeServer(address, opened, limit)


def forget(address: str) -> None:
    """A pipe ends with its server."""


def is_ours(writer: asyncio.StreamWriter) -> bool:  # noqa: ARG001 - as for a socket
    """Only the same user could write into the pipe."""
    return True


def asked(address: str, question: bytes, *, limit_s: float, longest: int) -> bytes:  # noqa: ARG001 - as for a socket
    """The line that is answered to `question`. Raises OSError. The limit is not kept: files know none."""
    with Path(address).open("r+b", buffering=0) as pipe:
        pipe.write(question)
        return pipe.readline(longest)
