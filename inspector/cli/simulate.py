"""`simulate`: deliveries as a provider sends them, signed, to the own listener or to a target."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, Parser, add_command, count_from_zero, folder_of
from inspector.cli.resend import check_handler, seconds
from inspector.cli.signing import parameters_of, preset_scheme, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.commands.simulations import SimulatedTry, SimulationStatus, StartSimulation
    from inspector.core.retry_schedule import RetrySchedule

_EXAMPLE = """  webhook-inspector simulate stripe --event invoice.paid
  webhook-inspector simulate github --to http://localhost:3000/webhooks --secret-file key --times 10
  webhook-inspector simulate discord --make-secret discord.pem --to http://localhost:3000
  webhook-inspector simulate slack --retries --speed 60 --to http://localhost:3000"""
_ENDS = """It ends with 0 when every delivery was answered by a status from 200 to 299 in the end, else with 1.

Without --to it goes to the listener of the instance that runs; without a secret, a handler of the preset signs.

"""
_ASKED_EVERY_S = 0.1


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "send a delivery as a provider does: signed, with its headers, from a sample or a payload of your own"
    command = add_command(commands, "simulate", summary, example=_EXAMPLE)
    command.epilog = _ENDS + str(command.epilog)
    command.add_argument("preset", metavar="PRESET[:SCHEME]", help="a provider, as `providers list` names it")
    command.add_argument("--to", metavar="URL", default="", help="the target (default: the own listener)")
    command.add_argument("--event", metavar="E", default="", help="the event (default: the first sample’s)")
    command.add_argument("--list", action="store_true", help="print the events of which there are samples, and end")
    command.add_argument("--body-file", metavar="F", help="the bytes of the file as the body, - for standard input")
    command.add_argument("--content-type", metavar="T", default="", help="of that body (default: application/json)")
    _add_secret_flags(command)
    command.add_argument(
        "--times", metavar="N", type=count_from_zero, default=1, help="N deliveries, each of its own identity"
    )
    command.add_argument("--delay", metavar="S", type=seconds, default=0.0, help="seconds between them")
    command.add_argument(
        "--retries", action="store_true", help="try again, when and as often as the provider documents it"
    )
    command.add_argument("--speed", metavar="X", type=seconds, default=1.0, help="those delays are X times shorter")
    command.add_argument("--allow-certificate", action="store_true", help="accept a certificate that is not valid")
    command.add_argument("--allow-link-local", action="store_true", help="send to link-local addresses")
    command.add_argument("--json", action="store_true", help="print JSON, an object for each try with its answer")
    command.set_defaults(run=run)


def _add_secret_flags(command: Parser) -> None:
    which = command.add_mutually_exclusive_group()
    which.add_argument("--secret-file", metavar="F", help="the secret, or the private key in PEM; - for standard input")
    which.add_argument("--handler", metavar="NAME", default="", help="sign as this handler, with its secret")
    which.add_argument(
        "--make-secret",
        metavar="F",
        help="make a secret that fits, in the file F; of a key pair, the public one in F.pub",
    )
    command.add_argument(
        "--parameter", metavar="NAME=VALUE", action="append", default=[], help="what the scheme wants besides secrets"
    )


def run(arguments: argparse.Namespace) -> int:
    """Send it, and print each try."""
    import asyncio

    from inspector.event_loop import new_event_loop

    preset_scheme(arguments.preset)
    if arguments.list:
        return _list(arguments.preset.partition(":")[0], as_json=arguments.json)
    folder = folder_of(arguments)
    check_handler(folder, arguments.handler)
    command = _command(arguments)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        status = runner.run(_simulated(folder, command, as_json=arguments.json))
    if status.problem:
        raise Failed(WRONG, status.problem)
    last = {each.turn: each for each in status.tries}
    taken = sum(each.succeeded for each in last.values())
    print(f"{taken:,} of {len(last):,} taken, {len(status.tries):,} sent.", file=sys.stderr)
    return DONE if taken == len(last) == command.times else NEGATIVE


def _list(id_: str, *, as_json: bool) -> int:
    from inspector.samples import sample_book

    book = sample_book(id_)
    for sample in book.samples:
        fields = {"event": sample.event, "title": sample.title}
        print(json.dumps(fields) if as_json else f"{sample.event:<32}  {sample.title}")
    return DONE if book.samples else NEGATIVE


def _command(arguments: argparse.Namespace) -> "StartSimulation":
    from inspector.cli.secret_input import secret_from
    from inspector.commands.simulations import StartSimulation, simulation_of
    from inspector.commands.values import NewSecret

    if arguments.body_file == arguments.secret_file == "-":
        raise Failed(WRONG, "Only one of the body and the secret can come from standard input.")
    secret = None if arguments.secret_file is None else secret_from(arguments.secret_file)
    command = StartSimulation(
        preset=arguments.preset,
        to=arguments.to,
        event=arguments.event,
        body=None if arguments.body_file is None else read_file(arguments.body_file),
        content_type=arguments.content_type,
        handler=arguments.handler,
        secret=None if secret is None else NewSecret("file", secret),
        parameters=tuple(parameters_of(arguments.parameter).items()),
        any_certificate=arguments.allow_certificate,
        link_local=arguments.allow_link_local,
        times=arguments.times,
        delay_s=arguments.delay,
        retries=arguments.retries,
        speed=arguments.speed,
    )
    simulation_of(command)
    _tell_beforehand(command)
    if arguments.make_secret is not None:
        from msgspec.structs import replace

        made = _make_secret(arguments.preset, arguments.make_secret)
        return replace(command, secret=NewSecret("made", made.encode()))
    return command


