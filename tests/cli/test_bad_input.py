"""Bad input is answered with one sentence and the right exit code, and changes nothing."""

import io
import os
from pathlib import Path

import pytest

from tests.cli.command import Command

ADD = ("handlers", "add", "--name", "x", "--user", "u", "--verification")


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "secret"
    file.write_bytes(b"hush-hush-hush-hush\n")
    return str(file)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--bogus",), "Unknown flag --bogus"),
        (("listen", "--bogus=value"), "Unknown flag --bogus."),
        (("list", "--lim", "5"), "Unknown flag --lim"),
        (("dance",), "invalid choice: 'dance'"),
        (("list", "extra"), "an argument too many"),
        (("list", "--limit", "many"), "must be a whole number"),
        (("list", "--limit", "-1"), "must be a whole number"),
        (("show",), "required: ID"),
        (("show", "one"), "must be a whole number"),
        (("handlers",), "required: COMMAND"),
        (("export", "--format", "xml"), "invalid choice: 'xml'"),
        (("list", "--search", "verdict:maybe"), "at character"),
        (("count", "--search", '"unclosed'), "at character"),
        (("--port", "65536"), "--port must be a whole number from 0 to 65535"),
        (("listen", "--port", "http"), "--port must be a whole number"),
        (("listen", "--port", "-1"), "--port must be a whole number"),
        (("listen", "--host", ""), "--host must not be empty"),
        ((*ADD[:-1],), "One of the arguments --verification --preset --scheme is required"),
        ((*ADD, "sha256"), "not a verification type"),
        ((*ADD, "none", "--header", "X"), "has no header"),
        ((*ADD, "none", "--secret-file", "-"), "has no secret"),
        ((*ADD, "none", "--status", "99"), "99 is not a status"),
        ((*ADD, "none", "--status", "600"), "600 is not a status"),
        ((*ADD, "none", "--status", "ok"), "must be a whole number"),
        ((*ADD, "none", "--path", "no-slash"), "not a path pattern"),
        ((*ADD, "none", "--position", "7"), "position must be from 1 to 1"),
        ((*ADD, "none", "--name", ""), "name is empty"),
        ((*ADD, "hmac", "--header", "", "--no-secret"), "header's name is empty"),
        ((*ADD, "hmac", "--header", "X Y", "--no-secret"), "cannot be a header's name"),
        ((*ADD, "token", "--algorithm", "sha256", "--no-secret"), "has no algorithm"),
        ((*ADD, "hmac", "--algorithm", "", "--no-secret"), "algorithm is empty"),
        ((*ADD, "hmac", "--secret-file", "/nowhere/at/all"), "cannot be read"),
        ((*ADD, "hmac"), "no terminal to ask for the secret"),
        (("handlers", "import", "/nowhere/at/all"), "cannot be read"),
    ],
)
def test_a_mistake_is_named_in_one_sentence(
    command: Command, arguments: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"secret")))
    result = command(*arguments)
    assert result.code == 2
    assert says in result.sentence
    assert command("handlers", "list").out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("handlers", "add", "--name", "x", "--verification", "hmac", "--secret", "hush-hush"),
        ("handlers", "add", "--name", "x", "--verification", "hmac", "--secret=hush-hush"),
        ("handlers", "edit", "x", "--secret", "hush-hush"),
        ("listen", "--token", "hush-hush"),
    ],
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(command: Command, arguments: tuple[str, ...]) -> None:
    result = command(*arguments)
    assert result.code == 2
    assert "hush" not in result.sentence


@pytest.mark.parametrize(
    "arguments", [("show", "1"), ("handlers", "remove", "x"), ("handlers", "move", "x", "1"), ("open", "1")]
)
def test_what_is_not_there_is_a_negative_answer_and_makes_no_folder(
    command: Command, arguments: tuple[str, ...]
) -> None:
    result = command(*arguments)
    assert result.code == 1
    assert result.sentence.startswith("webhook-inspector: There is no")
    assert not command.folder.exists()


@pytest.mark.parametrize("arguments", [("listen",), ("list",), ("handlers", "list"), ("export",), ()])
def test_a_file_in_the_place_of_the_folder_is_named(command: Command, arguments: tuple[str, ...]) -> None:
    command.folder.write_text("")
    result = command(*arguments)
    assert result.code == 2
    assert "is not a folder" in result.sentence


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_folder_is_named(command: Command) -> None:
    command.folder.mkdir(mode=0)
    result = command("list")
    assert result.code == 2
    assert "cannot be read" in result.sentence


@pytest.mark.parametrize("arguments", [("listen",), (), ("handlers", "add", "--name", "x", "--verification", "none")])
def test_broken_settings_name_line_and_column(command: Command, arguments: tuple[str, ...]) -> None:
    command.folder.mkdir()
    (command.folder / "settings.toml").write_text("[listener]\nport = \n")
    result = command(*arguments)
    assert result.code == 2
    assert "settings.toml, line 2, column 8" in result.sentence
    assert (command.folder / "settings.toml").read_text() == "[listener]\nport = \n"
    assert command.windows.opened == []


def test_a_duplicate_name_changes_nothing(command: Command) -> None:
    assert command(*ADD, "none").code == 0
    before = command("handlers", "list").out
    result = command(*ADD, "none", "--path", "/other")
    assert result.code == 2
    assert "There is a handler named 'x' already" in result.sentence
    assert command("handlers", "list").out == before


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\n", "empty"), (b"two\nlines\n", "no header can carry"), (b" space", "no header can carry")],
)
def test_a_secret_of_the_wrong_shape_changes_nothing(
    command: Command, tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "secret").write_bytes(content)
    result = command(*ADD, "token", "--secret-file", str(tmp_path / "secret"))
    assert result.code == 2
    assert says in result.sentence
    assert command("handlers", "list").out == ""


def test_a_sentence_never_carries_control_characters(command: Command) -> None:
    result = command("handlers", "remove", "\x1b[31mred\n")
    assert "\x1b" not in result.sentence


def test_an_unforeseen_error_is_logged_and_said_in_one_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.folder.mkdir()

    def fail(*_: object) -> int:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(command.windows, "open", fail)
    result = command()
    assert result.code == 3
    assert "RuntimeError" in result.sentence
    assert "nobody foresaw this" in (command.folder / "log" / "inspector.log").read_text()
