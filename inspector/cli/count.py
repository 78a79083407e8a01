"""`count`: how many deliveries there are."""

import argparse

from inspector.cli.failure import DONE
from inspector.cli.parser import Commands, add_command, folder_of

_EXAMPLE = "  webhook-inspector count --search verdict:won"


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "print how many deliveries there are: one integer; refused ones are not counted"
    command = add_command(commands, "count", summary, example=_EXAMPLE)
    command.add_argument("--search", metavar="Q", default="", help="only those that match, as in the window's search")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the number."""
    from contextlib import closing

    from inspector.core.delivery import Verdict
    from inspector.core.filters import EVERYTHING, parse
    from inspector.store import Reader

    search = parse(arguments.search)
    with closing(Reader(folder_of(arguments))) as reader:
        if search == EVERYTHING:
            counts = reader.counts()
            print(sum(counts.values()) - counts[Verdict.REFUSED])
        else:
            print(reader.count(parse(f"({arguments.search}) -verdict:refused")))
    return DONE
