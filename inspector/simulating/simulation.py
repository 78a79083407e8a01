"""What is to be simulated, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from inspector.core.attempt import Attempt
from inspector.core.simulation.sample import Payload
from inspector.core.target import NOTHING_ALLOWED, Allowance, Target
from inspector.core.verification.context import NOTHING
from inspector.core.verification.secret import Secret

MOST_TIMES: Final = 10_000


class CannotSimulate(ValueError):
    """A simulation cannot be made; the message is one sentence with its full stop."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is to be simulated, as a user asks for it.

    `preset` is as `stripe` or `github:sha1`. Without a `payload` it is the sample of `event`. `handler` is the name of
    one whose scheme, parameters and secret sign; a `secret` counts before that one, and is a private key where the
    scheme checks with a public one. With neither, a handler that began as the preset is taken. Without a `target` it
    is the own listener. `retries`: an answer that the provider does not take is tried again when the provider would,
    `speed` times as fast.
    """

    preset: str
    event: str = ""
    payload: Payload | None = None
    handler: str = ""
    secret: Secret | None = field(default=None, repr=False)
    parameters: Mapping[str, str] = NOTHING
    target: Target | None = None
    allowance: Allowance = NOTHING_ALLOWED
    times: int = 1
    delay_s: float = 0.0
    retries: bool = False
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.times <= MOST_TIMES or self.delay_s < 0 or not 0 < self.speed <= 1e9:
            raise ValueError(f"times from 1 to {MOST_TIMES:,}, delay from 0, speed above 0")


@dataclass(frozen=True, slots=True)
class Sending:
    """One try of a simulated delivery, the `turn` from 1. `delivery` is what the own listener made of it, 0 elsewhere.

    `next_s` are the seconds until the next try; None where there is none.
    """

    attempt: Attempt
    turn: int = 1
    delivery: int = 0
    next_s: float | None = None
