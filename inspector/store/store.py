"""The store as the engine sees it: everything awaits its commit, many share one."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inspector.core.annotation import Annotation
from inspector.core.delivery import ANSWERING, Answer, Delivery, Recognised
from inspector.core.handler import Handler
from inspector.store import annotation, bodies, chain, dictionary, rows
from inspector.store.attempt_log import AttemptLog
from inspector.store.bodies import Spooled, SpooledBody
from inspector.store.interned import Interned
from inspector.store.sqlite import StoreError
from inspector.store.writer import Batch, Work, Writer

logger = logging.getLogger(__name__)

type Committed = Callable[[Sequence[Delivery]], None]

_ANSWERED_WAIT_S = 0.2
_LARGEST_COMMIT = 128
"""So many deliveries are a commit, whatever else there is to read: more would make each hardly cheaper."""

_SLICE = 500
_VACUUM_PAGES = 500
_REMEMBERED = 1024


@asynccontextmanager
async def open_store(folder: Path, *, committed: Committed = lambda _: None) -> AsyncIterator["Store"]:
    """Open the store in `folder`, made where it is missing; leaving the block writes what is left and closes it.

    `committed` is called on this loop once a commit, after those who waited for it were woken, with the deliveries
    that it made durable. Raises StoreError where the folder cannot be used.
    """
    writer = await asyncio.to_thread(Writer, folder)
    store = Store(folder, writer, committed)
    try:
        await store.start()
        yield store
    finally:
        await store.close()


@dataclass(slots=True)
class _Waiting:
    """A delivery on its way into a commit."""

    delivery: Delivery
    row: rows.Row
    content: bytes
    file: SpooledBody | None
    stored: asyncio.Future[int]


class Store:
    """Stores deliveries and handlers durably. It belongs to the loop it was opened on.

    A commit begins when the loop has nothing more to read, and none is under way. It costs the processor as much as
    twenty deliveries; while it lasts, each handing over of the interpreter's lock costs as much as one. So a commit
    of all that is at hand takes less time than two of the halves, though each half is read while the other one is
    written. Where nothing else is at hand, nothing is waited for.
    """

    def __init__(self, folder: Path, writer: Writer, committed: Committed) -> None:
        self._folder = folder
        self._writer = writer
        self._committed = committed
        self._loop = asyncio.get_running_loop()
        self._ladders = Interned({}, 0)
        self._answers = Interned({}, 0)
        self._origins = Interned({}, 0)
        self._waiting: list[_Waiting] = []
        self._answered: list[tuple[int, int]] = []
        # Files of deliveries whose commit failed. The database may still find it in its log when it opens again, so
        # they are removed after the next commit, and only if no row names them.
        self._doubtful: list[str] = []
        self._committing: list[_Waiting] | None = None
        self._looking = False  # whether there is more to read
        self._seen = 0  # so many waited at the last look
        self._alone = True  # the last commit was of one delivery
        self._flush: asyncio.TimerHandle | None = None
        self._idle = asyncio.Event()
        self._training_at = dictionary.FIRST_AFTER  # the delivery that the next dictionary is trained after
        self._training: asyncio.Task[None] | None = None
        self._closed = False
        self.attempts = AttemptLog(self.do, writer.encoder.encode)

    async def start(self) -> None:
        """Read what deliveries will refer to, and have leftover files removed in the meantime."""
        known, last = await self.do(lambda connection: _interned(connection, "ladder"))
        self._ladders = Interned(known, last)
        known, last = await self.do(lambda connection: _interned(connection, "answer"))
        self._answers = Interned(known, last)
        known, last = await self.do(lambda connection: _interned(connection, "origin"))
        self._origins = Interned(known, last)
        self._use(await self.do(dictionary.newest))
        self._sweep(list(await asyncio.to_thread(bodies.names, self._folder)))

    async def close(self) -> None:
        """Write what is left and let go of the files."""
        if self._flush is not None:
            self._flush.cancel()
        if self._training is not None:
            self._training.cancel()
        with contextlib.suppress(StoreError):  # it has been told to who waited
            await self.attempts.flush()
        self._closed = True
        while self._waiting or self._answered or self._committing is not None:
            self._idle.clear()
            if self._committing is None:
                self._hand_over()
            await self._idle.wait()
        await asyncio.to_thread(self._writer.close)

    # Deliveries

    async def add(self, delivery: Delivery, body: Spooled | None = None) -> int:
        """Store `delivery`; returns its id once it is durable. `body` is the file that has its body.

        Raises StoreError; it must not be acknowledged then, and its file goes.
        """
        self._check_open()
        if body is not None and not isinstance(body, SpooledBody):
            raise ValueError("the body was not spooled by this store")
        if body is not None:
            await self._synced(body)
        stored: asyncio.Future[int] = self._loop.create_future()
        row, content = self._row(delivery, body)
        self._waiting.append(_Waiting(delivery, row, content, body, stored))
        self._soon()
        return await stored

    def answered(self, id: int, ns: int) -> None:  # noqa: A002 the field's own name
        """Note when the answer to a delivery left. It is written by a later commit and never waited for."""
        self._answered.append((id, ns))
        if self._flush is None and not self._closed:
            self._flush = self._loop.call_later(_ANSWERED_WAIT_S, self._flush_answered)

    async def answer_with(self, id: int, answer: Answer) -> None:  # noqa: A002 the field's own name
        """Remember that the delivery was answered so, and not as it was stored. Raises StoreError."""
        value = rows.answer_value(answer)
        number = self._answers.number(value)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", (number, value))
            connection.execute("UPDATE delivery SET status = ?, answer = ? WHERE id = ?", (answer.status, number, id))

        await self.do(work)

    def spool(self) -> SpooledBody:
        """For a body too large for memory: what is written to it goes into a file of its own."""
        return SpooledBody(self._folder / bodies.FOLDER_NAME)

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete these deliveries for good, in slices between commits. Raises StoreError."""
        for start in range(0, len(ids), _SLICE):
            part = list(ids[start : start + _SLICE])
            files = await self.do(partial(_delete, part))
            await asyncio.to_thread(bodies.remove, self._folder, files)
        while await self.do(_vacuum):
            pass

    async def annotate(self, annotations: Mapping[int, Annotation]) -> Mapping[int, Annotation]:
        """Write these to the deliveries of these ids; returns what stood there before.

        Ids of deliveries that are gone are left out. Raises StoreError, and then nothing has changed.
        """
        return await self.do(partial(annotation.save, annotations))

    async def recognise(self, recognised: Mapping[int, Recognised]) -> None:
        """Note who sent these deliveries. Raises StoreError, and then nothing has changed."""
        origins = {id_: rows.origin_value(each) for id_, each in recognised.items()}
        numbers = {value: self._origins.number(value) for value in set(origins.values())}
        senders = [(numbers[origins[id_]], *rows.own_part(each), id_) for id_, each in recognised.items()]

        def work(connection: sqlite3.Connection) -> None:
            known = [(number, value) for value, number in numbers.items()]
            connection.executemany("INSERT OR REPLACE INTO origin VALUES (?, ?)", known)
            connection.executemany("UPDATE delivery SET origin = ?, provider_id = ?, attempt = ? WHERE id = ?", senders)

        await self.do(work)

    # Handlers

    async def handlers(self) -> tuple[Handler, ...]:
        """The chain as it stands. Raises StoreError."""
        return await self.do(chain.load)

    async def save_handlers(self, handlers: Sequence[Handler]) -> tuple[Handler, ...]:
        """Make `handlers` the chain, in this order; each comes back with its id and revision.

        A new revision is made only where the values changed. Id 0 is a new handler; one that was removed comes back
        under its id. Raises StoreError, and then nothing has changed.
        """
        return await self.do(lambda connection: chain.save(connection, handlers))

    # How

    async def _synced(self, body: SpooledBody) -> None:
        """The file of `body` is on the disk, or gone and StoreError raised."""
        try:
            await asyncio.wrap_future(self._writer.sync(body))
            self._check_open()
        except StoreError:
            body.discard()
            raise

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("The store is closed.")

    def _row(self, delivery: Delivery, body: SpooledBody | None) -> tuple[rows.Row, bytes]:
        ladder = self._ladders.number(rows.ladder_value(delivery.ladder))
        answer = self._answers.number(rows.answer_value(delivery.answer))
        recognised = delivery.recognised
        origin = None if recognised is None else self._origins.number(rows.origin_value(recognised))
        lengths, data = rows.content_part(delivery, None if body is None else body.path.name)
        return rows.delivery_part(delivery, ladder, answer, origin) + lengths, data

    def _soon(self) -> None:
        """Hand over when a turn of the loop has brought nothing more."""
        if not self._looking:
            self._looking = True
            self._seen = len(self._waiting) if self._alone else -1
            self._loop.call_soon(self._look)

    def _look(self) -> None:
        waiting = len(self._waiting)
        if self._seen < waiting < _LARGEST_COMMIT:
            self._seen = waiting
            self._loop.call_soon(self._look)
            return
        self._looking = False
        if self._committing is None:
            self._hand_over()

    def _flush_answered(self) -> None:
        self._flush = None
        if self._answered:
            self._soon()

    def _hand_over(self) -> None:
        if self._committing is not None or not (self._waiting or self._answered):
            return
        self._committing, self._waiting = self._waiting, []
        answered, self._answered = self._answered, []
        self._alone = len(self._committing) <= 1
        batch = Batch(
            deliveries=[waiting.row for waiting in self._committing],
            contents=[waiting.content for waiting in self._committing],
            with_files=any(waiting.file is not None for waiting in self._committing),
            answered=answered,
            ladders=[(number, _winner(value), value) for number, value in self._ladders.unsaved.items()],
            answers=list(self._answers.unsaved.items()),
            origins=list(self._origins.unsaved.items()),
        )
        self._writer.commit(batch, self._back_here(self._done))

    def _done(self, batch: Batch) -> None:
        committing, self._committing = self._committing or [], None
        if len(self._waiting) >= max(len(committing), 1) and not self._looking:
            self._hand_over()  # the next commit begins before anybody is told of this one
        elif self._waiting:
            self._soon()  # it is better to take those along who will have their answers now
        if batch.error is not None:
            self._not_stored(batch, committing, batch.error)
        else:
            self._stored(batch, committing)
        if self._committing is None:
            self._idle.set()

    def _stored(self, batch: Batch, committing: Sequence[_Waiting]) -> None:
        if self._doubtful:
            doubtful, self._doubtful = self._doubtful, []
            self._sweep(doubtful)
        self._ladders.saved([number for number, _, _ in batch.ladders])
        self._answers.saved([number for number, _ in batch.answers])
        self._origins.saved([number for number, _ in batch.origins])
        for id_, waiting in enumerate(committing, batch.first_id):
            if not waiting.stored.done():
                waiting.stored.set_result(id_)
        if committing:
            # After the woken ones have sent their answers.
            deliveries = [_with_id(waiting.delivery, id_) for id_, waiting in enumerate(committing, batch.first_id)]
            self._loop.call_soon(self._committed, deliveries)
            if deliveries[-1].id >= self._training_at and self._training is None:
                self._training = self._loop.create_task(self._train(), name="train a dictionary")

    async def _train(self) -> None:
        """Learn from the newest deliveries how to code the next ones."""
        self._training_at *= dictionary.GROWTH
        try:
            value = await asyncio.to_thread(dictionary.trained_on, self._folder)
            if value is not None:
                self._use(await self.do(partial(dictionary.save, value)))
        except (StoreError, sqlite3.Error, ValueError) as error:  # all goes on without it
            logger.warning("no dictionary could be trained: %s", error)
        self._training = None

    def _use(self, newest: tuple[int, int, bytes] | None) -> None:
        """Code with this dictionary, once it is kept."""
        if newest is not None:
            number, trained_at, value = newest
            self._writer.encoder.use(number, value)
            self._training_at = max(trained_at, dictionary.FIRST_AFTER) * dictionary.GROWTH

    def _not_stored(self, batch: Batch, committing: Sequence[_Waiting], error: StoreError) -> None:
        if not self._closed:
            self._answered[:0] = batch.answered  # they may be written when the cause has ended
        for waiting in committing:
            if waiting.file is not None:
                self._doubtful.append(waiting.file.path.name)
            if not waiting.stored.done():
                waiting.stored.set_exception(StoreError(str(error)))

    async def do[T](self, work: Work[T]) -> T:
        """Do `work` in the writer's thread between two commits. Raises StoreError."""
        self._check_open()
        finished: asyncio.Future[T] = self._loop.create_future()

        def tell(result: T | StoreError) -> None:
            if finished.cancelled():
                return
            if isinstance(result, StoreError):
                finished.set_exception(result)
            else:
                finished.set_result(result)

        self._writer.do(work, self._back_here(tell))
        return await finished

    def _back_here[T](self, done: Callable[[T], None]) -> Callable[[T], None]:
        """`done`, to be called by the writer's thread, on this loop."""

        def tell(result: T) -> None:
            self._loop.call_soon_threadsafe(done, result)

        return tell

    def _sweep(self, names: Sequence[str]) -> None:
        """Remove the files in `names` that no row names: a crash or a failed commit left them."""
        for start in range(0, len(names), _SLICE):
            part = names[start : start + _SLICE]

            def work(connection: sqlite3.Connection, part: Sequence[str] = part) -> None:
                bodies.remove(self._folder, [name for name in part if not _is_kept(connection, name)])

            self._writer.do(work, lambda _: None)