def _make_secret(reference: str, name: str) -> str:
    """A secret in a file of its own. Raises Failed."""
    from pathlib import Path

    from inspector.atomic import write_atomically
    from inspector.simulating import made_secret

    scheme = preset_scheme(reference).scheme
    if scheme.kind in ("none", "mtls"):
        raise Failed(WRONG, "This scheme signs with no secret.")
    file = Path(name)
    if file.exists():
        raise Failed(WRONG, f"{name} is there already: sign with --secret-file {name}.")
    secret, given = made_secret(scheme)
    public = file if secret == given else file.with_name(f"{file.name}.pub")
    try:
        write_atomically(file, secret, private=True)
        if public != file:
            write_atomically(public, given)
            print(given.strip(), file=sys.stderr)
    except OSError as error:
        raise Failed(WRONG, f"{error.filename or name} cannot be written: {error.strerror}.") from None
    id_ = reference.partition(":")[0]
    print(
        f"A handler is given it by: handlers add --name {id_} --preset {reference} --secret-file {public}",
        file=sys.stderr,
    )
    return secret


def _tell_beforehand(command: "StartSimulation") -> None:
    """Say what may not be as one thinks: an event without a sample, a provider of which no delays are known."""
    from inspector.presets import retry_schedule
    from inspector.samples import sample_book

    id_ = command.preset.partition(":")[0]
    book = sample_book(id_)
    if command.event and command.body is None and book.sample(command.event) is None:
        there = f"; there are samples of {', '.join(each.event for each in book.samples)}" if book.samples else ""
        print(f"There is no sample of {command.event!r}: a small payload is made{there}.", file=sys.stderr)
    if command.retries and (schedule := retry_schedule(id_)) is not None:
        print(_habit(schedule), file=sys.stderr)


def _habit(schedule: "RetrySchedule") -> str:
    if schedule.delays_s:
        return f"{schedule.name}: {schedule.sentence}."
    if schedule.known:
        return f"{schedule.name} does not try again by itself ({schedule.sentence})."
    return f"{schedule.name} does not document its delays ({schedule.sentence}): it is sent once."


async def _simulated(folder: "Path", command: "StartSimulation", *, as_json: bool) -> "SimulationStatus":
    import asyncio

    from inspector.cli.run_reach import reached
    from inspector.commands.simulations import AskSimulation, SimulationStatus

    async with reached(folder) as ask:
        status = await ask(command, SimulationStatus)
        if status.handler:
            print(f"Signed as the handler {status.handler!r} does.", file=sys.stderr)
        number = status.number
        tries: list[SimulatedTry] = []
        try:
            while not status.ended:
                status = await ask(AskSimulation(number=number, start=len(tries)), SimulationStatus)
                await asyncio.to_thread(_print, folder, status.tries, as_json=as_json)
                tries += status.tries
                await asyncio.sleep(0 if status.ended else _ASKED_EVERY_S)
        except BaseException:
            await ask(AskSimulation(number=number, how="cancel"), SimulationStatus)
            raise
    return SimulationStatus(number, ended=True, problem=status.problem, tries=tuple(tries))


def _print(folder: "Path", tries: "tuple[SimulatedTry, ...]", *, as_json: bool) -> None:
    from contextlib import closing

    from inspector.cli.attempt_lines import attempt_record
    from inspector.store import Reader

    if not as_json:
        for each in tries:
            print(_line(each), flush=True)
        return
    with closing(Reader(folder)) as reader:
        for each in tries:
            attempt = reader.attempt(each.attempt)
            fields = {} if attempt is None else attempt_record(attempt)
            more = {"turn": each.turn, "delivery": each.delivery, "next_try_s": each.next_s}
            print(json.dumps({**fields, **more}), flush=True)


def _line(each: "SimulatedTry") -> str:
    from inspector.cli.terminal import escaped, masked_target
    from inspector.core.retry_schedule import delay_text

    took = f"{each.took_ns / 1e6:.1f} ms"
    parts = [f"{each.turn:>6}  {each.status or '-':>3}  {took:>10}  {escaped(masked_target(each.target))}"]
    parts += [f"delivery {each.delivery}"] if each.delivery else []
    parts += [escaped(each.sentence)] if each.sentence else []
    if each.next_s is not None:
        wait = delay_text(each.next_s)
        parts.append(f"again {wait}" if wait == "at once" else f"again in {wait}")
    return "  ".join(parts)
