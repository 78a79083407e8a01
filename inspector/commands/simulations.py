"""Simulating as requests that go over the channel: start it, ask for what came of it, end it."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from inspector.commands.values import BaseCommand, NewSecret
from inspector.core.target import Allowance, TargetMalformed, target_from
from inspector.instance import Refused

if TYPE_CHECKING:
    from inspector.app import Inspector
    from inspector.simulating import Sending, Simulation


class StartSimulation(BaseCommand, frozen=True, tag="start-simulation"):
    """Simulate a delivery of this preset; an empty `to` is the own listener. The rest is as in `Simulation`."""

    preset: str
    to: str = ""
    event: str = ""
    body: bytes | None = None
    content_type: str = ""
    handler: str = ""
    secret: NewSecret | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    any_certificate: bool = False
    link_local: bool = False
    times: int = 1
    delay_s: float = 0.0
    retries: bool = False
    speed: float = 1.0


class AskSimulation(BaseCommand, frozen=True, tag="simulation"):
    """Ask for the tries of a simulation, from the one `start` on, after it was cancelled where that is wanted."""

    number: int
    start: int = 0
    how: Literal["", "cancel"] = ""


class SimulatedTry(Struct, frozen=True, omit_defaults=True):
    """One try: its attempt, the delivery that the own listener made of it, the seconds until the next one."""

    attempt: int
    turn: int
    number: int = 1
    status: int = 0
    error: str = ""
    sentence: str = ""
    target: str = ""
    took_ns: int = 0
    succeeded: bool = False
    delivery: int = 0
    next_s: float | None = None


class SimulationStatus(Struct, frozen=True, omit_defaults=True):
    """How far it is. `handler` is the one that signs."""

    number: int
    ended: bool = False
    problem: str = ""
    handler: str = ""
    tries: tuple[SimulatedTry, ...] = ()


type SimulationCommand = StartSimulation | AskSimulation


async def perform_simulation(command: SimulationCommand, inspector: "Inspector") -> SimulationStatus:
    """Do it. Raises Refused where it cannot be done."""
    from inspector.simulating import CannotSimulate

    simulator = inspector.simulator
    if isinstance(command, StartSimulation):
        try:
            simulation = await simulator.completed(simulation_of(command))
            handler = simulator.prepared(simulation).handler
            return SimulationStatus(simulator.start(simulation), handler=handler)
        except CannotSimulate as error:
            raise Refused(str(error)) from None
    if command.how == "cancel":
        simulator.cancel(command.number)
    if (results := simulator.results(command.number)) is None:
        raise Refused(f"There is no simulation {command.number} under way.", "unknown-name")
    tries = tuple(map(_try, results.found[command.start :]))
    return SimulationStatus(command.number, results.ended, results.problem, tries=tries)


def simulation_of(command: StartSimulation) -> "Simulation":
    """What is to be simulated. Raises Refused."""
    from inspector.core.simulation.sample import JSON, Payload
    from inspector.core.verification.secret import Secret
    from inspector.simulating import Simulation

    body = command.body
    payload = None if body is None else Payload(body, command.content_type or JSON, filled=False)
    secret = command.secret
    try:
        return Simulation(
            command.preset,
            command.event,
            payload,
            command.handler,
            None if secret is None else Secret(secret.label, secret.text),
            dict(command.parameters),
            target_from(command.to) if command.to else None,
            Allowance(command.any_certificate, command.link_local),
            command.times,
            command.delay_s,
            command.retries,
            command.speed,
        )
    except TargetMalformed as error:
        raise Refused(str(error)) from None
    except ValueError as error:
        raise Refused(f"{error}.") from None


def _try(sending: "Sending") -> SimulatedTry:
    attempt = sending.attempt
    return SimulatedTry(
        attempt.id,
        sending.turn,
        attempt.number,
        attempt.status,
        attempt.error,
        attempt.sentence,
        attempt.target,
        attempt.times.ended_ns,
        attempt.succeeded,
        sending.delivery,
        sending.next_s,
    )
