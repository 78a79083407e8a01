"""What can be seen without a search: times, headers, lengths."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from inspector.core.diagnosis.apply import UNITS, outcome_of, signature_right
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.digest_choices import digests_of_size
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy, found, side_of
from inspector.core.diagnosis.keys import trimmed
from inspector.core.diagnosis.known_schemes import cause_of, foreign_headers
from inspector.core.diagnosis.targets import header_cause, usual_headers
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.diagnosis.values import seconds_behind, times_in
from inspector.core.request import Headers
from inspector.core.verification.digests import digest_named
from inspector.core.verification.encodings import decode
from inspector.core.verification.lint import NotDecodable, OtherKindOfKey, lint
from inspector.core.verification.outcome import (
    FromTheFuture,
    MalformedHeader,
    MalformedTimestamp,
    MissingHeader,
    Outcome,
    Stale,
    Verified,
)
from inspector.core.verification.scheme import SignaturePlace
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.timestamp import read_time

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_MOST_LOOKED_AT = 1 << 20
_A_DAY_S = 86_400
_YEARS_AHEAD_S = 5 * 365 * _A_DAY_S
_SHORTEST_SIGNATURE = 20  # characters


def pickier(case: Case) -> Iterator[Finding]:
    """Why a verifier that is stricter than ours refuses a delivery that verifies here; the likeliest first."""
    if case.strict_hex_case:
        yield from _hex_case(case)
    if case.case_sensitive_headers:
        yield from _header_case(case)
    yield from _tolerated_doubles(case)
    yield from _tolerated_url(case)
    yield from _tolerated_unit(case)
    # We overlook blanks around hexadecimal digits and keys; a text in PEM form has a line feed at its end.
    if any(trimmed(text) != text and not text.startswith("-----BEGIN") for text in case.secrets):
        yield Finding("secret-whitespace", "likely", Remedy("handler"), verified=True)


def _hex_case(case: Case) -> Iterator[Finding]:
    place, scheme = case.scheme.signature, case.scheme
    located = find_signatures(case.reading, place) if place else None
    if scheme.encoding != "hex" or not isinstance(located, Found):
        return
    written = str.upper if scheme.hex_upper else str.lower
    texts = [text.decode("latin-1") for text in located.signatures]
    if any(text != written(text) for text in texts):
        change = HandlerChange(scheme=changed(scheme, hex_upper=not scheme.hex_upper))
        yield found("encoding-uppercase-hex", change=change, facts={"header": located.where})


def _header_case(case: Case) -> Iterator[Finding]:
    place = case.scheme.signature
    if place is None or place.place not in ("header", "numbered-headers"):
        return
    sent_names = [name.decode("latin-1") for name, _ in case.request.headers]
    wanted = [place.name, *(each.name for each in case.scheme.values.values() if each.place == "header")]
    for name in wanted:
        sent = next((each for each in sent_names if each.lower() == name.lower() and each != name), None)
        if sent is not None and name not in sent_names:
            scheme = changed(case.scheme, signature=changed(place, name=sent)) if name == place.name else None
            facts = {"header": sent, "configured_header": name}
            yield found("header-case-sensitive", change=HandlerChange(scheme=scheme), facts=facts)
            return


def _tolerated_doubles(case: Case) -> Iterator[Finding]:
    """A header that came twice, of which any one is enough for us."""
    place, (_, names) = case.scheme.signature, _each_once(case.request.headers)
    own = {source.name.lower() for source in case.scheme.values.values() if source.place == "header"}
    own |= {name.lower() for name in (place.name, *place.also)} if place else set()
    for name in names:
        if name.lower() in own:
            yield found("header-duplicate-joined", facts={"header": name, "count": "2"})
            return


def _tolerated_url(case: Case) -> Iterator[Finding]:
    """Another form of the URL, which the provider's own library tries as well."""
    strict = changed(case.scheme, url_variants=())
    if not case.scheme.url_variants or isinstance(outcome_of(case, scheme=strict), Verified):
        return
    for url in url_choices(case.reading):
        if url.cause and isinstance(outcome_of(case, scheme=strict, url=url.url), Verified):
            facts = {"url": url.url, "configured_url": case.reading.url}
            yield found(url.cause, change=HandlerChange(url=url.url), also=url.also, facts=facts)
            return


def _tolerated_unit(case: Case) -> Iterator[Finding]:
    """A time that lies years ahead in the handler's unit and is of today in another: not every scheme looks ahead."""
    check, now = case.scheme.timestamp, case.now
    if check is None or now is None:
        return
    behind = seconds_behind(case.reading, case.scheme, now)
    if behind is None or behind > -_YEARS_AHEAD_S:
        return
    for unit in UNITS:
        scheme = changed(case.scheme, timestamp=changed(check, unit=unit))
        other = seconds_behind(case.reading, scheme, now)
        if unit != "auto" and other is not None and abs(other) < _A_DAY_S:
            facts = {"unit": unit, "configured_unit": check.unit}
            yield found("timestamp-unit", change=HandlerChange(scheme=scheme), facts=facts)
            return


