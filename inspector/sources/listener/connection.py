"""One connection: requests off the wire, one after another, each answered before the next is read.

An asyncio protocol of our own instead of aiohttp's server with its parser replaced (HAZARDS.md, aiohttp 14).
Measured on uvloop, 128 connections, 1 KiB POST, one HMAC checked, client wrk, two cores, with a provisional reader:
aiohttp's low-level server 14,500-16,500/s, web.Application 11,900/s; the seam with aiohttp's requests and
responses 17,400/s; the seam with requests and responses of our own 26,400/s; a protocol of our own 33,000-36,000/s.
With the strict reader and all limits it takes 46-51 us of processor for each request, aiohttp's server 61-67.
Durable capture is to reach 0.8 of that server with intake and store in the same interpreter, and in the fastest
seam nothing of aiohttp is left but two tasks for each request and 0.2 s of imports.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from typing import Final, cast

from inspector.core.delivery import Answer
from inspector.core.http1 import End, Head, Limits, Reader, Refused
from inspector.sources.listener.incoming import Incoming
from inspector.sources.listener.limits import NEVER, TimeLimits
from inspector.sources.listener.respond import CONTINUE, answer_bytes, plain
from inspector.sources.source import Arrival, Receiver

logger = logging.getLogger(__name__)

_UNREAD_BYTES: Final = 64 * 1024  # of pipelined requests; more is left to the system's buffers
_LATER: Final = plain(503, ("Retry-After", "5"))


class Connections:
    """The open connections of a listener, and those closed ones whose request is not stored yet."""

    def __init__(self) -> None:
        self._open: set[Connection] = set()
        self.none = asyncio.Event()
        self.none.set()

    def add(self, connection: "Connection") -> None:
        """A connection was opened."""
        self._open.add(connection)
        self.none.clear()

    def remove(self, connection: "Connection") -> None:
        """A connection has nothing more to do."""
        self._open.discard(connection)
        if not self._open:
            self.none.set()

    def __iter__(self) -> "Iterator[Connection]":
        return iter(tuple(self._open))


class Connection(asyncio.Protocol):
    """Reads requests, hands each complete one to the receiver, and writes its answer.

    Nothing that the client does cancels a receiver at work: a request that came whole is stored.
    """

    def __init__(self, receiver: Receiver, limits: Limits, times: TimeLimits, connections: Connections) -> None:
        self.deadline = NEVER
        self._receiver = receiver
        self._times = times
        self._connections = connections
        self._reader = Reader(limits)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._remote = ""
        self._incoming: Incoming | None = None
        self._task: asyncio.Task[None] | None = None  # the last request's answer
        self._segment_ns = 0  # when bytes came last
        self._first_byte_ns = 0  # of the head that is being read; 0 while there is none
        self._advancing = False
        self._answering = False
        self._paused = False  # reading, by us
        self._unwritable = False  # the client does not take its answers
        self._eof = False  # the client has closed its side
        self._closing = False  # the last answer was written; what comes now is dropped
        self._stopping = False
        self._gone = False

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being a subclass
        self._remote = _address(transport.get_extra_info("peername"))
        self._connections.add(self)
        self._allow(self._times.idle_s)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._closing:
            return
        self._segment_ns = time.time_ns()
        self._reader.feed(data)
        if not (self._answering or self._unwritable):
            self._advance()
        elif self._reader.unread > _UNREAD_BYTES and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client closed its side; it may still want its answers."""
        if self._closing:
            return False
        self._eof = True
        if not (self._answering or self._unwritable):
            self._wait()
        return True

    def pause_writing(self) -> None:
        """The client does not take what we write."""
        self._unwritable = True
        self._allow(self._times.body_s)

    def resume_writing(self) -> None:
        """It does again."""
        self._unwritable = False
        if self._closing:
            self._allow(self._times.linger_s)
        elif self._answering:
            self.deadline = NEVER
        else:
            self._allow(self._times.idle_s)
            self._advance()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The connection is no more."""
        self._gone = True
        self.deadline = NEVER
        self._drop_incoming()
        if not self._answering:
            self._connections.remove(self)

    # What the listener calls

    def expired(self) -> None:
        """The deadline has passed: the client took too long."""
        self.deadline = NEVER
        if self._closing or self._unwritable:
            self._transport.abort()
        elif self._reader.within_request:
            self._refuse(self._reader.too_slow())
        else:
            self._transport.close()

    def stop(self) -> None:
        """Close as soon as the request under way is answered; one that is not complete may come again later."""
        self._stopping = True
        if self._answering:
            return
        if not self._closing and self._reader.within_request:
            self._turn_away(_LATER)
        else:
            self._transport.close()

    def abort(self) -> None:
        """Close now, whatever is under way."""
        if self._answering and self._task is not None:
            logger.warning("a request from %s was not answered before the listener stopped", self._remote)
            self._task.cancel()
        self._transport.abort()

    # From bytes to an answer

    def _advance(self) -> None:
        """Take what the reader has, until a request is being answered or more bytes are needed."""
        self._advancing = True
        try:
            while not (self._answering or self._closing or self._unwritable or self._gone):
                event = self._reader.next_event()
                if event is None:
                    self._wait()
                    return
                self._take(event)
        except OSError as error:  # of the file that a large body goes to
            self._turn_away(self._receiver.cannot_keep(error))
        finally:
            self._advancing = False

    def _take(self, event: Head | bytes | End | Refused) -> None:
        if isinstance(event, bytes):
            assert self._incoming is not None  # noqa: S101
            self._incoming.add(event)
        elif isinstance(event, Head):
            self._begin(event)
        elif isinstance(event, End):
            self._complete(event)
        else:
            self._refuse(event)

    def _begin(self, head: Head) -> None:
        self._incoming = Incoming(head, self._first_byte_ns or self._segment_ns, self._receiver.spool)
        self._first_byte_ns = 0
        if head.expects_continue and head.length != 0 and not self._reader.unread:
            self._transport.write(CONTINUE)

    def _complete(self, end: End) -> None:
        incoming = self._incoming
        assert incoming is not None  # noqa: S101
        arrival = incoming.arrival(end.trailers, self._remote, self._segment_ns)
        self._incoming = None
        self._answering = True
        self.deadline = NEVER
        self._task = asyncio.Task(self._answer(arrival, incoming.head), loop=self._loop, eager_start=True)

    async def _answer(self, arrival: Arrival, head: Head) -> None:
        keep_alive = False
        try:
            try:
                receipt = await self._receiver.receive(arrival)
                keep_alive = head.keep_alive and not self._stopping and (not self._eof or self._reader.unread > 0)
                written = self._write(receipt.answer, head, keep_alive=keep_alive)
            except Exception:
                logger.exception("a request from %s could not be answered", self._remote)
                self._write(plain(500), head, keep_alive=keep_alive)
                return
            if written:
                receipt.left(time.time_ns())
        finally:
            self._answered(keep_alive=keep_alive)

    def _write(self, answer: Answer, head: Head | None, *, keep_alive: bool) -> bool:
        """Hand `answer` to the system; False where nobody is there to take it."""
        if self._gone or self._transport.is_closing():
            return False
        version, head_only = (head.version, head.method == "HEAD") if head is not None else ("1.1", False)
        seconds = int(time.time())
        self._transport.write(
            answer_bytes(answer, version=version, keep_alive=keep_alive, head_only=head_only, seconds=seconds)
        )
        return True

    def _answered(self, *, keep_alive: bool) -> None:
        self._answering = False
        if self._gone:
            self._connections.remove(self)
        elif not keep_alive:
            self._finish()
        else:
            if not self._unwritable:
                self._allow(self._times.idle_s)
            if not self._advancing and (self._reader.unread or self._eof or self._paused):
                self._advance()

    # Waiting and ending

    def _wait(self) -> None:
        """More bytes are needed: see to it that they can come, and how long that may take."""
        if self._eof:
            if self._reader.within_request:
                self._refuse(self._reader.cut_short())
            else:
                self._transport.close()
            return
        self._resume_reading()
        if self._reader.within_body:
            self._allow(self._times.body_s)
        elif self._reader.within_request and not self._first_byte_ns:
            self._first_byte_ns = self._segment_ns
            self._allow(self._times.header_s)

    def _resume_reading(self) -> None:
        if self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    def _allow(self, seconds: float) -> None:
        self.deadline = self._loop.time() + seconds

    def _refuse(self, refused: Refused) -> None:
        """This was no request to take: say so and close. The one place where a refusal is known."""
        logger.info("a request from %s was refused: %s", self._remote, refused.reason)
        self._turn_away(plain(refused.status))

    def _turn_away(self, answer: Answer) -> None:
        self._drop_incoming()
        self._write(answer, None, keep_alive=False)
        self._finish()

    def _drop_incoming(self) -> None:
        if self._incoming is not None:
            self._incoming.discard()
            self._incoming = None

    def _finish(self) -> None:
        """Close our side, and take what still comes for a moment: a reset could destroy the answer on its way."""
        self._closing = True
        if self._eof or self._stopping or self._transport.is_closing() or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._resume_reading()
        with contextlib.suppress(OSError):  # the client was quicker
            self._transport.write_eof()
        self._allow(self._times.body_s if self._unwritable else self._times.linger_s)


def _address(peer: object) -> str:
    """The sender as "address:port"."""
    if not isinstance(peer, tuple) or len(peer) < 2:
        return ""
    host, port = peer[0], peer[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
