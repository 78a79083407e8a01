"""One small pool of spawned processes for work that burns the processor, fed by pipe, ended by its end.

A thread would hold the interpreter's lock against listener and window. What a process is given, secrets too, travels
by the pipe alone: never on a command line, in the environment or in a file.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

MOST_AHEAD = 32
"""A process stops to wait when so many of its results have not been taken."""

STOP_LIMIT_S = 0.1
"""Work that does not stop by then, when it is cancelled, is ended with its process."""

END_LIMIT_S = 2
"""So long a process may take to end by itself."""


class WorkFailed(Exception):
    """The work raised an exception, or its process ended under it; the message says which, and has no values in it."""


class _Kind(Enum):
    RUN = auto()  # (function, arguments)
    TAKEN = auto()  # a result was taken
    STOP = auto()
    RESULT = auto()
    ENDED = auto()
    FAILED = auto()  # the name of the exception


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes through the pipe. `job` tells the frames of one job from those of the one before."""

    job: int
    kind: _Kind
    value: Any = None


class Workers:
    """At most `size` processes, started when there is work and kept. It belongs to one event loop."""

    def __init__(self, size: int = 2) -> None:
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def run[T](self, function: Callable[..., Iterable[T]], *arguments: Any) -> AsyncGenerator[T]:
        """Yield what `function` yields in another process, at most MOST_AHEAD of it ahead of whoever takes it.

        `function` and `arguments` are pickled; the module of `function` is imported there. Leaving the generator
        stops the work: at its next result, or with its process. Raises WorkFailed.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._started()
            try:
                async for result in worker.run(function, arguments):
                    yield result
            finally:
                if worker.ready:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
                    await asyncio.shield(asyncio.to_thread(worker.end))

    async def close(self) -> None:
        """End all processes; what is under way fails."""
        workers, self._all, self._idle = tuple(self._all), set(), []
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in workers))

    async def _started(self) -> "_Worker":
        worker = _Worker(asyncio.get_running_loop())
        self._all.add(worker)
        await asyncio.to_thread(worker.start)
        return worker


class _Worker:
    """One process, the pipe to it, and the thread that waits for what comes out of the pipe."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.ready = False  # for another job
        self._loop = loop
        self._job = 0
        self._frames: asyncio.Queue[_Frame] = asyncio.Queue()  # bounded by MOST_AHEAD
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the process. Blocks for some milliseconds."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="worker", daemon=True)
        self._process.start()
        theirs.close()  # so that our end reads the end of the pipe when the process is gone
        self._thread = threading.Thread(target=self._read, args=(self._pipe,), name="worker pipe", daemon=True)
        self._thread.start()
        self.ready = True

    def end(self) -> None:
        """End the process: by closing what it listens to, else by force. Blocks until it is gone."""
        process, pipe, thread = self._process, self._pipe, self._thread
        if process is None or pipe is None or thread is None:
            return
        with contextlib.suppress(OSError):
            pipe.send(None) if self.ready else process.kill()
        self.ready = False
        process.join(END_LIMIT_S)
        if process.is_alive():
            process.kill()
            process.join()
        thread.join()  # it reads the end of the pipe
        pipe.close()

    async def run(self, function: Callable[..., Iterable[Any]], arguments: tuple[Any, ...]) -> AsyncGenerator[Any]:
        """Yield what comes of it. Left early, the process is ready for more only if it stopped in time."""
        self.ready = False
        self._job += 1
        try:
            await asyncio.to_thread(self._send, _Kind.RUN, (function, arguments))
            while (frame := await self._next()).kind is _Kind.RESULT:
                self._send(_Kind.TAKEN)
                yield frame.value
            self.ready = frame.value is None or frame.kind is _Kind.FAILED and not frame.value.startswith("\0")
            if frame.kind is _Kind.FAILED:
                raise WorkFailed(frame.value.lstrip("\0"))
        except (GeneratorExit, asyncio.CancelledError):
            await self._stop()
            raise

    async def _stop(self) -> None:
        """Have the process stop at its next result, and wait for that shortly."""
        with contextlib.suppress(TimeoutError, WorkFailed, OSError):
            async with asyncio.timeout(STOP_LIMIT_S):
                self._send(_Kind.STOP)
                while (frame := await self._next()).kind is _Kind.RESULT:
                    pass
                self.ready = frame.kind is _Kind.ENDED
