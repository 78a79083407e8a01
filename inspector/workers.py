"""Heavy computing in processes of its own: a thread would hold the interpreter's lock against listener and window."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

logger = logging.getLogger(__name__)

MOST_PROCESSES = 4


class WorkerEnded(Exception):
    """A process ended before its work was done."""


class WorkFailed(Exception):
    """The work raised; the message names the exception, whose traceback is in the log."""


class Workers:
    """A pool of spawned processes, each fed by a pipe and ending when it closes. Belongs to one loop.

    Processes start when they are first needed, and idle ones cost nothing but memory.
    """

    def __init__(self, processes: int = 0) -> None:
        """`processes`: at most so many; 0 is one for each processor, and not more than four."""
        self._free = asyncio.Semaphore(self.count_for(processes))
        self.count = self.count_for(processes)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closed = False

    @staticmethod
    def count_for(processes: int) -> int:
        """How many processes that makes."""
        return processes or max(1, min(MOST_PROCESSES, os.cpu_count() or 1))

    async def stream[T](self, work: Callable[..., Iterator[T]], *arguments: object) -> AsyncIterator[T]:
        """What `work(*arguments)`, a generator of a module, yields in a process. Leaving the loop early cancels it.

        It is asked to end between two values, so it should yield every so often. Raises WorkFailed and WorkerEnded.
        """
        async with self._free:
            worker = self._take()
            done = False
            try:
                worker.send((work, arguments))
                while True:
                    kind, value = await worker.receive()
                    if kind == "value":
                        yield value
                        continue
                    done = True
                    if kind == "failed":
                        raise WorkFailed(value)
                    return
            finally:
                self._give_back(worker, reusable=done)

    def close(self) -> None:
        """End all processes."""
        self._closed = True
        for worker in tuple(self._all):
            self._end(worker)

    def _take(self) -> "_Worker":
        if self._closed:
            raise WorkerEnded("the pool is closed")
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._end(worker)
        worker = _Worker()
        self._all.add(worker)
        return worker

    def _give_back(self, worker: "_Worker", *, reusable: bool) -> None:
        """A worker whose work was left half done is ended: what it still sends belongs to nobody."""
        if reusable and not self._closed and worker.alive:
            self._idle.append(worker)
        else:
            self._end(worker)

    def _end(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        worker.end()


class _Worker:
    """One process and our end of its pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="webhook-inspector worker", daemon=True)
        self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def send(self, message: object) -> None:
        try:
            self._connection.send(message)
        except OSError as error:
            raise WorkerEnded("the worker has gone") from error

    async def receive(self) -> tuple[str, Any]:
        """The next message, waited for without a thread where the system can tell when there is one."""
        loop, arrived = asyncio.get_running_loop(), asyncio.Event()
        descriptor = self._connection.fileno()
        try:
            loop.add_reader(descriptor, arrived.set)
        except NotImplementedError:  # Windows' pipes
            return await asyncio.to_thread(self._receive)
        try:
            if not self._connection.poll():
                await arrived.wait()
        finally:
            loop.remove_reader(descriptor)
        return self._receive()

    def end(self) -> None:
        """Close the pipe; what does not end by that is ended."""
        with contextlib.suppress(OSError):
            self._connection.close()
        self._process.terminate()
        self._process.join(1)

    def _receive(self) -> tuple[str, Any]:
        try:
            kind, value = self._connection.recv()
        except (EOFError, OSError) as error:
            raise WorkerEnded("a worker process ended before its work was done") from error
        return kind, value


def _serve(connection: Connection) -> None:
    """In the process: do what comes, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window's process ends us
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            work, arguments = connection.recv()
            try:
                for value in work(*arguments):
                    connection.send(("value", value))
            except OSError:
                return
            except Exception as error:
                logger.exception("work in a process failed")
                connection.send(("failed", f"{type(error).__name__}: {error}"))
            else:
                connection.send(("ended", None))
