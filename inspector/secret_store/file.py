"""Secrets in a file that only its owner can read, for machines without a keyring."""

import asyncio
import logging
import os
import stat
import threading
import tomllib
from pathlib import Path

from inspector.atomic import write_atomically
from inspector.core.formats.toml import quoted
from inspector.secret_store.secret_store import SECRET_MISSING, SecretUnavailable
from inspector.secret_store.stored_form import packed, unpacked

logger = logging.getLogger(__name__)

FILE_NAME = "secrets.toml"
_HEADING = (
    "# Secrets of Webhook Inspector. They are here because there was no keyring; only the owner may read this file.\n"
    "[secrets]\n"
)


class FileSecretStore:
    """Secrets in `secrets.toml` in the data folder, mode 0600, replaced as a whole at every change."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._changing = threading.Lock()

    @property
    def notice(self) -> str | None:
        """Says where the secrets are."""
        return f"There is no keyring on this machine: secrets are kept in {self._file}, readable by you only."

    async def get(self, id_: str) -> str:
        """The value of the secret. Raises SecretUnavailable."""
        value = unpacked((await asyncio.to_thread(self._read)).get(id_, ""))
        if value is None:
            raise SecretUnavailable(SECRET_MISSING)
        return value

    async def put(self, id_: str, value: str) -> None:
        """Keep `value`. Raises SecretUnavailable."""
        await asyncio.to_thread(self._change, id_, packed(value))

    async def delete(self, id_: str) -> None:
        """Forget the secret. Raises SecretUnavailable."""
        await asyncio.to_thread(self._change, id_, None)

    def is_empty(self) -> bool:
        """Whether no secret is kept here."""
        return not self._read()

    def _change(self, id_: str, stored: str | None) -> None:
        with self._changing:
            kept = self._read()
            if stored is None and id_ not in kept:
                return
            kept.pop(id_, None)
            if stored is not None:
                kept[id_] = stored
            text = _HEADING + "".join(f"{quoted(key)} = {quoted(value)}\n" for key, value in kept.items())
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_atomically(self._file, text, private=True)
            except OSError as error:
                raise self._unavailable(f"cannot be written: {error.strerror}") from None

    def _read(self) -> dict[str, str]:
        """What the file keeps. Raises SecretUnavailable where it cannot be read: it is never taken for empty then."""
        try:
            with self._file.open("rb") as file:
                self._keep_private(file.fileno())
                kept = tomllib.load(file).get("secrets", {})
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unavailable(f"cannot be read: {error.strerror}") from None
        except ValueError:  # not TOML, not UTF-8; the cause would quote a line of the file
            raise self._unavailable("is not valid TOML") from None
        if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
            raise self._unavailable("is not as we wrote it")
        return kept

    def _keep_private(self, descriptor: int) -> None:
        if os.name != "nt" and stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            logger.warning("%s could be read by others; now only by its owner", self._file)
            os.fchmod(descriptor, 0o600)

    def _unavailable(self, problem: str) -> SecretUnavailable:
        return SecretUnavailable(SECRET_MISSING, f"{self._file} {problem}.")
