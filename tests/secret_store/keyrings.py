"""Keyrings of the tests' own. The user's is never touched."""

import threading
from collections.abc import Callable


class MemoryKeyring:
    """A keyring as strict as Windows': 2,560 bytes of UTF-16 an entry, and UTF-8 text only."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.before: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        if len(password.encode("utf-16-le")) > 2560 or "\0" in password:
            raise ValueError("an entry that Windows would not take")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.before()
        del self.entries[service, username]


class HangingKeyring(MemoryKeyring):
    """Answers only once `released` is set, as one whose dialog nobody answers."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.calls = 0
        self.before = self._hang

    def _hang(self) -> None:
        self.calls += 1
        self.released.wait(30)
