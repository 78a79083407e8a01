"""The real program in processes of its own: how it starts, ends, is asked and told, and what it makes of bad input."""

import json
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.product import post
from tests.program import Client, add_handler, command, exported, listening, sent

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


# Starting and ending


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_with_the_request_under_way_turned_away(tmp_path: Path, number: int) -> None:
    with listening(tmp_path) as running, Client(running.port) as client, Client(running.port) as idle:
        client.send(post(b"whole"), post(b"half of it")[:-4])
        assert client.answer().status == 403
        running.process.send_signal(number)
        answer = client.answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert client.at_end()
        assert idle.at_end()
        out, err = running.process.communicate(timeout=30)
        assert (running.process.returncode, err) == (0, b"")
        assert out.count(b"\n") == 1
    assert command(tmp_path, "count").out == b"1\n"


def test_a_second_listen_exits_3_and_disturbs_nothing(tmp_path: Path) -> None:
    with listening(tmp_path) as running:
        second = command(tmp_path, "listen", "--port", "0")
        assert (second.code, second.out) == (3, b"")
        assert "in use by another instance" in second.err
        assert second.err.count("\n") == 1
        assert sent(running.port, post(b"x")).status == 403


def test_a_taken_port_exits_3_with_the_next_free_one(tmp_path: Path) -> None:
    with listening(tmp_path / "one") as running:
        second = command(tmp_path / "two", "listen", "--port", str(running.port))
    assert (second.code, second.out) == (3, b"")
    assert f"Port {running.port} is in use" in second.err
    assert second.err.count("\n") == 1


@posix
def test_a_reader_that_blocks_never_stops_an_answer_and_learns_later_how_many_it_missed(tmp_path: Path) -> None:
    add_handler(tmp_path, "any", "none")
    with listening(tmp_path) as running, ExitStack() as stack:
        clients = [stack.enter_context(Client(running.port)) for _ in range(10)]
        for client in clients:
            client.send(post(b"x", target=b"/" + b"t" * 100) * 500)
        for client in clients:  # nobody has read a line of the output yet
            assert [client.answer().status for _ in range(500)] == [200] * 500
        assert running.process.stdout is not None
        seen = missed = 0
        while seen + missed < 5_000:
            line = running.process.stdout.readline()
            if more := re.fullmatch(rb"\.\.\. ([0-9]+) more\n", line):
                missed += int(more[1])
            else:
                seen += 1
        assert seen
        assert missed
        assert running.stop() == 0
    assert command(tmp_path, "count").out == b"5000\n"


@posix
def test_a_reader_that_blocks_never_stops_the_end(tmp_path: Path) -> None:
    with listening(tmp_path) as running, Client(running.port) as client:
        client.send(post(b"x", target=b"/" + b"t" * 100) * 600)  # more than a pipe holds
        assert [client.answer().status for _ in range(600)] == [403] * 600
        assert running.stop() == 0


# Asked and told


def test_a_change_of_the_chain_reaches_the_running_instance(tmp_path: Path) -> None:
    with listening(tmp_path) as running, Client(running.port) as client:

        def status() -> int:
            client.send(post(b"{}", b"X-Token: hush-hush-hush-hush"))
            return client.answer().status

        assert status() == 403
        add_handler(tmp_path, "token", "token", "--header", "X-Token", "--status", "201", secret="hush-hush-hush-hush")
        assert status() == 201
        add_handler(tmp_path, "any", "none", "--status", "299")
        assert status() == 201
        assert command(tmp_path, "handlers", "move", "any", "1").code == 0
        assert status() == 299
        assert command(tmp_path, "handlers", "edit", "any", "--status", "204").code == 0
        assert status() == 204
        assert command(tmp_path, "handlers", "remove", "any").code == 0
        assert status() == 201
        listed = command(tmp_path, "handlers", "list")
        assert b"token" in listed.out
        assert b"hush" not in listed.out


def test_reading_commands_say_the_same_beside_a_running_instance_and_without(tmp_path: Path) -> None:
    add_handler(tmp_path, "any", "none", "--path", "/yes")
    asked = (
        ("list",), ("list", "--json", "--search", "verdict:won"), ("show", "2"), ("show", "2", "--json"), ("count",),
        ("count", "--search", "verdict:failed"), ("export", "--format", "jsonl"), ("handlers", "list"),
    )  # fmt: skip
    with listening(tmp_path) as running:
        for target in (b"/yes", b"/no", b"/yes"):
            sent(running.port, post(b"{}", target=target))
        beside = [command(tmp_path, *each) for each in asked]
        assert running.stop() == 0
    assert [each.code for each in beside] == [0] * len(asked)
    assert [each.out for each in beside] == [command(tmp_path, *each).out for each in asked]
    assert beside[4].out == b"3\n"
    assert beside[5].out == b"1\n"
    assert [json.loads(line)["id"] for line in beside[1].out.splitlines()] == [3, 1]


def test_an_empty_folder_is_asked_and_stays_empty(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert exported(folder) == []
    assert command(folder, "count").out == b"0\n"
    assert command(folder, "list").code == 0
    assert command(folder, "show", "1").code == 1
    assert not folder.exists()


# Bad input


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--bogus",), 2, "Unknown flag --bogus"),
        (("listen", "--port", "70000"), 2, "whole number from 0 to 65535"),
        (("handlers", "add", "--name", "any", "--verification", "none"), 2, "named 'any' already"),
        (("handlers", "add", "--name", "", "--verification", "none"), 2, "name is empty"),
        (("handlers", "add", "--name", "x", "--verification", "hmac", "--header", "", "--no-secret"), 2, "is empty"),
        (("handlers", "add", "--name", "x", "--verification", "token", "--secret-file", "-"), 2, "no header can carry"),
        (("handlers", "add", "--name", "x", "--verification", "hmac", "--secret", "hush"), 2, "secret"),
        (("handlers", "remove", "nobody"), 1, "nobody"),
        (("show", "77"), 1, "77"),
        (("count", "--search", "(verdict:won"), 2, "at character"),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_bad_input_is_one_sentence_and_changes_nothing(
    bad_input_folders: dict[bool, Path], beside: bool, arguments: tuple[str, ...], code: int, says: str
) -> None:
    folder = bad_input_folders[beside]
    before = command(folder, "handlers", "list").out
    ended = command(folder, *arguments, stdin=b"two\nlines\n")
    assert (ended.code, ended.out) == (code, b"")
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert "hush" not in ended.err
    assert command(folder, "handlers", "list").out == before


@pytest.fixture(scope="module")
def bad_input_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Path]]:
    """A folder where none runs, and one where one does."""
    alone, beside = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("beside")
    for folder in (alone, beside):
        add_handler(folder, "any", "none")
    with listening(beside):
        yield {False: alone, True: beside}


def test_broken_settings_name_line_and_column_and_are_left_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[listener]\nport = 80\nhost "x"\n')
    for arguments in (("listen",), ("handlers", "add", "--name", "x", "--verification", "none")):
        ended = command(tmp_path, *arguments)
        assert (ended.code, ended.out) == (2, b"")
        assert "settings.toml, line 3, column" in ended.err
        assert ended.err.count("\n") == 1
    assert file.read_text() == '[listener]\nport = 80\nhost "x"\n'


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    for arguments in (("listen",), ("list",), ("export", "--format", "jsonl")):
        ended = command(tmp_path / "data", *arguments)
        assert ended.code == 2
        assert "is not a folder" in ended.err
