"""One small pool of spawned processes for work that burns the processor, fed by pipe, ended by its end.

A thread would hold the interpreter's lock against listener and window. What a process is given, secrets too, travels
by the pipe alone: never on a command line, in the environment or in a file.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
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
    RUN = auto()  # function and arguments
    TAKEN = auto()  # a result was taken
    STOP = auto()
    QUIT = auto()
    RESULT = auto()
    ENDED = auto()
    FAILED = auto()  # the name of the exception
    GONE = auto()  # the pipe has ended


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes through the pipe. Frames that come late for a job come before the next job: a pipe keeps order."""

    kind: _Kind
    value: Any = None


class Workers:
    """At most `size` processes, started when there is work and kept. It belongs to one event loop."""

    def __init__(self, size: int = 2) -> None:
        self._free = asyncio.Semaphore(size)
        self._closed = False
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._starting: set[asyncio.Future[_Worker]] = set()
        self._given_up: list[asyncio.Future[_Worker]] = []  # of these: nobody waits for them, but the next one will

    async def run[T](self, function: Callable[..., Iterable[T]], *arguments: Any) -> AsyncGenerator[T]:
        """Yield what `function` yields in another process, at most MOST_AHEAD of it ahead of whoever takes it.

        `function` and `arguments` are pickled; the module of `function` is imported there. Leaving the generator
        stops the work: at its next result, or with its process. Raises WorkFailed.
        """
        async with self._free:
            if self._closed:
                raise WorkFailed("The program ends.")
            worker = self._idle.pop() if self._idle else await self._next_started()
            try:
                async with aclosing(worker.run(function, arguments)) as results:
                    async for result in results:
                        yield result
            finally:
                if worker.ready:
                    self._idle.append(worker)
                else:
                    await asyncio.shield(self._ended(worker))

    async def close(self) -> None:
        """End all processes; what is under way fails, and nothing is begun any more."""
        self._closed = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        self._given_up = []
        workers, self._all, self._idle = tuple(self._all), set(), []
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in workers))

    def abandon(self) -> None:
        """The same without the loop, for whoever goes without having closed it: no process is left behind."""
        self._closed = True
        workers, self._all, self._idle = tuple(self._all), set(), []
        for worker in workers:
            worker.ready = False  # it is not asked: its answer would be waited for
            worker.end()

    async def _ended(self, worker: "_Worker") -> None:
        await asyncio.to_thread(worker.end)
        self._all.discard(worker)  # not before: whoever closes the pool has to wait for it

    async def _next_started(self) -> "_Worker":
        """A process that is started now, or that was for work that was given up meanwhile: no start is for nothing."""
        start = self._given_up.pop() if self._given_up else asyncio.ensure_future(self._started())
        self._starting.add(start)
        start.add_done_callback(self._starting.discard)
        try:
            return await asyncio.shield(start)
        except asyncio.CancelledError:
            self._given_up.append(start)
            raise

    async def _started(self) -> "_Worker":
        if self._closed:
            raise WorkFailed("The program ends.")
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
        self._changing = threading.Lock()
        self._gone = False

    def start(self) -> None:
        """Start the process, unless it was ended before. Blocks for some milliseconds."""
        with self._changing:
            if not self._gone:
                self._start()

    def _start(self) -> None:
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
        with self._changing:  # the work that it had and the pool may both end it
            self._gone = True
            self._end()

    def _end(self) -> None:
        process, pipe, thread = self._process, self._pipe, self._thread
        if process is None or pipe is None or thread is None:
            return
        self._process = None
        with contextlib.suppress(OSError):
            if self.ready:
                pipe.send(_Frame(_Kind.QUIT))
            else:
                process.kill()
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
        try:
            if not await self._ask(function, arguments):
                raise WorkFailed("The process has ended.")
            while (frame := await self._frames.get()).kind is _Kind.RESULT:
                self._send(_Kind.TAKEN)
                yield frame.value
        except (GeneratorExit, asyncio.CancelledError):
            await self._stop()
            raise
        self.ready = frame.kind is not _Kind.GONE
        if frame.kind is _Kind.GONE:
            raise WorkFailed("The process ended unexpectedly.")
        if frame.kind is _Kind.FAILED:
            raise WorkFailed(f"The work failed: {frame.value}.")

    async def _ask(self, function: Callable[..., Iterable[Any]], arguments: tuple[Any, ...]) -> bool:
        """Send the job, in a thread: it may be large, and the process may be slow to read. Never left half done."""
        sending = asyncio.ensure_future(asyncio.to_thread(self._send, _Kind.RUN, (function, arguments)))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait((sending,), timeout=STOP_LIMIT_S)
            if not sending.done() and self._process is not None:
                self._process.kill()
            await sending
            raise

    async def _stop(self) -> None:
        """Have the process stop at its next result, and wait for that shortly."""
        self._send(_Kind.STOP)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_LIMIT_S):
                while (frame := await self._frames.get()).kind is _Kind.RESULT:
                    pass
                self.ready = frame.kind is not _Kind.GONE

    def _send(self, kind: _Kind, value: object = None) -> bool:
        """Whether the process is there to read it."""
        try:
            if self._pipe is not None:
                self._pipe.send(_Frame(kind, value))
        except OSError:
            return False
        return self._pipe is not None

    def _read(self, pipe: "Connection[Any, Any]") -> None:
        """Pass on what comes out of the pipe until it ends. In a thread of its own."""
        frame = _Frame(_Kind.RESULT)
        while frame.kind is not _Kind.GONE:
            try:
                frame = pipe.recv()
            except (EOFError, OSError):
                frame = _Frame(_Kind.GONE)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._frames.put_nowait, frame)


# In the process


def serve(pipe: "Connection[Any, Any]") -> None:
    """Do one job after the other, until told to quit or the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program; it ends its processes
    with contextlib.suppress(EOFError, OSError):
        while (frame := pipe.recv()).kind is not _Kind.QUIT:
            if frame.kind is _Kind.RUN:
                pipe.send(_answer(pipe, *frame.value))


def _answer(
    pipe: "Connection[Any, Any]", function: Callable[..., Iterable[object]], arguments: tuple[Any, ...]
) -> _Frame:
    ahead = 0
    results: Iterator[object] | None = None
    while True:
        try:
            results = iter(function(*arguments)) if results is None else results
            result = next(results)
        except StopIteration:
            return _Frame(_Kind.ENDED)
        except Exception as error:  # noqa: BLE001 - whatever the work raised; its text may hold what it worked on
            return _Frame(_Kind.FAILED, type(error).__name__)
        pipe.send(_Frame(_Kind.RESULT, result))
        ahead += 1
        while ahead >= MOST_AHEAD or pipe.poll():
            if pipe.recv().kind is not _Kind.TAKEN:
                return _Frame(_Kind.ENDED)
            ahead -= 1
