"""What a source hands on, and to whom."""

from typing import Protocol

from msgspec import Struct

from inspector.core.delivery import Answer, TlsFacts
from inspector.core.request import Request


class SpooledBody(Protocol):
    """A large body on its way into a file that the store will keep or drop."""

    def write(self, chunk: bytes) -> None:
        """Append `chunk`. Raises OSError where the disk refuses."""

    def finish(self) -> memoryview:
        """The whole body as a view of the mapped file. Nothing can be written afterwards."""

    def discard(self) -> None:
        """Remove the file: the request did not become a delivery."""


class Arrival(Struct, frozen=True, gc=False):
    """A complete request, with what only the source knows of it. Times are nanoseconds since the epoch, UTC."""

    request: Request
    remote: str  # "address:port"
    first_byte_ns: int
    last_byte_ns: int
    tls: TlsFacts | None = None
    spooled: SpooledBody | None = None  # set when `request.body` is a view of its file


class Receipt(Protocol):
    """The answer to send; the source says when it has left."""

    @property
    def answer(self) -> Answer:
        """What to answer."""

    def left(self, ns: int) -> None:
        """The answer was handed to the system at `ns`."""


class Receiver(Protocol):
    """Takes arrivals. It has stored the delivery durably when `receive` returns."""

    async def receive(self, arrival: Arrival) -> Receipt:
        """Store `arrival` with the outcome of every handler, and say what to answer."""

    def spool(self) -> SpooledBody:
        """A new file for a body too large for memory. Raises OSError where the disk refuses."""

    def cannot_keep(self, error: OSError) -> Answer:
        """The disk refused a spooled body on its way: what to answer to its request."""
