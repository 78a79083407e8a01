"""The cache of fetched keys: in memory, and on disk so that a restart does not ask again."""

import asyncio
import hashlib
import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from inspector.atomic import write_atomically
from inspector.material.fetch import FetchFailed, fetch

logger = logging.getLogger(__name__)

FOLDER_NAME = "keys"
LIMIT_S = 0.8
"""So long a delivery waits for the keys that it needs."""

FETCH_S = 10.0
"""So long a fetch may go on after nobody waits for it any more: the next delivery finds what it brings."""

SHORTEST_S, USUAL_S, LONGEST_S = 60, 3600, 86_400
"""For how long what was fetched holds: as its server says, within these bounds."""

STALE_S = 7 * 86_400
"""So long what was fetched is used while its server does not answer."""

PAUSE_S = 30.0
"""So long an address that failed is not called again."""

RENEWAL_PAUSE_S = 60
"""So long after a fetch nobody's word that there are newer keys brings another: anybody can make up an id."""

MOST_KEPT, MOST_AT_ONCE = 256, 8


class _Entry(Struct, frozen=True):
    """What an address gave, and when (seconds since the epoch)."""

    address: str
    text: str
    fetched: float
    expires: float


class Keys:
    """Texts by address. Belongs to one loop; disk and network never hold it up."""

    def __init__(
        self, folder: Path, *, tls: ssl.SSLContext | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder / FOLDER_NAME
        self._tls, self._clock = tls, clock
        self._entries: dict[str, _Entry] = {}
        self._failed: dict[str, float] = {}
        self._flights: dict[str, asyncio.Task[None]] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._loaded = False

    def at_hand(self, addresses: Iterable[str]) -> Mapping[str, str] | None:
        """What is cached for `addresses`, fresh; None where something has to be fetched first."""
        now, found = self._clock(), {}
        for address in addresses:
            entry = self._entries.get(address)
            if entry is None or entry.expires <= now:
                return None
            found[address] = entry.text
        return found

    async def get(self, addresses: Iterable[str], *, limit_s: float = LIMIT_S) -> Mapping[str, str]:
        """What `addresses` give, as far as it is known within `limit_s` in total; never raises for what is not.

        The caller has made sure that each may be called.
        """
        wanted = set(addresses)
        await self._load()
        now = self._clock()
        flights = [self._flight(address) for address in wanted if self._is_due(address, now)]
        under_way = [flight for flight in flights if flight is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=limit_s)
        return self._usable(wanted)

    async def renewed(self, addresses: Iterable[str], *, limit_s: float = LIMIT_S) -> Mapping[str, str]:
        """What `addresses` give now, since what is kept lacks something; as `get`, with a pause between two fetches."""
        oldest = self._clock() - RENEWAL_PAUSE_S
        for address in addresses:
            entry = self._entries.get(address)
            if entry is not None and entry.fetched <= oldest:
                self._entries[address] = structs.replace(entry, expires=oldest)
        return await self.get(addresses, limit_s=limit_s)

    async def kept(self, addresses: Iterable[str]) -> Mapping[str, str]:
        """What is kept of `addresses` and holds, as a delivery would use it; nobody is called."""
        await self._load()
        return self._usable(addresses)

    def call(self, address: str, told: Callable[[str], None]) -> None:
        """Call `address` in the background to confirm a subscription; `told` gets what went wrong, or nothing."""

        async def run() -> None:
            try:
                await fetch(address, limit_s=FETCH_S, tls=self._tls)
            except FetchFailed as error:
                told(str(error))
            else:
                told("")

        if len(self._calls) < MOST_AT_ONCE:
            task = asyncio.get_running_loop().create_task(run(), name="confirm a subscription")
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def close(self) -> None:
        """End what is under way."""
        tasks = [*self._flights.values(), *self._calls]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            self._entries |= await asyncio.to_thread(_read, self._folder)

    def _usable(self, addresses: Iterable[str]) -> Mapping[str, str]:
        now = self._clock()
        return {
            address: entry.text
            for address in addresses
            if (entry := self._entries.get(address)) is not None and entry.fetched + STALE_S > now
        }

    def _is_due(self, address: str, now: float) -> bool:
        entry = self._entries.get(address)
        if entry is not None and entry.expires > now:
            return False
        return self._failed.get(address, -PAUSE_S) + PAUSE_S <= now

    def _flight(self, address: str) -> asyncio.Task[None] | None:
        """The fetch that is under way for `address`, started where there is none and not too many are."""
        flight = self._flights.get(address)
        if flight is None and len(self._flights) < MOST_AT_ONCE:
            flight = self._flights[address] = asyncio.get_running_loop().create_task(self._fetch(address))
            flight.add_done_callback(lambda _: self._flights.pop(address, None))
        return flight

    async def _fetch(self, address: str) -> None:
        try:
            fetched = await fetch(address, limit_s=FETCH_S, tls=self._tls)
        except FetchFailed as error:
            logger.warning("keys were not fetched from %s: %s", address[:200], error)
            if len(self._failed) >= MOST_KEPT:
                self._failed.clear()
            self._failed[address] = self._clock()
            return
        now = self._clock()
        lasts = min(max(USUAL_S if fetched.max_age_s is None else fetched.max_age_s, SHORTEST_S), LONGEST_S)
        self._entries[address] = entry = _Entry(address, fetched.text, now, now + lasts)
        gone = sorted(self._entries.values(), key=lambda each: each.fetched)[: len(self._entries) - MOST_KEPT]
        for each in gone:
            del self._entries[each.address]
        await asyncio.to_thread(_write, self._folder, entry, gone)


def _file(folder: Path, address: str) -> Path:
    return folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}.json"


def _read(folder: Path) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for file in folder.glob("*.json"):
        try:
            entry = msgspec.json.decode(file.read_bytes(), type=_Entry)
        except (OSError, msgspec.DecodeError) as error:
            logger.warning("the cached key in %s cannot be read: %s", file.name, error)
        else:
            found[entry.address] = entry
    return found


def _write(folder: Path, entry: _Entry, gone: Iterable[_Entry]) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        write_atomically(_file(folder, entry.address), msgspec.json.encode(entry).decode())
        for each in gone:
            _file(folder, each.address).unlink(missing_ok=True)
    except OSError as error:  # it is fetched again after the next start
        logger.warning("a fetched key is not kept: %s", error)
