"""The composition root: builds the whole product without a window, and stops it in reverse order."""

import asyncio
import contextlib
import logging
import secrets as randomness
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from inspector import presets
from inspector.core.annotation import Annotation, tidied
from inspector.core.delivery import Delivery, Ladder, Rung
from inspector.core.handler import Handler, SecretRef
from inspector.core.handler_check import problems
from inspector.core.handshake import brought_secret
from inspector.core.verification.computed import expected_signature
from inspector.core.verification.ladder import chain_of, evaluate
from inspector.core.verification.preset import Preset
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.feed import (
    DeliveriesAdded,
    DeliveriesAnnotated,
    DeliveriesRemoved,
    Fault,
    FaultEnded,
    Feed,
    HandlersChanged,
    ListenerChanged,
    ListenerState,
    SettingsChanged,
)
from inspector.instance import hold
from inspector.intake import Intake
from inspector.material import Keys
from inspector.resend import REAL_CLOCK, Clock, Forwarding, Resends, SendLimits, Signer
from inspector.secret_store import SecretStore, SecretUnavailable, open_secret_store
from inspector.settings import Settings, save
from inspector.sources.listener import Listener, ListenError, PortTaken, listening
from inspector.store import Reader, Store, open_store
from inspector.workers import Workers

if TYPE_CHECKING:  # what explains is not needed at start
    from inspector.core.diagnosis.finding import Step

logger = logging.getLogger(__name__)

TEST_DELIVERY_LIMIT_S = 10
SECRETS_RETRY_S = 15


class HandlerRejected(ValueError):
    """A handler cannot be stored as it is; the message says which and why."""


