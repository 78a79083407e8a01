"""`scenario`: what a receiver must take and what it must refuse, tried out; for continuous integration too."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, Parser, add_command, count_from_zero, folder_of
from inspector.cli.resend import check_handler

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.commands.scenarios import CaseOutcome, ScenarioStatus, StartScenario

_RUN_EXAMPLE = "  webhook-inspector scenario run stripe.toml --target http://localhost:3000/webhooks --junit report.xml"
_NEW_EXAMPLE = "  webhook-inspector scenario new 12 --sign stripe > stripe.toml"
_ENDS = """It ends with 0 when every answer was as expected, and with 1 when one differs.

"""
_ASKED_EVERY_S = 0.1


def add_to(commands: Commands) -> None:
    """Add the command and its own commands."""
    summary = "try out what a receiver must take and what it must refuse"
    scenario = add_command(commands, "scenario", summary, example=f"{_NEW_EXAMPLE}\n{_RUN_EXAMPLE}")
    own = scenario.add_subparsers(metavar="COMMAND", required=True, title="commands", parser_class=Parser)
    new = add_command(own, "new", "print a scenario with every kind of case, to be edited", example=_NEW_EXAMPLE)
    new.add_argument("delivery", metavar="ID", type=count_from_zero, help="the good delivery that all is made from")
    new.add_argument("--sign", metavar="HANDLER", default="", help="the handler whose recipe signs")
    new.add_argument("--by-number", action="store_true", help="name the delivery only: the file has no request then")
    new.add_argument("--name", metavar="N", default="", help="what the scenario is called")
    new.set_defaults(run=_new)
    run = add_command(own, "run", "send every case to a target, and compare the answers", example=_RUN_EXAMPLE)
    run.epilog = _ENDS + str(run.epilog)
    run.add_argument("file", metavar="FILE", help="the scenario, - for standard input")
    run.add_argument("--target", metavar="URL", default="", help="the receiver, http or https; else the one FILE names")
    run.add_argument("--delivery", metavar="ID", type=count_from_zero, default=0, help="another delivery to begin with")
    run.add_argument("--sign", metavar="HANDLER", default="", help="another handler whose recipe signs")
    run.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML too")
    run.add_argument("--host-of-target", action="store_true", help="write the target's name into the Host header")
    run.add_argument("--allow-certificate", action="store_true", help="accept a certificate that is not valid")
    run.add_argument("--allow-link-local", action="store_true", help="send to link-local addresses")
    run.add_argument("--json", action="store_true", help="print JSON, an object for each case")
    run.set_defaults(run=_run)


def _new(arguments: argparse.Namespace) -> int:
    from contextlib import closing

    from inspector.core.scenario import scenario_toml, usual_scenario
    from inspector.core.scenario_request import kept
    from inspector.store import Reader

    check_handler(folder_of(arguments), arguments.sign)
    with closing(Reader(folder_of(arguments))) as reader:
        delivery = reader.delivery(arguments.delivery)
        if delivery is None:
            raise Failed(NEGATIVE, f"There is no delivery {arguments.delivery}.")
        request = None if arguments.by_number else kept(delivery.request)
    if request is None and not arguments.by_number:
        print("The request is too large or has trailers: the file names its delivery only.", file=sys.stderr)
    scenario = usual_scenario(arguments.name, arguments.delivery, arguments.sign, request)
    sys.stdout.write(scenario_toml(scenario))
    return DONE


def _run(arguments: argparse.Namespace) -> int:
    import asyncio

    from inspector.event_loop import new_event_loop

    folder = folder_of(arguments)
    command = _command(arguments)
    _check(folder, command)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        status = runner.run(_performed(folder, command, as_json=arguments.json))
    if status.problem:
        raise Failed(WRONG, status.problem)
    if arguments.junit is not None:
        _write_junit(arguments.junit, arguments.file, status.cases)
    failed = [case for case in status.cases if not case.passed and not case.skipped]
    skipped = sum(bool(case.skipped) for case in status.cases)
    print(
        f"{len(status.cases) - len(failed) - skipped} of {len(status.cases)} as expected, {len(failed)} differ, "
        f"{skipped} cannot be made.",
        file=sys.stderr,
    )
    return NEGATIVE if failed else DONE


def _command(arguments: argparse.Namespace) -> "StartScenario":
    from pathlib import Path

    from inspector.commands.scenarios import StartScenario

    try:
        raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise Failed(WRONG, f"{arguments.file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failed(WRONG, f"{arguments.file}: not valid TOML: not UTF-8.") from None
    return StartScenario(
        toml=text,
        to=arguments.target,
        delivery=arguments.delivery,
        sign_with=arguments.sign,
        host_of_target=arguments.host_of_target,
        any_certificate=arguments.allow_certificate,
        link_local=arguments.allow_link_local,
    )


def _check(folder: "Path", command: "StartScenario") -> None:
    """Raises Failed where something that it names is not there, or is not understood: nothing is sent then."""
    from contextlib import closing

    from inspector.core.scenario import ScenarioMalformed, scenario_from
    from inspector.core.target import TargetMalformed, target_from
    from inspector.store import Reader

    try:
        scenario = scenario_from(command.toml)
        if not command.to and not scenario.target:
            raise Failed(WRONG, "The scenario names no receiver: name it with --target.")
        target_from(command.to or scenario.target)
    except ScenarioMalformed as error:
        raise Failed(WRONG, f"The scenario is not understood: {error}.") from None
    except TargetMalformed as error:
        raise Failed(WRONG, str(error)) from None
    delivery = command.delivery or scenario.delivery
    if command.delivery or scenario.request is None:
        with closing(Reader(folder)) as reader:
            if not reader.page([delivery]):
                raise Failed(NEGATIVE, f"There is no delivery {delivery}.")
    check_handler(folder, command.sign_with or scenario.sign)


async def _performed(folder: "Path", command: "StartScenario", *, as_json: bool) -> "ScenarioStatus":
    import asyncio

    from inspector.cli.run_reach import reached
    from inspector.commands.scenarios import AskScenario, ScenarioStatus

    async with reached(folder) as ask:
        status = await ask(command, ScenarioStatus)
        cases: list[CaseOutcome] = []
        while not status.ended:
            await asyncio.sleep(_ASKED_EVERY_S)
            status = await ask(AskScenario(number=status.number, start=len(cases)), ScenarioStatus)
            for case in status.cases:
                print(_json(case) if as_json else _line(case), flush=True)
            cases += status.cases
    return ScenarioStatus(status.number, ended=True, problem=status.problem, cases=tuple(cases))


def _line(case: "CaseOutcome") -> str:
    from inspector.cli.terminal import escaped

    if case.skipped:
        return f"skipped  {escaped(case.name):<22}  {escaped(case.skipped)}"
    word = "ok" if case.passed else "DIFFERS"
    return f"{word:<7}  {escaped(case.name):<22}  {_told(case)}"


def _told(case: "CaseOutcome") -> str:
    """Expected and actual answers; of many only those that differ."""
    places = range(len(case.actual)) if len(case.actual) <= 3 else case.differing[:3]
    parts = [f"expected {case.expected[place]}, was {case.actual[place]}" for place in places]
    if len(case.actual) > 3:
        parts.append(f"{len(case.differing)} of {len(case.actual)} differ")
    return "; ".join(parts)


def _json(case: "CaseOutcome") -> str:
    import msgspec

    return json.dumps(msgspec.to_builtins(case))


def _write_junit(name: str, suite: str, cases: "tuple[CaseOutcome, ...]") -> None:
    from pathlib import Path

    from inspector.atomic import write_atomically
    from inspector.core.formats.junit import TestCase, junit_xml

    found = [
        TestCase(case.name, case.took_s, "" if case.passed or case.skipped else _told(case), case.skipped)
        for case in cases
    ]
    try:
        write_atomically(Path(name), junit_xml(Path(suite).stem or "scenario", found))
    except OSError as error:
        raise Failed(WRONG, f"{name} cannot be written: {error.strerror}.") from None
