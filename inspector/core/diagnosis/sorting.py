"""Many failures sorted by their cause: one diagnosis for all that the same change mends, or that look alike.

A failure is first tried with the changes that mended others of its kind, which costs as little as checking it; only
what none of them mends is diagnosed. Of one kind - handler, outcome and sender - so many are diagnosed at the most;
the rest is counted with those that it looks like, and said to be.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inspector.core.delivery import Delivery, Rung, Standing
from inspector.core.diagnosis.case import Case, ProviderScheme
from inspector.core.diagnosis.clock import clock_of
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Remedy
from inspector.core.diagnosis.group import Group, Part
from inspector.core.diagnosis.of_chain import case_of_link
from inspector.core.diagnosis.same_cause import PROVED_BY_TIME, Test, test_of
from inspector.core.diagnosis.targets import NOT_SIGNATURES
from inspector.core.diagnosis.values import MOST_LINES, seconds_behind
from inspector.core.request import Request
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret

MOST_DIAGNOSED = 8
"""So many failures of one kind, which no known change mends, are diagnosed; the further ones are counted as alike."""

MOST_UNSIGNED = 2
"""The same of those without anything that looks like a signature: there is nothing to be tried."""

MOST_HANDLERS = 3
"""So many of the handlers that failed are asked about, as long as nothing is proved."""

LARGEST_DIAGNOSED_BYTES = 1 << 20
"""Larger bodies are only tried with changes that mended others: one diagnosis would take as long as a hundred."""

_NO_HEADER = "header-missing"
_SHORTEST_SIGNATURE = 20  # characters


@dataclass(slots=True)
class _Open:
    """A group that is being sorted into, and what it got since that was told."""

    group: Group
    kind: "_Kind"
    fits: Test | None
    new: list[Delivery] = field(default_factory=list)
    alike: int = 0
    count: int = 0
    behind_s: list[float] = field(default_factory=list)


type _Kind = tuple[str, str, str, str]
"""The handler's name, its reason, the recognised sender, and where there may be a signature instead."""


