"""The channel as a named pipe, on Windows. Written from the documentation; our own machines have not run it."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

type Opened = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


def new_address(folder: Path) -> str:
    """The name of the pipe for the data `folder`: not to be guessed, so that nobody else serves under it before us."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    return rf"\\.\pipe\webhook-inspector-{name}-{secrets.token_hex(8)}"


class _Pipe:
    """The pipe's servers under the one name that a socket's server has for its end."""

    def __init__(self, servers: list[Any]) -> None:
        self._servers = servers

    def close(self) -> None:
        """Take no more connections."""
        for server in self._servers:
            server.close()


async def serve(address: str, opened: Opened, *, limit: int) -> _Pipe:
    """Serve on `address`. Windows gives other users no right to write into the pipe."""
    loop: Any = asyncio.get_running_loop()  # a ProactorEventLoop, which type checkers know on Windows only

    def protocol() -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(limit=limit), opened)

    return _Pipe(await loop.start_serving_pipe(protocol, address))


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
