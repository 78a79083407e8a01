"""Handlers are listed, changed, imported and exported from the command line."""

import asyncio
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from inspector.commands import served
from tests.cli.command import Command
from tests.product import files_with, github_signature, post, product, send
from tests.product import run as run_product

SECRET = b"It's a Secret to Everybody"


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    return str(file)


def schemes(command: Command) -> dict[str, dict[str, object]]:
    lines = command("handlers", "list", "--json").out.splitlines()
    return {each["name"]: each["scheme"] for each in map(json.loads, lines)}


def names(command: Command) -> list[str]:
    return list(schemes(command))


def statuses(folder: Path, *requests: bytes) -> list[int]:
    """What these requests are answered."""
    got: list[int] = []

    async def work() -> None:
        async with product(folder) as inspector:
            got.extend([(await send(inspector, request))[0] for request in requests])

    run_product(work())
    return got


def test_a_handler_that_answers_everything_is_one_line(command: Command) -> None:
    result = command("handlers", "add", "--name", "any", "--verification", "none", "--user", "tester")
    assert (result.code, result.err) == (0, "")
    assert statuses(command.folder, post(b"{}")) == [200]


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (("hmac",), ("hmac", "sha256", "hex", "X-Hub-Signature-256", "sha256=")),
        (("hmac", "--algorithm", "SHA-512"), ("hmac", "sha512", "hex", "X-Hub-Signature-256", "sha512=")),
        (("hmac", "--header", "X-Sig"), ("hmac", "sha256", "hex", "X-Sig", "")),
        (("hmac", "--header", "X-Sig", "--prefix", "v1="), ("hmac", "sha256", "hex", "X-Sig", "v1=")),
        (("hmac", "--prefix", ""), ("hmac", "sha256", "hex", "X-Hub-Signature-256", "")),
        (("base64 hmac",), ("hmac", "sha256", "base64", "Webhook-Signature", "")),
        (("base64-hmac",), ("hmac", "sha256", "base64", "Webhook-Signature", "")),
        (("Base64_HMAC", "--algorithm", "sha1"), ("hmac", "sha1", "base64", "Webhook-Signature", "")),
        (("token",), ("token", "", "hex", "X-Token", "")),
        (("token", "--header", "X-A", "--prefix", "Bearer "), ("token", "", "hex", "X-A", "Bearer ")),
    ],
)  # fmt: skip
def test_each_verification_type_has_its_defaults_and_flags(
    command: Command, secret: str, words: tuple[str, ...], scheme: tuple[str, ...]
) -> None:
    assert command("handlers", "add", "--name", "x", "--verification", *words, "--secret-file", secret).code == 0
    (made,) = schemes(command).values()
    place = made["signature"]
    assert isinstance(place, dict)
    kind, algorithm, encoding, header, prefix = scheme
    assert (made["kind"], made.get("algorithm", ""), made.get("encoding", "hex")) == (kind, algorithm, encoding)
    assert (place["name"], place.get("prefix", "")) == (header, prefix)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_one_line_ending_of_the_secrets_file_is_cut(command: Command, tmp_path: Path, ending: bytes) -> None:
    file = tmp_path / "ending"
    file.write_bytes(SECRET + ending)
    command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", str(file))
    assert statuses(command.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [200]


def test_nothing_else_of_the_secrets_file_is_cut(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "ending"
    file.write_bytes(b" " + SECRET + b" \n\n")
    result = command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", str(file))
    assert "white space" in result.err
    assert statuses(command.folder, post(b"{}", github_signature(b"{}", f" {SECRET.decode()} \n"))) == [200]


def test_the_secret_may_come_from_standard_input(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SECRET + b"\n")))
    command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", "-")
    assert statuses(command.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [200]


@pytest.mark.skipif(os.name == "nt", reason="there is no such terminal there")
def test_the_secret_is_asked_for_on_a_terminal_and_not_shown(command: Command) -> None:
    import pty

    master, slave = pty.openpty()
    try:
        arguments = ["handlers", "add", "--name", "gh", "--verification", "hmac", "--data", str(command.folder)]
        with subprocess.Popen(
            [sys.executable, "-m", "inspector", *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        ) as process:  # fmt: skip
            shown = b""
            while b"Secret" not in shown:
                shown += os.read(master, 1000)
            os.write(master, SECRET + b"\n")
            assert process.wait(30) == 0
            shown += os.read(master, 10_000)
    finally:
        os.close(slave)
        os.close(master)
    assert SECRET not in shown
    assert statuses(command.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [200]


def test_the_secret_is_in_no_file_but_the_secret_stores(command: Command, secret: str) -> None:
    result = command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", secret)
    assert "There is no keyring on this machine" in result.err
    command("handlers", "edit", "gh", "--user", "deploy")
    everything = command("handlers", "list").out + command("handlers", "list", "--json").out
    everything += command("handlers", "export").out + command("export").out
    assert "Secret to Everybody" not in everything
    assert files_with(command.folder, SECRET) == ["secrets.toml"]


def test_an_algorithm_that_the_machine_lacks_is_stored_and_marked(command: Command, secret: str) -> None:
    result = command(
        "handlers", "add", "--name", "x", "--verification", "hmac", "--algorithm", "sha9000", "--secret-file", secret
    )
    assert result.code == 0
    assert "cannot be checked" in result.err
    assert "not available on this machine" in command("handlers", "list").out


def test_a_secret_that_looks_wrong_is_kept_with_a_note(command: Command, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("abc")
    result = command(
        "handlers", "add", "--name", "x", "--verification", "hmac", "--secret-file", str(tmp_path / "short")
    )
    assert result.code == 0
    assert "so short that it can be guessed" in result.err


def test_a_handler_is_moved_renamed_disabled_and_removed(command: Command) -> None:
    for name in ("a", "b", "c"):
        command("handlers", "add", "--name", name, "--verification", "none")
    command("handlers", "move", "c", "1")
    assert names(command) == ["c", "a", "b"]
    command("handlers", "edit", "a", "--name", "A", "--disable", "--status", "201")
    assert names(command) == ["c", "A", "b"]
    assert "disabled" in command("handlers", "list").out.splitlines()[1]
    command("handlers", "edit", "A", "--enable")
    assert "disabled" not in command("handlers", "list").out
    command("handlers", "remove", "c")
    assert names(command) == ["A", "b"]
    assert statuses(command.folder, post(b"")) == [201]


def test_a_new_handler_can_be_put_first(command: Command) -> None:
    command("handlers", "add", "--name", "a", "--verification", "none")
    command("handlers", "add", "--name", "b", "--verification", "none", "--position", "1")
    assert names(command) == ["b", "a"]


def test_a_position_that_is_not_there_changes_nothing(command: Command) -> None:
    command("handlers", "add", "--name", "a", "--verification", "none")
    for position in ("0", "2"):
        result = command("handlers", "move", "a", position)
        assert result.code == 2
        assert "from 1 to 1" in result.sentence


def test_an_edit_keeps_what_has_no_flag(command: Command, secret: str) -> None:
    command(
        "handlers", "add", "--name", "x", "--verification", "hmac", "--header", "X-Sig", "--prefix", "v1=",
        "--secret-file", secret, "--user", "deploy", "--path", "/hook",
    )  # fmt: skip
    command("handlers", "edit", "x", "--algorithm", "sha512")
    line = command("handlers", "list").out
    for words in ("sha512", "X-Sig v1=...", "as deploy", "path /hook", "secret default"):
        assert words in line


def test_secrets_are_rotated_by_label(command: Command, secret: str, tmp_path: Path) -> None:
    command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", secret, "--label", "old")
    (tmp_path / "new").write_text("another secret of some length")
    command("handlers", "edit", "gh", "--secret-file", str(tmp_path / "new"), "--label", "new")
    signed_old = post(b"{}", github_signature(b"{}", SECRET.decode()))
    signed_new = post(b"{}", github_signature(b"{}", "another secret of some length"))
    assert statuses(command.folder, signed_old, signed_new) == [200, 200]
    assert command("handlers", "edit", "gh", "--retire", "old").code == 0
    assert statuses(command.folder, signed_old, signed_new) == [403, 200]
    assert command("handlers", "edit", "gh", "--retire", "older").code == 1


def test_an_export_is_imported_again_without_its_secrets(
    command: Command, secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", secret, "--user", 'ü "x"')
    command("handlers", "add", "--name", "any", "--verification", "none", "--body", "a\nb", "--disabled")
    assert command("handlers", "export", "--output", str(tmp_path / "handlers.toml")).code == 0
    other = Command(tmp_path / "other", capsys)
    result = other("handlers", "import", str(tmp_path / "handlers.toml"))
    assert result.out == "Imported 2 handlers.\n"
    assert "secrets are not in the file" in result.err
    assert other("handlers", "export").out == command("handlers", "export").out
    assert statuses(other.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [403]
    other("handlers", "edit", "gh", "--secret-file", secret, "--label", "default")
    assert statuses(other.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [200]


def test_an_import_is_all_or_nothing(command: Command, tmp_path: Path) -> None:
    command("handlers", "add", "--name", "b", "--verification", "none")
    file = tmp_path / "handlers.toml"
    one = '[[handler]]\nname = "{}"\nscheme = {{kind = "none"}}\n'
    file.write_text(one.format("a") + one.format("b"))
    result = command("handlers", "import", str(file))
    assert result.code == 2
    assert "named 'b' already" in result.sentence
    assert names(command) == ["b"]


def test_an_import_can_replace_and_keeps_the_secrets(command: Command, secret: str, tmp_path: Path) -> None:
    command("handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", secret)
    text = command("handlers", "export").out.replace('name = "gh"', 'name = "gh"\nuser = "other"')
    (tmp_path / "handlers.toml").write_text(text)
    assert command("handlers", "import", "--replace", str(tmp_path / "handlers.toml")).code == 0
    assert "as other" in command("handlers", "list").out
    assert statuses(command.folder, post(b"{}", github_signature(b"{}", SECRET.decode()))) == [200]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[handler]\n", "line 1, column 10"),
        ("[[handler]]\n", "missing required field `name`"),
        ('[[handler]]\nname = "x"\nscheme = {kind = "magic"}\n', "$.handler[0].scheme.kind"),
        ('[[handler]]\nname = "x"\nsheme = {}\n', "sheme"),
        ('[[handler]]\nname = "x"\nscheme = {kind = "none"}\nsecret = "hush"\n', "unknown field `secret`"),
        ('[[handler]]\nname = ""\nscheme = {kind = "none"}\n', "name is empty"),
        ("\xff", "not UTF-8"),
    ],
)
def test_a_broken_import_names_the_place_and_changes_nothing(
    command: Command, tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "handlers.toml").write_bytes(text.encode("latin-1"))
    result = command("handlers", "import", str(tmp_path / "handlers.toml"))
    assert result.code == 2
    assert says in result.sentence
    assert names(command) == []


def test_a_running_instance_uses_the_change_for_its_next_delivery(command: Command, secret: str) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector, served(inspector):
            request = post(b"{}", github_signature(b"{}", SECRET.decode()))
            assert (await send(inspector, request))[0] == 403
            result = await asyncio.to_thread(
                command, "handlers", "add", "--name", "gh", "--verification", "hmac", "--secret-file", secret
            )
            assert result.code == 0
            assert (await send(inspector, request))[0] == 200
            duplicate = await asyncio.to_thread(command, "handlers", "add", "--name", "gh", "--verification", "none")
            assert (duplicate.code, duplicate.out) == (2, "")
            gone = await asyncio.to_thread(command, "handlers", "edit", "gone", "--user", "x")
            assert gone.code == 1
            assert [handler.name for handler in inspector.handlers] == ["gh"]

    run_product(work())


def test_a_held_folder_without_a_channel_is_said(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector.cli import reach
    from inspector.instance import hold

    monkeypatch.setattr(reach, "_STARTING_LIMIT_S", 0.0)
    with hold(command.folder):
        result = command("handlers", "add", "--name", "x", "--verification", "none")
    assert result.code == 3
    assert "in use by another instance" in result.sentence


def test_an_export_of_nothing_is_valid_toml(command: Command) -> None:
    assert tomllib.loads(command("handlers", "export").out) == {}
    assert not command.folder.exists()
