"""Reading the store: from any one thread, beside a writer in this process or another."""

import contextlib
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, Final

import msgspec

from inspector.core.annotation import NO_ANNOTATION, Annotation
from inspector.core.attempt import Attempt, AttemptSummary
from inspector.core.delivery import Answer, Delivery, Ladder, Recognised, Summary, Verdict
from inspector.core.filters import EVERYTHING, Search
from inspector.core.filters.nodes import VerdictIs, matches
from inspector.core.forward_rule import ForwardRule, Waiting
from inspector.core.handler import Handler
from inspector.core.target import NOTHING_ALLOWED, Allowance, Target
from inspector.store import annotation, attempts, bodies, chain, forwards, rows, runs, targets
from inspector.store.codec import Decoder
from inspector.store.filter_sql import Condition, condition, suspicion
from inspector.store.runs import Run
from inspector.store.sqlite import StoreError, open_reader, reason
from inspector.store.targets import KnownTarget

_FIRST_SLICE: Final = 4_096  # ids; each slice is larger than the one before, so that the first hits come at once
_LARGEST_SLICE: Final = 131_072
_LARGEST_CONTENT_SLICE: Final = 2_048  # where bytes have to be looked at
_STREAMED: Final = 64
_REMEMBERED: Final = 1024

_DELIVERY_COLUMNS: Final = rows.DELIVERY_COLUMNS.count(",") + 1
_WHOLE = (
    f"SELECT {', '.join(f'delivery.{column}' for column in rows.DELIVERY_COLUMNS.split(', '))}, "  # noqa: S608
    f"{rows.CONTENT_COLUMNS}, answered.ns FROM delivery JOIN content ON content.id = delivery.id "
    "LEFT JOIN answered ON answered.id = delivery.id WHERE delivery.id "
)


def never() -> bool:
    """Not cancelled."""
    return False


