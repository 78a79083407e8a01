"""Where the values of secrets are kept: the keyring, or a private file where there is none."""

from inspector.secret_store.choose import SecretStoreDamaged, open_secret_store
from inspector.secret_store.memory import MemorySecretStore
from inspector.secret_store.secret_store import SecretStore, SecretUnavailable

__all__ = ["MemorySecretStore", "SecretStore", "SecretStoreDamaged", "SecretUnavailable", "open_secret_store"]
