"""The listener: sockets bound, connections accepted, and all of it ended in order."""

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from inspector.settings.listener import ListenerSettings
from inspector.sources.listener.connection import Connection, Connections
from inspector.sources.listener.limits import Clock, reader_limits, time_limits
from inspector.sources.source import Receiver

BACKLOG: Final = 1024
_PORTS_TRIED: Final = 100  # above a taken one, before the system chooses

type _SocketAddress = tuple[str, int] | tuple[str, int, int, int]


class ListenError(Exception):
    """The listener cannot listen; the message is one sentence that says why."""


class PortTaken(ListenError):
    """Another program listens on the port; `next_free` is one that could be used instead."""

    def __init__(self, port: int, next_free: int) -> None:
        super().__init__(f"Port {port} is in use by another program; port {next_free} is free.")
        self.port = port
        self.next_free = next_free


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the listener listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to give to a sender."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


@asynccontextmanager
async def listening(settings: ListenerSettings, receiver: Receiver) -> AsyncIterator[Listener]:
    """Listen as `settings` say and hand every request to `receiver`; leaving the block stops.

    Stopping answers the requests under way, for a few seconds at most. Raises PortTaken or ListenError.
    """
    host = settings.host.strip("[]")
    sockets = await _bound(host, settings.port)
    limits, times = reader_limits(settings), time_limits(settings)
    connections = Connections()
    loop = asyncio.get_running_loop()

    def connected() -> Connection:
        return Connection(receiver, limits, times, connections)

    servers = [await loop.create_server(connected, sock=each, backlog=BACKLOG) for each in sockets]
    try:
        with Clock(connections, times):
            yield Listener(host, sockets[0].getsockname()[1])
    finally:
        for server in servers:
            server.close()
        await _ended(connections, times.stop_s)
        for server in servers:
            await server.wait_closed()


async def _ended(connections: Connections, seconds: float) -> None:
    for connection in connections:
        connection.stop()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await connections.none.wait()
    for connection in connections:
        connection.abort()
    await connections.none.wait()


async def _bound(host: str, port: int) -> Sequence[socket.socket]:
    """A listening socket for each address of `host`, all on one port."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ListenError(f"The address {host!r} cannot be resolved.") from error
    sockets: list[socket.socket] = []
    refusal: OSError | None = None
    for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
        try:
            sockets.append(_listening_socket(family, _with_port(address, port)))
        except OSError as error:
            refusal = error
            if error.errno == errno.EADDRINUSE:
                break
        else:
            port = sockets[0].getsockname()[1]  # 0 lets the system choose once, not for each address
    if refusal is None or (sockets and refusal.errno != errno.EADDRINUSE):  # a machine may lack ::1
        return sockets
    for each in sockets:
        each.close()
    raise _listen_error(host, port, found[0][0], refusal) from refusal


def _with_port(address: tuple[object, ...], port: int) -> _SocketAddress:
    return (address[0], port, *address[2:])  # type: ignore[return-value]


def _listening_socket(family: socket.AddressFamily, address: _SocketAddress) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":  # where SO_REUSEADDR would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.settimeout(0)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _listen_error(host: str, port: int, family: socket.AddressFamily, error: OSError) -> ListenError:
    match error.errno:
        case errno.EADDRINUSE:
            return PortTaken(port, _next_free(family, host, port))
        case errno.EACCES:
            return ListenError(f"Port {port} needs more rights than this user has.")
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            return ListenError(f"The address {host} does not belong to this machine.")
        case _:
            return ListenError(f"Cannot listen on {host}, port {port}: {error.strerror or error}.")


def _next_free(family: socket.AddressFamily, host: str, port: int) -> int:
    """The first port above `port` that nobody listens on, or one that the system chooses."""
    for candidate in (*range(port + 1, min(port + 1 + _PORTS_TRIED, 65_536)), 0):
        with contextlib.suppress(OSError), _listening_socket(family, (host, candidate)) as free:
            return int(free.getsockname()[1])
    return 0
