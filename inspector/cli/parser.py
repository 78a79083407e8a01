"""Flags: what all commands share, and errors of one sentence that repeat no value."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from inspector.cli.failure import WRONG, Failed

if TYPE_CHECKING:
    from pathlib import Path

NAME = "webhook-inspector"

type Commands = Any  # what `add_subparsers` gives; its class has no public name


class Parser(argparse.ArgumentParser):
    """Knows no abbreviated flags, raises Failed instead of ending the process."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """One sentence instead of the usage."""
        raise Failed(WRONG, f"{message[:1].upper()}{message[1:]}. `{self.prog} --help` shows the flags.")


def add_command(commands: Commands, name: str, summary: str, *, example: str, **options: Any) -> Parser:
    """A command with the flags that are accepted before and after it."""
    command: Parser = commands.add_parser(
        name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.", epilog=f"example:\n{example}", **options
    )
    add_data_flag(command, default=argparse.SUPPRESS)
    return command


def add_data_flag(parser: argparse.ArgumentParser, **options: Any) -> None:
    """`--data`. A flag before the command must not be overridden by its absence after it, hence SUPPRESS there."""
    parser.add_argument("--data", metavar="DIR", help="the data folder (also WEBHOOK_INSPECTOR_DATA)", **options)


def add_address_flags(parser: argparse.ArgumentParser, **options: Any) -> None:
    """`--host` and `--port`."""
    session = "for this session (also WEBHOOK_INSPECTOR_{})".format
    parser.add_argument("--host", metavar="H", help=f"the address to listen on, {session('HOST')}", **options)
    parser.add_argument("--port", metavar="N", help=f"the port, 0 for any free one, {session('PORT')}", **options)


def parsed(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments. Raises Failed; what follows an unknown flag may be a secret and is not repeated."""
    namespace, unknown = parser.parse_known_args(arguments)
    if not unknown:
        return namespace
    flags = [each.partition("=")[0] for each in unknown if each.startswith("-")]
    if "--secret" in flags:
        raise Failed(WRONG, "A secret is never given on the command line; use --secret-file FILE, or - for the input.")
    if flags:
        raise Failed(WRONG, f"Unknown flag {flags[0]}. `{NAME} --help` shows the flags.")
    raise Failed(WRONG, f"There is an argument too many. `{NAME} --help` shows the flags.")


def folder_of(arguments: argparse.Namespace) -> "Path":
    """The data folder, which need not exist. Raises Failed where it cannot be one."""
    import os

    from inspector.settings import data_folder

    folder = data_folder(arguments.data, os.environ)
    try:
        is_there = folder.exists()
    except (OSError, ValueError):
        raise Failed(WRONG, f"{folder} cannot be a data folder.") from None
    if is_there and not folder.is_dir():
        raise Failed(WRONG, f"{folder} is not a folder.")
    if is_there and not os.access(folder, os.R_OK | os.X_OK):
        raise Failed(WRONG, f"{folder} cannot be read: permission denied.")
    return folder


def settings_flags(arguments: argparse.Namespace) -> dict[str, object]:
    """The flags that stand for settings, by the names that `settings.load` knows."""
    return {"listener.host": getattr(arguments, "host", None), "listener.port": getattr(arguments, "port", None)}


def count_from_zero(text: str) -> int:
    """A whole number from 0, for `type=`."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError("must be a whole number")
    return int(text)
