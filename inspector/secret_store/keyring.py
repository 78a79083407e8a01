"""Secrets in the operating system's keyring."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from inspector.secret_store.secret_store import (
    KEYRING_LOCKED,
    KEYRING_TIMEOUT,
    SECRET_MISSING,
    SecretUnavailable,
)
from inspector.secret_store.stored_form import packed, unpacked

logger = logging.getLogger(__name__)

SERVICE = "webhook-inspector"
CALL_LIMIT_S = 2.0
FINDING_LIMIT_S = 10.0
"""Before the first call the library is imported and the keyring found, which a cold disk makes slow."""

PIECE_LENGTH = 600
"""Characters in one entry. Windows takes 2,560 bytes of UTF-16, where a character takes up to four."""


class Keyring(Protocol):
    """What we use of a backend of the `keyring` library."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def usable_keyring() -> Keyring | None:
    """The machine's keyring, or None where it has none. Slow: it imports the library and may ask D-Bus.

    Backends that the library itself does not recommend (its null one, plain files) count as none.
    """
    import keyring.backend
    import keyring.core

    found = keyring.core.get_keyring()
    return found if keyring.core.recommended(found) else None


class KeyringSecretStore:
    """Secrets as entries of the keyring: user `<folder id>/<secret id>`, long ones in numbered pieces beside it.

    A call that does not return in time is left alone in its thread, and until it returns nothing else is
    asked of the keyring: a dialog that waits to be answered must not become ten of them.
    """

    notice: str | None = None

    def __init__(self, folder_id: str, find: Callable[[], Keyring | None] = usable_keyring) -> None:
        self._folder_id = folder_id
        self._find = find
        self._keyring: Keyring | None = None
        self._turn = asyncio.Lock()
        self._stuck: Future[Any] | None = None

    async def get(self, id_: str) -> str:
        """The value of the secret. Raises SecretUnavailable."""
        stored = await self._call(lambda keyring: _read(keyring, self._user(id_)))
        value = unpacked(stored) if stored is not None else None
        if value is None:
            raise SecretUnavailable(SECRET_MISSING)
        return value

    async def put(self, id_: str, value: str) -> None:
        """Keep `value`. Raises SecretUnavailable."""
        await self._call(lambda keyring: _write(keyring, self._user(id_), packed(value)))

    async def delete(self, id_: str) -> None:
        """Forget the secret. Raises SecretUnavailable."""
        await self._call(lambda keyring: _forget(keyring, self._user(id_)))

    def _user(self, id_: str) -> str:
        return f"{self._folder_id}/{id_}"

    async def _call[T](self, work: Callable[[Keyring], T]) -> T:
        """What `work` gives, done in a thread. Raises SecretUnavailable."""
        async with self._turn:
            if self._stuck is not None and not self._stuck.done():
                raise SecretUnavailable(KEYRING_TIMEOUT)
            if self._keyring is None:
                self._keyring = await self._in_time(self._find, FINDING_LIMIT_S)
            if (keyring := self._keyring) is None:
                raise SecretUnavailable(KEYRING_LOCKED, "The keyring that holds this folder's secrets is not there.")
            return await self._in_time(lambda: work(keyring), CALL_LIMIT_S)

    async def _in_time[T](self, work: Callable[[], T], limit_s: float) -> T:
        call = in_daemon_thread(work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(call), limit_s)
        except TimeoutError:
            self._stuck = call
            logger.warning("the keyring did not answer within %g s", limit_s)
            raise SecretUnavailable(KEYRING_TIMEOUT) from None
        except Exception as error:  # noqa: BLE001 - every keyring has errors of its own; their text may quote
            logger.warning("the keyring refused: %s", type(error).__name__)
            raise SecretUnavailable(KEYRING_LOCKED) from None


def in_daemon_thread[T](work: Callable[[], T]) -> Future[T]:
    """Do `work` in a thread that the end of the process does not wait for."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever waits for the future raises it
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future


def _read(keyring: Keyring, user: str) -> str | None:
    head = keyring.get_password(SERVICE, user)
    if head is None or not head.startswith("pieces:"):
        return head
    pieces = [keyring.get_password(SERVICE, f"{user}/{number}") for number in range(1, _pieces(head) + 1)]
    return None if None in pieces else "".join(piece or "" for piece in pieces)


def _write(keyring: Keyring, user: str, stored: str) -> None:
    before = _pieces(keyring.get_password(SERVICE, user) or "")
    pieces = [stored[start : start + PIECE_LENGTH] for start in range(0, len(stored), PIECE_LENGTH)]
    if len(pieces) == 1:
        keyring.set_password(SERVICE, user, stored)
        _forget_pieces(keyring, user, 1, before)
        return
    for number, piece in enumerate(pieces, 1):
        keyring.set_password(SERVICE, f"{user}/{number}", piece)
    keyring.set_password(SERVICE, user, f"pieces:{len(pieces)}")
    _forget_pieces(keyring, user, len(pieces) + 1, before)


def _forget(keyring: Keyring, user: str) -> None:
    head = keyring.get_password(SERVICE, user)
    if head is not None:
        keyring.delete_password(SERVICE, user)
        _forget_pieces(keyring, user, 1, _pieces(head))


def _forget_pieces(keyring: Keyring, user: str, first: int, last: int) -> None:
    for number in range(first, last + 1):
        if keyring.get_password(SERVICE, f"{user}/{number}") is not None:
            keyring.delete_password(SERVICE, f"{user}/{number}")


def _pieces(head: str) -> int:
    """The number of pieces that the entry `pieces:<n>` announces; 0 for any other text."""
    form, _, number = head.partition(":")
    return int(number) if form == "pieces" and number.isdecimal() else 0
