"""Diagnose one delivery: facts first, then the search, cheapest hypothesis first."""

from collections.abc import Generator, Iterable, Iterator

from inspector.core.diagnosis import facts
from inspector.core.diagnosis.apply import best_finding, outcome_of
from inspector.core.diagnosis.body_forms import LARGEST_REWRITTEN_BYTES
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.finding import Finding, Finished, Progress, Remedy, Step, unexplained
from inspector.core.diagnosis.known_schemes import signed_as_known
from inspector.core.diagnosis.other_kinds import search_by_verifying
from inspector.core.diagnosis.search import Match, Space, space_of
from inspector.core.verification.outcome import BodyHashMismatch, Outcome, Verified

_COMPUTED = frozenset({"hmac", "hash"})
_MOST_COST_OF_THREE = 9
"""Three everyday mistakes at once are searched for; three odd ones are nobody's case."""


def diagnose(case: Case, *, deep: bool = False) -> Iterator[Step]:
    """Say why the handler of `case` did not verify its delivery, most likely first.

    Findings come as they are found, with Progress between them every few milliseconds; the last step is Finished.
    A proof ends the search. Where nothing explains the failure, the first finding is `unexplained`. `deep` goes on
    beyond the usual bounds until the caller stops it.
    """
    outcome = outcome_of(case)
    if isinstance(outcome, Verified):
        yield next(facts.pickier(case), Finding("verifies", "proved", Remedy("none"), verified=True))
        yield Finished(1)
        return
    certain = next(facts.certain(case, outcome), None)
    if certain is not None:
        yield certain
        yield Finished(1)
        return
    computed = case.scheme.kind in _COMPUTED and not isinstance(outcome, BodyHashMismatch)
    yield from _searched(case, outcome, deep=deep) if computed else _verified(case, outcome)


def _searched(case: Case, outcome: Outcome, *, deep: bool) -> Iterator[Step]:
    space = space_of(case)
    near = yield from _stage(space, space.near())
    found = best_finding(case, near) if near else None
    if found is None or found.also or not found.verified:
        found = next(signed_as_known(case), found)
    if found is not None:
        yield found
        yield Finished(space.tried)
        return
    stages = [
        (space.further(), False),
        (space.several(2), not deep),
        *([(space.several(3, _MOST_COST_OF_THREE), False)] if deep else []),
    ]
    for steps, bounded in stages:
        if matches := (yield from _stage(space, steps, bounded=bounded)):
            yield best_finding(case, matches)
            yield Finished(space.tried)
            return
    yield from _without_proof(case, outcome, space.tried, tuple(_left_out(case, space, deep=deep)))


def _stage(space: Space, steps: Iterable[Match | None], *, bounded: bool = False) -> Generator[Step, None, list[Match]]:
    """Go through `steps` to the first computed digest that fits, and give all ways to read it."""
    matches: list[Match] = []
    for step in steps:
        if step is not None:
            if matches and step.hypothesis is not matches[0].hypothesis:
                break
            matches.append(step)
        elif matches:
            break
        else:
            yield Progress(space.tried, space.planned)
        if bounded and space.exhausted:
            break
    return matches


def _verified(case: Case, outcome: Outcome) -> Iterator[Step]:
    """The search of the kinds that no table of digests covers."""
    tried = 0
    for step in search_by_verifying(case, outcome):
        tried += 1
        if step is None:
            yield Progress(tried, tried)
        else:
            yield step
            yield Finished(tried)
            return
    known = next(signed_as_known(case), None)
    if known is not None:
        yield known
        yield Finished(tried)
        return
    yield from _without_proof(case, outcome, tried, ())


def _without_proof(case: Case, outcome: Outcome, tried: int, left_out: tuple[str, ...]) -> Iterator[Step]:
    """What speaks for a cause that no change can prove; `unexplained` where nothing does, with hints."""
    likely = next(facts.likely(case, outcome), None)
    if likely is None:
        likely = unexplained(tried)
    yield likely
    yield from facts.hints(case)
    yield Finished(tried, left_out)


def _left_out(case: Case, space: Space, *, deep: bool) -> Iterator[str]:
    if len(case.request.body) > LARGEST_REWRITTEN_BYTES:
        yield "body-too-large-to-rewrite"
    if space.tried < space.planned and not deep:
        yield "pairs-beyond-the-bound"
    yield "three-odd-changes-at-once" if deep else "three-changes-at-once"
