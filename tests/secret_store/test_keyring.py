"""How the keyring is used, and what happens when it is locked, slow or gone."""

import asyncio
import logging
import time

import pytest

import inspector.secret_store.keyring as keyring_module
from inspector.secret_store import SecretUnavailable
from inspector.secret_store.keyring import KeyringSecretStore
from tests.secret_store.keyrings import HangingKeyring, MemoryKeyring


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_module, "CALL_LIMIT_S", 0.1)
    monkeypatch.setattr(keyring_module, "FINDING_LIMIT_S", 0.1)


def test_entries_are_named_by_the_folder_and_the_secret() -> None:
    keyring = MemoryKeyring()
    asyncio.run(KeyringSecretStore("folder", lambda: keyring).put("secret", "value"))
    assert keyring.entries == {("webhook-inspector", "folder/secret"): "text:value"}


def test_nothing_of_a_long_secret_stays_behind() -> None:
    keyring = MemoryKeyring()
    store = KeyringSecretStore("folder", lambda: keyring)
    asyncio.run(store.put("secret", "x" * 5000))
    assert len(keyring.entries) > 2
    asyncio.run(store.put("secret", "short"))
    assert len(keyring.entries) == 1
    asyncio.run(store.put("secret", "x" * 5000))
    asyncio.run(store.delete("secret"))
    assert keyring.entries == {}


def test_a_keyring_that_hangs_times_out_once_for_all_who_wait() -> None:
    keyring = HangingKeyring()
    store = KeyringSecretStore("folder", lambda: keyring)

    async def ask() -> list[object]:
        return await asyncio.gather(*(store.get(str(n)) for n in range(50)), return_exceptions=True)

    began = time.monotonic()
    errors = asyncio.run(ask())
    assert time.monotonic() - began < 2  # not 50 limits one after the other
    assert {error.reason for error in errors if isinstance(error, SecretUnavailable)} == {"keyring-timeout"}
    assert len(errors) == 50
    assert keyring.calls == 1
    keyring.released.set()


def test_a_keyring_that_answers_again_is_used_again() -> None:
    keyring = HangingKeyring()
    keyring.entries["webhook-inspector", "folder/secret"] = "text:value"
    store = KeyringSecretStore("folder", lambda: keyring)

    async def ask_twice() -> str:
        with pytest.raises(SecretUnavailable):
            await store.get("secret")
        keyring.released.set()
        while True:
            try:
                return await store.get("secret")
            except SecretUnavailable:
                await asyncio.sleep(0)

    assert asyncio.run(asyncio.wait_for(ask_twice(), 5)) == "value"


def test_a_keyring_that_refuses_counts_as_locked_and_its_words_are_not_repeated(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keyring = MemoryKeyring()

    def refuse() -> None:
        raise RuntimeError("could not store 'hush-hush'")

    keyring.before = refuse
    store = KeyringSecretStore("folder", lambda: keyring)
    with caplog.at_level(logging.DEBUG), pytest.raises(SecretUnavailable) as caught:
        asyncio.run(store.put("secret", "hush-hush"))
    assert caught.value.reason == "keyring-locked"
    assert caught.value.__cause__ is None
    assert "hush" not in caplog.text + str(caught.value)


def test_a_keyring_that_is_gone_counts_as_locked() -> None:
    with pytest.raises(SecretUnavailable) as caught:
        asyncio.run(KeyringSecretStore("folder", lambda: None).get("secret"))
    assert caught.value.reason == "keyring-locked"


def test_the_null_keyring_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert keyring_module.usable_keyring() is None
