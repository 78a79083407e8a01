"""The composition root: builds the whole product without a window, and stops it in reverse order."""

import asyncio
import contextlib
import importlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from inspector import presets
from inspector.core.annotation import Annotation, tidied
from inspector.core.attempt import Attempt
from inspector.core.delivery import Delivery, Rung
from inspector.core.handler import Handler
from inspector.core.judgement import Judgement
from inspector.core.verification.computed import expected_signature
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.secret import Secret
from inspector.feed import (
    DeliveriesAdded,
    DeliveriesAnnotated,
    DeliveriesRemoved,
    Feed,
    ListenerChanged,
    ListenerState,
    SettingsChanged,
)
from inspector.handler_chain import HandlerChain, HandlerRejected
from inspector.instance import hold
from inspector.intake import Intake
from inspector.late_recognition import LateRecognition
from inspector.material import Keys
from inspector.recheck.rechecks import Rechecks
from inspector.resend import REAL_CLOCK, Clock, Forwarding, Resends, SendLimits, Signer
from inspector.sample_delivery import TestDeliveryFailed, send_test_delivery
from inspector.secret_store import SecretStore, open_secret_store
from inspector.settings import Settings, save
from inspector.sources.listener import Listener, ListenError, PortTaken, listening
from inspector.store import Reader, Store, open_store
from inspector.workers import Workers

if TYPE_CHECKING:  # what explains is not needed at start
    from datetime import datetime

    from inspector.asking import Answered, Question
    from inspector.core.answer_comparison import ComparedRow
    from inspector.core.diagnosis.finding import Step
    from inspector.core.request import Request
    from inspector.diagnosing import Diagnoses
    from inspector.simulating import Simulator

__all__ = ["HandlerRejected", "Inspector", "TestDeliveryFailed", "running"]