class Reader:
    """What is stored, read on a connection of its own that cannot write.

    It opens beside a running writer, and before there is anything: all is empty then, until the store appears.
    Every method raises StoreError where the store cannot be read. A coroutine that is cancelled leaves its thread
    reading, so it may be closed under a read: that read fails, and SQLite never works on what is gone.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock` is what ages in a search count from, in nanoseconds since the epoch."""
        self._folder = folder
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._reading = RLock()
        self._closed = False
        self._decode = Decoder(self._dictionary).decode
        self._ladders: dict[int, Ladder] = {}
        self._answers: dict[int, Answer] = {}
        self._winners: dict[int, str] = {}
        self._origins: dict[int, Recognised] = {}

    def close(self) -> None:
        """Let go of the files."""
        self._closed = True
        with contextlib.suppress(sqlite3.ProgrammingError):  # closed by another thread meanwhile
            if (connection := self._connection) is not None:
                connection.interrupt()
        with self._reading:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    # Deliveries

    def page(self, ids: Sequence[int]) -> list[Summary]:
        """The deliveries of these ids in the order asked; those that are gone are left out."""
        if not ids:
            return []
        where, parameters = _these(ids)
        found = self._rows(f"SELECT {rows.SUMMARY_COLUMNS} FROM delivery WHERE id {where}", parameters)  # noqa: S608
        winners = {number: self._winner(number) for number in {row[-1] for row in found}}
        origins = {number: self._origin(number) for number in {row[-2] for row in found}}
        by_id = {row[0]: row for row in found}
        written = self.annotations(ids)
        return [
            rows.summary_of(row, winners[row[-1]], origins[row[-2]], written.get(id_, NO_ANNOTATION))
            for id_ in ids
            if (row := by_id.get(id_)) is not None
        ]

    def annotations(self, ids: Sequence[int]) -> Mapping[int, Annotation]:
        """What people wrote to those of these deliveries that have a note or tags."""
        return self._read(lambda connection: annotation.load(connection, ids), {})

    def delivery(self, id: int) -> Delivery | None:  # noqa: A002 the field's own name
        """The whole delivery, a large body mapped; None where there is none of this id."""
        found = self._rows(f"{_WHOLE} = ?", (id,))
        return self._delivery(found[0]) if found else None

    def deliveries(self, search: Search = EVERYTHING, *, newest_first: bool = False) -> Iterator[Delivery]:
        """All that match, one after the other; only a few are in memory at a time."""
        for ids in self.scan(search, newest_first=newest_first):
            yield from self.deliveries_of(ids)

    def deliveries_of(self, ids: Sequence[int]) -> Iterator[Delivery]:
        """The deliveries of these ids in their order, as far as they exist; only a few are in memory at a time."""
        for start in range(0, len(ids), _STREAMED):
            part = ids[start : start + _STREAMED]
            where, parameters = _these(part)
            by_id = {row[0]: row for row in self._rows(f"{_WHOLE} {where}", parameters)}
            for id_ in part:
                if id_ in by_id and (delivery := self._delivery(by_id.pop(id_))) is not None:
                    yield delivery

    def ids(
        self, search: Search = EVERYTHING, *, newest_first: bool = False, cancelled: Callable[[], bool] = never
    ) -> Sequence[int]:
        """The ids of all that match, oldest or newest first: a range where there is no gap, else an `array('q')`.

        Once `cancelled` says so, what was found until then.
        """
        if search == EVERYTHING:
            first, last, count = self._extent()
            if last - first + 1 == count:
                return range(last, first - 1, -1) if newest_first else range(first, last + 1)
        found = array("q")
        for ids in self.scan(search, newest_first=newest_first):
            found += ids
            if cancelled():
                break
        return found

    def scan(self, search: Search = EVERYTHING, *, newest_first: bool = False, after: int = 0) -> Iterator[array[int]]:
        """The ids of all behind the id `after` that match, a slice of the store at a time.

        A slice may be empty, for who shows progress.
        """
        now_ns = self._clock()
        connection = self._opened()
        if connection is None:
            return
        try:
            sql = condition(search.root, connection, now_ns)
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        first, last, _ = self._extent()
        first = max(first, after + 1)
        largest = _LARGEST_SLICE if sql.exact else _LARGEST_CONTENT_SLICE
        for low, high in _slices(first, last, largest, newest_first=newest_first):
            ids = self._candidates(sql, low, high, newest_first=newest_first)
            yield ids if sql.exact else self._matching(search, ids, now_ns)

    def count(self, search: Search = EVERYTHING) -> int:
        """How many match."""
        if search == EVERYTHING:
            return sum(self.counts().values())
        if isinstance(search.root, VerdictIs):
            return self.counts()[search.root.verdict]
        return sum(len(ids) for ids in self.scan(search))

    def counts(self) -> Mapping[Verdict, int]:
        """How many there are of each verdict."""
        counted = dict.fromkeys(rows.VERDICTS, 0)
        for number, deliveries in self._rows("SELECT verdict, deliveries FROM counter"):
            counted[rows.VERDICTS[number]] = deliveries
        return counted

    def newest_id(self) -> int:
        """The id of the last delivery, 0 when there is none."""
        return self._extent()[1]

    # Handlers

    def handlers(self) -> tuple[Handler, ...]:
        """The chain as it stands."""
        return self._read(chain.load, ())

    def handler_revision(self, revision: int) -> Handler | None:
        """A handler as it was when it judged a delivery; None where there never was one."""
        return self._read(lambda connection: chain.load_revision(connection, revision), None)

    # Resends

    def attempts(
        self,
        *,
        delivery: int = 0,
        run: int = 0,
        rule: int = 0,
        after: int = 0,
        limit: int = -1,
        newest: bool = False,
        ended: str = "",
    ) -> list[AttemptSummary]:
        """The attempts of a delivery, of a run or of a rule, or all, that `ended` so; oldest first, as `summaries`."""
        return self._read(
            lambda connection: attempts.summaries(
                connection,
                delivery=delivery,
                run=run,
                rule=rule,
                after=after,
                limit=limit,
                newest=newest,
                ended=ended,
            ),
            [],
        )

    def attempt(self, id: int) -> Attempt | None:  # noqa: A002 the field's own name
        """The whole attempt; None where there is none of this id."""
        return self._read(
            lambda connection: attempts.load(
                connection, id, self.delivery, lambda codec, data: self._decoded(id, codec, data)
            ),
            None,
        )

    def newest_attempt_id(self) -> int:
        """The id of the last attempt, 0 when there is none."""
        found = self._rows("SELECT coalesce(max(id), 0) FROM attempt")
        return int(found[0][0]) if found else 0

    def runs(self, limit: int = 100) -> list[Run]:
        """Resends that belong together, the newest first."""
        return self._read(lambda connection: runs.load(connection, limit), [])

    def targets(self, limit: int = 20, *, winner: str = "") -> list[KnownTarget]:
        """Targets that were used, the last one first; before them those of deliveries that this handler won."""
        return self._read(lambda connection: targets.recent(connection, limit, winner), [])

    def forward_rules(self) -> tuple[ForwardRule, ...]:
        """The rules that forward, in order."""
        return self._read(forwards.rules, ())

    def forward_queue(self, rule: int = 0, *, limit: int = 1000) -> list[Waiting]:
        """What waits, is in flight or was given up: the first `limit` of one rule, or of all; in order."""
        return self._read(lambda connection: forwards.queue(connection, rule=rule, limit=limit), [])

    def forward_counts(self) -> Mapping[int, Mapping[str, int]]:
        """How many are in each state, by rule."""
        return self._read(forwards.counts, {})

    def allowance(self, target: Target) -> Allowance:
        """What a person has allowed for `target`."""
        return self._read(lambda connection: targets.allowed(connection, target), NOTHING_ALLOWED)

    # How

    def _candidates(self, sql: Condition, low: int, high: int, *, newest_first: bool) -> array[int]:
        # One row of text instead of one for each id: every row costs a turn at the interpreter's lock.
        order = "DESC" if newest_first else "ASC"
        found = self._rows(
            "SELECT group_concat(id) FROM (SELECT id FROM delivery "  # noqa: S608
            f"WHERE id BETWEEN ? AND ? AND {sql.sql} ORDER BY id {order})",
            (low, high, *sql.parameters),
        )
        text = found[0][0] if found else None
        return array("q", msgspec.json.decode(f"[{text}]", type=list[int]) if text else [])

    def _matching(self, search: Search, ids: array[int], now_ns: int) -> array[int]:
        """Those of `ids` whose bytes match too."""
        if not ids:
            return ids
        where, parameters = _these(ids)
        contents = self._rows(f"SELECT id, codec, file, data FROM content WHERE id {where}", parameters)  # noqa: S608
        suspect = suspicion(search.root)
        suspects = {
            id_
            for id_, codec, file, data in contents
            if file is not None or suspect(self._decoded(id_, codec, data).lower())
        }
        found = array("q")
        for id_ in ids:
            if id_ in suspects:
                delivery = self.delivery(id_)
                if delivery is not None and matches(search.root, delivery, now_ns):
                    found.append(id_)
        return found

    def _delivery(self, row: rows.Row) -> Delivery | None:
        """The delivery of that row; None where it was deleted, and its body with it, since the row was read."""
        ladder, answer, origin = row[11], row[12], row[15]
        codec, *lengths, file, data, answered_ns = row[_DELIVERY_COLUMNS:]
        body = None
        if file is not None:
            try:
                body = bodies.view(self._folder, file)
            except OSError as error:
                if not self._rows("SELECT 1 FROM delivery WHERE id = ?", (row[0],)):
                    return None
                raise StoreError(f"The body of delivery {row[0]} cannot be read: {reason(error)}.") from error
        return rows.delivery_of(
            row[:_DELIVERY_COLUMNS],
            lengths,
            self._decoded(row[0], codec, data),
            body,
            rows.Beside(
                self._ladder(ladder),
                self._answer(answer),
                answered_ns or 0,
                self._origin(origin),
                self.annotations((row[0],)).get(row[0], NO_ANNOTATION),
            ),
        )

    def _decoded(self, id_: int, codec: int, data: bytes) -> bytes:
        try:
            return self._decode(codec, data)
        except ValueError as error:
            raise StoreError(f"Delivery {id_} in the store is damaged: {error}.") from error

    def _dictionary(self, number: int) -> bytes:
        return bytes(self._value("dictionary", "value", number))

    def _ladder(self, number: int) -> Ladder:
        return _remembered(self._ladders, number, lambda: rows.ladder_of(self._value("ladder", "value", number)))

    def _winner(self, number: int) -> str:
        return _remembered(self._winners, number, lambda: str(self._value("ladder", "winner", number)))

    def _answer(self, number: int) -> Answer:
        return _remembered(self._answers, number, lambda: rows.answer_of(self._value("answer", "value", number)))

    def _origin(self, number: int | None) -> Recognised | None:
        if number is None:
            return None
        return _remembered(self._origins, number, lambda: rows.origin_of(self._value("origin", "value", number)))

    def _value(self, table: str, column: str, number: int) -> Any:
        found = self._rows(f"SELECT {column} FROM {table} WHERE id = ?", (number,))  # noqa: S608
        if not found:
            raise StoreError(f"The store is damaged: there is no {table} {number}.")
        return found[0][0]

    def _extent(self) -> tuple[int, int, int]:
        """The lowest id, the highest, and how many there are; (1, 0, 0) when empty."""
        found = self._rows(
            "SELECT (SELECT min(id) FROM delivery), (SELECT max(id) FROM delivery), "
            "(SELECT sum(deliveries) FROM counter)"
        )
        return found[0] if found and found[0][0] is not None else (1, 0, 0)

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        return self._read(lambda connection: connection.execute(sql, parameters).fetchall(), [])

    def _read[T](self, read: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        with self._reading:
            connection = self._opened()
            if connection is None:
                return nothing
            try:
                return read(connection)
            except (sqlite3.Error, msgspec.DecodeError) as error:
                raise self._unreadable(error) from error

    def _opened(self) -> sqlite3.Connection | None:
        if self._closed:
            raise StoreError("The store was closed while it was read.")
        if self._connection is None:
            self._connection = open_reader(self._folder)
        return self._connection

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(f"The store in {self._folder} cannot be read: {reason(error)}.")


def _these(ids: Sequence[int]) -> tuple[str, Sequence[int]]:
    """The condition on an id to be one of `ids`: a range where they lie close together."""
    low, high = min(ids), max(ids)
    if high - low < 2 * len(ids):
        return "BETWEEN ? AND ?", (low, high)
    return f"IN ({', '.join('?' * len(ids))})", list(ids)


def _slices(first: int, last: int, largest: int, *, newest_first: bool) -> Iterator[tuple[int, int]]:
    """Ranges that cover `first` to `last`, growing from one to the next."""
    size = min(_FIRST_SLICE, largest)
    while first <= last:
        if newest_first:
            yield max(first, last - size + 1), last
            last -= size
        else:
            yield first, min(last, first + size - 1)
            first += size
        size = min(size * 2, largest)


def _remembered[T](kept: dict[int, T], number: int, read: Callable[[], T]) -> T:
    value = kept.get(number)
    if value is None:
        if len(kept) >= _REMEMBERED:
            kept.clear()
        kept[number] = value = read()
    return value
