"""The command line with a keyring, from process to process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import files_with
from tests.secret_store.json_keyring import FILE_VARIABLE, JsonKeyring

SECRET = b"It's a Secret to Everybody"


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keyring.json"
    file.write_text("{}")
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{JsonKeyring.__module__}.{JsonKeyring.__name__}")
    return file


def run(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "inspector", "--data", str(folder), *arguments],
        input=given, capture_output=True, env=os.environ, check=False,
    )  # fmt: skip


ADD = ("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", "-")


def test_a_secret_is_kept_in_the_keyring_and_nowhere_else(tmp_path: Path, keyring: Path) -> None:
    done = run(tmp_path / "data", *ADD, given=SECRET)
    assert (done.returncode, done.stderr) == (0, b"")
    ((name, value),) = json.loads(keyring.read_text()).items()
    assert name.startswith("webhook-inspector ")
    assert value == f"text:{SECRET.decode()}"
    assert files_with(tmp_path / "data", SECRET) == []


def test_a_removed_handler_takes_its_secret_along(tmp_path: Path, keyring: Path) -> None:
    run(tmp_path / "data", *ADD, given=SECRET)
    assert run(tmp_path / "data", "handlers", "remove", "gh").returncode == 0
    assert json.loads(keyring.read_text()) == {}


def test_a_locked_keyring_refuses_a_new_secret_in_one_sentence(tmp_path: Path, keyring: Path) -> None:
    run(tmp_path / "data", *ADD, given=SECRET)
    keyring.unlink()
    done = run(tmp_path / "data", "handlers", "edit", "gh", "--secret-file", "-", given=b"another-long-secret")
    assert done.returncode == 3
    assert b"keyring is locked" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert not (tmp_path / "data" / "secrets.toml").exists()
