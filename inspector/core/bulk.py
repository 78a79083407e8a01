"""Many resends as one: in which order, how fast, how often, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.core.attempt import AttemptSummary
from inspector.core.resending import AS_RECEIVED, Edits
from inspector.core.retry import NEVER, RetryPolicy
from inspector.core.target import NOTHING_ALLOWED, Allowance, Target


@dataclass(frozen=True, slots=True)
class Recipe:
    """What becomes of a delivery, and where it goes. `sign_with` is the name of a handler; empty: not signed anew."""

    target: Target
    edits: Edits = AS_RECEIVED
    sign_with: str = ""
    allowance: Allowance = NOTHING_ALLOWED  # besides what is kept for the target
    follow_redirects: bool = False


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """How many are sent. With a `concurrency` of 1 each is answered before the next is sent, so the order is kept.

    `times`: the whole selection is gone through so often, `delay_s` apart, longer or shorter by the share `jitter`.
    """

    newest_first: bool = False
    times: int = 1
    per_second: float = 0.0  # 0: as fast as it goes
    concurrency: int = 1
    delay_s: float = 0.0
    jitter: float = 0.0
    retry: RetryPolicy = NEVER

    def __post_init__(self) -> None:
        if self.times < 1 or not 1 <= self.concurrency <= 256 or self.per_second < 0 or self.delay_s < 0:
            raise ValueError("times from 1, concurrency from 1 to 256, rate and delay from 0")
        if not 0 <= self.jitter <= 1:
            raise ValueError("jitter is from 0 to 1")


type RunState = Literal["running", "paused", "cancelling", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `done` of `total` resends are finished, `succeeded` of them well; `tries` counts attempts.

    `answers` has how many attempts ended with which status (`200`) or error (`refused`). `slowest` are the slowest
    attempts, `failures` the first that did not succeed, both few. `problem` says why a run `failed`.
    """

    run: int
    state: RunState = "running"
    total: int = 0
    done: int = 0
    succeeded: int = 0
    tries: int = 0
    elapsed_s: float = 0.0
    answers: Mapping[str, int] = field(default_factory=dict)
    slowest: tuple[AttemptSummary, ...] = ()
    failures: tuple[AttemptSummary, ...] = ()
    problem: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will be sent."""
        return self.state in ("done", "cancelled", "failed")

    @property
    def per_second(self) -> float:
        """Resends finished in a second, on the whole."""
        return self.done / self.elapsed_s if self.elapsed_s else 0.0
