"""Which secret store a data folder uses: decided once, and remembered in the folder."""

import logging
import secrets
import tomllib
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inspector.atomic import write_atomically
from inspector.secret_store.file import FileSecretStore
from inspector.secret_store.keyring import (
    FINDING_LIMIT_S,
    Keyring,
    KeyringSecretStore,
    in_daemon_thread,
    usable_keyring,
)
from inspector.secret_store.secret_store import SecretStore, SecretUnavailable

logger = logging.getLogger(__name__)

FILE_NAME = "secret-store.toml"


class SecretStoreDamaged(Exception):
    """The folder does not say clearly where its secrets are. Its text is one sentence that names the file."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """Where the folder's secrets are, and the id under which the keyring knows the folder."""

    folder_id: str
    backend: Literal["keyring", "file"]


def open_secret_store(folder: Path, find: Callable[[], Keyring | None] = usable_keyring) -> SecretStore:
    """The secret store of `folder`. It may take some seconds: call it in a thread.

    A folder that has used the keyring never falls to the file, and one that keeps secrets in the file stays
    with it when a keyring appears: either would make its secrets vanish. Raises SecretStoreDamaged and OSError.
    """
    decision = _remembered(folder)
    if decision is None or (decision.backend == "file" and _is_empty(folder)):
        decision = _decide(folder, decision, find)
    if decision.backend == "file":
        return FileSecretStore(folder)
    return KeyringSecretStore(decision.folder_id, find)


def _decide(folder: Path, before: _Decision | None, find: Callable[[], Keyring | None]) -> _Decision:
    folder_id = before.folder_id if before else secrets.token_hex(8)
    if before is None and not _is_empty(folder):
        backend: Literal["keyring", "file"] = "file"  # secrets.toml is there, and only our note about it is lost
    else:
        try:
            backend = "keyring" if in_daemon_thread(find).result(FINDING_LIMIT_S) else "file"
        except NotInTime:
            # There is a keyring, it only does not answer. Nothing is remembered: the next start asks again.
            logger.warning("the keyring did not answer within %g s", FINDING_LIMIT_S)
            return _Decision(folder_id, "keyring")
        except Exception as error:  # noqa: BLE001 - a keyring that cannot even be loaded is none
            logger.warning("the keyring cannot be used: %s", type(error).__name__)
            backend = "file"
    decision = _Decision(folder_id, backend)
    if decision != before:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = f'# Where the secrets of this folder are.\nfolder_id = "{folder_id}"\nbackend = "{backend}"\n'
        write_atomically(folder / FILE_NAME, text)
    return decision


def _remembered(folder: Path) -> _Decision | None:
    file = folder / FILE_NAME
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise SecretStoreDamaged(f"{file} is not valid TOML.") from None
    match document:
        case {"folder_id": str() as folder_id, "backend": "keyring" | "file" as backend} if folder_id:
            return _Decision(folder_id, backend)
    raise SecretStoreDamaged(f"{file} does not say whether the secrets are in the keyring or in the file.")


def _is_empty(folder: Path) -> bool:
    """Whether the file keeps no secret; one that cannot be read counts as keeping some."""
    try:
        return FileSecretStore(folder).is_empty()
    except SecretUnavailable:
        return False
