"""What can be seen without a search: times, headers, lengths."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from msgspec.structs import replace as changed

from inspector.core.diagnosis.apply import side_of, verifies
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy
from inspector.core.diagnosis.targets import header_cause
from inspector.core.request import Headers
from inspector.core.verification.outcome import FromTheFuture, MalformedTimestamp, Outcome, Stale
from inspector.core.verification.reading import Reading
from inspector.core.verification.signatures import Found, find_signatures

_SIGNATURE_NAME = re.compile(r"sign|hmac|digest|hash|token|secret|auth", re.IGNORECASE)
_TIMES = (Stale, FromTheFuture, MalformedTimestamp)


def pickier(case: Case) -> Iterator[Finding]:
    """Why a verifier that is stricter than ours refuses a delivery that verifies here."""
    place = case.scheme.signature
    if place is None:
        return
    found = find_signatures(Reading(case.request, case.url), place)
    if case.strict_hex_case and isinstance(found, Found) and case.scheme.encoding == "hex":
        texts = [text for text in found.signatures if text != text.lower()]
        if texts:
            change = HandlerChange(scheme=changed(case.scheme, hex_upper=True))
            yield Finding("encoding-uppercase-hex", "proved", Remedy("handler", change), verified=True)
    if case.case_sensitive_headers:
        names = [name.decode("latin-1") for name, _ in case.request.headers]
        wanted = [place.name, *(s.name for s in case.scheme.values.values() if s.place == "header")]
        for name in wanted:
            sent = next((n for n in names if n.lower() == name.lower() and n != name), None)
            if sent is not None:
                scheme = changed(case.scheme, signature=changed(place, name=sent)) if name == place.name else case.scheme
                facts = {"header": sent, "configured_header": name}
                yield Finding(
                    "header-case-sensitive", "proved", Remedy("handler", HandlerChange(scheme=scheme)), True, (), facts
                )
                return


def times(case: Case, outcome: Outcome) -> Iterator[Finding]:
    """Why the time is out of tolerance though the signature is right: its unit, or its age."""
    check = case.scheme.timestamp
    if check is None or not isinstance(outcome, _TIMES):
        return
    for unit in ("s", "ms", "auto", "iso8601", "rfc1123"):
        if unit == check.unit:
            continue
        scheme = changed(case.scheme, timestamp=changed(check, unit=unit))
        if _in_time(replace(case, scheme=scheme)):
            facts = {"unit": unit, "configured_unit": check.unit}
            yield Finding(
                "timestamp-unit", "proved", Remedy("handler", HandlerChange(scheme=scheme)), True, (), facts
            )
            return
    if isinstance(outcome, MalformedTimestamp):
        if verifies(replace(case, scheme=changed(case.scheme, timestamp=None))):
            yield Finding("timestamp-malformed", "proved", Remedy("sender"), False, (), {"where": outcome.detail})
        return
    distance = outcome.age if isinstance(outcome, Stale) else outcome.ahead
    cause = "timestamp-expired" if isinstance(outcome, Stale) else "timestamp-future"
    seconds = int(distance / timedelta(seconds=1)) + 1
    verified = _in_time(replace(case, tolerance_s=seconds))
    facts = {"seconds": str(seconds), "tolerance_s": str(int(outcome.tolerance / timedelta(seconds=1)))}
    remedy = Remedy(side_of(cause), HandlerChange(tolerance_s=seconds))
    yield Finding(cause, "proved", remedy, verified, (), facts)


def doubled(case: Case) -> Iterator[Finding]:
    """The signature's header came several times: does one of them verify?"""
    place = case.scheme.signature
    if place is None or place.place != "header":
        return
    lines = case.request.headers
    values = lines.all(place.name)
    if len(values) < 2:
        return
    others = [line for line in lines if line[0].lower() != place.name.lower().encode()]
    for value in dict.fromkeys(values):
        request = replace(case.request, headers=Headers([*others, (place.name.encode(), value)]))
        if verifies(case, request=request):
            facts = {"header": place.name, "count": str(len(values))}
            yield Finding("header-duplicate-joined", "proved", Remedy("proxy"), True, (), facts)
            return


def truncated(case: Case) -> Iterator[Finding]:
    """The body is shorter than its sender said, or breaks off in the middle of its JSON."""
    body, length = bytes(case.request.body), case.request.headers.first("content-length")
    if length is not None and length.isdigit() and int(length) > len(body):
        facts = {"announced": length.decode(), "received": str(len(body))}
        yield Finding("body-truncated", "likely", Remedy("proxy"), False, (), facts)
    elif body[:1] in (b"{", b"[") and _breaks_off(body):
        yield Finding("body-truncated", "likely", Remedy("proxy"), False, (), {"received": str(len(body))})


def headers(case: Case) -> Iterator[Finding]:
    """Where the signature's header is missing: a similar one, or none at all."""
    place = case.scheme.signature
    if place is None or place.place != "header" or case.request.headers.all(place.name):
        return
    names = [name.decode("latin-1") for name, _ in case.request.headers]
    similar = [name for name in names if header_cause(place.name, name)[0] == "header-renamed-by-proxy"]
    if similar:
        facts = {"header": similar[0], "configured_header": place.name}
        yield Finding("header-renamed-by-proxy", "hint", Remedy("proxy"), False, (), facts)
        return
    if not any(_SIGNATURE_NAME.search(name) for name in names):
        facts = {"configured_header": place.name}
        yield Finding("unsigned-delivery", "likely", Remedy("sender"), False, (), facts)


def _in_time(case: Case) -> bool:
    from inspector.core.verification.outcome import Verified
    from inspector.core.verification.secret import Secret
    from inspector.core.verification.verify import verify_reading

    secrets = [Secret(str(n), text) for n, text in enumerate(case.secrets)]
    outcome = verify_reading(Reading(case.request, case.url), case.scheme, secrets, case.context)
    return isinstance(outcome, Verified)


def _breaks_off(body: bytes) -> bool:
    """Whether the JSON ends before its brackets and strings do."""
    text = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", body[: 2 << 20])
    opened = text.count(b"{") + text.count(b"[")
    closed = text.count(b"}") + text.count(b"]")
    return b'"' in text or opened > closed
