"""From what a user asks for to all that it takes: preset, samples, who signs, where to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from inspector import presets
from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.retry_schedule import RetrySchedule, schedule_of
from inspector.core.sample import sample_path
from inspector.core.simulation.sample import Payload, SampleBook
from inspector.core.simulation.secret_form import key_kind
from inspector.core.simulation.simulate import Making, chosen_payload, parameters_for, placed
from inspector.core.target import Target, target_from
from inspector.core.verification.preset import Preset
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.scheme import Scheme
from inspector.resend import Signer
from inspector.samples import sample_book
from inspector.simulating.simulation import CannotSimulate, Simulation


@dataclass(frozen=True, slots=True)
class Prepared:
    """A simulation with all that it takes. `handler` is the one that signs; empty where a secret of its own does."""

    making: Making
    target: Target
    own: bool
    handler: str
    schedule: RetrySchedule
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is to simulate with: the chain, who signs by a handler's name, the own listener's URL or nothing."""

    handlers: Sequence[Handler]
    signer: Callable[[str], Signer | None]
    own_url: str


def prepared(simulation: Simulation, around: Surroundings) -> Prepared:
    """All that it takes to simulate. Raises CannotSimulate."""
    preset, wanted = _preset(simulation.preset)
    signer = _signer(simulation, preset, wanted, around)
    scheme = placed(signer.handler.scheme) if signer else wanted
    if signer and simulation.secret is None:
        _check_signs(scheme, signer)
    book = sample_book(preset.id)
    payload, told, is_sample = _payload(simulation, preset, scheme, book)
    target = simulation.target or _own_target(preset, signer, around.own_url)
    own = bool(around.own_url) and target.origin == around.own_url.rstrip("/")
    known = {**(signer.handler.parameters if signer else {}), **simulation.parameters}
    making = Making(
        preset,
        scheme,
        simulation.secret or (signer.secret if signer else None),
        payload,
        told,
        book,
        parameters_for(preset, known),
        target.authority,
        target.request_target or "/",
    )
    making = replace(making, url=_signed_url(making, target, signer, own=own))
    return Prepared(making, target, own, signer.handler.name if signer else "", schedule_of(preset), is_sample)


def usual_handler(reference: str, handlers: Sequence[Handler]) -> str:
    """The name of the first handler that began as this preset; empty where there is none."""
    id_ = reference.partition(":")[0]
    return next((each.name for each in handlers if each.enabled and each.preset.partition(":")[0] == id_), "")


def _signed_url(making: Making, target: Target, signer: Signer | None, *, own: bool) -> str:
    """The URL that a scheme covers: what the own listener takes for it, else the one that is sent to."""
    if not own:
        return target.origin + making.path
    if signer is None:
        return ""
    plain = Request("POST", making.path, "1.1", Headers([(b"Host", making.authority.encode())]))
    return sender_url(plain, signer.handler.public_url)


def _signer(simulation: Simulation, preset: Preset, wanted: Scheme, around: Surroundings) -> Signer | None:
    """The handler that signs; None where a secret of its own does, or nothing. Raises CannotSimulate."""
    if simulation.handler:
        if (signer := around.signer(simulation.handler)) is None:
            raise CannotSimulate(f"There is no handler named {simulation.handler!r}.")
        return signer
    if simulation.secret is not None or wanted.kind in ("none", "mtls"):
        return None
    for handler in around.handlers:
        fits = handler.preset.partition(":")[0] == preset.id
        if handler.enabled and fits and (":" not in simulation.preset or handler.scheme == wanted):
            signer = around.signer(handler.name)
            if signer is not None and signer.secret is not None and not key_kind(handler.scheme):
                return signer
    raise CannotSimulate(
        f"Nothing signs for {preset.name}: there is no handler of it with a secret, and no secret was given."
    )


def _own_target(preset: Preset, signer: Signer | None, own_url: str) -> Target:
    if not own_url:
        raise CannotSimulate("The own listener does not run: start it, or name a target.")
    path = sample_path(signer.handler.path) if signer and signer.handler.path else f"/{preset.id}"
    return target_from(own_url.rstrip("/") + path)


def _preset(reference: str) -> tuple[Preset, Scheme]:
    try:
        found = presets.preset(reference.partition(":")[0])
        return found, placed(presets.scheme(reference).scheme)
    except presets.PresetUnknown as error:
        sentence = str(error)
        raise CannotSimulate(f"{sentence[:1].upper()}{sentence[1:]}.") from None


def _check_signs(scheme: Scheme, signer: Signer) -> None:
    """Raises CannotSimulate where what the handler has cannot sign."""
    if scheme.kind == "none":
        return
    name = signer.handler.name
    if signer.secret is None:
        raise CannotSimulate(f"The handler {name!r} has no secret that can be read.")
    if key_kind(scheme) and "PRIVATE KEY" not in signer.secret.value:
        raise CannotSimulate(f"The handler {name!r} has the public key only: signing takes the private one.")


def _payload(simulation: Simulation, preset: Preset, scheme: Scheme, book: SampleBook) -> tuple[Payload, str, bool]:
    payload, told, is_sample = chosen_payload(preset, scheme, book, simulation.event)
    if simulation.payload is None:
        return payload, told, is_sample
    return simulation.payload, simulation.event or told, False
