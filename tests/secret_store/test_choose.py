"""Which store a folder uses is decided once."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

import inspector.secret_store.choose as choose_module
from inspector.secret_store import SecretStoreDamaged, SecretUnavailable, open_secret_store
from inspector.secret_store.file import FileSecretStore
from inspector.secret_store.keyring import KeyringSecretStore
from tests.secret_store.keyrings import HangingKeyring, MemoryKeyring


def no_keyring() -> None:
    return None


def never_asked() -> None:
    raise AssertionError("the keyring was asked for")


def test_a_new_folder_uses_the_keyring_and_writes_no_secret_into_the_folder(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    store = open_secret_store(tmp_path, lambda: keyring)
    asyncio.run(store.put("id", "hush-hush"))
    assert isinstance(store, KeyringSecretStore)
    assert store.notice is None
    assert not any(b"hush" in each.read_bytes() for each in tmp_path.iterdir())


def test_the_same_folder_finds_its_secrets_again(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    asyncio.run(open_secret_store(tmp_path, lambda: keyring).put("id", "value"))
    assert asyncio.run(open_secret_store(tmp_path, lambda: keyring).get("id")) == "value"


def test_two_folders_share_no_entry(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    asyncio.run(open_secret_store(tmp_path / "a", lambda: keyring).put("id", "value"))
    with pytest.raises(SecretUnavailable):
        asyncio.run(open_secret_store(tmp_path / "b", lambda: keyring).get("id"))


def test_without_a_keyring_there_is_a_private_file_and_a_notice(tmp_path: Path) -> None:
    store = open_secret_store(tmp_path, no_keyring)
    asyncio.run(store.put("id", "value"))
    assert store.notice is not None
    assert str(tmp_path / "secrets.toml") in store.notice
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "secrets.toml").stat().st_mode) == 0o600


def test_a_folder_that_used_the_keyring_never_falls_to_the_file(tmp_path: Path) -> None:
    open_secret_store(tmp_path, MemoryKeyring)
    store = open_secret_store(tmp_path, no_keyring)
    with pytest.raises(SecretUnavailable) as caught:
        asyncio.run(store.put("id", "value"))
    assert caught.value.reason == "keyring-locked"
    assert not (tmp_path / "secrets.toml").exists()


def test_a_folder_with_secrets_in_the_file_keeps_to_it_when_a_keyring_appears(tmp_path: Path) -> None:
    asyncio.run(open_secret_store(tmp_path, no_keyring).put("id", "value"))
    store = open_secret_store(tmp_path, never_asked)
    assert asyncio.run(store.get("id")) == "value"


def test_a_file_without_secrets_holds_nobody_back_from_a_keyring(tmp_path: Path) -> None:
    open_secret_store(tmp_path, no_keyring)
    assert isinstance(open_secret_store(tmp_path, MemoryKeyring), KeyringSecretStore)


def test_a_lost_note_beside_a_file_with_secrets_still_means_the_file(tmp_path: Path) -> None:
    asyncio.run(open_secret_store(tmp_path, no_keyring).put("id", "value"))
    (tmp_path / "secret-store.toml").unlink()
    assert asyncio.run(open_secret_store(tmp_path, MemoryKeyring).get("id")) == "value"


def test_a_keyring_that_hangs_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose_module, "FINDING_LIMIT_S", 0.1)
    keyring = HangingKeyring()

    def find() -> MemoryKeyring:
        keyring.released.wait(30)
        return keyring

    open_secret_store(tmp_path, find)
    keyring.released.set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["backend = ", 'backend = "cloud"\nfolder_id = "x"\n', 'folder_id = ""\n', "\udcff"])
def test_a_damaged_note_is_said_and_left_alone(tmp_path: Path, text: str) -> None:
    note = tmp_path / "secret-store.toml"
    note.write_text(text, errors="surrogateescape")
    with pytest.raises(SecretStoreDamaged, match=r"secret-store\.toml"):
        open_secret_store(tmp_path, never_asked)
    assert note.read_text(errors="surrogateescape") == text


def test_a_broken_secrets_file_is_never_overwritten_nor_quoted(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text('[secrets\n"id" = "hush-hush"')
    store = FileSecretStore(tmp_path)
    for call in (store.get("id"), store.put("id", "new"), store.delete("id")):
        with pytest.raises(SecretUnavailable) as caught:
            asyncio.run(call)
        assert "hush" not in str(caught.value)
        assert caught.value.__cause__ is None
    assert (tmp_path / "secrets.toml").read_text() == '[secrets\n"id" = "hush-hush"'


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('[secrets]\nid = "text:value"\n')
    file.chmod(0o644)
    assert asyncio.run(FileSecretStore(tmp_path).get("id")) == "value"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
