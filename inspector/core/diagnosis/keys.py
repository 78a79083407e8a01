"""Which bytes may have been the key: other readings of the stored secret, and other secrets that are known."""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from msgspec.structs import replace

from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.choices import KeyChoice, first_of_each
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.scheme import SecretReading

_PREFIX = re.compile(r"[A-Za-z0-9]{1,12}(?:_[A-Za-z0-9]{1,12}){0,3}_|v1,whsec_")
_TEST = re.compile(r"test|sandbox|staging|dev(?:elop\w*)?\b|demo", re.IGNORECASE)
_LIVE = re.compile(r"live|prod", re.IGNORECASE)


def key_choices(case: Case) -> Sequence[KeyChoice]:
    """Every key worth trying, the handler's own first; without duplicates."""
    return first_of_each(_all(case), "key")


def _all(case: Case) -> Iterator[KeyChoice]:
    reading = case.scheme.secret
    for text in case.secrets:
        if (key := _key(text, reading)) is not None:
            yield KeyChoice("", 0, key)
    for text in case.secrets:
        yield from _other_readings(text, reading)
    for known in case.others:
        yield from _known(known, case)


def _other_readings(text: str, reading: SecretReading) -> Iterator[KeyChoice]:
    """The stored text, read otherwise than the handler reads it."""
    trimmed = _trimmed(text)
    if trimmed != text:
        yield from _choice("secret-whitespace", 2, trimmed, reading, stored=trimmed)
    for other in _decodings(trimmed, reading):
        cause, cost = _cause_of(other, reading)
        also = ("secret-whitespace",) if trimmed != text else ()
        yield from _choice(cause, cost + 4 * len(also), trimmed, other, stored=trimmed if also else None, also=also)
    if "%" in trimmed and (plain := unquote(trimmed)) != trimmed:
        yield from _choice("secret-url-encoded", 8, plain, reading, stored=plain)
    for ending in ("\n", "\r\n", " "):
        yield from _choice("secret-whitespace", 9, trimmed + ending, reading, stored=trimmed + ending)
    yield from _derived(trimmed, reading)


def _trimmed(text: str) -> str:
    plain = text.strip().strip("\ufeff\u200b\u00a0").strip()
    if len(plain) > 2 and plain[0] == plain[-1] and plain[0] in "\"'`":
        plain = plain[1:-1].strip()
    return plain


def _decodings(text: str, reading: SecretReading) -> Iterator[SecretReading]:
    """Every combination of prefix and decoding other than the handler's own."""
    strips = {reading.strip_prefix, ""}
    if match := _PREFIX.match(text):
        strips |= {match[0], match[0].partition("_")[0] + "_"}
    for decode in ("utf8", "base64", "hex"):
        for strip in sorted(strips, key=len):
            other = replace(reading, strip_prefix=strip, strip_prefix_alt=(), decode=decode)
            if other != reading and not (other.decode == reading.decode and _same_strip(text, other, reading)):
                yield other


def _same_strip(text: str, one: SecretReading, two: SecretReading) -> bool:
    prefixes = (two.strip_prefix, *two.strip_prefix_alt)
    stripped = next((text.removeprefix(p) for p in prefixes if p and text.startswith(p)), text)
    return text.removeprefix(one.strip_prefix) == stripped


def _cause_of(other: SecretReading, reading: SecretReading) -> tuple[str, int]:
    if other.decode != reading.decode:
        if other.decode == "utf8":
            return "secret-must-be-raw", 3 if other.strip_prefix in ("", reading.strip_prefix) else 5
        return f"secret-needs-{other.decode}-decode", 3 if other.strip_prefix == reading.strip_prefix else 4
    if len(other.strip_prefix) > len(reading.strip_prefix):
        return "secret-prefix-kept", 3
    return "secret-must-be-raw", 4


def _derived(text: str, reading: SecretReading) -> Iterator[KeyChoice]:
    """Keys that are a digest of the secret, or the secret with something appended."""
    base = _key(text, reading)
    if base is None:
        return
    for digest in ("sha256", "sha1"):
        derived = hashlib.new(digest, base, usedforsecurity=False)
        if reading.derive != digest:
            other = replace(reading, derive=digest)
            yield KeyChoice("secret-derivation-missing", 5, derived.digest(), other, facts={"derivation": digest})
        yield KeyChoice(
            "secret-derivation-missing", 7, derived.hexdigest().encode(), text=derived.hexdigest(),
            facts={"derivation": f"{digest} in hex"},
        )  # fmt: skip
    yield KeyChoice(
        "secret-derivation-missing", 8, hashlib.md5(base, usedforsecurity=False).hexdigest().encode(),
        text=hashlib.md5(base, usedforsecurity=False).hexdigest(), facts={"derivation": "md5 in hex"},
    )  # fmt: skip
    if reading.derive:
        yield from _choice("secret-derivation-missing", 5, text, replace(reading, derive=""))
    if not reading.append:
        yield from _choice(
            "secret-derivation-missing", 6, text, replace(reading, append="&"), facts={"derivation": "an & appended"}
        )
    else:
        yield from _choice("secret-derivation-missing", 5, text, replace(reading, append=""))
    if unicodedata.normalize("NFKD", text) != text and not reading.normalize:
        yield from _choice("secret-derivation-missing", 6, text, replace(reading, normalize="NFKD"))
    encoded = base64.b64encode(base)
    yield KeyChoice("secret-must-be-base64", 9, encoded, text=encoded.decode())


def _known(known: KnownSecret, case: Case) -> Iterator[KeyChoice]:
    cause, cost = _known_cause(known, case)
    readings = [case.scheme.secret]
    if known.scheme is not None and known.scheme.secret not in readings:
        readings.append(known.scheme.secret)
    plain = SecretReading()
    if plain not in readings:
        readings.append(plain)
    for extra, reading in enumerate(readings):
        for text in dict.fromkeys((known.value, _trimmed(known.value))):
            if (key := _key(text, reading)) is not None:
                changed = None if reading == case.scheme.secret else reading
                facts = {"handler": known.handler, "label": known.label}
                yield KeyChoice(
                    cause, cost + 2 * extra, key, changed, secret_of=(known.handler, known.label), facts=facts
                )


def _known_cause(known: KnownSecret, case: Case) -> tuple[str, int]:
    if known.retired:
        return "secret-rotated-old", 2
    theirs = f"{known.handler} {known.label} {known.value}"
    own = " ".join((case.provider, *case.secrets))
    same_provider = not known.provider or not case.provider or known.provider == case.provider
    mixed = bool(_TEST.search(theirs)) or bool(_LIVE.search(theirs)) or bool(_TEST.search(own) or _LIVE.search(own))
    if same_provider and mixed:
        return "secret-test-live-mixed", 2
    return "secret-other-handler", 2 if same_provider else 3


def _choice(
    cause: str,
    cost: int,
    text: str,
    reading: SecretReading,
    *,
    also: tuple[str, ...] = (),
    facts: dict[str, str] | None = None,
    stored: str | None = None,
) -> Iterator[KeyChoice]:
    if (key := _key(text, reading)) is not None and key:
        yield KeyChoice(cause, cost, key, reading, also=also, facts=facts or {}, text=stored)


def _key(text: str, reading: SecretReading) -> bytes | None:
    try:
        return key_from(text, reading)
    except (SecretMalformed, binascii.Error, UnicodeError):
        return None
