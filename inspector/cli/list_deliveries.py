"""`list`: deliveries, a line each, newest first."""

import argparse
import itertools
import json
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE
from inspector.cli.parser import Commands, add_command, count_from_zero, folder_of

if TYPE_CHECKING:
    from inspector.core.delivery import Summary

_PAGE = 256
_EXAMPLE = '  webhook-inspector list --search "verdict:failed age:<2h" --limit 20'


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = add_command(commands, "list", "print deliveries, a line each, newest first", example=_EXAMPLE)
    command.add_argument("--search", metavar="Q", default="", help="only those that match, as in the window's search")
    command.add_argument("--limit", metavar="N", type=count_from_zero, default=50, help="at most N lines (default 50)")
    command.add_argument("--reveal", action="store_true", help="show credentials in the query too")
    command.add_argument("--json", action="store_true", help="print JSON, an object a line")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from contextlib import closing

    from msgspec.structs import replace

    from inspector.cli.terminal import masked_target, summary_line
    from inspector.core.filters import parse
    from inspector.store import Reader

    search = parse(arguments.search)
    with closing(Reader(folder_of(arguments))) as reader:
        slices = reader.scan(search, newest_first=True)
        ids = list(itertools.islice(itertools.chain.from_iterable(slices), arguments.limit))
        for start in range(0, len(ids), _PAGE):
            for summary in reader.page(ids[start : start + _PAGE]):
                if not arguments.reveal:
                    summary = replace(summary, target=masked_target(summary.target))  # noqa: PLW2901
                print(_json(summary) if arguments.json else summary_line(summary))
    return DONE


def _json(summary: "Summary") -> str:
    from inspector.core.formats.jsonl import about, iso

    return json.dumps(
        {
            "id": summary.id,
            "received_at": iso(summary.received_ns),
            "verdict": summary.verdict.value,
            "method": summary.method,
            "target": summary.target,
            "handler": summary.handler,
            "status": summary.status,
            "body_size": summary.body_size,
            "remote": summary.remote,
            "reason": summary.reason,
            **about(summary),
        }
    )
