"""A request on its way in: its head, and its body in memory or in a file."""

from collections.abc import Callable
from typing import Final

from inspector.core.http1 import Head
from inspector.core.request import Headers, Request
from inspector.sources.source import Arrival, SpooledBody

SPOOL_ABOVE_BYTES: Final = 256 * 1024
"""A body above this size goes into a file as it arrives."""


_PIECES = 128  # so many are joined into one: a body that comes byte by byte is not kept byte by byte


class Incoming:
    """Collects the body of one request. What writes to the file raises OSError where the disk refuses."""

    __slots__ = ("_first_byte_ns", "_pieces", "_size", "_spool", "_spooled", "head")

    def __init__(self, head: Head, first_byte_ns: int, spool: Callable[[], SpooledBody]) -> None:
        self.head = head
        self._first_byte_ns = first_byte_ns
        self._pieces: list[bytes] = []
        self._size = 0
        self._spool = spool
        self._spooled: SpooledBody | None = None
        if head.length is not None and head.length > SPOOL_ABOVE_BYTES:
            self._spooled = spool()

    def add(self, piece: bytes) -> None:
        """Append a piece of the body."""
        if self._spooled is not None:
            self._spooled.write(piece)
            return
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > SPOOL_ABOVE_BYTES:
            self._spooled = self._spool()
            self._spooled.write(b"".join(self._pieces))
            self._pieces = []
        elif len(self._pieces) > _PIECES:
            self._pieces = [b"".join(self._pieces)]

    def arrival(self, trailers: Headers, remote: str, last_byte_ns: int) -> Arrival:
        """The complete request. The file, if there is one, is the receiver's from now on."""
        head, spooled = self.head, self._spooled
        body = b"".join(self._pieces) if spooled is None else spooled.finish()
        request = Request(head.method, head.target, head.version, head.headers, body, trailers, head.raw)
        return Arrival(request, remote, self._first_byte_ns, last_byte_ns, spooled=spooled)

    def discard(self) -> None:
        """The request will not be completed."""
        if self._spooled is not None:
            self._spooled.discard()
            self._spooled = None
