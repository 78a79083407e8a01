"""Send requests to targets exactly as they are to be, and tell of each attempt all that can be known of it."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from inspector.core.answer_reader import AnswerReader
from inspector.core.attempt import Attempt, Times, sentence
from inspector.core.redirect import leads_inward
from inspector.core.target import NOTHING_ALLOWED, Address, Allowance, Target
from inspector.resend.connection import Connection
from inspector.resend.way import NoWay, OwnListener, addresses_of, connect, place, secure

_KEPT_S: Final = 2.0
"""A kept connection is used again within this time: servers close idle ones, and a request may be lost in between."""
_CLOSES = re.compile(
    rb"[^\r\n]* HTTP/1\.0\r\n|(?:[^\r\n]*\r\n)*?connection[ \t]*:[^\r\n]*(?:close|upgrade)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SendLimits:
    """How long each step may take, in seconds, and how much of an answer is kept."""

    look_up_s: float = 10.0
    connect_s: float = 10.0
    tls_s: float = 10.0
    exchange_s: float = 30.0
    answer_bytes: int = 10 << 20
    redirects: int = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """How a request is sent on purpose: slowly (0 is as fast as it goes), cut off after so many bytes (-1 is not)."""

    bytes_per_s: float = 0.0
    cut_at: int = -1


AS_FAST_AS_IT_GOES: Final = Pace()


def _not_listening() -> None:
    return None


class Sender:
    """Sends, one connection an attempt at a time; up to `keep` connections are kept for the next ones.

    The name of a target is looked up once in a sender's life, and what was found then counts: no answer of a name
    server can lead elsewhere later.
    """

    def __init__(
        self,
        *,
        limits: SendLimits = SendLimits(),
        own_listener: OwnListener = _not_listening,
        keep: int = 0,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.limits = limits
        self._own_listener = own_listener
        self._keep = keep
        self._clock = clock
        self._kept: dict[tuple[str, Allowance], list[tuple[float, Connection, _Way]]] = {}
        self._addresses: dict[tuple[str, Allowance], Sequence[Address]] = {}
        self._untrusted: dict[str, NoWay] = {}
        self._closing: set[str] = set()  # origins that close kept connections without a word

    async def send(
        self,
        draft: Attempt,
        target: Target,
        allowance: Allowance = NOTHING_ALLOWED,
        *,
        pace: Pace = AS_FAST_AS_IT_GOES,
        came_from: str = "",
        broken_off: Callable[[Attempt], object] = lambda _: None,
    ) -> Attempt:
        """The attempt that became of `draft`: it has what came back and what went wrong.

        `came_from` is the address that redirected here. Only cancelling raises; `broken_off` is called before with
        the attempt as far as it went.
        """
        send = partial(self._sent, pace=pace, came_from=came_from, broken_off=broken_off)
        attempt, lost = await send(draft, target, allowance)
        if lost:  # it closed while the request was on its way: no word of the target's on this one
            self._closing.add(target.origin)
            draft = replace(draft, maybe_twice=True)
            attempt, _ = await send(draft, target, allowance)
        return attempt

    async def _sent(
        self,
        draft: Attempt,
        target: Target,
        allowance: Allowance,
        *,
        pace: Pace,
        came_from: str,
        broken_off: Callable[[Attempt], object],
    ) -> tuple[Attempt, bool]:
        """The attempt, and whether it was lost with a kept connection that the target had closed."""
        started = time.perf_counter_ns()
        draft = replace(draft, started_ns=self._clock())
        try:
            connection, way = await self._way(target, allowance, started, came_from)
        except asyncio.CancelledError:
            times = Times(ended_ns=time.perf_counter_ns() - started)
            broken_off(replace(draft, error="cancelled", detail=_NOT_SENT, times=times))
            raise
        except NoWay as no:
            times = Times(ended_ns=time.perf_counter_ns() - started)
            return replace(draft, error=no.error, detail=str(no), times=times), False
        reader = AnswerReader(draft.sent.method, self.limits.answer_bytes)
        try:
            usable = await self._exchange(connection, draft, reader, pace)
        except asyncio.CancelledError:
            connection.close()
            attempt = _ended(draft, connection, way, reader, started)
            broken_off(replace(attempt, error="cancelled", detail=_PERHAPS_SENT))
            raise
        except BaseException:
            connection.close()
            raise
        attempt = _ended(draft, connection, way, reader, started)
        if usable and not _CLOSES.match(draft.sent.head):
            self._put_back(target, allowance, connection, way)
        else:
            connection.close()
        return attempt, way.kept and attempt.error in ("closed", "reset") and not connection.first_byte_ns

    def forget(self) -> None:
        """Look names up anew from now on: for who sends for days."""
        self._addresses.clear()
        self._untrusted.clear()

    def close(self) -> None:
        """Let go of the kept connections."""
        for kept in self._kept.values():
            for _, connection, _ in kept:
                connection.close()
        self._kept.clear()

    async def _exchange(self, connection: Connection, draft: Attempt, reader: AnswerReader, pace: Pace) -> bool:
        sent = draft.sent
        parts = (sent.head, sent.before_body, sent.body, sent.after_body)
        if pace == AS_FAST_AS_IT_GOES:
            return await connection.exchange(parts, reader, self.limits.exchange_s)
        return await connection.paced(
            parts, reader, self.limits.exchange_s, bytes_per_s=pace.bytes_per_s, cut_at=pace.cut_at
        )

    async def _way(
        self, target: Target, allowance: Allowance, started: int, came_from: str
    ) -> "tuple[Connection, _Way]":
        """A connection to the target, a kept one where there is one. Raises NoWay."""
        addresses = self._addresses.get((target.origin, allowance))
        if addresses is not None:
            _check_not_inward(came_from, addresses, target.port)
        kept = self._kept.get((target.origin, allowance), [])
        while kept:
            since, connection, way = kept.pop()
            if target.origin not in self._closing and not connection.dead and time.monotonic() - since < _KEPT_S:
                return connection, way
            connection.close()
        looked_up_ns = 0
        if addresses is None:
            addresses = await addresses_of(target, allowance, self._own_listener, self.limits.look_up_s)
            looked_up_ns = time.perf_counter_ns() - started
            _check_not_inward(came_from, addresses, target.port)
            self._addresses[target.origin, allowance] = addresses
        connection, address = await connect(Connection, addresses, target.port, self.limits.connect_s)
        connected_ns = time.perf_counter_ns() - started
        if not target.secure:
            return connection, _Way(address, looked_up_ns, connected_ns)
        connection, problem = await self._secured(connection, addresses, target, allowance)
        facts = connection.transport.get_extra_info("ssl_object")
        cipher = facts.cipher() if facts is not None else None
        tls = f"{facts.version()} {cipher[0] if cipher else ''}".strip() if facts is not None else ""
        return connection, _Way(address, looked_up_ns, connected_ns, time.perf_counter_ns() - started, tls, problem)

    async def _secured(
        self, connection: Connection, addresses: Sequence[Address], target: Target, allowance: Allowance
    ) -> tuple[Connection, str]:
        """The connection over TLS, and what was wrong with a certificate that is allowed to be wrong. Raises NoWay."""
        known = self._untrusted.get(target.origin) if allowance.any_certificate else None
        if known is None:
            try:
                await self._speak_tls(connection, target, checked=True)
            except NoWay as no:
                if not no.error.startswith("certificate") or not allowance.any_certificate:
                    raise
                self._untrusted[target.origin] = known = no
                connection, _ = await connect(Connection, addresses, target.port, self.limits.connect_s)
            else:
                return connection, ""
        await self._speak_tls(connection, target, checked=False)
        return connection, sentence(known.error, str(known))

    async def _speak_tls(self, connection: Connection, target: Target, *, checked: bool) -> None:
        try:
            connection.transport = await secure(
                connection.transport, connection, target, checked=checked, limit_s=self.limits.tls_s
            )
        except BaseException:
            connection.close()
            raise

    def _put_back(self, target: Target, allowance: Allowance, connection: Connection, way: "_Way") -> None:
        kept = self._kept.setdefault((target.origin, allowance), [])
        if len(kept) >= self._keep or target.origin in self._closing:
            connection.close()
            return
        kept.append(
            (time.monotonic(), connection, replace(way, looked_up_ns=0, connected_ns=0, secured_ns=0, kept=True))
        )


@dataclass(frozen=True, slots=True)
class _Way:
    """How a connection came about."""

    address: str
    looked_up_ns: int = 0
    connected_ns: int = 0
    secured_ns: int = 0
    tls: str = ""
    certificate_problem: str = ""
    kept: bool = False


_NOT_SENT: Final = " before anything was sent"
_PERHAPS_SENT: Final = ". The target may have taken it all the same"


def _ended(draft: Attempt, connection: Connection, way: _Way, reader: AnswerReader, started: int) -> Attempt:
    """What became of `draft` up to now."""

    def since(ns: int) -> int:
        return max(0, ns - started) if ns else 0

    return replace(
        draft,
        answer=reader.answer,
        error=connection.error,
        detail=connection.detail,
        address=way.address,
        tls=way.tls,
        certificate_problem=way.certificate_problem,
        kept_connection=way.kept,
        times=Times(
            way.looked_up_ns,
            way.connected_ns,
            way.secured_ns,
            since(connection.sent_ns),
            since(connection.first_byte_ns),
            time.perf_counter_ns() - started,
        ),
    )


def _check_not_inward(came_from: str, addresses: Sequence[Address], port: int) -> None:
    """Raises NoWay where a redirect leads from the public network to what only this machine reaches."""
    for address in addresses:
        if came_from and leads_inward(came_from, where := place(address, port)):
            raise NoWay("redirect-inward", where)
