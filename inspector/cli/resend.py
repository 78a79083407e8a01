"""`resend`: deliveries to a target again, a line for each attempt."""

import argparse
import sys
from typing import TYPE_CHECKING

from inspector.cli.failure import CANNOT_RUN, DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, Parser, add_command, count_from_zero, folder_of

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.commands import ResendDeliveries, RunStatus

_EXAMPLE = """  webhook-inspector resend 12 --to http://localhost:3000/webhooks
  webhook-inspector resend --search "verdict:failed age:<1h" --to http://localhost:3000 --sign stripe --rate 10"""
_ENDS = """It ends with 0 when every delivery was answered by a status from 200 to 299, else with 1.

A URL without a path keeps each delivery's own. What is not changed goes out byte for byte as it came, the Host too.

"""
_ASKED_EVERY_S = 0.1


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "send deliveries to a target again: as they were received, edited, or signed anew"
    command = add_command(commands, "resend", summary, example=_EXAMPLE)
    command.epilog = _ENDS + str(command.epilog)
    command.add_argument("ids", metavar="ID", type=count_from_zero, nargs="*", help="the numbers of the deliveries")
    command.add_argument("--search", metavar="Q", help="all that match, as in the window's search, oldest first")
    add_target_flags(command)
    command.add_argument("--method", metavar="M", help="another method")
    command.add_argument("--body-file", metavar="F", help="another body: the bytes of the file, - for standard input")
    command.add_argument(
        "--follow-redirects", action="store_true", help="send on to where the answers redirect; else that is only shown"
    )
    command.add_argument("--times", metavar="N", type=count_from_zero, default=1, help="go through all of them N times")
    command.add_argument("--delay", metavar="S", type=seconds, default=0.0, help="seconds between those times")
    command.add_argument(
        "--jitter",
        metavar="J",
        type=seconds,
        default=0.0,
        help="the share of --delay that chance adds or takes, 0 to 1",
    )
    command.add_argument("--newest-first", action="store_true", help="begin with the newest delivery")
    command.add_argument(
        "--rate", metavar="R", type=seconds, default=0.0, help="at most R a second (default: no limit)"
    )
    command.add_argument(
        "--concurrency", metavar="N", type=count_from_zero, default=1, help="connections at once; 1 keeps the order"
    )
    command.add_argument(
        "--attempts", metavar="N", type=count_from_zero, default=1, help="try each up to N times, with growing delays"
    )
    command.add_argument(
        "--retry",
        metavar="PRESET|SPEC",
        default="",
        help="try again as a provider does (slack), after delays (10s,1m,5m), or attempts=5,first=1s,on=5xx+429",
    )
    command.add_argument(
        "--retry-speed", metavar="X", type=seconds, default=1.0, help="all times of --retry are X times shorter"
    )
    command.add_argument("--json", action="store_true", help="print JSON, an object for each attempt with its answer")
    command.set_defaults(run=run)


def add_target_flags(command: Parser) -> None:
    """`--to` and what is changed for the target."""
    command.add_argument("--to", metavar="URL", required=True, help="the target, http or https")
    command.add_argument("--sign", metavar="HANDLER", default="", help="sign anew as this handler wants it")
    command.add_argument(
        "--set-header", metavar="H", action="append", default=[], help="'Name: value', in the place of the one it has"
    )
    command.add_argument("--remove-header", metavar="NAME", action="append", default=[], help="leave this header out")
    command.add_argument("--host-of-target", action="store_true", help="write the target's name into the Host header")
    command.add_argument("--allow-certificate", action="store_true", help="accept a certificate that is not valid")
    command.add_argument(
        "--allow-link-local", action="store_true", help="send to link-local addresses, which may hand out credentials"
    )


def run(arguments: argparse.Namespace) -> int:
    """Send them, and print each attempt."""
    import asyncio

    from inspector.event_loop import new_event_loop

    folder = folder_of(arguments)
    command = _command(arguments)
    _check_known(folder, command)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        status = runner.run(_resend(folder, command, as_json=arguments.json))
    print(_summary(status), file=sys.stderr)
    if status.problem:
        raise Failed(CANNOT_RUN, status.problem)
    return DONE if status.succeeded == status.total else NEGATIVE


