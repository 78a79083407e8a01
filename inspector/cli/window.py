"""The window: the bare command opens it, `open ID` shows a delivery in it."""

import argparse
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from inspector.cli.failure import CANNOT_RUN, DONE, NEGATIVE, Failed
from inspector.cli.parser import Commands, add_address_flags, add_command, count_from_zero, folder_of, settings_flags

if TYPE_CHECKING:
    from pathlib import Path

type OpenWindow = Callable[[Path, Mapping[str, object], int | None], int]
"""Runs the window on a folder with the settings that the flags give, showing the delivery of an id; its exit code."""


def add_to(commands: Commands) -> None:
    """Add `open`."""
    summary = "show a delivery in the window that runs, or open one"
    command = add_command(commands, "open", summary, example="  webhook-inspector open 12")
    add_address_flags(command, default=argparse.SUPPRESS)
    command.add_argument("id", metavar="ID", type=count_from_zero, help="the number that `list` prints")


def run(arguments: argparse.Namespace, open_window: OpenWindow) -> int:
    """Bring the running window to the front, or open one."""
    from inspector.cli.reach import asked
    from inspector.commands.values import OpenDelivery
    from inspector.instance import ChannelClosed
    from inspector.settings import load

    folder, id_ = folder_of(arguments), getattr(arguments, "id", None)
    if id_ is not None:
        _check_known(folder, id_)
    flags = settings_flags(arguments)
    load(folder, os.environ, flags)  # what is wrong with them is said here, on the terminal
    try:
        asked(folder, OpenDelivery(id=id_ or 0))
    except ChannelClosed:
        pass
    else:
        return DONE
    from inspector.cli.display import has_display

    if not has_display():
        raise Failed(CANNOT_RUN, "There is no display to open the window on; `webhook-inspector listen` needs none.")
    return open_window(folder, flags, id_)


def _check_known(folder: "Path", id_: int) -> None:
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder)) as reader:
        if not reader.page([id_]):
            raise Failed(NEGATIVE, f"There is no delivery {id_}.")
