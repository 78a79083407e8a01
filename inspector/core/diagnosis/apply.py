"""A hypothesis turned back into settings, and the proof: does the delivery verify with exactly these?"""

from dataclasses import replace
from typing import Any

from msgspec.structs import replace as changed

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy, Side
from inspector.core.diagnosis.search import Hypothesis, Match
from inspector.core.verification.outcome import Outcome, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Part, Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify_reading

_SIDES: dict[str, Side] = {
    "body-json-respaced": "framework",
    "body-json-keys-reordered": "framework",
    "body-unicode-escapes": "framework",
    "body-slash-escapes": "framework",
    "body-number-format": "framework",
    "body-final-newline-added": "proxy",
    "body-final-newline-removed": "proxy",
    "body-white-space": "proxy",
    "body-line-endings": "proxy",
    "body-bom-added": "proxy",
    "body-charset-transcoded": "proxy",
    "body-gzip": "proxy",
    "body-truncated": "proxy",
    "body-empty-signed": "sender",
    "body-form-reencoded": "framework",
    "body-payload-field": "sender",
    "header-renamed-by-proxy": "proxy",
    "header-duplicate-joined": "proxy",
    "unsigned-delivery": "sender",
    "timestamp-expired": "sender",
    "timestamp-future": "sender",
    "encoding-double": "sender",
}


def side_of(cause: str) -> Side:
    """Who has to change something, for that cause."""
    return _SIDES.get(cause, "handler")


def finding_of(case: Case, match: Match) -> Finding:
    """The finding that a match stands for, proved where the changed handler verifies the delivery."""
    hypothesis, causes = match.hypothesis, match.causes
    scheme = _scheme(match)
    text = _secret_text(case, hypothesis)
    url = hypothesis.url.url if hypothesis.url.cause else case.url
    request = replace(case.request, body=hypothesis.body.body) if hypothesis.body.cause else case.request
    outcome = _verified(case, scheme, text, request, url)
    verified = isinstance(outcome, Verified) or bool(getattr(outcome, "signature_ok", False))
    cause = primary(causes)
    change = HandlerChange(
        scheme=scheme if scheme != case.scheme else None,
        secret=hypothesis.key.text,
        secret_of=hypothesis.key.secret_of,
        url=url if hypothesis.url.cause else None,
    )
    remedy = Remedy(side_of(cause), change if change != HandlerChange() else None, hypothesis.body.form)
    facts = {**hypothesis.key.facts, **hypothesis.content.facts, "header": match.target.where, **_facts(case, match)}
    # The digest itself fits: where no setting can express the hypothesis, that is still the proof of the cause.
    confidence = "proved" if verified or hypothesis.content.rewritten else "likely"
    return Finding(
        cause, confidence, remedy, verified, tuple(c for c in causes if c != cause), {k: v for k, v in facts.items() if v}
    )


def primary(causes: tuple[str, ...]) -> str:
    """The cause that names the finding where several had to be assumed: the one that a person would fix first."""
    order = ("wrong-provider", "scheme-version-mismatch", "secret-", "content-", "digest", "kind", "body-", "url-", "timestamp")
    for start in order:
        for cause in causes:
            if cause.startswith(start):
                return cause
    return causes[0] if causes else "verifies"


def verifies(case: Case, **change: Any) -> bool:
    """Whether the delivery verifies with the case changed so (but for a time out of tolerance)."""
    changed_case = replace(case, **change)
    secrets = [Secret(str(n), text) for n, text in enumerate(changed_case.secrets)]
    reading = Reading(changed_case.request, changed_case.url)
    outcome = verify_reading(reading, changed_case.scheme, secrets, changed_case.context)
    return isinstance(outcome, Verified) or bool(getattr(outcome, "signature_ok", False))


def _verified(case: Case, scheme: Scheme, text: str | None, request: Any, url: str) -> Outcome:
    secrets = [Secret("tried", text)] if text is not None else [Secret(str(n), s) for n, s in enumerate(case.secrets)]
    return verify_reading(Reading(request, url), scheme, secrets, case.context)


def _scheme(match: Match) -> Scheme:
    hypothesis, scheme = match.hypothesis, match.target.scheme
    if hypothesis.key.reading is not None:
        scheme = changed(scheme, secret=hypothesis.key.reading)
    elif hypothesis.key.text is not None and hypothesis.key.text.encode() == hypothesis.key.key:
        scheme = changed(scheme, secret=changed(scheme.secret, decode="utf8", strip_prefix="", strip_prefix_alt=()))
    if hypothesis.content.cause:
        scheme = changed(
            scheme, content=hypothesis.content.parts, values={**scheme.values, **hypothesis.content.sources}
        )
    digest = hypothesis.digest
    if digest.cause:
        case_kind = scheme.kind
        scheme = changed(scheme, algorithm=digest.name, kind="hmac" if digest.hmac else "hash")
        if digest.hmac and case_kind == "hash":
            scheme = changed(scheme, content=tuple(part for part in scheme.content if part.part != "secret"))
        if not digest.hmac and not any(part.part == "secret" for part in scheme.content):
            secret = (Part(part="secret"),)
            content = secret + scheme.content if digest.secret_first else scheme.content + secret
            scheme = changed(scheme, content=content)
    return scheme


def _secret_text(case: Case, hypothesis: Hypothesis) -> str | None:
    key = hypothesis.key
    if key.secret_of is not None:
        known = next((k for k in case.others if (k.handler, k.label) == key.secret_of), None)
        if known is None:
            return None
        plain = known.value.strip()
        return plain if key.key in (plain.encode(), known.value.strip().encode()) else known.value
    return key.text


def _facts(case: Case, match: Match) -> dict[str, str]:
    hypothesis = match.hypothesis
    facts: dict[str, str] = {}
    if hypothesis.digest.cause:
        facts |= {"digest": hypothesis.digest.name, "configured_digest": case.scheme.algorithm}
    if match.target.scheme.encoding != case.scheme.encoding:
        facts |= {"encoding": match.target.scheme.encoding, "configured_encoding": case.scheme.encoding}
    if match.target.scheme.signature and match.target.scheme.signature.prefix:
        facts["prefix"] = match.target.scheme.signature.prefix
    if case.scheme.signature:
        facts["configured_header"] = case.scheme.signature.name
    if hypothesis.body.form:
        facts["form"] = hypothesis.body.form
    if hypothesis.url.cause:
        facts["url"] = hypothesis.url.url
    return facts