def seconds(text: str) -> float:
    """A number from 0, for `type=`."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number") from None
    if not 0 <= number <= 1e9:
        raise argparse.ArgumentTypeError("must be a number from 0")
    return number


def header_line(text: str) -> tuple[bytes, bytes]:
    """The header that was typed as `Name: value`. Raises Failed, without the value."""
    name, colon, value = text.partition(":")
    try:
        line = name.encode("ascii"), value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError:
        raise Failed(WRONG, "A header has a letter in it that no header can carry (beyond latin-1).") from None
    if not colon or not name or name != name.strip() or any(ord(c) < 32 and c != "\t" for c in text):
        raise Failed(WRONG, "A header is typed as 'Name: value', on one line.")
    return line


def _command(arguments: argparse.Namespace) -> "ResendDeliveries":
    from inspector.commands import ResendDeliveries
    from inspector.commands.resending import options_of, recipe_of

    if bool(arguments.ids) == (arguments.search is not None):
        raise Failed(WRONG, "Name the deliveries by their numbers or by --search Q.")
    if arguments.retry and arguments.attempts != 1:
        raise Failed(WRONG, "--retry says how often too: use it or --attempts, not both.")
    if arguments.search is not None:
        from inspector.core.filters import parse

        parse(arguments.search)
    command = ResendDeliveries(
        to=arguments.to,
        ids=tuple(arguments.ids),
        search=arguments.search,
        sign_with=arguments.sign,
        method=arguments.method,
        set_headers=tuple(map(header_line, arguments.set_header)),
        remove_headers=tuple(name.encode("latin-1", "replace") for name in arguments.remove_header),
        body=None if arguments.body_file is None else _read(arguments.body_file),
        host_of_target=arguments.host_of_target,
        any_certificate=arguments.allow_certificate,
        link_local=arguments.allow_link_local,
        follow_redirects=arguments.follow_redirects,
        times=arguments.times,
        per_second=arguments.rate,
        concurrency=arguments.concurrency,
        delay_s=arguments.delay,
        jitter=arguments.jitter,
        newest_first=arguments.newest_first,
        attempts=arguments.attempts,
        retry=arguments.retry,
        retry_speed=arguments.retry_speed,
    )
    recipe_of(command)
    options_of(command)
    return command


def _read(source: str) -> bytes:
    from pathlib import Path

    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file's name"
        raise Failed(WRONG, f"{source} cannot be read: {reason}.") from None


def _check_known(folder: "Path", command: "ResendDeliveries") -> None:
    """Raises Failed for a delivery or a handler that is not there: nothing is sent then."""
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder)) as reader:
        there = {summary.id for summary in reader.page(list(set(command.ids)))}
    if missing := [id_ for id_ in command.ids if id_ not in there]:
        raise Failed(NEGATIVE, f"There is no delivery {missing[0]}.")
    check_handler(folder, command.sign_with)


def check_handler(folder: "Path", name: str) -> None:
    """Raises Failed where no handler has this name; the empty one is fine."""
    from contextlib import closing

    from inspector.store import Reader

    if name:
        with closing(Reader(folder)) as reader:
            if all(handler.name != name for handler in reader.handlers()):
                raise Failed(NEGATIVE, f"There is no handler named {name!r}.")


async def _resend(folder: "Path", command: "ResendDeliveries", *, as_json: bool) -> "RunStatus":
    import asyncio

    from inspector.cli.attempt_lines import AttemptPrinter
    from inspector.cli.run_reach import reached
    from inspector.commands import RunStatus, SteerRun

    async with reached(folder) as ask:
        status = await ask(command, RunStatus)
        printer = AttemptPrinter(folder, run=status.run, as_json=as_json)
        try:
            while not status.ended:
                await asyncio.sleep(_ASKED_EVERY_S)
                status = await ask(SteerRun(run=status.run), RunStatus)
                await asyncio.to_thread(printer.print)
        except BaseException:
            await ask(SteerRun(run=status.run, how="cancel"), RunStatus)
            raise
        await asyncio.to_thread(printer.print)
    return status


def _summary(status: "RunStatus") -> str:
    answers = ", ".join(f"{count} x {name}" for name, count in status.answers.items()) or "nothing was sent"
    cancelled = "Cancelled: " if status.state == "cancelled" else ""
    return f"{cancelled}{status.succeeded:,} of {status.total:,} succeeded in {status.elapsed_s:.1f} s ({answers})."
