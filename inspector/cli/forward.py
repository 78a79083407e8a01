"""`forward`: what a search selects goes on to a target as it comes."""

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE
from inspector.cli.parser import Commands, add_address_flags, add_command, folder_of, settings_flags
from inspector.cli.resend import check_handler

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from inspector.cli.attempt_lines import AttemptPrinter
    from inspector.commands.forwarding import BeginForward, ForwardStatus
    from inspector.settings import Settings

    type MakePrinter = Callable[[int], AttemptPrinter]

_EXAMPLE = '  webhook-inspector forward --search "verdict:won path:/stripe*" --to http://localhost:3000'
_ENDS = """It runs until it is interrupted. Where an instance runs for the folder, that one forwards; else this one
listens as `listen` does. What cannot be delivered waits in a durable queue and is tried again, after a restart too.

"""
_LOOKED_EVERY_S = 0.2


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = add_command(commands, "forward", "send deliveries on to a target as they come", example=_EXAMPLE)
    command.epilog = _ENDS + str(command.epilog)
    add_address_flags(command, default=argparse.SUPPRESS)
    command.add_argument("--to", metavar="URL", required=True, help="the target, http or https")
    command.add_argument("--search", metavar="Q", default="", help="only those that match, as in the window's search")
    command.add_argument("--name", metavar="N", default="forward", help="the rule's name, that its queue is kept under")
    command.add_argument("--sign", metavar="HANDLER", default="", help="sign anew as this handler wants it")
    command.add_argument("--host-of-target", action="store_true", help="write the target's name into the Host header")
    command.add_argument(
        "--in-order", action="store_true", help="one after the other; one that fails holds up the rest"
    )
    command.add_argument("--answer", action="store_true", help="give the target's answer to the sender, within 5 s")
    command.add_argument("--allow-certificate", action="store_true", help="accept a certificate that is not valid")
    command.add_argument(
        "--allow-link-local", action="store_true", help="send to link-local addresses, which may hand out credentials"
    )
    command.add_argument("--json", action="store_true", help="print JSON, an object for each attempt with its answer")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Forward until SIGINT or SIGTERM."""
    import asyncio

    from inspector.commands.forwarding import BeginForward
    from inspector.core.forward_rule import ForwardRule, rule_problems
    from inspector.event_loop import new_event_loop
    from inspector.instance import Refused
    from inspector.settings import load

    folder = folder_of(arguments)
    command = BeginForward(
        name=arguments.name,
        to=arguments.to,
        search=arguments.search,
        sign_with=arguments.sign,
        host_of_target=arguments.host_of_target,
        in_order=arguments.in_order,
        answers_sender=arguments.answer,
        any_certificate=arguments.allow_certificate,
        link_local=arguments.allow_link_local,
    )
    for problem in rule_problems(ForwardRule(command.name, command.to, command.search)):
        raise Refused(problem.sentence)
    check_handler(folder, command.sign_with)
    settings = load(folder, os.environ, settings_flags(arguments))
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        status = runner.run(_forward(folder, settings, command, as_json=arguments.json))
    if status.waiting or status.given_up:
        print(f"{status.waiting:,} wait in the queue, {status.given_up:,} were given up.", file=sys.stderr)
    return DONE


async def _forward(folder: "Path", settings: "Settings", command: "BeginForward", *, as_json: bool) -> "ForwardStatus":
    import asyncio

    from inspector.cli.attempt_lines import AttemptPrinter, newest_attempt
    from inspector.cli.listen import stop_on_signals
    from inspector.instance import ChannelClosed

    stop = asyncio.Event()
    stop_on_signals(asyncio.get_running_loop(), stop)
    after = await asyncio.to_thread(newest_attempt, folder)

    def printer(rule: int) -> AttemptPrinter:
        return AttemptPrinter(folder, rule=rule, after=after, as_json=as_json)

    try:
        return await _by_the_running_one(folder, command, stop, printer)
    except ChannelClosed:
        return await _here(folder, settings, command, stop, printer)


async def _by_the_running_one(
    folder: "Path", command: "BeginForward", stop: "asyncio.Event", printer: "MakePrinter"
) -> "ForwardStatus":
    import asyncio

    import msgspec

    from inspector.commands.forwarding import EndForward, ForwardStatus
    from inspector.instance import ask

    status = msgspec.convert(await asyncio.to_thread(ask, folder, command), ForwardStatus)
    try:
        await _print_until(stop, printer(status.rule))
    finally:
        answer = await asyncio.to_thread(ask, folder, EndForward(name=command.name))
    return msgspec.convert(answer, ForwardStatus)


async def _here(
    folder: "Path", settings: "Settings", command: "BeginForward", stop: "asyncio.Event", printer: "MakePrinter"
) -> "ForwardStatus":
    from inspector.app import running
    from inspector.cli.failure import CANNOT_RUN, Failed
    from inspector.cli.log import log_into
    from inspector.commands import served
    from inspector.commands.forwarding import EndForward, perform_forward

    async with running(folder, settings, listen=False) as inspector, served(inspector, window=False):
        log_into(folder)
        status = await perform_forward(command, inspector)
        await inspector.start_listening()
        state = inspector.listener_state
        if not state.listening:
            raise Failed(CANNOT_RUN, state.problem or "The listener could not start.")
        print(f"Listening on {state.url}", flush=True)
        await _print_until(stop, printer(status.rule))
        return await perform_forward(EndForward(name=command.name), inspector)


async def _print_until(stop: "asyncio.Event", printer: "AttemptPrinter") -> None:
    import asyncio

    while not stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOKED_EVERY_S):
                await stop.wait()
        await asyncio.to_thread(printer.print)