logger = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    folder: Path, settings: Settings, *, listen: bool = True, forward: bool = True, clock: Clock = REAL_CLOCK
) -> AsyncIterator["Inspector"]:
    """Start the whole product on the data `folder` without a window; leaving the block stops it.

    Raises FolderInUse where another instance holds the folder and StoreError where it cannot be used. A taken
    port is no error: it is told in `listener_state` and on the feed, and everything else works. Without `forward` the
    rules that forward rest, as for a command that only changes something. `clock` is what retries wait by.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(hold(folder))
        feed = Feed()
        store = await stack.enter_async_context(
            open_store(folder, committed=lambda deliveries: feed.publish(DeliveriesAdded(deliveries)))
        )
        secret_store = await asyncio.to_thread(open_secret_store, folder)
        inspector = Inspector(folder, settings, feed, store, secret_store, clock=clock)
        stack.push_async_callback(inspector.stop)
        await inspector.start(listen=listen, forward=forward)
        yield inspector


class Inspector:
    """The running product: what a user can ask of it. All of it belongs to the engine's thread."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        feed: Feed,
        store: Store,
        secret_store: SecretStore,
        *,
        clock: Clock = REAL_CLOCK,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.feed = feed
        self.listener_state = ListenerState(enabled=settings.listener.enabled)
        self._store = store
        self._secret_store = secret_store
        self._keys = Keys(folder)
        early = LateRecognition(folder, store, feed)
        self._intake = Intake(store, feed, settings.answer, self._keys, early, enabled=settings.listener.enabled)
        self._chain = HandlerChain(store, secret_store, feed, self._intake.judge_by)
        self.rechecks = Rechecks(folder, self._keys, lambda: self._intake.judge)
        self._recognising: asyncio.Task[None] | None = None
        self._workers = Workers()
        self._listener: Listener | None = None
        self._listener_stack = AsyncExitStack()
        self._clock = clock
        self.resends = Resends(
            folder,
            store,
            feed,
            own_listener=self._own_listener,
            signer=self._signer,
            limits=self._send_limits,
            clock=clock,
        )
        self.forwarding = Forwarding(
            folder,
            store,
            feed,
            own_listener=self._own_listener,
            signer=self._signer,
            limits=self._send_limits,
            recognised=early.known,
        )
        self._intake.forwarding = self.forwarding

    @cached_property
    def simulator(self) -> "Simulator":
        """Makes deliveries as providers do. What it needs is not needed at start."""
        from inspector.simulating import Simulator, Surroundings

        def around() -> Surroundings:
            return Surroundings(self.handlers, self._signer, self.listener_state.url if self._listener else "")

        return Simulator(
            self._store,
            self.feed,
            self.resends,
            self._secret_store,
            around=around,
            limits=self._send_limits,
            clock=self._clock,
        )

    async def prepare_simulator(self) -> None:
        """Load what `simulator` needs, in a thread: the listener's loop goes on meanwhile."""
        await asyncio.to_thread(importlib.import_module, "inspector.simulating")

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """The chain as it stands."""
        return self._chain.handlers

    @property
    def handlers_count(self) -> int:
        """How often the chain has changed: tells which of two is newer."""
        return self._chain.count

    @property
    def secret_notice(self) -> str | None:
        """What the user must know of where secrets are kept; None when it is the keyring."""
        return self._secret_store.notice

    async def start(self, *, listen: bool, forward: bool = True) -> None:
        """Load the chain and its secrets, go on with what is to be forwarded, then listen."""
        await self._chain.start()
        if forward:
            await self.forwarding.start()
        if listen:
            await self.start_listening()
        self._recognising = asyncio.get_running_loop().create_task(self._recognise(), name="recogniser")

    async def recognising(self) -> None:
        """Wait until senders are recognised, also of what came before. Nothing else waits for that."""
        if self._recognising is not None:
            await asyncio.shield(self._recognising)
            await self._intake.early.done()

    async def stop(self) -> None:
        """Stop listening and sending, and forget the secrets that no handler uses any more."""
        if "simulator" in self.__dict__:
            await self.simulator.close()
        await self.resends.close()
        await self.forwarding.stop()
        if self._recognising is not None:
            self._recognising.cancel()
        await self._intake.early.close()
        await self._workers.close()
        await self._listener_stack.aclose()
        await self._keys.close()
        await self._chain.stop()

    # Handlers and their secrets

    async def save_handlers(self, handlers: Sequence[Handler]) -> tuple[Handler, ...]:
        """Make `handlers` the chain, in this order; the next delivery is judged by it.

        Returns them with their ids and revisions. Raises HandlerRejected, and then nothing has changed.
        """
        return await self.change_handlers(lambda _: handlers)

    async def change_handlers(self, change: Callable[[tuple[Handler, ...]], Sequence[Handler]]) -> tuple[Handler, ...]:
        """The same with what `change` makes of the chain as it stands when its turn comes, so that no other is lost."""
        return await self._chain.change(change)

    async def keep_secret(self, value: str) -> str:
        """Keep a secret in the secret store; returns the id that a handler refers to it by.

        Raises SecretUnavailable where the secret store refuses.
        """
        return await self._chain.keep_secret(value)

    async def secret(self, id_: str) -> str | None:
        """The secret of this id, to be shown to its owner; None where it cannot be read."""
        return await self._chain.secret(id_)

    async def take_secret(self, delivery_id: int) -> str:
        """Give the secret that a handshake brought to the handler that answered it; returns the handler's name.

        It is tried first from now on. Raises HandlerRejected where there is nothing to take, and SecretUnavailable.
        """
        with contextlib.closing(Reader(self.folder)) as reader:
            delivery = await asyncio.to_thread(reader.delivery, delivery_id)
        return await self._chain.take_secret(delivery)

    async def expected_signature(self, delivery: Delivery, rung: Rung) -> bytes | None:
        """What the signature of `delivery` would have to be for the handler of `rung`, as it was checked.

        The first of its secrets counts, or the one that matched. None where it cannot be computed.
        """
        with contextlib.closing(Reader(self.folder)) as reader:
            handler = await asyncio.to_thread(reader.handler_revision, rung.revision)
        if handler is None:
            return None
        usable = [ref for ref in handler.secrets if not ref.retired]
        usable.sort(key=lambda ref: ref.label != rung.secret_label)
        if not usable or (value := await self.secret(usable[0].id)) is None:
            return None
        secret = Secret(usable[0].label, value)
        url = sender_url(delivery.request, handler.public_url)
        return await asyncio.to_thread(
            expected_signature, delivery.request, handler.scheme, secret, url=url, parameters=handler.parameters
        )

    async def check_again(self, delivery: Delivery) -> Judgement:
        """What today's handlers make of `delivery`, as of its receipt. What is stored stays as it is."""
        return await self.rechecks.one(delivery)

    async def diagnose(self, delivery: Delivery, handler_id: int, *, deep: bool = False) -> AsyncGenerator["Step"]:
        """Say why that handler, as it is now, does not verify `delivery`: findings and progress, Finished last.

        It runs in a process of its own, which is given the secrets of every handler through a pipe; leaving the
        generator stops it. Nothing comes where there is no such handler. Raises WorkFailed.
        """
        await self.prepare_diagnoses()
        async with contextlib.aclosing(self.diagnoses.of(delivery, handler_id, deep=deep)) as steps:
            async for step in steps:
                yield step

    async def diagnose_request(self, question: "Question", *, deep: bool = False) -> AsyncGenerator["Answered"]:
        """Say how a request from elsewhere comes to its outcome and why, or how it is signed. Nothing is stored.

        As `diagnose` otherwise; the secrets of all handlers are tried as well.
        """
        await asyncio.to_thread(importlib.import_module, "inspector.asking")  # the listener's loop goes on
        from inspector.asking import answered

        chain = self._intake.chain
        handler = next((link.handler for link in chain if link.handler.id == question.handler_id), None)
        retired = await self._chain.read_retired(handler) if handler is not None else ()
        async with contextlib.aclosing(answered(self._workers, question, chain, retired, deep=deep)) as steps:
            async for step in steps:
                yield step

    async def keep_request(self, request: "Request", at: "datetime", note: str) -> int:
        """Store a request from elsewhere as a delivery received `at`, judged as of then; returns its id.

        Nobody is answered. Raises StoreError.
        """
        from inspector.asking import PASTED

        id_ = await self._intake.keep(request, at, PASTED)
        await self.annotate({id_: Annotation(note, (PASTED,))})
        return id_

    async def prepare_diagnoses(self) -> None:
        """Load what `diagnoses` needs, in a thread: the listener's loop goes on meanwhile."""
        await asyncio.to_thread(importlib.import_module, "inspector.diagnosing")

    @cached_property
    def diagnoses(self) -> "Diagnoses":
        """Says why deliveries failed; made when it is first asked, as start-up needs nothing of it."""
        from inspector.diagnosing import Diagnoses

        return Diagnoses(self.folder, self._workers, lambda: self._intake.chain, self._chain.read_retired)

    async def compare_answers(self, left: int, right: int) -> "AsyncGenerator[Sequence[ComparedRow]]":
        """The answers to the attempts of these two ids, row by row. Raises StoreError and WorkFailed."""
        from inspector.core.answer_comparison import compared

        def read() -> list[Attempt]:
            with contextlib.closing(Reader(self.folder)) as reader:
                return [found for id_ in (left, right) if (found := reader.attempt(id_)) is not None]

        found = await asyncio.to_thread(read)
        if len(found) == 2:  # else one was deleted with its delivery
            async with contextlib.aclosing(self._workers.run(compared, *found)) as batches:
                async for rows in batches:
                    yield rows

    # The listener

    async def start_listening(self, port: int | None = None) -> None:
        """Listen as the settings say, or on `port` for this session; told on the feed, also when it cannot."""
        await self.stop_listening()
        wanted = self.settings.listener if port is None else replace(self.settings.listener, port=port)
        try:
            listener = await self._listener_stack.enter_async_context(listening(wanted, self._intake))
        except PortTaken as taken:
            self._tell_listener(problem=str(taken), offered_port=taken.next_free)
        except ListenError as error:
            self._tell_listener(problem=str(error))
        else:
            self._listener = listener
            self._tell_listener(listening=True, url=listener.url)

    async def stop_listening(self) -> None:
        """Stop taking requests; those under way are answered first."""
        self._listener = None
        await self._listener_stack.aclose()
        self._listener_stack = AsyncExitStack()
        if self.listener_state.listening:
            self._tell_listener()

    async def enable(self, *, on: bool) -> None:
        """Switch the feature on or off: off, every request is answered 403 and kept as refused."""
        self._intake.enabled = on
        listener = replace(self.settings.listener, enabled=on)
        self.settings = replace(self.settings, listener=listener)
        self._set_listener_state(replace(self.listener_state, enabled=on))

    def _tell_listener(
        self, *, listening: bool = False, url: str = "", problem: str = "", offered_port: int = 0
    ) -> None:
        if problem:
            logger.warning("%s", problem)
        state = ListenerState(listening, url, self._intake.enabled, problem, offered_port)
        self._set_listener_state(state)

    def _set_listener_state(self, state: ListenerState) -> None:
        self.listener_state = state
        self.feed.publish(ListenerChanged(state))

    # Everything else

    async def save_settings(self, settings: Settings) -> None:
        """Keep `settings` and work by them at once; the listener starts anew where its own changed."""
        await asyncio.to_thread(save, self.folder, settings)
        before, self.settings = self.settings, settings
        self._intake.use(settings.answer)
        self.feed.publish(SettingsChanged(settings))
        if settings.listener.enabled != self._intake.enabled:
            await self.enable(on=settings.listener.enabled)
        if replace(settings.listener, enabled=before.listener.enabled) != before.listener:
            await self.start_listening()

    async def send_test_delivery(self, handler_id: int) -> int:
        """Send a real request, signed for the handler, through the socket; returns the id of its delivery.

        Raises CannotSign where the handler cannot sign and TestDeliveryFailed where the request did not arrive.
        """
        handler = next((h for h in self.handlers if h.id == handler_id), None)
        if handler is None or self._listener is None:
            raise TestDeliveryFailed("The listener is not running." if handler else "There is no such handler.")
        return await send_test_delivery(self._listener, self.feed, handler, self._chain.usable_secret(handler))

    async def annotate(self, annotations: Mapping[int, Annotation]) -> Mapping[int, Annotation]:
        """Write notes and tags to deliveries, in place of what they have; returns what they had."""
        written = {id_: tidied(each) for id_, each in annotations.items()}
        before = await self._store.annotate(written)
        self.feed.publish(DeliveriesAnnotated({id_: written[id_] for id_ in before}))
        return before

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete these deliveries for good."""
        await self._store.delete(ids)
        self.feed.publish(DeliveriesRemoved(ids))

    def _own_listener(self) -> tuple[str, int] | None:
        return None if self._listener is None else (self._listener.host, self._listener.port)

    def _send_limits(self) -> SendLimits:
        sending = self.settings.sending
        connect_s = sending.connect_timeout_s
        return SendLimits(
            connect_s,
            connect_s,
            connect_s,
            sending.answer_timeout_s,
            sending.max_answer_bytes,
            sending.max_redirects,
        )

    def _signer(self, name: str) -> Signer | None:
        """The handler of that name, with the first of its secrets that can be read."""
        handler = next((handler for handler in self.handlers if handler.name == name), None)
        return None if handler is None else Signer(handler, self._chain.usable_secret(handler))

    async def _recognise(self) -> None:
        self._intake.recognise_by(await asyncio.to_thread(presets.recogniser))