class Sorting:
    """Sorts failures into groups, one after the other.

    `retired` are older secrets by the name of their handler; `recognised` says whom a request looks like it is from.
    """

    def __init__(
        self,
        chain: Chain,
        known: Sequence[ProviderScheme],
        retired: Mapping[str, Sequence[Secret]],
        recognised: Callable[[Request], str],
    ) -> None:
        self._chain, self._known, self._retired, self._recognised = chain, known, retired, recognised
        self._groups: list[_Open] = []
        self._diagnosed: dict[_Kind, int] = {}

    def add(self, delivery: Delivery) -> Iterator[None]:
        """Sort this failure; yields now and then, so that the caller can stop."""
        links = self._failed(delivery)
        if not links:
            self._count(self._unchecked(delivery), delivery)
            return
        rung, link = links[0]
        sender = delivery.recognised.provider if delivery.recognised else ""
        kind = (link.handler.name, rung.reason or "", sender, _signed_where(delivery.request, rung.reason))
        known = next((each for each in self._groups if each.kind == kind and self._fits(each, delivery, link)), None)
        if known is None and self._enough(kind, delivery):
            self._count_alike(kind, delivery, link)
            return
        if known is None:
            known = yield from self._diagnose(delivery, links, kind)
        self._count(known, delivery)
        self._note_time(known, delivery, link)

    def parts(self) -> Iterator[Part]:
        """What came to the groups since this was last asked."""
        for each in self._groups:
            if each.new:
                times = [delivery.last_byte_ns for delivery in each.new]
                each.group = self._with_clock(each)
                yield Part(each.group, [one.id for one in each.new], min(times), max(times), each.alike)
                each.new, each.alike = [], 0

    # Which handler is asked about

    def _failed(self, delivery: Delivery) -> list[tuple[Rung, Link]]:
        """The handlers that failed and are still there, those whose header came before the others."""
        rungs = [rung for rung in delivery.ladder if rung.standing is Standing.FAILED]
        there = [(rung, link) for rung in rungs if (link := self._link(rung)) is not None]
        return sorted(there, key=lambda pair: pair[0].reason == "header-missing")

    def _link(self, rung: Rung) -> Link | None:
        same = next((link for link in self._chain if link.handler.revision == rung.revision), None)
        return same or next((link for link in self._chain if link.handler.name == rung.handler), None)

    # Sorting

    def _fits(self, group: _Open, delivery: Delivery, link: Link) -> bool:
        return group.fits is not None and group.fits(delivery, link)

    def _enough(self, kind: _Kind, delivery: Delivery) -> bool:
        most = MOST_UNSIGNED if kind[1] == _NO_HEADER and not kind[3] else MOST_DIAGNOSED
        there = any(each.kind == kind for each in self._groups)
        return there and (self._diagnosed.get(kind, 0) >= most or len(delivery.request.body) > LARGEST_DIAGNOSED_BYTES)

    def _count(self, group: _Open, delivery: Delivery, *, alike: bool = False) -> None:
        group.new.append(delivery)
        group.count += 1
        group.alike += alike

    def _count_alike(self, kind: _Kind, delivery: Delivery, link: Link) -> None:
        """Count it with those of its kind that it may belong to: the most frequent of those that no change mends."""
        same = [each for each in self._groups if each.kind == kind]
        group = max(same, key=lambda each: (each.fits is None, each.count))
        if group.fits is not None:
            group = self._opened(link, _UNKNOWN, delivery, kind)
        self._count(group, delivery, alike=True)

    def _diagnose(
        self, delivery: Delivery, links: Sequence[tuple[Rung, Link]], kind: _Kind
    ) -> Generator[None, None, _Open]:
        self._diagnosed[kind] = self._diagnosed.get(kind, 0) + 1
        best: tuple[Finding, Link] | None = None
        for _, link in links[:MOST_HANDLERS]:
            finding = yield from self._finding(delivery, link)
            if finding is not None and (best is None or finding.confidence == "proved"):
                best = finding, link
            if best is not None and best[0].confidence == "proved":
                break
        finding, link = best or (_UNKNOWN, links[0][1])
        same = next((each for each in self._groups if each.kind == kind and _alike(each.group, finding, link)), None)
        if same is None:
            fits = test_of(finding, delivery.request, self._chain, self._retired)
            same = self._opened(link, finding, delivery, kind, fits)
        return same

    def _finding(self, delivery: Delivery, link: Link) -> Generator[None, None, Finding | None]:
        for step in diagnose(self._case(delivery, link)):
            if isinstance(step, Finding):
                return step
            yield None
        return None

    def _case(self, delivery: Delivery, link: Link) -> Case:
        request = replace(delivery.request, body=bytes(delivery.request.body))
        return case_of_link(
            request,
            link,
            self._chain,
            now=delivery.received_at,
            known=self._known,
            recognised=self._recognised(request),
            retired=self._retired,
        )

    def _opened(
        self, link: Link | None, finding: Finding, delivery: Delivery, kind: _Kind, fits: Test | None = None
    ) -> _Open:
        handler = link.handler if link is not None else None
        group = Group(len(self._groups), kind[0], handler.id if handler is not None else 0, finding, delivery.id)
        self._groups.append(_Open(group, kind, fits))
        return self._groups[-1]

    # What no handler was asked about

    def _unchecked(self, delivery: Delivery) -> _Open:
        """The group of a failure for which no handler was there, or none could be checked."""
        rung = next((each for each in delivery.ladder if each.standing is Standing.NOT_CHECKABLE), None)
        failed = next((each for each in delivery.ladder if each.standing is Standing.FAILED), None)
        facts = {"path": delivery.request.path}
        if rung is not None:
            cause, name, facts = "not-checkable", rung.handler, {"reason": rung.reason or "", "detail": rung.detail}
        elif failed is not None:
            cause, name, facts = "handler-gone", failed.handler, {"handler": failed.handler}
        else:
            cause, name = ("no-handler-here" if delivery.ladder else "no-handler"), ""
        kind = (name, cause, next(iter(facts.values())), "")
        same = next((each for each in self._groups if each.kind == kind), None)
        if same is not None:
            return same
        link = next((link for link in self._chain if link.handler.name == name), None)
        told = {key: text for key, text in facts.items() if text}
        finding = Finding(cause, "proved", Remedy("handler"), facts=told)
        return self._opened(link, finding, delivery, kind)

    # The sender's clock

    def _note_time(self, group: _Open, delivery: Delivery, link: Link) -> None:
        if group.group.finding.cause in PROVED_BY_TIME:
            behind = seconds_behind(Reading(delivery.request), link.handler.scheme, delivery.received_at)
            group.behind_s += [] if behind is None else [behind]

    def _with_clock(self, group: _Open) -> Group:
        facts = clock_of(group.behind_s).facts
        finding = group.group.finding
        return (
            replace(group.group, finding=replace(finding, facts={**finding.facts, **facts})) if facts else group.group
        )


_UNKNOWN = Finding("unexplained", "hint", Remedy("none"))


def _alike(group: Group, finding: Finding, link: Link) -> bool:
    """Whether both say the same of the same handler."""
    mine, theirs = group.finding, finding
    same = (mine.cause, mine.also, mine.confidence) == (theirs.cause, theirs.also, theirs.confidence)
    changes = (mine.remedy.change, theirs.remedy.change)
    url = any(change is not None and change.url is not None for change in changes)
    return same and group.handler == link.handler.name and (changes[0] == changes[1] or url)


def _signed_where(request: Request, reason: str | None) -> str:
    """The headers that may have a signature, where the handler's own is missing."""
    if reason != _NO_HEADER:
        return ""
    names = {
        name.decode("latin-1").lower()
        for name, value in request.headers[:MOST_LINES]
        if len(value) >= _SHORTEST_SIGNATURE and name.lower() not in NOT_SIGNATURES and b"/" not in value[:20]
    }
    return " ".join(sorted(names))
