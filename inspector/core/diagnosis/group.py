"""Failures with one cause, as they are found among many: told in parts while the many are looked at."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.core.diagnosis.finding import Finding


@dataclass(frozen=True, slots=True)
class Group:
    """Failures with one cause. `example` is the delivery that was diagnosed; `handler_id` is 0 where there is none."""

    number: int
    handler: str
    handler_id: int
    finding: Finding
    example: int


@dataclass(frozen=True, slots=True)
class Part:
    """More of a group: ids in the order looked at, and since when and until when they came, in nanoseconds.

    `alike` of them were not looked at singly. The finding of `group` may have learnt something since its last part.
    """

    group: Group
    ids: Sequence[int]
    first_ns: int
    last_ns: int
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """How many failures were sorted, of how many."""

    count: int
    of: int


type GroupStep = Part | Looked


@dataclass(slots=True)
class Gathered:
    """A group with everything that belongs to it by now."""

    group: Group
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    first_ns: int = 0
    last_ns: int = 0
    alike: int = 0

    def add(self, part: Part) -> None:
        """Take in one more part."""
        self.group = part.group
        self.ids.extend(part.ids)
        self.first_ns = min(self.first_ns or part.first_ns, part.first_ns)
        self.last_ns = max(self.last_ns, part.last_ns)
        self.alike += part.alike
