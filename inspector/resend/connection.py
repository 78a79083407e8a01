"""One connection to a target: a request goes out, its answer comes in, and nothing else is said."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from inspector.core.answer_reader import AnswerMalformed, AnswerReader
from inspector.core.request import Body

_AT_ONCE_BYTES: Final = 64 << 10
_SLICE_BYTES: Final = 256 << 10


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. What goes wrong is in `error` and `detail`; nothing is raised."""

    def __init__(self) -> None:
        self.error = ""
        self.detail = ""
        self.sent_ns = 0
        self.first_byte_ns = 0
        self.dead = False
        self._complete = False
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._ended: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._writing = False

    @property
    def transport(self) -> asyncio.Transport:
        """What it runs over."""
        if self._transport is None:
            raise RuntimeError("there is no connection yet")
        return self._transport

    @transport.setter
    def transport(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    async def exchange(self, parts: Sequence[Body], reader: AnswerReader, limit_s: float) -> bool:
        """Send `parts`, and read the answer into `reader` until it is complete or something goes wrong.

        Returns whether the connection can carry another exchange.
        """
        self._begin(reader)
        try:
            async with asyncio.timeout(limit_s):
                if sum(map(len, parts)) <= _AT_ONCE_BYTES:
                    self.transport.write(b"".join(parts))
                    self.sent_ns = time.perf_counter_ns()
                    await self._answered()
                else:
                    await self._write_and_read(parts)
        except TimeoutError:
            self._fail("stalled" if self._writing else "too-slow", f"{limit_s:g}")
        return self._end(reader)

    async def paced(
        self, parts: Sequence[Body], reader: AnswerReader, limit_s: float, *, bytes_per_s: float, cut_at: int
    ) -> bool:
        """The same, slowly where `bytes_per_s` is not 0, and cut off after `cut_at` bytes where that is from 0."""
        self._begin(reader)
        raw = b"".join(parts)
        try:
            async with asyncio.timeout(limit_s + (len(raw) / bytes_per_s if bytes_per_s else 0)):
                await self._write_slowly(raw if cut_at < 0 else raw[:cut_at], bytes_per_s)
                if cut_at >= 0:
                    self._fail("cut-on-purpose")
                await self._answered()
        except TimeoutError:
            self._fail("stalled" if self._writing else "too-slow", f"{limit_s:g}")
        return self._end(reader)

    def close(self) -> None:
        """Let go of it at once."""
        self.dead = True
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It can be used."""
        if isinstance(transport, asyncio.Transport) or hasattr(transport, "write"):
            self._transport = transport  # type: ignore[assignment]  # uvloop's are no subclasses

    def data_received(self, data: bytes) -> None:
        """Some of the answer."""
        reader = self._reader
        if reader is None:  # nobody asked
            self.close()
            return
        if not self.first_byte_ns:
            self.first_byte_ns = time.perf_counter_ns()
        try:
            if reader.feed(data):
                self._finish(complete=True)
        except AnswerMalformed as malformed:
            self._fail(malformed.error, str(malformed))

    def connection_lost(self, exc: Exception | None) -> None:
        """The target has gone."""
        self.dead = True
        reader = self._reader
        if reader is not None and self._ended is not None and not self._ended.done():
            try:
                if exc is None and reader.ended():
                    self._finish(complete=True)
                else:
                    self._fail("closed" if exc is None else "reset", self._when())
            except AnswerMalformed as malformed:
                self._fail(malformed.error, str(malformed))
        self.resume_writing()

    def pause_writing(self) -> None:
        """The target takes no more for now."""
        if self._room is None:
            self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """It takes more."""
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    # How

    def _begin(self, reader: AnswerReader) -> None:
        self.error = self.detail = ""
        self.sent_ns = self.first_byte_ns = 0
        self._complete = self._writing = False
        self._reader = reader
        self._ended = asyncio.get_running_loop().create_future()
        if self.dead:
            self._fail("closed", "before anything was sent")

    def _end(self, reader: AnswerReader) -> bool:
        self._reader = None
        usable = not self.error and not self.dead and not self._writing and reader.keeps_alive
        if not usable:
            self.close()
        return usable

    async def _answered(self) -> None:
        if self._ended is not None:
            await self._ended

    async def _write_and_read(self, parts: Sequence[Body]) -> None:
        """Both at once: a target may answer before it has the whole request, and then wait for nothing more."""
        writing = asyncio.get_running_loop().create_task(self._write(parts))
        try:
            await self._answered()
        finally:
            if not writing.done():
                writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, parts: Sequence[Body]) -> None:
        self._writing = True
        for part in parts:
            view = memoryview(part)
            for start in range(0, len(view), _SLICE_BYTES):
                if self.dead:
                    return
                self.transport.write(view[start : start + _SLICE_BYTES])
                if self._room is not None:
                    await self._room
        self.sent_ns = time.perf_counter_ns()
        self._writing = False

    async def _write_slowly(self, raw: bytes, bytes_per_s: float) -> None:
        self._writing = True
        self.transport.set_write_buffer_limits(high=0)
        slice_bytes = max(1, int(bytes_per_s / 20)) if bytes_per_s else len(raw) or 1
        for start in range(0, len(raw), slice_bytes):
            if self.dead or self.error:
                return
            self.transport.write(raw[start : start + slice_bytes])
            if self._room is not None:
                await self._room
            if bytes_per_s:
                await asyncio.sleep(slice_bytes / bytes_per_s)
        self.sent_ns = time.perf_counter_ns()
        self._writing = False

    def _when(self) -> str:
        if self.first_byte_ns:
            return "within its answer"
        return "while the request was sent" if self._writing else "before it answered"

    def _finish(self, *, complete: bool) -> None:
        self._complete = complete
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    def _fail(self, error: str, detail: str = "") -> None:
        if not self.error and not self._complete:
            self.error, self.detail = error, detail
            self._finish(complete=False)
        self.close()
