"""What every secret store can do."""

from typing import Protocol

SECRET_MISSING = "secret-missing"  # noqa: S105 - an identifier
KEYRING_LOCKED = "keyring-locked"
KEYRING_TIMEOUT = "keyring-timeout"

_SENTENCES = {
    SECRET_MISSING: "The secret is not in the secret store.",
    KEYRING_LOCKED: "The keyring is locked or refuses; unlock it and try again.",
    KEYRING_TIMEOUT: "The keyring did not answer in time; it may be waiting to be unlocked.",
}


class SecretUnavailable(Exception):
    """A secret cannot be read or kept. `reason` is secret-missing, keyring-locked or keyring-timeout.

    The text is a sentence for a person and has no part of the secret.
    """

    def __init__(self, reason: str, sentence: str = "") -> None:
        self.reason = reason
        super().__init__(sentence or _SENTENCES.get(reason, reason))


class SecretStore(Protocol):
    """Keeps the values of secrets by id. A value may hold any text, lone surrogates for undecodable bytes included."""

    @property
    def notice(self) -> str | None:
        """What the user must know for as long as this store is used; None where there is nothing to say."""

    async def get(self, id_: str) -> str:
        """The value of the secret. Raises SecretUnavailable."""

    async def put(self, id_: str, value: str) -> None:
        """Keep `value`, in the place of what was there. Raises SecretUnavailable, and then nothing was kept."""

    async def delete(self, id_: str) -> None:
        """Forget the secret; one that is not there is forgotten already. Raises SecretUnavailable."""
