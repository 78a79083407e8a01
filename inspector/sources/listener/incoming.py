"""A request on its way in: its head, and its body in memory or in a file."""

from collections.abc import Callable
from typing import Final

from inspector.core.http1 import Head
from inspector.core.request import Headers, Request
from inspector.sources.source import Arrival, SpooledBody

SPOOL_ABOVE_BYTES: Final = 256 * 1024
"""A body above this size goes into a file as it arrives."""


class Incoming:
    """Collects the body of one request. What writes to the file raises OSError where the disk refuses."""

    __slots__ = ("_body", "_first_byte_ns", "_spool", "_spooled", "head")

    def __init__(self, head: Head, first_byte_ns: int, spool: Callable[[], SpooledBody]) -> None:
        self.head = head
        self._first_byte_ns = first_byte_ns
        self._body: bytes | bytearray = b""
        self._spool = spool
        self._spooled: SpooledBody | None = None
        if head.length is not None and head.length > SPOOL_ABOVE_BYTES:
            self._spooled = spool()

    def add(self, piece: bytes) -> None:
        """Append a piece of the body."""
        if self._spooled is not None:
            self._spooled.write(piece)
        elif not self._body:
            self._body = piece
        elif len(self._body) + len(piece) > SPOOL_ABOVE_BYTES:
            self._spooled = self._spool()
            self._spooled.write(bytes(self._body))
            self._spooled.write(piece)
            self._body = b""
        else:
            if isinstance(self._body, bytes):
                self._body = bytearray(self._body)
            self._body += piece

    def arrival(self, trailers: Headers, remote: str, last_byte_ns: int) -> Arrival:
        """The complete request. The file, if there is one, is the receiver's from now on."""
        head, spooled = self.head, self._spooled
        body = bytes(self._body) if spooled is None else spooled.finish()
        request = Request(head.method, head.target, head.version, head.headers, body, trailers, head.raw)
        return Arrival(request, remote, self._first_byte_ns, last_byte_ns, spooled=spooled)

    def discard(self) -> None:
        """The request will not be completed."""
        if self._spooled is not None:
            self._spooled.discard()
            self._spooled = None
