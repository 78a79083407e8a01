"""Scenarios as requests that go over the channel: start one, ask for its results."""

from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.commands.values import BaseCommand
from inspector.core.bulk import Recipe
from inspector.core.resending import Edits
from inspector.core.scenario import ScenarioMalformed, answered, scenario_from
from inspector.core.target import Allowance, TargetMalformed, target_from
from inspector.instance import Refused

if TYPE_CHECKING:
    from inspector.app import Inspector
    from inspector.core.scenario import CaseResult


class StartScenario(BaseCommand, frozen=True, tag="start-scenario"):
    """Run the scenario of this TOML text; `to` (a URL), `delivery` and `sign_with` count before those in the text."""

    toml: str
    to: str = ""
    delivery: int = 0
    sign_with: str = ""
    host_of_target: bool = False
    any_certificate: bool = False
    link_local: bool = False


class AskScenario(BaseCommand, frozen=True, tag="scenario"):
    """Ask for the results of a scenario, from the case `start` on."""

    number: int
    start: int = 0


class CaseOutcome(Struct, frozen=True, omit_defaults=True):
    """What came of a case: expected and actual answers of its steps, its attempts, how long they took."""

    name: str
    kind: str
    passed: bool
    expected: tuple[str, ...] = ()
    actual: tuple[str, ...] = ()
    differing: tuple[int, ...] = ()
    attempts: tuple[int, ...] = ()
    took_s: float = 0.0
    skipped: str = ""


class ScenarioStatus(Struct, frozen=True, omit_defaults=True):
    """The results so far."""

    number: int
    ended: bool = False
    problem: str = ""
    cases: tuple[CaseOutcome, ...] = ()


type ScenarioCommand = StartScenario | AskScenario


async def perform_scenario(command: ScenarioCommand, inspector: "Inspector") -> ScenarioStatus:
    """Do it. Raises Refused where it cannot be done."""
    from msgspec.structs import replace

    from inspector.resend import NoSuchDelivery

    try:
        if isinstance(command, StartScenario):
            scenario = scenario_from(command.toml)
            scenario = replace(
                scenario,
                delivery=command.delivery or scenario.delivery,
                sign=command.sign_with or scenario.sign,
                request=None if command.delivery else scenario.request,
            )
            edits = Edits(host_of_target=command.host_of_target)
            allowance = Allowance(command.any_certificate, command.link_local)
            recipe = Recipe(target_from(command.to or scenario.target), edits, allowance=allowance)
            return ScenarioStatus(inspector.resends.start_scenario(scenario, recipe))
        results = inspector.resends.scenario_results(command.number)
    except (ScenarioMalformed, TargetMalformed) as error:
        raise Refused(str(error)) from None
    except NoSuchDelivery as error:
        raise Refused(str(error), "unknown-name") from None
    outcomes = tuple(map(_outcome, results.found[command.start :]))
    return ScenarioStatus(command.number, results.ended, results.problem, outcomes)


def _outcome(result: "CaseResult") -> CaseOutcome:
    return CaseOutcome(
        result.case.title,
        result.case.kind,
        result.passed,
        tuple(" or ".join(expected) for expected in result.expected),
        tuple(answered(attempt) for attempt in result.attempts),
        tuple(result.differing),
        tuple(attempt.id for attempt in result.attempts),
        sum(attempt.times.ended_ns for attempt in result.attempts) / 1e9,
        result.skipped,
    )
