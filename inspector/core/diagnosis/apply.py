"""A hypothesis turned back into settings, and the proof: does the delivery verify with exactly these?"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from msgspec.structs import replace as changed

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.finding import Confidence, Finding, HandlerChange, Remedy, side_of
from inspector.core.diagnosis.naming import named_causes
from inspector.core.diagnosis.search import Hypothesis, Match
from inspector.core.request import Request
from inspector.core.verification.outcome import (
    CannotBeChecked,
    MalformedTimestamp,
    MissingTimestamp,
    Outcome,
    Verified,
)
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Part, Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.template import written
from inspector.core.verification.verify import verify_reading

UNITS = ("s", "ms", "auto", "iso8601", "rfc1123")
"""How a sender may write its time."""


def outcome_of(
    case: Case,
    *,
    scheme: Scheme | None = None,
    secrets: Sequence[str] | None = None,
    request: Request | None = None,
    url: str | None = None,
) -> Outcome:
    """What verifying the case's delivery answers, with some things changed."""
    texts = case.secrets if secrets is None else secrets
    reading = Reading(request or case.request, case.url if url is None else url)
    candidates = [Secret(str(number), text) for number, text in enumerate(texts)]
    return verify_reading(reading, scheme or case.scheme, candidates, case.context)


def signature_right(outcome: Outcome) -> bool:
    """Whether the delivery verified, or failed for its time alone."""
    if isinstance(outcome, CannotBeChecked):
        return False
    return isinstance(outcome, Verified) or outcome.signature_ok


def best_finding(case: Case, matches: Sequence[Match]) -> Finding:
    """The likeliest of the explanations for one and the same computed digest."""
    findings = [(_rank(case, match), number) for number, match in enumerate(matches)]
    return finding_of(case, matches[min(findings)[1]])


def _rank(case: Case, match: Match) -> tuple[int, int]:
    return len(named_causes(case, match.causes, scheme_of(match))), match.cost


def finding_of(case: Case, match: Match) -> Finding:
    """The finding that a match stands for, proved where the changed handler verifies the delivery."""
    hypothesis, scheme = match.hypothesis, scheme_of(match)
    causes = named_causes(case, match.causes, scheme)
    text = _secret_text(case, hypothesis)
    url = hypothesis.url.url if hypothesis.url.cause else None
    body = hypothesis.body.body if hypothesis.body.cause else None
    request = case.request if body is None else replace(case.request, body=body)
    secrets = case.secrets if text is None else (text,)
    tried = partial(outcome_of, case, secrets=secrets, request=request, url=url)
    scheme, verified, time = _with_time(scheme, tried)
    causes += () if causes[0] in (time, "content-timestamp-omitted") or not time else (time,)
    change = HandlerChange(
        scheme=None if scheme == case.scheme else scheme,
        secret=hypothesis.key.text,
        secret_of=hypothesis.key.secret_of,
        url=url,
    )
    remedy = Remedy(side_of(causes[0]), None if change == HandlerChange() else change)
    # The digest itself fits: where no setting can express the hypothesis, that is still the proof of the cause.
    confidence: Confidence = "proved" if verified or hypothesis.content.rewritten else "likely"
    told = {**_facts(case, match), **_recipe_facts(case.scheme, scheme)}
    facts = {name: fact for name, fact in told.items() if fact}
    return Finding(causes[0], confidence, remedy, verified, causes[1:], facts, body)


def _with_time(scheme: Scheme, tried: Callable[..., Outcome]) -> tuple[Scheme, bool, str]:
    """The scheme, whether it verifies, and what is wrong with its time besides, which is set right then."""
    outcome, check = tried(scheme=scheme), scheme.timestamp
    others: list[tuple[Scheme, str]] = []
    if check is not None and isinstance(outcome, MalformedTimestamp):
        units = [changed(check, unit=unit) for unit in UNITS if unit != check.unit]
        others = [(changed(scheme, timestamp=unit), "timestamp-unit") for unit in units]
    elif isinstance(outcome, MissingTimestamp):
        others = [(changed(scheme, timestamp=None), "timestamp-missing")]
    for other, cause in others:
        if signature_right(tried(scheme=other)):
            return other, True, cause
    return scheme, signature_right(outcome), ""


def scheme_of(match: Match) -> Scheme:
    """The handler's scheme as the hypothesis has it."""
    hypothesis, scheme = match.hypothesis, match.target.scheme
    if hypothesis.key.reading is not None:
        scheme = changed(scheme, secret=hypothesis.key.reading)
    content = hypothesis.content
    if content.cause:
        used = {part.name for part in content.parts} | {part.source.name for part in content.parts if part.source}
        used |= {scheme.timestamp.value} if scheme.timestamp else set()
        values = {name: each for name, each in {**scheme.values, **content.sources}.items() if name in used}
        scheme = changed(scheme, content=content.parts, values=values)
    return _with_digest(scheme, hypothesis)


def _with_digest(scheme: Scheme, hypothesis: Hypothesis) -> Scheme:
    digest, content = hypothesis.digest, scheme.content
    if not digest.cause:
        return scheme
    secret = Part(part="secret")
    has_secret = any(part.part == "secret" for part in content)
    if digest.hmac and scheme.kind == "hash":
        content = tuple(part for part in content if part.part != "secret")
    elif not digest.hmac and not has_secret:
        content = (secret, *content) if digest.secret_first else (*content, secret)
    return changed(scheme, algorithm=digest.name, kind="hmac" if digest.hmac else "hash", content=content)


def _secret_text(case: Case, hypothesis: Hypothesis) -> str | None:
    key = hypothesis.key
    if key.text is not None or key.secret_of is None:
        return key.text
    return next((known.value for known in case.others if (known.handler, known.label) == key.secret_of), None)


def _facts(case: Case, match: Match) -> dict[str, str]:
    hypothesis, scheme = match.hypothesis, match.target.scheme
    facts = {"header": match.target.where, **hypothesis.key.facts, **hypothesis.content.facts}
    if hypothesis.digest.cause:
        facts |= {"digest": hypothesis.digest.name, "configured_digest": case.scheme.algorithm}
    if scheme.encoding != case.scheme.encoding:
        facts |= {"encoding": scheme.encoding, "configured_encoding": case.scheme.encoding}
    if scheme.signature and case.scheme.signature:
        facts |= {"prefix": scheme.signature.prefix, "configured_prefix": case.scheme.signature.prefix}
        facts |= {"configured_header": case.scheme.signature.name}
    if hypothesis.body.cause:
        facts |= {"form": hypothesis.body.form, **difference(bytes(case.request.body), hypothesis.body.body)}
    if hypothesis.url.cause:
        facts |= {"url": hypothesis.url.url, "configured_url": case.reading.url}
    return facts


def _recipe_facts(configured: Scheme, found: Scheme) -> dict[str, str]:
    """What the handler signs and how, where that is to be changed."""
    facts: dict[str, str] = {}
    if found.content != configured.content:
        facts |= {"template": written(found.content), "configured_template": written(configured.content)}
    if found.kind != configured.kind:
        facts["kind"] = found.kind
    return facts


def difference(received: bytes, signed: bytes) -> dict[str, str]:
    """Where two bodies begin to differ, and how long they are."""
    shorter = min(len(received), len(signed))
    low, high = 0, shorter
    while low < high:  # the first difference, found by halves so that large bodies cost little
        middle = (low + high + 1) // 2
        low, high = (middle, high) if received[low:middle] == signed[low:middle] else (low, middle - 1)
    return {"differs_at": str(low), "received_bytes": str(len(received)), "signed_bytes": str(len(signed))}
