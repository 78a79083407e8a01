"""`export`: every delivery in the lossless form, one object a line."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from inspector.cli.failure import DONE, WRONG, Failed
from inspector.cli.parser import Commands, add_command, folder_of

_EXAMPLE = "  webhook-inspector export --format jsonl --output deliveries.jsonl"


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "print deliveries with everything that is known of them, oldest first; configured secrets are not in it"
    command = add_command(commands, "export", summary, example=_EXAMPLE)
    command.add_argument("--format", choices=("jsonl",), default="jsonl", help="jsonl: one JSON object a line")
    command.add_argument("--search", metavar="Q", default="", help="only those that match, as in the window's search")
    command.add_argument("--output", metavar="FILE", help="write into FILE instead of standard output")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write them, with only a few in memory at a time."""
    from contextlib import closing

    from inspector.core.filters import parse
    from inspector.core.formats.jsonl import line
    from inspector.store import Reader

    search = parse(arguments.search)
    with closing(Reader(folder_of(arguments))) as reader, _output(arguments.output) as stream:
        for delivery in reader.deliveries(search):
            stream.write(line(delivery))
    return DONE


@contextmanager
def _output(name: str | None) -> Iterator[BinaryIO]:
    """Standard output, or the file of that name. Raises Failed where it cannot be written."""
    if name is None:
        yield sys.stdout.buffer
        return
    from pathlib import Path

    try:
        file = Path(name).open("wb")  # noqa: SIM115 - closed below; only opening it is the user's mistake
    except OSError as error:
        raise Failed(WRONG, f"{name} cannot be written: {error.strerror}.") from None
    with file:
        yield file