def _interned(connection: sqlite3.Connection, table: str) -> tuple[dict[bytes, int], int]:
    """The last values of `table` with their numbers, and the highest number."""
    newest = connection.execute(f"SELECT value, id FROM {table} ORDER BY id DESC LIMIT {_REMEMBERED}").fetchall()  # noqa: S608
    return dict(reversed(newest)), newest[0][1] if newest else 0


def _with_id(delivery: Delivery, id_: int) -> Delivery:
    """`dataclasses.replace` for the one case where its time counts: it takes six times as long."""
    return Delivery(
        delivery.request,
        delivery.remote,
        delivery.first_byte_ns,
        delivery.last_byte_ns,
        delivery.verdict,
        delivery.ladder,
        delivery.answer,
        delivery.tls,
        delivery.refusal,
        id_,
        delivery.answered_ns,
        delivery.recognised,
    )


def _winner(ladder: bytes) -> str:
    answering = next((rung for rung in rows.ladder_of(ladder) if rung.standing in ANSWERING), None)
    return "" if answering is None else answering.handler


def _delete(ids: Sequence[int], connection: sqlite3.Connection) -> list[str]:
    """Delete the deliveries and return the names of the files that their bodies had."""
    marks = ", ".join("?" * len(ids))
    files = connection.execute(f"SELECT file FROM content WHERE file IS NOT NULL AND id IN ({marks})", ids).fetchall()  # noqa: S608
    connection.execute(f"DELETE FROM delivery WHERE id IN ({marks})", ids)  # noqa: S608
    return [name for (name,) in files]


def _vacuum(connection: sqlite3.Connection) -> bool:
    """Give some free pages back to the system; whether there are more."""
    connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    return bool(connection.execute("PRAGMA freelist_count").fetchone()[0])


def _is_kept(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM content WHERE file = ?", (name,)).fetchone() is not None
