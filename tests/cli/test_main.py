"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from inspector import __version__
from inspector.commands import served
from inspector.feed import Change, OpenDelivery
from inspector.settings.load import variable_of
from inspector.settings.settings import every_field
from tests.cli.command import Command, receive_bodies
from tests.product import product
from tests.product import run as run_product

COMMANDS = (
    ("listen",), ("list",), ("show",), ("count",), ("export",), ("open",), ("handlers",), ("handlers", "list"),
    ("handlers", "add"), ("handlers", "edit"), ("handlers", "remove"), ("handlers", "move"), ("handlers", "import"),
    ("handlers", "export"),
)  # fmt: skip


def test_the_version_is_told(command: Command) -> None:
    assert command("--version").out == f"webhook-inspector {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command: Command, name: tuple[str, ...]) -> None:
    result = command(*name, "--help")
    assert result.code == 0
    assert f"example:\n  webhook-inspector {' '.join(name)}" in result.out


def test_the_help_documents_commands_and_exit_codes(command: Command) -> None:
    text = command("--help").out
    assert all(f"\n    {name[0]}" in text for name in COMMANDS)
    assert all(f"\n  {code}  " in text for code in range(4))
    assert "example:" in text


def test_the_help_tells_every_setting(command: Command) -> None:
    text = command("--help").out
    for subject, each in every_field():
        assert f"\n  {variable_of(subject, each.name)}: {each.allowed}" in text
        assert each.help in text


@pytest.mark.parametrize("arguments", [["--version"], ["count"], ["list"], ["--help"]])
def test_a_quick_command_imports_no_window_no_server_and_no_keyring(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom inspector.cli.main import run\n"
        "try:\n    run(['--data', sys.argv[1], *sys.argv[2:]], None)\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name in {'PySide6', 'aiohttp', 'keyring'}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("before", [True, False])
def test_the_folder_is_accepted_before_and_after_the_command(tmp_path: Path, before: bool, command: Command) -> None:
    receive_bodies(tmp_path / "other", [b"1", b"2"])
    flag = ("--data", str(tmp_path / "other"))
    assert command(*(flag if before else ()), "count", *(() if before else flag)).out == "2\n"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_folder_is_accepted_around_a_command_of_a_command(tmp_path: Path, place: int, command: Command) -> None:
    other = ("--data", str(tmp_path / "other"))
    command(*other, "handlers", "add", "--name", "there", "--verification", "none")
    words = ["handlers", "list"]
    assert "there" in command(*words[:place], *other, *words[place:]).out


def test_the_folder_may_come_from_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receive_bodies(tmp_path, [b"1"])
    monkeypatch.setenv("WEBHOOK_INSPECTOR_DATA", str(tmp_path))
    done = subprocess.run([sys.executable, "-m", "inspector", "count"], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    "arguments", [("--port", "81", "open", "1"), ("open", "1", "--port", "81"), ("open", "--port", "81", "1")]
)
def test_the_port_is_accepted_before_and_after_the_command(command: Command, arguments: tuple[str, ...]) -> None:
    receive_bodies(command.folder, [b"1"])
    assert command(*arguments).code == 0
    ((folder, flags, open_id),) = command.windows.opened
    assert (folder, flags["listener.port"], open_id) == (command.folder, "81", 1)


def test_the_bare_command_opens_the_window(command: Command) -> None:
    assert command("--host", "::1").code == 0
    assert command.windows.opened == [(command.folder, {"listener.host": "::1", "listener.port": None}, None)]


@pytest.mark.parametrize("arguments", [(), ("open", "1")])
def test_without_a_display_the_window_is_refused_in_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    receive_bodies(command.folder, [b"1"])
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    result = command(*arguments)
    assert result.code == 3
    assert "no display" in result.sentence
    assert command.windows.opened == []


@pytest.mark.parametrize(("arguments", "shown"), [((), 0), (("open", "1"), 1)])
def test_a_second_start_hands_over_to_the_window_that_runs(
    command: Command, arguments: tuple[str, ...], shown: int
) -> None:
    receive_bodies(command.folder, [b"1"])
    changes: list[Change] = []

    async def work() -> None:
        import asyncio

        async with product(command.folder) as inspector, served(inspector):
            inspector.feed.subscribe(changes.append)
            result = await asyncio.to_thread(command, *arguments)
            assert (result.code, result.err) == (0, "")

    run_product(work())
    assert OpenDelivery(shown) in changes
    assert command.windows.opened == []


def test_nothing_is_shown_where_only_a_listen_runs(command: Command) -> None:
    receive_bodies(command.folder, [b"1"])

    async def work() -> None:
        import asyncio

        async with product(command.folder) as inspector, served(inspector, window=False):
            result = await asyncio.to_thread(command, "open", "1")
            assert result.code == 3
            assert "no window" in result.sentence

    run_product(work())


def test_a_reader_that_stops_early_is_no_error(command: Command) -> None:
    receive_bodies(command.folder, [b"x" * 50_000] * 20)
    done = subprocess.run(
        f'"{sys.executable}" -m inspector --data "{command.folder}" export | head -c 10',
        shell=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(done.stdout) == 10
    assert done.stderr == ""
