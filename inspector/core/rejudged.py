"""Stored deliveries judged again by the handlers of today: what that makes of each, and of many."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.core.delivery import ANSWERING, Delivery, Ladder, Rung, Verdict
from inspector.core.judgement import Judgement


class Turn(StrEnum):
    """How today's outcome of a delivery differs from the stored one."""

    WINS = "wins"  # no handler won it; today one does
    FAILS = "fails"  # a handler won it; today none does
    OTHER_WINNER = "other-winner"  # another handler wins it today
    OTHER_SECRET = "other-secret"  # the same one wins it, with another of its secrets  # noqa: S105 - no secret
    OTHER_REASON = "other-reason"  # no handler wins it, as before, but one that was asked then gives another reason
    HANDSHAKE = "handshake"  # it was answered as a handshake, or would be today, and not the other way round


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What became of one delivery. `verdict` is today's; a refused delivery is refused as it was."""

    id: int
    verdict: Verdict
    turn: Turn | None


@dataclass(slots=True)
class Recount:
    """The ids behind each count, in the order in which they were judged."""

    counted: int = 0
    verdicts: dict[Verdict, "array[int]"] = field(default_factory=dict)
    turns: dict[Turn, "array[int]"] = field(default_factory=dict)

    def add(self, each: Rejudged) -> None:
        """Count this one too."""
        self.counted += 1
        self.verdicts.setdefault(each.verdict, array("q")).append(each.id)
        if each.turn is not None:
            self.turns.setdefault(each.turn, array("q")).append(each.id)

    def merge(self, other: "Recount") -> None:
        """Count what the other one counted too."""
        self.counted += other.counted
        for verdict, ids in other.verdicts.items():
            self.verdicts.setdefault(verdict, array("q")).extend(ids)
        for turn, ids in other.turns.items():
            self.turns.setdefault(turn, array("q")).extend(ids)


def rejudged(delivery: Delivery, today: Judgement) -> Rejudged:
    """What `today` makes of `delivery`, beside what is stored with it."""
    return Rejudged(delivery.id, today.verdict, _turn(delivery, today))


def refused_again(delivery: Delivery) -> Rejudged:
    """A refused delivery: no handler ever sees it."""
    return Rejudged(delivery.id, Verdict.REFUSED, None)


def answering(ladder: Ladder) -> Rung | None:
    """The rung of the handler that answers: it wins, or its provider's handshake is answered."""
    return next((rung for rung in ladder if rung.standing in ANSWERING), None)


def _turn(delivery: Delivery, today: Judgement) -> Turn | None:
    before, after = delivery.verdict, today.verdict
    if before is not after:
        if Verdict.HANDSHAKE in (before, after):
            return Turn.HANDSHAKE
        return Turn.WINS if after is Verdict.WON else Turn.FAILS
    won, wins = delivery.answered_by, answering(today.ladder)
    if won is not None and wins is not None:
        if won.handler != wins.handler:
            return Turn.OTHER_WINNER
        return Turn.OTHER_SECRET if won.secret_label != wins.secret_label else None
    stood, stands = _reasons(delivery.ladder), _reasons(today.ladder)
    return Turn.OTHER_REASON if any(stood[name] != stands[name] for name in stood.keys() & stands) else None


def _reasons(ladder: Iterable[Rung]) -> dict[str, tuple[str, str | None]]:
    """Where each handler stands and why, by its name."""
    return {rung.handler: (rung.standing, rung.reason) for rung in ladder}
