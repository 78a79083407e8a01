"""The way to a target: its name looked up once, its addresses checked, a connection made, TLS spoken."""

import asyncio
import errno
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import ip_address
from typing import Final

from inspector.core.target import Address, AddressKind, Allowance, Target, address_in, kind_of, names_metadata, plain

type OwnListener = Callable[[], tuple[str, int] | None]
"""Host and port of this program's listener while it listens."""


class NoWay(Exception):
    """The target was not reached; `error` is a key of `attempt.ERRORS`, the message its detail."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(detail)
        self.error = error


async def addresses_of(
    target: Target, allowance: Allowance, own_listener: OwnListener, limit_s: float
) -> Sequence[Address]:
    """The addresses of `target`, all of them fit to be sent to. Raises NoWay."""
    if names_metadata(target.host) and not allowance.link_local:
        raise NoWay("needs-consent", target.host)
    written = address_in(target.host)
    found = [written] if written is not None else await _looked_up(target.host, limit_s)
    own = own_listener()
    for address in found:
        kind = kind_of(address)
        if kind is AddressKind.NO_HOST:
            raise NoWay("no-host", str(address))
        if kind.needs_consent and not allowance.link_local:
            raise NoWay("needs-consent", str(address))
        if own is not None and _is_own(address, target.port, own):
            raise NoWay("own-listener")
    return found


async def connect[P: asyncio.BaseProtocol](
    factory: Callable[[], P], addresses: Sequence[Address], port: int, limit_s: float
) -> tuple[P, str]:
    """A connection to the first of `addresses` that takes one, and which it is. Raises NoWay."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limit_s
    failure = NoWay("name-unknown", "it has no address")
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        where = place(address, port)
        try:
            async with asyncio.timeout((deadline - loop.time()) / left):
                _, protocol = await loop.create_connection(factory, str(address), port)
        except TimeoutError:
            failure = NoWay("connect-too-slow", where)
        except OSError as error:
            failure = _no_connection(error, where)
        else:
            return protocol, where
    raise failure


def place(address: Address, port: int) -> str:
    """Address and port as text."""
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


async def secure(
    transport: asyncio.Transport, protocol: asyncio.BaseProtocol, target: Target, *, checked: bool, limit_s: float
) -> asyncio.Transport:
    """Speak TLS over `transport`; `checked`: only with a certificate that is valid for the target. Raises NoWay."""
    address = address_in(target.host)
    name = target.host.rstrip(".") if address is None else str(address).partition("%")[0]
    loop = asyncio.get_running_loop()
    try:
        secured = await loop.start_tls(
            transport, protocol, _context(checked=checked), server_hostname=name, ssl_handshake_timeout=limit_s
        )
    except ssl.SSLCertVerificationError as error:
        raise certificate_problem(error) from None
    except ssl.SSLError as error:
        raise _tls_problem(error) from None
    except TimeoutError:
        raise NoWay("tls-too-slow") from None
    except OSError as error:
        if "handshake" in str(error) and "longer" in str(error):  # asyncio's own time limit
            raise NoWay("tls-too-slow") from None
        raise NoWay("tls", "the connection was closed during the handshake") from None
    if secured is None:
        raise NoWay("tls", "the connection was closed during the handshake")
    return secured


def certificate_problem(error: ssl.SSLCertVerificationError) -> NoWay:
    """What is wrong with a certificate, as an error of ours."""
    return NoWay(_CERTIFICATES.get(error.verify_code, "certificate"), f": {error.verify_message}")


_CERTIFICATES: Final = {
    9: "certificate-early",
    10: "certificate-expired",
    18: "certificate-self-signed",
    19: "certificate-unknown",
    20: "certificate-unknown",
    21: "certificate-unknown",
    62: "certificate-name",
    64: "certificate-name",
}
"""By the codes of OpenSSL's X509_V_ERR."""


async def _looked_up(host: str, limit_s: float) -> Sequence[Address]:
    """Ask the system's resolver, in a thread that nobody waits for at the end: it may take as long as it likes."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[Address]] = loop.create_future()

    def tell(addresses: Sequence[Address], failure: NoWay | None) -> None:
        if answer.done():
            return
        if failure is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(failure)

    def ask() -> None:
        addresses: Sequence[Address] = ()
        failure = None
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            addresses = tuple(dict.fromkeys(_address(str(each[4][0])) for each in found))
        except socket.gaierror as error:
            failure = NoWay("name-unknown", f"{host}: {(error.strerror or str(error)).lower()}")
        except (OSError, UnicodeError, ValueError) as error:
            failure = NoWay("name-unknown", f"{host}: {error}")
        try:
            loop.call_soon_threadsafe(tell, addresses, failure)
        except RuntimeError:  # the program has ended meanwhile
            return

    threading.Thread(target=ask, name="name-look-up", daemon=True).start()
    try:
        async with asyncio.timeout(limit_s):
            return await answer
    except TimeoutError:
        raise NoWay("name-too-slow") from None


def _address(text: str) -> Address:
    return ip_address(text)


def _is_own(address: Address, port: int, own: tuple[str, int]) -> bool:
    """Whether what is sent to `address` and `port` arrives at the own listener."""
    host, own_port = own
    if port != own_port:
        return False
    address = plain(address)
    bound = address_in(host.strip("[]"))
    if bound is None:  # `localhost`
        return kind_of(address) is AddressKind.LOOPBACK
    if bound.is_unspecified:
        return kind_of(address) is AddressKind.LOOPBACK or _is_local(address)
    return address == plain(bound) or (address.is_unspecified and bound.is_loopback)


def _is_local(address: Address) -> bool:
    """Whether it is one of this machine's addresses: only such a one can be bound to."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _no_connection(error: OSError, where: str) -> NoWay:
    match error.errno:
        case errno.ECONNREFUSED:
            return NoWay("refused", where)
        case errno.ETIMEDOUT:
            return NoWay("connect-too-slow", where)
        case errno.ENETUNREACH | errno.EHOSTUNREACH | errno.EADDRNOTAVAIL:
            return NoWay("unreachable", f"{where} cannot be reached: {(error.strerror or '').lower()}")
        case errno.ECONNRESET:
            return NoWay("reset", "before anything was sent")
    return NoWay("failed", f"{where}: {(error.strerror or str(error)).lower()}")


def _tls_problem(error: ssl.SSLError) -> NoWay:
    reason = error.reason or ""
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}:
        return NoWay("not-tls")
    if reason:
        return NoWay("tls", reason.lower().replace("_", " "))
    return NoWay("tls", "the connection was closed during the handshake")


@cache
def _context(*, checked: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
