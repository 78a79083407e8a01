"""How far a sender's clock is from ours, measured over many of its deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from inspector.core.diagnosis.choices import NO_FACTS, Facts

FEWEST = 3
"""Of fewer deliveries nothing is said: two may be late for any reason."""

_STEADY_S = 30
_STEADY_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Clock:
    """So many deliveries bore times that lie so far behind ours; negative: ahead.

    `steady`: nearly all by the same span, as of a clock that is wrong; else they were held up or are sent again.
    """

    count: int
    behind_s: float
    steady: bool

    @property
    def facts(self) -> Facts:
        """For the sentence of a finding; none where it tells nothing."""
        if self.count < FEWEST:
            return NO_FACTS
        seconds = f"{abs(round(self.behind_s)):,}"
        kind = "steady" if self.steady else "varied"
        return {"recent_count": f"{self.count:,}", f"recent_{kind}": seconds}


def clock_of(behind: Sequence[float]) -> Clock:
    """What these spans tell of one sender's clock."""
    if not behind:
        return Clock(0, 0, steady=False)
    middle = median(behind)
    allowed = max(_STEADY_S, abs(middle) * _STEADY_SHARE)
    near = sum(abs(each - middle) <= allowed for each in behind)
    return Clock(len(behind), middle, steady=near >= 0.9 * len(behind))