def certain(case: Case, outcome: Outcome) -> Iterator[Finding]:
    """What is proved without a search: the time alone is wrong, or the header came twice."""
    yield from _times(case, outcome)
    yield from _doubled(case)


def _times(case: Case, outcome: Outcome) -> Iterator[Finding]:
    """Why the time is out of tolerance though the signature is right: its unit, or its age."""
    check = case.scheme.timestamp
    if check is not None and isinstance(outcome, Stale | FromTheFuture | MalformedTimestamp):
        for unit in UNITS:
            scheme = changed(case.scheme, timestamp=changed(check, unit=unit))
            if unit != check.unit and isinstance(outcome_of(case, scheme=scheme), Verified):
                facts = {"unit": unit, "configured_unit": check.unit}
                yield found("timestamp-unit", change=HandlerChange(scheme=scheme), facts=facts)
                return
    if isinstance(outcome, Stale | FromTheFuture):
        late = isinstance(outcome, Stale)
        span = outcome.age if isinstance(outcome, Stale) else outcome.ahead
        seconds = {
            "seconds": str(round(span.total_seconds())),
            "tolerance": str(round(outcome.tolerance.total_seconds())),
        }
        seconds |= case.clock.facts if case.clock is not None else {}
        cause = "timestamp-expired" if late else "timestamp-future"
        yield Finding(cause, "proved", Remedy(side_of(cause)), verified=True, facts=seconds)


def _doubled(case: Case) -> Iterator[Finding]:
    """The signature's header came more than once; one of its lines alone verifies."""
    place = case.scheme.signature
    if place is None:
        return
    once, names = _each_once(case.request.headers)
    if names and signature_right(outcome_of(case, request=replace(case.request, headers=once))):
        own = next((name for name in names if name.lower() == place.name.lower()), names[0])
        yield found("header-duplicate-joined", facts={"header": own, "count": "2"})
        return
    if place.place != "header":
        return
    for name in (place.name, *place.also):
        values = case.request.headers.all(name)
        if len(values) > 1:
            yield from _one_of(case, name, values)


def _each_once(headers: Headers) -> tuple[Headers, Sequence[str]]:
    """The headers without values that are there twice, in one line with a comma or in two; and the names of those."""
    lines: list[tuple[bytes, bytes]] = []
    names: list[str] = []
    seen: set[tuple[bytes, bytes]] = set()
    for name, value in headers:
        middle = len(value) // 2
        one, two = next(
            ((value[:n], value[n + 1 :]) for n in (middle, middle - 1) if n > 0 and value[n : n + 1] == b","),
            (b"", b""),
        )
        joined = bool(one) and one.strip() == two.strip()
        line = (name, one.strip() if joined else value)
        again = (name.lower(), line[1]) in seen
        if joined or again:
            names.append(name.decode("latin-1"))
        if not again:
            lines.append(line)
            seen.add((name.lower(), line[1]))
    return Headers(lines), names


def _one_of(case: Case, name: str, values: Sequence[bytes]) -> Iterator[Finding]:
    lines = [line for line in case.request.headers if line[0].lower() != name.lower().encode("latin-1")]
    for value in dict.fromkeys(values):
        request = replace(case.request, headers=Headers([*lines, (name.encode("latin-1"), value)]))
        if signature_right(outcome_of(case, request=request)):
            yield found("header-duplicate-joined", facts={"header": name, "count": str(len(values))})
            return


def likely(case: Case, outcome: Outcome) -> Iterator[Finding]:
    """What speaks for a cause that no change can prove, the strongest first."""
    if isinstance(outcome, MissingHeader):
        yield from _another_senders(case)
        yield from _truncated(case)
        yield from _missing(case)
        return
    yield from _truncated(case)
    if isinstance(outcome, MalformedHeader):
        yield from _another_senders(case)
    if _recognised_elsewhere(case):
        facts = {"provider": case.recognised}
        yield Finding("wrong-provider", "likely", Remedy("handler"), facts=facts)


def _another_senders(case: Case) -> Iterator[Finding]:
    """The request has what another scheme or provider signs with."""
    for preset in foreign_headers(case):
        facts = {"provider": preset.provider, "scheme": preset.id}
        if preset.scheme.signature is not None:
            facts["header"] = preset.scheme.signature.name
        if case.recognised and preset.provider not in (case.recognised, case.provider):
            facts |= {"provider": case.recognised}
        yield Finding(cause_of(case, preset), "likely", Remedy("handler"), facts=facts)
        return
    if _recognised_elsewhere(case):
        yield Finding("wrong-provider", "likely", Remedy("handler"), facts={"provider": case.recognised})


def _recognised_elsewhere(case: Case) -> bool:
    """Whether it looks like a delivery of another provider, who does not sign under the handler's header."""
    if not case.recognised or not case.own_presets or case.recognised == case.provider:
        return False
    own = case.scheme.signature
    theirs = [preset.scheme.signature for preset in case.presets if preset.provider == case.recognised]
    return not any(own and place and place.name.lower() == own.name.lower() for place in theirs)


