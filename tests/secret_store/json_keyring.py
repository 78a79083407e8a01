"""A backend for the keyring library that keeps its entries in the file named by a variable of the tests' own."""

import json
import os
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

FILE_VARIABLE = "TESTS_KEYRING_FILE"


class JsonKeyring(KeyringBackend):
    """Locked where its file is not there."""

    priority: ClassVar[float] = 5

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._keep(self._entries() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{service} {username}"]
        self._keep(entries)

    def _entries(self) -> dict[str, str]:
        try:
            entries: dict[str, str] = json.loads(self._file().read_text())
        except FileNotFoundError:
            raise KeyringLocked from None
        return entries

    def _keep(self, entries: dict[str, str]) -> None:
        self._file().write_text(json.dumps(entries))

    def _file(self) -> Path:
        return Path(os.environ[FILE_VARIABLE])
