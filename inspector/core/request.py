"""One HTTP request exactly as it came off the wire."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

type Body = bytes | memoryview
"""The body's bytes: held in memory, or a view of the mapped file that keeps a large one."""


class Headers(Sequence[tuple[bytes, bytes]]):
    """Header lines in the order, case and number in which they were sent.

    A value has lost the optional white space around it (RFC 9110, 5.5) and nothing else.
    Look-ups ignore the case of the name. The `repr` shows names only: a value may be a token.
    """

    __slots__ = ("_by_name", "_lines")

    def __init__(self, lines: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._lines = tuple(lines)
        self._by_name: Mapping[bytes, Sequence[bytes]] | None = None

    def all(self, name: str | bytes) -> Sequence[bytes]:
        """Every value sent under `name`, in order; empty when there was none."""
        return self.by_name.get(_remembered_key(name) if len(name) <= _LONGEST_REMEMBERED else _key(name), ())

    @property
    def by_name(self) -> Mapping[bytes, Sequence[bytes]]:
        """The values under each name in lower case."""
        if self._by_name is None:
            self._by_name = _by_name(self._lines)
        return self._by_name

    def first(self, name: str | bytes) -> bytes | None:
        """The first value sent under `name`, or None."""
        values = self.all(name)
        return values[0] if values else None

    @overload
    def __getitem__(self, index: int) -> tuple[bytes, bytes]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[bytes, bytes]]: ...
    def __getitem__(self, index: int | slice) -> tuple[bytes, bytes] | Sequence[tuple[bytes, bytes]]:
        return self._lines[index]

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __eq__(self, other: object) -> bool:
        return self._lines == other._lines if isinstance(other, Headers) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._lines)

    def __repr__(self) -> str:
        return f"Headers({', '.join(name.decode('latin-1') for name, _ in self._lines)})"


def _key(name: str | bytes) -> bytes:
    """How a name is looked up."""
    return (name.encode("latin-1", "replace") if isinstance(name, str) else name).lower()


_LONGEST_REMEMBERED = 128
"""The names that are asked for are few, those that schemes have; a sender may name some, and must not fill memory."""

_remembered_key = lru_cache(1024)(_key)


def _by_name(lines: Sequence[tuple[bytes, bytes]]) -> Mapping[bytes, Sequence[bytes]]:
    single = {name.lower(): (value,) for name, value in lines}
    if len(single) == len(lines):
        return single
    found: dict[bytes, list[bytes]] = {}
    for name, value in lines:
        found.setdefault(name.lower(), []).append(value)
    return found


NO_HEADERS = Headers()


@dataclass(frozen=True, slots=True)
class Request:
    """Method, target, headers and body as received; every other form is a view of these.

    `target` is the raw request target, each byte one latin-1 character. `head` is everything from the
    request line up to and including the empty line. `body` has lost the transfer coding (RFC 9112, 6.1)
    and kept any content coding.
    """

    method: str
    target: str
    version: str  # "1.1" or "1.0"
    headers: Headers
    body: Body = b""
    trailers: Headers = NO_HEADERS
    head: bytes = b""

    @property
    def path(self) -> str:
        """The raw path without the query; an absolute-form target counts by its path (RFC 9112, 3.2.2)."""
        target = self.target
        if target.startswith("/"):
            return target.partition("?")[0]
        if "://" in target.partition("?")[0]:
            rest = target.partition("://")[2]
            slash, question = rest.find("/"), rest.find("?")
            target = rest[slash:] if slash >= 0 and (question < 0 or slash < question) else "/"
        return target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw query without its question mark; empty when there is none."""
        return self.target.partition("?")[2]