def _truncated(case: Case) -> Iterator[Finding]:
    """The body is shorter than its sender said, or breaks off in the middle of its JSON."""
    body, length = bytes(case.request.body[:_MOST_LOOKED_AT]), case.request.headers.first("content-length")
    size = len(case.request.body)
    if length is not None and length.isdigit() and len(length) < 16 and int(length) > size:
        facts = {"announced": length.decode(), "received": str(size)}
        yield Finding("body-truncated", "likely", Remedy("proxy"), facts=facts)
    elif size <= _MOST_LOOKED_AT and body[:1] in (b"{", b"[") and _breaks_off(body):
        yield Finding("body-truncated", "likely", Remedy("proxy"), facts={"received": str(size)})


def _breaks_off(body: bytes) -> bool:
    """Whether the JSON ends before its brackets and strings do."""
    text = _STRING.sub(b"", body)
    opened, closed = text.count(b"{") + text.count(b"["), text.count(b"}") + text.count(b"]")
    return b'"' in text or opened > closed


def _missing(case: Case) -> Iterator[Finding]:
    """The place of the signature is empty: a similar header, or none at all."""
    place = case.scheme.signature
    if place is None or case.request.headers.all(place.name):
        return
    similar = _similar(case, place)
    if similar:
        facts = {"header": similar, "configured_header": place.name}
        yield Finding("header-renamed-by-proxy", "likely", Remedy("proxy"), facts=facts)
        return
    facts = {"configured_header": place.name or place.path}
    yield Finding("unsigned-delivery", "likely", Remedy("sender"), facts=facts)


def _similar(case: Case, place: SignaturePlace) -> str:
    usual = usual_headers(case) - {place.name.lower()}
    if place.place != "header":
        return ""
    names = [name.decode("latin-1") for name, value in case.request.headers if len(value) >= _SHORTEST_SIGNATURE]
    names = [name for name in names if name.lower() != case.scheme.input.lower()]
    names = [name for name in names if name not in {time.where for time in times_in(case.reading)}]
    return next((n for n in names if header_cause(place.name, n, usual) == ("header-renamed-by-proxy", 2)), "")


def hints(case: Case) -> Iterator[Finding]:
    """What is odd besides, and may have to do with it."""
    yield from _mode(case)
    yield from _skew(case)
    yield from _odd_length(case)
    yield from _odd_secret(case)
    coding = (case.request.headers.first("content-encoding") or b"").lower()
    if coding in (b"gzip", b"deflate") and case.request.body[:1] not in (b"\x1f", b"\x78"):
        yield Finding("body-gzip", "hint", Remedy("proxy"), facts={"coding": coding.decode()})


def _mode(case: Case) -> Iterator[Finding]:
    """The delivery says whether it comes from test mode or live mode, whose secrets differ."""
    if len(case.request.body) <= _MOST_LOOKED_AT and case.scheme.kind not in ("none", "mtls"):
        live = case.reading.json("livemode")
        if live in (b"true", b"false"):
            facts = {"mode": "live", "other": "test"} if live == b"true" else {"mode": "test", "other": "live"}
            yield Finding("mode-of-delivery", "hint", Remedy("handler"), facts=facts)


def _skew(case: Case) -> Iterator[Finding]:
    date = case.request.headers.first("date")
    sent = None if date is None or len(date) > 64 else read_time(date, "rfc1123")
    if sent is not None and case.now is not None and abs((case.now - sent).total_seconds()) > 60:
        facts = {"seconds": str(round((case.now - sent).total_seconds()))}
        yield Finding("clock-skew", "hint", Remedy("none"), facts=facts)


def _odd_length(case: Case) -> Iterator[Finding]:
    """The signature has another length than the digest gives: what it may be instead."""
    digest = digest_named(case.scheme.algorithm) if case.scheme.kind in ("hmac", "hash") else None
    located = find_signatures(case.reading, case.scheme.signature) if case.scheme.signature else None
    if digest is None or not isinstance(located, Found):
        return
    for encoding in (case.scheme.encoding, "hex", "base64", "base64url"):
        raw = decode(located.signatures[0], encoding)
        if raw is None:
            continue
        if len(raw) != digest.size:
            facts = {
                "length": str(len(raw)),
                "expected_length": str(digest.size),
                "configured_digest": digest.name,
                "digest": ", ".join(digests_of_size(len(raw))),
            }
            yield Finding("signature-length", "hint", Remedy("handler"), facts={k: v for k, v in facts.items() if v})
        elif encoding != case.scheme.encoding:
            facts = {"encoding": encoding, "configured_encoding": case.scheme.encoding}
            yield Finding("signature-encoding", "hint", Remedy("handler"), facts=facts)
        return


def _odd_secret(case: Case) -> Iterator[Finding]:
    """A secret that looks like another kind of key, or that cannot be read as the scheme says."""
    for text in case.secrets:
        for remark in lint(text, case.scheme):
            if isinstance(remark, OtherKindOfKey):
                facts = {"prefix": remark.prefix, "kind": remark.kind}
                yield Finding("secret-other-kind", "hint", Remedy("handler"), facts=facts)
            elif isinstance(remark, NotDecodable):
                yield Finding("secret-malformed", "hint", Remedy("handler"), facts={"encoding": remark.encoding})
