"""A secret store that ends with the process."""

from inspector.secret_store.secret_store import SECRET_MISSING, SecretUnavailable


class MemorySecretStore:
    """Secrets in memory, for a session that must leave nothing behind."""

    notice: str | None = None

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def get(self, id_: str) -> str:
        """The value of the secret. Raises SecretUnavailable."""
        if id_ not in self._values:
            raise SecretUnavailable(SECRET_MISSING)
        return self._values[id_]

    async def put(self, id_: str, value: str) -> None:
        """Keep `value`."""
        self._values[id_] = value

    async def delete(self, id_: str) -> None:
        """Forget the secret."""
        self._values.pop(id_, None)
