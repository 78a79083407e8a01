"""Find out how a delivery is signed when nobody knows: from the delivery and its secret alone.

First the schemes of all providers as they are, then the secret shown as it is, then a search over where the signature
stands, how it is written, how it was computed and over what.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from msgspec.structs import replace as changed

from inspector.core.diagnosis import facts
from inspector.core.diagnosis.apply import best_finding
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.choices import DigestChoice, KeyChoice, UrlChoice
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished, HandlerChange, Progress, Remedy, Step
from inspector.core.diagnosis.known_ways import (
    carried_schemes,
    found_scheme,
    same_as_provider,
    secret_shown,
    signed_as_provider,
)
from inspector.core.diagnosis.search import Match, Space, size_of, space_of
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.diagnosis.values import is_time
from inspector.core.diagnosis.wide_contents import wide_contents
from inspector.core.verification.scheme import BODY, Scheme, SignaturePlace, TimestampCheck
from inspector.core.verification.timestamp import read_time

TOLERANCE_S = 300
"""How far a signed time may be off in a handler that was found out; what most providers recommend."""

MOST_HASHES = 120_000
"""So many templates of the wide search are tried where it is not deep; the others get a part of that."""

UNKNOWN = Scheme("hmac", "sha256", "hex", signature=SignaturePlace(name="X-Signature"), content=(BODY,))
"""What the search begins with where nothing is known."""

_OF_THE_REQUEST = ("secret-whitespace", "secret-url-encoded", "secret-prefix-lost", "body-")
"""Causes that are mistakes of this delivery or of the text of the secret, not a way of signing."""

_HINTS = ("mode-of-delivery", "clock-skew", "body-gzip")
"""What is odd whatever the scheme is."""

_SIGNED_FIELDS = ("signature", "sign", "hmac", "hash", "digest", "sig", "checksum", "token", "mac")
_MOST_COSTLY_KEY = 4
_UNITS = ("auto", "iso8601", "rfc1123")


def learn(case: Case, *, deep: bool = False) -> Iterator[Step]:
    """Say how the delivery of `case` is signed, whose scheme is not looked at; as `diagnose` otherwise.

    The first finding is `scheme-found` or `secret-shown`, whose change has the scheme; else what speaks against it.
    """
    case = replace(case, scheme=UNKNOWN, provider="", scheme_id="")
    found = next(signed_as_provider(case), None) or next(secret_shown(case), None)
    if found is not None:
        yield found
        yield Finished(len(case.presets))
        return
    tried = yield from _as_recognised(case, deep=deep)
    if tried is None:
        return
    yield from _searched(case, tried, deep=deep)


def _as_recognised(case: Case, *, deep: bool) -> Generator[Step, None, int | None]:
    """What keeps it from verifying as the provider signs whom it looks like.

    Returns how much was tried, None where that ended the search.
    """
    tried = 0
    for preset in carried_schemes(case):
        if preset.provider != case.recognised:
            continue
        theirs = replace(case, scheme=preset.scheme, provider=preset.provider, scheme_id=preset.id)
        for step in diagnose(theirs, deep=deep):
            match step:
                case Finding(confidence="proved"):
                    change = step.remedy.change or HandlerChange()
                    scheme = change.scheme or preset.scheme
                    whole = replace(step.remedy, change=replace(change, scheme=scheme))
                    secret = KnownSecret(*(change.secret_of or ("", "")), value="")
                    yield replace(step, remedy=whole)
                    yield replace(found_scheme(scheme, secret, preset=same_as_provider(case, scheme)), remedy=whole)
                    yield Finished(tried)
                    return None
                case Progress():
                    yield Progress(tried + step.tried, tried + step.planned)
                case Finished():
                    tried += step.tried
    return tried


# A scheme of the sender's own


def _searched(case: Case, tried: int, *, deep: bool) -> Iterator[Step]:
    spaces = [space_of(replace(case, scheme=changed(UNKNOWN, signature=place))) for place in _places(case)]
    spaces = [space for space in spaces if space.targets]
    if not spaces:
        yield Finding("no-signature-found", "likely", Remedy("sender"))
        yield Finished(tried)
        return
    for space, steps, most in _plan(spaces, deep=deep):
        matches = yield from _stage(space, steps(), tried, most)
        if matches:
            yield from _explained(space, matches)
            yield Finished(tried + space.tried)
            return
    tried += sum(space.tried for space in spaces)
    yield Finding("not-learned", "hint", Remedy("none"), facts={"tried": f"{tried:,}", "where": _where(spaces[0])})
    yield from (hint for hint in facts.hints(case) if hint.cause in _HINTS)
    yield Finished(tried, () if deep else ("pairs-beyond-the-bound",))


type _Stage = tuple[Space, Callable[[], Iterable[Match | None]], int]
"""Where is searched, what is tried there, and after how many hashes that ends; 0: not at all."""


def _plan(spaces: Sequence[Space], *, deep: bool) -> Iterator[_Stage]:
    """What is searched one after the other, what is likely first."""
    for space in spaces:
        yield space, space.near, 0
    for space in spaces:
        yield space, space.further, 0
    for space in spaces:
        yield space, partial(_plain, space), 0 if deep else MOST_HASHES // 4
    for space in spaces:
        yield space, partial(_wide, space), 0 if deep else MOST_HASHES
    for space in spaces:
        yield space, partial(space.several, 2), 0 if deep else MOST_HASHES // 2
    if deep:
        for space in spaces:
            yield space, partial(_wide, space, everything=True), 0


def _wide(space: Space, *, everything: bool = False) -> Iterator[Match | None]:
    """Templates that somebody may have thought of, with the usual ways to compute a keyed digest over them."""
    space.urls = [url for url in url_choices(space.reading) if everything or _as_known_here(url)]
    keyed = [choice for choice in space.digests if choice.hmac]
    keys = space.keys if everything else _likely(space)
    return space.every(wide_contents(space.reading), keyed if everything else _usual(space, keyed), keys)


def _plain(space: Space) -> Iterator[Match | None]:
    """The same with plain digests, the secret being a part of the text."""
    plain = [choice for choice in space.digests if not choice.hmac and choice.secret_first]
    contents = wide_contents(space.reading, with_secret=True)
    return space.every(contents, _usual(space, plain), _likely(space))


def _as_known_here(url: UrlChoice) -> bool:
    """Whether it is the URL as it is, or with the other of http and https: behind a proxy nobody knows which it was."""
    return not url.also and url.cause in ("", "url-scheme")


def _likely(space: Space) -> Sequence[KeyChoice]:
    """The usual readings of the secret that was given; of those that are stored here where none was."""
    given = bool(space.case.secrets)
    return [key for key in space.keys if key.cost <= _MOST_COSTLY_KEY and not (given and key.secret_of)]


def _usual(space: Space, choices: Sequence[DigestChoice]) -> Sequence[DigestChoice]:
    """The usual digest of each size that the request has one of."""
    carried = {len(digest) for digest in space.targets}
    sizes: dict[int, DigestChoice] = {}
    for choice in choices:
        size = size_of(choice.name)
        # Hexadecimal is valid base64 as well, of half as many bytes more.
        if size in carried and size * 2 / 3 not in carried:
            sizes.setdefault(size, choice)
    return [*sizes.values()]


def _stage(space: Space, steps: Iterable[Match | None], before: int, most: int) -> Generator[Step, None, list[Match]]:
    """Go through `steps` to the first computed digest that fits, and give all ways to read it."""
    matches: list[Match] = []
    limit = space.tried + most
    for step in steps:
        if step is not None:
            if matches and step.hypothesis is not matches[0].hypothesis:
                break
            matches.append(step)
        elif matches:
            break
        else:
            yield Progress(before + space.tried, max(before + space.planned, before + space.tried))
        if most and (space.tried >= limit or space.out_of_bytes):
            break
    return matches


def _places(case: Case) -> Iterator[SignaturePlace]:
    """Where a signature may stand: in a header, whichever, or in a field whose name says so."""
    reading = case.reading
    named = [name.decode("latin-1") for name, _ in case.request.headers]
    likely = sorted(named, key=lambda name: not any(word in name.lower() for word in _SIGNED_FIELDS))
    yield SignaturePlace(name=likely[0] if likely else "X-Signature")
    for key, _ in reading.form():
        if _says_so(name := key.decode("latin-1")):
            yield SignaturePlace(place="form", name=name)
    for name in reading.json_names()[:500]:
        if _says_so(name):
            yield SignaturePlace(place="json", path=name)


def _says_so(name: str) -> bool:
    return any(word in name.lower() for word in _SIGNED_FIELDS)


def _where(space: Space) -> str:
    found = next(iter(space.targets.values()))
    return found[0].where


def _explained(space: Space, matches: Sequence[Match]) -> Iterator[Finding]:
    """The way of signing that was found, and what is wrong with this delivery besides."""
    finding = best_finding(space.case, matches)
    change = finding.remedy.change or HandlerChange()
    scheme = _tidied(change.scheme or space.case.scheme, matches[0])
    preset = same_as_provider(space.case, scheme)
    scheme = preset.scheme if preset is not None else scheme
    whole = replace(change, scheme=scheme)
    secret = KnownSecret(*(change.secret_of or ("", "")), value="")
    found = found_scheme(scheme, secret, preset=preset)
    mistakes = [cause for cause in (finding.cause, *finding.also) if cause.startswith(_OF_THE_REQUEST)]
    yield replace(
        found,
        confidence=finding.confidence,
        verified=finding.verified,
        remedy=Remedy("handler", whole),
        signed_body=finding.signed_body,
    )
    for cause in mistakes:
        yield replace(finding, cause=cause, also=(), remedy=Remedy(finding.remedy.side, whole))


def _tidied(scheme: Scheme, match: Match) -> Scheme:
    """The scheme with its time checked, where one is signed."""
    values = match.hypothesis.content.values
    for part in scheme.content:
        if part.part == "value" and is_time(scheme, part.name) and part.name in values:
            unit = next((each for each in _UNITS if read_time(values[part.name], each) is not None), None)
            if unit is not None:
                digits = values[part.name].decode("latin-1").partition(".")[0]
                unit = unit if unit != "auto" else "ms" if len(digits) >= 13 else "s"
                check = TimestampCheck(part.name, unit, tolerance_s=TOLERANCE_S)  # type: ignore[arg-type]
                return changed(scheme, timestamp=check)
    return scheme
