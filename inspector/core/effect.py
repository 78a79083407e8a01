"""What an edited handler would have made of stored deliveries; the others count by their stored outcome."""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.core.delivery import Delivery, Rung, Standing, Verdict
from inspector.core.verification.context import NOTHING
from inspector.core.verification.ladder import Link, evaluate

VERIFIED = (Standing.WON, Standing.SHADOWED)


class Change(StrEnum):
    """How the outcome of a delivery would differ from the stored one."""

    WINS = "wins"  # nobody won it; this handler would
    FAILS = "fails"  # this handler won it; nobody would
    TAKES_OVER = "takes-over"  # another handler won it; this one would
    HANDS_OVER = "hands-over"  # this handler won it; another one would
    VERIFIES = "verifies"  # it would verify behind the winner, and did not
    VERIFIES_NO_MORE = "verifies-no-more"  # the other way round


@dataclass(frozen=True, slots=True)
class Effect:
    """Where the handler would stand for one delivery, and what that changes."""

    id: int
    standing: Standing
    change: Change | None


@dataclass(frozen=True, slots=True)
class Edited:
    """A handler as it is being edited. `own` says whether a revision is one of its own.

    `earlier` are the names of the handlers that are tried before it, for deliveries that came before it was there;
    `material` the keys by address that are known.
    """

    link: Link
    own: Callable[[int], bool]
    earlier: Collection[str] = ()
    material: Mapping[str, str] = NOTHING


@dataclass(slots=True)
class Tally:
    """How many deliveries were looked at, and the ids behind each count, in the order in which they were looked at."""

    counted: int = 0
    standings: dict[Standing, "array[int]"] = field(default_factory=dict)
    changes: dict[Change, "array[int]"] = field(default_factory=dict)

    def add(self, effects: Iterable[Effect]) -> None:
        """Count these too."""
        for effect in effects:
            self.counted += 1
            self.standings.setdefault(effect.standing, array("q")).append(effect.id)
            if effect.change is not None:
                self.changes.setdefault(effect.change, array("q")).append(effect.id)

    def merge(self, other: "Tally") -> None:
        """Count what the other one counted too."""
        self.counted += other.counted
        for standing, ids in other.standings.items():
            self.standings.setdefault(standing, array("q")).extend(ids)
        for change, ids in other.changes.items():
            self.changes.setdefault(change, array("q")).extend(ids)


def effect_of(delivery: Delivery, edited: Edited) -> Effect | None:
    """What the edited handler makes of `delivery`; None where no handler ever saw it."""
    if delivery.verdict not in (Verdict.WON, Verdict.FAILED):
        return None
    rung = evaluate(delivery.request, (edited.link,), now=delivery.received_at, material=edited.material)[0]
    before, earlier, later = _around(delivery.ladder, edited)
    verifies = rung.standing is Standing.WON
    beaten = any(each.standing in VERIFIED for each in earlier)
    standing = Standing.SHADOWED if verifies and beaten else rung.standing
    others = beaten or any(each.standing in VERIFIED for each in later)
    return Effect(delivery.id, standing, _change(before, standing, delivery.verdict, others=others))


def _around(ladder: Iterable[Rung], edited: Edited) -> tuple[Standing | None, list[Rung], list[Rung]]:
    """Where it stood, and the rungs of those tried before and after it."""
    before: Standing | None = None
    rungs, place = list(ladder), -1
    for number, rung in enumerate(rungs):
        if edited.own(rung.revision):
            before, place = rung.standing, number
            break
    if place >= 0:
        return before, rungs[:place], rungs[place + 1 :]
    earlier = [rung for rung in rungs if rung.handler in edited.earlier]
    return None, earlier, [rung for rung in rungs if rung.handler not in edited.earlier]


def _change(before: Standing | None, after: Standing, verdict: Verdict, *, others: bool) -> Change | None:
    won, wins = before is Standing.WON, after is Standing.WON
    if won and not wins:
        return Change.HANDS_OVER if others else Change.FAILS
    if wins and not won:
        return Change.TAKES_OVER if verdict is Verdict.WON else Change.WINS
    did, does = before in VERIFIED, after in VERIFIED
    if does and not did:
        return Change.VERIFIES
    if did and not does:
        return Change.VERIFIES_NO_MORE
    return None
