"""What every secret store promises, whichever it is."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.secret_store import MemorySecretStore, SecretStore, SecretUnavailable
from inspector.secret_store.file import FileSecretStore
from inspector.secret_store.keyring import KeyringSecretStore
from tests.secret_store.keyrings import MemoryKeyring

MAKERS: dict[str, Callable[[Path], SecretStore]] = {
    "memory": lambda folder: MemorySecretStore(),
    "file": FileSecretStore,
    "keyring": lambda folder: KeyringSecretStore("folder", MemoryKeyring),
}


@pytest.fixture(params=MAKERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    return MAKERS[request.param](tmp_path)


def kept(store: SecretStore, value: str) -> str:
    async def keep() -> str:
        await store.put("id", value)
        return await store.get("id")

    return asyncio.run(keep())


@pytest.mark.parametrize(
    "value",
    [
        "whsec_abc",
        "",
        "with \"quotes\" \\ and 'more'",
        " \tspace around\n\r\n",
        "ключ \U0001f511" * 10,
        "nul \0 inside",
        b"\xff\xfe not UTF-8 \x80".decode("utf-8", "surrogateescape"),
        "pieces:3",
        "text:",
        "base64:not really",
        "x" * 100_000,
        "\U0001f511" * 2_000,
        b"\xff".decode("utf-8", "surrogateescape") * 5_000,
    ],
    ids=lambda value: ascii(value[:12]),
)
def test_a_secret_comes_back_as_it_was_put(store: SecretStore, value: str) -> None:
    assert kept(store, value) == value


def test_an_unknown_secret_is_missing(store: SecretStore) -> None:
    with pytest.raises(SecretUnavailable) as caught:
        asyncio.run(store.get("nobody"))
    assert caught.value.reason == "secret-missing"


@pytest.mark.parametrize("value", ["short", "long" * 1000])
def test_a_deleted_secret_is_missing_and_deleting_twice_is_no_error(store: SecretStore, value: str) -> None:
    kept(store, value)
    asyncio.run(store.delete("id"))
    asyncio.run(store.delete("id"))
    with pytest.raises(SecretUnavailable):
        asyncio.run(store.get("id"))


@pytest.mark.parametrize(("before", "after"), [("a" * 5000, "b"), ("a", "b" * 5000), ("a" * 5000, "b" * 1500)])
def test_a_secret_can_be_replaced(store: SecretStore, before: str, after: str) -> None:
    kept(store, before)
    assert kept(store, after) == after


def test_many_secrets_can_be_asked_for_at_once(store: SecretStore) -> None:
    async def all_at_once() -> list[str]:
        await asyncio.gather(*(store.put(str(n), f"value {n}") for n in range(20)))
        return await asyncio.gather(*(store.get(str(n)) for n in range(20)))

    assert asyncio.run(all_at_once()) == [f"value {n}" for n in range(20)]


def test_no_store_shows_a_value(store: SecretStore) -> None:
    kept(store, "hush-hush")
    assert "hush" not in repr(store)
    assert "hush" not in str(vars(store).get("notice"))
