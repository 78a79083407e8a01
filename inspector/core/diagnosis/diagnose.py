"""Diagnose one delivery: facts first, then the search, cheapest hypothesis first."""

from collections.abc import Iterator
from dataclasses import replace

from inspector.core.diagnosis import facts
from inspector.core.diagnosis.apply import finding_of, side_of, verifies
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.finding import Finding, Finished, HandlerChange, Progress, Remedy
from inspector.core.diagnosis.other_kinds import search_by_verifying
from inspector.core.diagnosis.search import MOST_HASHES, Match, space_of
from inspector.core.verification.outcome import MissingHeader, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.verify import selected, verify_reading

type Step = Finding | Progress | Finished

_COMPUTED = frozenset({"hmac", "hash"})
_GOOD_ENOUGH = 6
"""A proved single change of this cost or less ends the search: nothing likelier is left."""


def diagnose(case: Case, *, most_hashes: int = MOST_HASHES, deep: bool = False) -> Iterator[Step]:
    """Say why the handler of `case` did not verify its delivery, most likely first.

    Findings come as they are found; the last step is Finished. Where nothing explains the failure, the only
    finding is `unexplained`. `deep` goes on after the first proof.
    """
    outcome = verify_reading(Reading(case.request, case.url), case.scheme, _secrets(case), case.context)
    if isinstance(outcome, Verified):
        found = list(facts.pickier(case)) or [Finding("verifies", "proved", Remedy("none"), True)]
        yield from found
        yield Finished(1)
        return
    certain = [*facts.times(case, outcome), *facts.doubled(case)]
    yield from certain
    if certain:
        yield Finished(len(certain))
        return
    yield from _searched(case, outcome, most_hashes, deep=deep)


def _searched(case: Case, outcome: object, most_hashes: int, *, deep: bool) -> Iterator[Step]:
    told: set[str] = set()
    tried, planned = 0, 0
    if case.scheme.kind in _COMPUTED:
        space = space_of(case)
        planned = space.planned()
        singles = _best([m for m in space.singles() if m is not None], one_cause=True)
        presets = [] if singles else list(_by_presets(case, outcome))
        for finding in (*(finding_of(case, match) for match in singles), *presets):
            if finding.cause not in told:
                told.add(finding.cause)
                yield finding
        tried = space.tried
        if not told or deep:
            pairs: list[Match] = []
            for match in space.pairs(most_hashes=most_hashes):
                if match is None:
                    yield Progress(space.tried, min(planned, most_hashes))
                else:
                    pairs.append(match)
                    if not deep and match.cost <= _GOOD_ENOUGH + 8:
                        break
            for match in _best(pairs, one_cause=False)[:10]:
                finding = finding_of(case, match)
                if finding.cause not in told:
                    told.add(finding.cause)
                    yield finding
            tried = space.tried
    else:
        for finding in (*search_by_verifying(case), *_by_presets(case, outcome)):
            tried += 1
            if finding.cause not in told:
                told.add(finding.cause)
                yield finding
    if not told:
        for finding in _unproved(case, outcome):
            told.add(finding.cause)
            yield finding
    if not told:
        yield Finding("unexplained", "hint", Remedy("none"), False, (), {"tried": str(tried)})
    left = ("pairs of changes",) if planned > tried else ()
    yield Finished(tried, left)


def _best(matches: list[Match], *, one_cause: bool) -> list[Match]:
    """The cheapest match for each set of causes, the cheapest of all first."""
    best: dict[tuple[str, ...], Match] = {}
    for match in sorted(matches, key=lambda m: m.cost):
        if match.causes and (not one_cause or len(match.causes) == 1):
            best.setdefault(match.causes, match)
    return list(best.values())


def _by_presets(case: Case, outcome: object) -> Iterator[Finding]:
    """Is it a delivery of another scheme of this provider, or of another provider, as it stands?"""
    reading = Reading(case.request, case.url)
    for preset in sorted(case.presets, key=lambda preset: preset.provider != case.provider):
        scheme = preset.scheme
        if scheme == case.scheme or scheme.signature is None or scheme.kind in ("none", "token", "bearer", "basic", "mtls"):
            continue
        if scheme.select is not None and not selected(reading, scheme.select):
            continue
        if not isinstance(find_signatures(reading, scheme.signature), Found):
            continue
        known = [KnownSecret("", "", text) for text in case.secrets] + list(case.others)
        for one in known:
            if not verifies(replace(case, scheme=scheme, secrets=(one.value,))):
                continue
            same = preset.provider == case.provider
            cause = "scheme-version-mismatch" if same else "wrong-provider"
            change = HandlerChange(scheme=scheme, secret_of=(one.handler, one.label) if one.handler else None)
            told = {"provider": preset.provider, "scheme": scheme.id, "handler": one.handler}
            yield Finding(cause, "proved", Remedy(side_of(cause), change), True, (), {k: v for k, v in told.items() if v})
            return


def _unproved(case: Case, outcome: object) -> Iterator[Finding]:
    """What speaks for a cause that no change can prove."""
    yield from facts.truncated(case)
    if not isinstance(outcome, MissingHeader):
        return
    reading = Reading(case.request, case.url)
    for preset in case.presets:
        place = preset.scheme.signature
        if place is None or place.place != "header" or preset.scheme.kind in ("token", "bearer", "basic", "none"):
            continue
        if place.name.lower() in ("authorization", "signature") or place.configurable:
            continue
        if isinstance(find_signatures(reading, place), Found):
            cause = "scheme-version-mismatch" if preset.provider == case.provider else "wrong-provider"
            told = {"provider": preset.provider, "scheme": preset.scheme.id, "header": place.name}
            yield Finding(cause, "likely", Remedy("handler"), False, (), told)
            return
    yield from facts.headers(case)


def _secrets(case: Case) -> list[Secret]:
    return [Secret(str(n), text) for n, text in enumerate(case.secrets)]

