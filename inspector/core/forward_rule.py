"""A rule that forwards: which deliveries go on to which target, how, and what is done when they cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from inspector.core.attempt import TargetAnswer
from inspector.core.bulk import Recipe
from inspector.core.delivery import Answer
from inspector.core.filters import Search, SearchError, parse
from inspector.core.resending import Edits
from inspector.core.retry import RetryPolicy
from inspector.core.target import NOTHING_ALLOWED, Allowance, TargetMalformed, target_from

PATIENT: Final = RetryPolicy(attempts=1000, first_delay_s=1.0, factor=2.0, longest_delay_s=300.0, total_s=259_200.0)
"""For three days, at last every five minutes."""

_NOT_GIVEN: Final = {
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length",
    "date", "server",
}  # fmt: skip
_MOST_GIVEN_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ForwardRule:
    """What is forwarded, and how. `id` is 0 until it is stored; names are unique.

    `in_order`: one is answered before the next is sent, and one that fails holds up those behind it until it is given
    up. `answers_sender`: the first answer of the target becomes the answer to the sender, where it comes within
    `answer_limit_s`.
    """

    name: str
    to: str  # the target's URL
    search: str = ""
    enabled: bool = True
    sign_with: str = ""
    host_of_target: bool = False
    in_order: bool = False
    concurrency: int = 4
    answers_sender: bool = False
    answer_limit_s: float = 5.0
    retry: RetryPolicy = PATIENT
    allowance: Allowance = field(default=NOTHING_ALLOWED)
    id: int = 0

    @property
    def filter(self) -> Search:
        """What it selects. Raises SearchError."""
        return parse(self.search)

    @property
    def recipe(self) -> Recipe:
        """What becomes of each. Raises TargetMalformed."""
        edits = Edits(host_of_target=self.host_of_target)
        return Recipe(target_from(self.to), edits, self.sign_with, self.allowance)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """Why a rule cannot be used: the field, and one sentence."""

    field: str
    sentence: str


def rule_problems(rule: ForwardRule, others: Sequence[ForwardRule] = ()) -> Sequence[RuleProblem]:
    """What is wrong with `rule`, beside `others`."""
    found = []
    if not rule.name.strip():
        found.append(RuleProblem("name", "The name is empty."))
    if any(other.name == rule.name for other in others):
        found.append(RuleProblem("name", f"There is a rule named {rule.name!r} already."))
    try:
        target_from(rule.to)
    except TargetMalformed as error:
        found.append(RuleProblem("to", str(error)))
    try:
        parse(rule.search)
    except SearchError as error:
        found.append(RuleProblem("search", f"The search is not understood: {error.message}"))
    if not 1 <= rule.concurrency <= 64:
        found.append(RuleProblem("concurrency", "From 1 to 64 connections."))
    if not 0 < rule.answer_limit_s <= 30:
        found.append(RuleProblem("answer_limit_s", "The sender waits from 0 to 30 seconds."))
    return found


type WaitingState = Literal["waiting", "in-flight", "given-up"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery in the queue of a rule. `tried` counts attempts; `status` and `error` are of the last one."""

    id: int
    rule: int
    delivery: int
    state: WaitingState
    due_ns: int
    first_ns: int = 0
    tried: int = 0
    maybe_twice: bool = False
    status: int = 0
    error: str = ""


def given_answer(answer: TargetAnswer) -> Answer | None:
    """The answer of a target as one to give to the sender; None where it cannot be given."""
    if answer.cut or not 200 <= answer.status <= 599 or len(answer.body) > _MOST_GIVEN_BYTES:
        return None
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    named = {
        option.strip().lower() for name, value in headers if name.lower() == "connection" for option in value.split(",")
    }
    kept = tuple((name, value) for name, value in headers if name and name.lower() not in _NOT_GIVEN | named)
    return Answer(answer.status, kept, answer.body)
