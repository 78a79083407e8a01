"""The handlers as they stand, with their secrets: changed one change at a time."""

import asyncio
import contextlib
import secrets as randomness
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from inspector import presets
from inspector.core.delivery import Delivery
from inspector.core.handler import Handler, SecretRef
from inspector.core.handler_check import problems
from inspector.core.handshake import brought_secret
from inspector.core.verification.ladder import Chain, chain_of
from inspector.core.verification.preset import Preset
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.feed import Fault, FaultEnded, Feed, HandlersChanged
from inspector.secret_store import SecretStore, SecretUnavailable
from inspector.store import Store

SECRETS_RETRY_S = 15

type JudgeBy = Callable[[Chain, Mapping[str, Preset]], None]
"""Takes the chain that counts from now on, and the presets that its handlers began as."""


class HandlerRejected(ValueError):
    """A handler cannot be stored as it is; the message says which and why."""


class HandlerChain:
    """The chain of handlers. All of it belongs to the engine's thread."""

    def __init__(self, store: Store, secret_store: SecretStore, feed: Feed, judge_by: JudgeBy) -> None:
        self.handlers: tuple[Handler, ...] = ()
        self.count = 0  # how often it has changed: tells which of two is newer
        self._store, self._secret_store, self._feed, self._judge_by = store, secret_store, feed, judge_by
        self._secrets: dict[str, Secret | UnreadableSecret] = {}
        self._unused: set[str] = set()  # ids of secrets that left the chain; an undo may want them back
        self._changing = asyncio.Lock()  # one change at a time
        self._retry: asyncio.TimerHandle | None = None
        self._background: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Read the chain that is stored, and its secrets."""
        await self._use(await self._store.handlers())

    async def stop(self) -> None:
        """Forget the secrets that no handler uses any more."""
        if self._retry is not None:
            self._retry.cancel()
        for task in tuple(self._background):
            task.cancel()
        used = {ref.id for handler in self.handlers for ref in handler.secrets}
        for id_ in self._unused - used:
            with contextlib.suppress(SecretUnavailable):
                await self._secret_store.delete(id_)

    async def change(self, change: Callable[[tuple[Handler, ...]], Sequence[Handler]]) -> tuple[Handler, ...]:
        """Make what `change` makes of the chain, as it stands when its turn comes, the chain from now on.

        Returns the handlers with their ids and revisions. Raises HandlerRejected, and then nothing has changed.
        """
        async with self._changing:
            handlers = change(self.handlers)
            for position, handler in enumerate(handlers):
                for problem in problems(handler, handlers[:position]):
                    raise HandlerRejected(f"Handler {handler.name!r}: {problem.sentence()}")
            before = {ref.id for handler in self.handlers for ref in handler.secrets}
            stored = await self._store.save_handlers(handlers)
            self._unused |= before - {ref.id for handler in stored for ref in handler.secrets}
            await self._use(stored)
            self.count += 1
            self._feed.publish(HandlersChanged(stored, self.count))
        return stored

    # Their secrets

    async def keep_secret(self, value: str) -> str:
        """Keep a secret in the secret store; returns its id for a handler. Raises SecretUnavailable."""
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

    async def take_secret(self, delivery: Delivery | None) -> str:
        """Give the secret that a handshake brought to the handler that answered it; returns the handler's name.

        It is tried first from now on. Raises HandlerRejected where there is nothing to take, and SecretUnavailable.
        """
        answered = delivery.answered_by if delivery else None
        handler = next((h for h in self.handlers if answered and h.name == answered.handler), None)
        if delivery is None or handler is None or (value := _brought(delivery, handler)) is None:
            raise HandlerRejected("This delivery brings no secret for a handler that there is.")
        ref = SecretRef(await self.keep_secret(value), f"from delivery {delivery.id}", f"{datetime.now(UTC):%Y-%m-%d}")
        await self.change(lambda chain: [_with_secret(h, ref) if h.id == handler.id else h for h in chain])
        return handler.name

    async def read_retired(self, handler: Handler) -> Sequence[Secret]:
        """The secrets of `handler` that are no longer tried, as far as they can be read."""
        refs = [ref for ref in handler.secrets if ref.retired]
        read = await asyncio.gather(*(self._read(ref.id, ref.label) for ref in refs))
        return [secret for secret in read if isinstance(secret, Secret)]

    def usable_secret(self, handler: Handler) -> Secret | None:
        """The first secret of `handler` that could be read."""
        secrets = (self._secrets.get(ref.id) for ref in handler.secrets if not ref.retired)
        return next((secret for secret in secrets if isinstance(secret, Secret)), None)

    async def _use(self, handlers: tuple[Handler, ...]) -> None:
        """Read the secrets of `handlers` and judge by them from now on."""
        refs = [ref for handler in handlers for ref in handler.secrets if not ref.retired]
        wanted = {ref.id: ref.label for ref in refs if not isinstance(self._secrets.get(ref.id), Secret)}
        read = await asyncio.gather(*(self._read(id_, label) for id_, label in wanted.items()))
        self._secrets.update(zip(wanted, read, strict=True))
        self.handlers = handlers
        # A label may have changed since the secret was read, so it is taken from the handler each time.
        labelled = {
            ref.id: replace(secret, label=ref.label)
            for ref in refs
            if (secret := self._secrets.get(ref.id)) is not None
        }
        self._judge_by(chain_of(handlers, labelled), await asyncio.to_thread(_presets_of, handlers))
        self._watch_unreadable()

    async def _read(self, id_: str, label: str) -> Secret | UnreadableSecret:
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
            self._feed.publish(FaultEnded("secrets"))
            return
        self._feed.publish(
            Fault("secrets", f"The keyring did not give {len(locked)} of the secrets. Unlock it; it is asked again.")
        )
        self._retry = asyncio.get_running_loop().call_later(SECRETS_RETRY_S, self._read_again)

    def _read_again(self) -> None:
        task = asyncio.get_running_loop().create_task(self._used_again())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _used_again(self) -> None:
        async with self._changing:  # else the chain of now would come back over one that is saved meanwhile
            await self._use(self.handlers)


def _with_secret(handler: Handler, ref: SecretRef) -> Handler:
    others = tuple(each for each in handler.secrets if each.label != ref.label)
    return replace(handler, secrets=(ref, *others))


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
