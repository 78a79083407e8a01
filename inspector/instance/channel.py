"""Questions to the running instance of a data folder: JSON lines over a place that only its user can reach."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from inspector.atomic import write_atomically

if sys.platform == "win32":
    from inspector.instance import named_pipe as transport
else:
    from inspector.instance import unix_socket as transport

logger = logging.getLogger(__name__)

FILE_NAME = "channel"
"""The file in the data folder that says where to ask: a client may run with another environment than the server."""

LONGEST_LINE = 8 << 20
"""Bytes in one question or answer: thousands of handlers in one import."""

ANSWER_LIMIT_S = 30.0
IDLE_LIMIT_S = 60.0

type Answerer = Callable[[bytes], Awaitable[object]]
"""Takes one question (a line of JSON) and gives what JSON can hold. Raises Refused where it does not do it."""


class ChannelClosed(Exception):
    """No instance answers for this folder."""


class Refused(Exception):
    """The running instance did not do it; the text is one sentence. `kind` says what was wrong.

    `unknown-name`: there is nothing of that name; `bad-value`: the question cannot be met as it stands;
    `fault`: it could not be done now.
    """

    def __init__(self, sentence: str, kind: str = "bad-value") -> None:
        self.kind = kind
        super().__init__(sentence)


class _Answer(msgspec.Struct, omit_defaults=True):
    ok: Any = None
    error: str = ""
    kind: str = ""


@asynccontextmanager
async def serving(folder: Path, answer: Answerer) -> AsyncIterator[None]:
    """Answer questions for `folder`, which the caller holds. Where there is no private place, there is no channel."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            _start(folder, answer, stack)
        except OSError as error:
            logger.warning("other starts of the program cannot reach this one: %s", error)
        yield


def _start(folder: Path, answer: Answerer, stack: contextlib.AsyncExitStack) -> None:
    connections = _Connections(answer)
    address = transport.new_address(folder)
    server = transport.serve(address, connections.opened, limit=LONGEST_LINE)
    stack.callback(transport.forget, address)
    stack.push_async_callback(connections.close)
    stack.push_async_callback(server.close)
    write_atomically(folder / FILE_NAME, address, private=True)
    stack.callback((folder / FILE_NAME).unlink, missing_ok=True)


def ask(folder: Path, question: object) -> Any:
    """What the running instance of `folder` answers; blocks. Raises ChannelClosed where none runs, and Refused."""
    try:
        address = (folder / FILE_NAME).read_text("utf-8")
        line = transport.asked(
            address, msgspec.json.encode(question) + b"\n", limit_s=ANSWER_LIMIT_S, longest=LONGEST_LINE
        )
    except TimeoutError:
        raise Refused("The running instance did not answer in time.", "fault") from None
    except (OSError, ValueError) as error:
        raise ChannelClosed(f"nothing answers for {folder}") from error
    if not line.endswith(b"\n"):
        raise Refused("The running instance ended before it answered.", "fault")
    answer = msgspec.json.decode(line, type=_Answer)
    if answer.error:
        raise Refused(answer.error, answer.kind)
    return answer.ok


class _Connections:
    """The open connections, each in a task of its own."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._tasks: set[asyncio.Task[None]] = set()

    def opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes over a new connection."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer), name="channel")
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            writer.close()  # not in the task itself, which may be cancelled before its first step
            self._tasks.discard(task)

        task.add_done_callback(ended)

    async def close(self) -> None:
        """End all of them."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not transport.is_ours(writer):
                logger.warning("another user's process tried to reach this instance")
                return
            while line := await asyncio.wait_for(reader.readline(), IDLE_LIMIT_S):
                writer.write(msgspec.json.encode(await self._answered(line)) + b"\n")
                await writer.drain()
        except ValueError:  # a line longer than the limit
            logger.warning("a question over the channel was too long")
        except (OSError, TimeoutError):
            pass  # the other side is gone or silent

    async def _answered(self, line: bytes) -> _Answer:
        try:
            return _Answer(ok=await self._answer(line))
        except Refused as refused:
            return _Answer(error=str(refused), kind=refused.kind)
        except Exception:
            logger.exception("a question over the channel could not be answered")
            return _Answer(error="The running instance failed; its log says why.", kind="fault")