class TestDeliveryFailed(Exception):
    """The test delivery could not be sent or was not stored; the message says why."""

    __test__ = False  # the name is the field's, not pytest's


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
        self.handlers: tuple[Handler, ...] = ()
        self.handlers_count = 0  # how often the chain has changed: tells which of two is newer
        self.listener_state = ListenerState(enabled=settings.listener.enabled)
        self._store = store
        self._secret_store = secret_store
        self._secrets: dict[str, Secret | UnreadableSecret] = {}
        self._unused: set[str] = set()  # ids of secrets that left the chain; an undo may want them back
        self._keys = Keys(folder)
        self._intake = Intake(store, feed, settings.answer, self._keys, enabled=settings.listener.enabled)
        self._recognising: asyncio.Task[None] | None = None
        self._workers = Workers()
        self._listener: Listener | None = None
        self._listener_stack = AsyncExitStack()
        self._changing = asyncio.Lock()  # one change of the chain at a time
        self._retry: asyncio.TimerHandle | None = None
        self._background: set[asyncio.Task[None]] = set()
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
            folder, store, feed, own_listener=self._own_listener, signer=self._signer, limits=self._send_limits
        )
        self._intake.forwarding = self.forwarding

    @property
    def secret_notice(self) -> str | None:
        """What the user must know of where secrets are kept; None when it is the keyring."""
        return self._secret_store.notice

    async def start(self, *, listen: bool, forward: bool = True) -> None:
        """Load the chain and its secrets, go on with what is to be forwarded, then listen."""
        await self._use(await self._store.handlers())
        if forward:
            await self.forwarding.start()
        if listen:
            await self.start_listening()
        self._recognising = asyncio.get_running_loop().create_task(self._recognise(), name="recogniser")

    async def recognising(self) -> None:
        """Wait until senders are recognised. Nothing else does: what comes before is a delivery like any other."""
        if self._recognising is not None:
            await asyncio.shield(self._recognising)

    async def stop(self) -> None:
        """Stop listening and sending, and forget the secrets that no handler uses any more."""
        await self.resends.close()
        await self.forwarding.stop()
        if self._retry is not None:
            self._retry.cancel()
        for task in tuple(self._background):
            task.cancel()
        if self._recognising is not None:
            self._recognising.cancel()
        await self._workers.close()
        await self._listener_stack.aclose()
        await self._keys.close()
        used = {ref.id for handler in self.handlers for ref in handler.secrets}
        for id_ in self._unused - used:
            with contextlib.suppress(SecretUnavailable):
                await self._secret_store.delete(id_)

    # Handlers and their secrets

    async def save_handlers(self, handlers: Sequence[Handler]) -> tuple[Handler, ...]:
        """Make `handlers` the chain, in this order; the next delivery is judged by it.

        Returns them with their ids and revisions. Raises HandlerRejected, and then nothing has changed.
        """
        return await self.change_handlers(lambda _: handlers)

    async def change_handlers(self, change: Callable[[tuple[Handler, ...]], Sequence[Handler]]) -> tuple[Handler, ...]:
        """The same with what `change` makes of the chain as it stands when its turn comes, so that no other is lost."""
        async with self._changing:
            handlers = change(self.handlers)
            for position, handler in enumerate(handlers):
                for problem in problems(handler, handlers[:position]):
                    raise HandlerRejected(f"Handler {handler.name!r}: {problem.sentence()}")
            before = {ref.id for handler in self.handlers for ref in handler.secrets}
            stored = await self._store.save_handlers(handlers)
            self._unused |= before - {ref.id for handler in stored for ref in handler.secrets}
            await self._use(stored)
            self.handlers_count += 1
            self.feed.publish(HandlersChanged(stored, self.handlers_count))
        return stored

    async def keep_secret(self, value: str) -> str:
        """Keep a secret in the secret store; returns the id that a handler refers to it by.

        Raises SecretUnavailable where the secret store refuses.
        """
        id_ = randomness.token_hex(8)
        await self._secret_store.put(id_, value)
        self._unused.add(id_)
        return id_

    async def secret(self, id_: str) -> str | None:
        """The secret of this id, to be shown to its owner; None where it cannot be read."""
        try:
            return await self._secret_store.get(id_)
        except SecretUnavailable:
            return None

    async def take_secret(self, delivery_id: int) -> str:
        """Give the secret that a handshake brought to the handler that answered it; returns the handler's name.

        It is tried first from now on. Raises HandlerRejected where there is nothing to take, and SecretUnavailable.
        """
        with contextlib.closing(Reader(self.folder)) as reader:
            delivery = await asyncio.to_thread(reader.delivery, delivery_id)
        answered = delivery.answered_by if delivery else None
        handler = next((h for h in self.handlers if answered and h.name == answered.handler), None)
        if delivery is None or handler is None or (value := _brought(delivery, handler)) is None:
            raise HandlerRejected("This delivery brings no secret for a handler that there is.")
        now = datetime.now(UTC)
        ref = SecretRef(await self.keep_secret(value), f"from delivery {delivery_id}", f"{now:%Y-%m-%d}")
        others = tuple(each for each in handler.secrets if each.label != ref.label)
        changed = replace(handler, secrets=(ref, *others))
        await self.change_handlers(lambda chain: [changed if h.id == changed.id else h for h in chain])
        return handler.name

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

    async def check_again(self, delivery: Delivery) -> Ladder:
        """The outcome of every handler of today for `delivery`, as of its receipt. What is stored stays as it is."""
        return await asyncio.to_thread(evaluate, delivery.request, self._intake.chain, now=delivery.received_at)

    async def diagnose(self, delivery: Delivery, handler_id: int, *, deep: bool = False) -> AsyncGenerator["Step"]:
        """Say why that handler, as it is now, does not verify `delivery`: findings and progress, Finished last.

        It runs in a process of its own, which is given the secrets of every handler through a pipe; leaving the
        generator stops it. Nothing comes where there is no such handler. Raises WorkFailed.
        """
        from inspector.diagnosing import case_of_delivery, explained

        chain = self._intake.chain
        link = next((link for link in chain if link.handler.id == handler_id), None)
        if link is None:
            return
        refs = [ref for ref in link.handler.secrets if ref.retired]
        read = await asyncio.gather(*(self._read_secret(ref.id, ref.label) for ref in refs))
        retired = [secret for secret in read if isinstance(secret, Secret)]
        case = await asyncio.to_thread(case_of_delivery, delivery, link, chain, retired)
        async with contextlib.aclosing(explained(self._workers, case, deep=deep)) as steps:
            async for step in steps:
                yield step

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
        identifier = f"test_{randomness.token_hex(8)}"
        arrived: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def notice(change: object) -> None:
            if isinstance(change, DeliveriesAdded) and not arrived.done():
                for delivery in change.deliveries:
                    if delivery.request.headers.first("X-Request-Id") == identifier.encode():
                        arrived.set_result(delivery.id)

        unsubscribe = self.feed.subscribe(notice)
        try:
            async with asyncio.timeout(TEST_DELIVERY_LIMIT_S):
                await self._send_sample(self._listener, handler, identifier)
                return await arrived
        except (OSError, TimeoutError) as error:
            raise TestDeliveryFailed(f"The test delivery did not arrive: {error or 'no answer'}.") from error
        finally:
            unsubscribe()

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
        return SendLimits(connect_s, connect_s, connect_s, sending.answer_timeout_s, sending.max_answer_bytes)

    def _signer(self, name: str) -> Signer | None:
        """The handler of that name, with the first of its secrets that can be read."""
        handler = next((handler for handler in self.handlers if handler.name == name), None)
        return None if handler is None else Signer(handler, self._usable_secret(handler))

    def _usable_secret(self, handler: Handler) -> Secret | None:
        secrets = (self._secrets.get(ref.id) for ref in handler.secrets if not ref.retired)
        return next((secret for secret in secrets if isinstance(secret, Secret)), None)

    async def _send_sample(self, listener: Listener, handler: Handler, identifier: str) -> None:
        from inspector.core.sample import sample_request  # what signs is not needed at start

        secret = self._usable_secret(handler)
        host = listener.url.split("/")[2]
        request = sample_request(handler, secret, host=host, identifier=identifier, now=datetime.now(UTC))
        reader, writer = await asyncio.open_connection(listener.host, listener.port)
        try:
            writer.write(request.head + request.body)
            await writer.drain()
            await reader.readuntil(b"\r\n")
        except asyncio.IncompleteReadError as error:
            raise TestDeliveryFailed("The listener closed the connection without an answer.") from error
        finally:
            writer.close()

    async def _use(self, handlers: tuple[Handler, ...]) -> None:
        """Read the secrets of `handlers` and judge by them from now on."""
        refs = [ref for handler in handlers for ref in handler.secrets if not ref.retired]
        wanted = {ref.id: ref.label for ref in refs if not isinstance(self._secrets.get(ref.id), Secret)}
        read = await asyncio.gather(*(self._read_secret(id_, label) for id_, label in wanted.items()))
        self._secrets.update(zip(wanted, read, strict=True))
        self.handlers = handlers
        # A label may have changed since the secret was read, so it is taken from the handler each time.
        labelled = {
            ref.id: replace(secret, label=ref.label)
            for ref in refs
            if (secret := self._secrets.get(ref.id)) is not None
        }
        self._intake.judge_by(chain_of(handlers, labelled), await asyncio.to_thread(_presets_of, handlers))
        self._watch_unreadable()

    async def _recognise(self) -> None:
        self._intake.recognise_by(await asyncio.to_thread(presets.recogniser))

    async def _read_secret(self, id_: str, label: str) -> Secret | UnreadableSecret:
        try:
            return Secret(label, await self._secret_store.get(id_))
        except SecretUnavailable as unavailable:
            return UnreadableSecret(label, unavailable.reason)

    def _watch_unreadable(self) -> None:
        """Say which secrets cannot be read, and try again: a keyring is unlocked by its owner, not by us."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        locked = [s.label for s in self._secrets.values() if isinstance(s, UnreadableSecret) and "keyring" in s.reason]
        if not locked:
            self.feed.publish(FaultEnded("secrets"))
            return
        self.feed.publish(
            Fault("secrets", f"The keyring did not give {len(locked)} of the secrets. Unlock it; it is asked again.")
        )
        self._retry = asyncio.get_running_loop().call_later(SECRETS_RETRY_S, self._read_again)

    def _read_again(self) -> None:
        task = asyncio.get_running_loop().create_task(self._use(self.handlers))
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _brought(delivery: Delivery, handler: Handler) -> str | None:
    preset = _presets_of((handler,)).get(handler.preset)
    return brought_secret(delivery.request, preset) if preset else None


def _presets_of(handlers: Sequence[Handler]) -> Mapping[str, Preset]:
    """The presets that these handlers began as, by how they name them; an unknown one is left out."""
    found: dict[str, Preset] = {}
    for name in {handler.preset for handler in handlers if handler.preset}:
        with contextlib.suppress(presets.PresetUnknown):
            found[name] = presets.preset(name.partition(":")[0])
    return found
