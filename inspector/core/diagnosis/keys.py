"""Which bytes may have been the key: other readings of the stored secret, and other secrets that are known."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from msgspec.structs import replace

from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.choices import Facts, KeyChoice, first_of_each
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.scheme import SecretReading

_PREFIX = re.compile(r"(?:v1,)?(?:[A-Za-z0-9]{1,12}[_-]){1,3}(?=.{8})")
_PREFIX_END = re.compile("[_-]")
_MODE_OF_SECRET = re.compile(r"(?:^|_)(?:test|live|sandbox|prod)_", re.IGNORECASE)
_MODE_OF_NAME = re.compile(
    r"(?<![a-z])(?:test(?:ing|mode)?|sandbox|staging|stage|dev(?:elopment)?|demo|live(?:mode)?|prod(?:uction)?)(?![a-z])",
    re.IGNORECASE,
)
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u00a0"
_LOST_PREFIXES = ("whsec_", "sk_", "base64:", "v1,whsec_")
_PLAIN = SecretReading()


def key_choices(case: Case) -> Sequence[KeyChoice]:
    """Every key worth trying, the handler's own first; without duplicates."""
    return [*first_of_each(choice for choice in _all(case) if choice.key)]


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
    plain = trimmed(text)
    also = ("secret-whitespace",) if plain != text else ()
    if also:
        yield from _choice("secret-whitespace", 2, plain, reading, stored=plain)
    for other in _decodings(plain, reading):
        cause, cost = _reading_cause(other, reading, plain)
        yield from _choice(cause, cost + 4 * len(also), plain, other, stored=plain if also else None, also=also)
    if "%" in plain and (decoded := unquote(plain)) != plain:
        yield from _choice("secret-url-encoded", 8, decoded, reading, stored=decoded)
    for ending in ("\n", "\r\n", " "):
        yield from _choice("secret-whitespace", 9, plain + ending, reading, stored=plain + ending)
    if not reading.strip_prefix:
        for prefix in _LOST_PREFIXES:
            yield from _choice("secret-prefix-lost", 6, prefix + plain, reading, stored=prefix + plain)
    yield from _derived(plain, reading)


def trimmed(text: str) -> str:
    """The text without white space, invisible characters and quotation marks around it."""
    plain = text.strip().strip(_INVISIBLE).strip()
    if len(plain) > 2 and plain[0] == plain[-1] and plain[0] in "\"'`":
        plain = plain[1:-1].strip()
    return plain


def _decodings(text: str, reading: SecretReading) -> Iterator[SecretReading]:
    """Every combination of prefix and decoding other than the handler's own."""
    strips = {reading.strip_prefix, *reading.strip_prefix_alt, ""}
    if match := _PREFIX.match(text):
        strips |= {text[: end.end()] for end in _PREFIX_END.finditer(match[0])}
    if text.startswith("base64:"):
        strips.add("base64:")
    for decode in ("utf8", "base64", "hex"):
        for strip in sorted(strips, key=len):
            other = replace(reading, strip_prefix=strip, strip_prefix_alt=(), decode=decode)
            if other.decode != reading.decode or _bare(text, other) != _bare(text, reading):
                yield other


def _bare(text: str, reading: SecretReading) -> str:
    prefixes = (reading.strip_prefix, *reading.strip_prefix_alt)
    return next((text.removeprefix(p) for p in prefixes if p and text.startswith(p)), text)


def _reading_cause(other: SecretReading, reading: SecretReading, text: str) -> tuple[str, int]:
    longer = len(_bare(text, other)) < len(_bare(text, reading))
    if longer and (other.decode == reading.decode or _key(text, reading) is None):
        return "secret-prefix-kept", 3 + 2 * (other.decode != reading.decode)
    if other.decode == "utf8":
        return "secret-must-be-raw", 3 if other.decode != reading.decode else 4
    if other.decode == reading.decode:
        return "secret-must-be-raw", 4
    return f"secret-needs-{other.decode}-decode", 3 if other.strip_prefix == reading.strip_prefix else 4


def _derived(text: str, reading: SecretReading) -> Iterator[KeyChoice]:
    """Keys that are a digest of the secret, or the secret with something appended."""
    cause, base = "secret-derivation-missing", _key(text, reading)
    if base is None:
        return
    for digest in ("sha256", "sha1", "md5", "sha512"):
        derived = hashlib.new(digest, base, usedforsecurity=False)
        if digest in ("sha256", "sha1") and reading.derive != digest:
            yield KeyChoice(
                cause, 5, derived.digest(), replace(reading, derive=digest), facts={"derivation": digest}
            )  # fmt: skip
        in_hex, facts = derived.hexdigest(), {"derivation": f"{digest} in hex"}
        yield KeyChoice(cause, 7, in_hex.encode(), _PLAIN, in_hex, facts=facts)
    others = [replace(reading, derive=""), replace(reading, append=""), replace(reading, normalize="NFKD")]
    others += [replace(reading, append=text) for text in ("&", "\n", "=")]
    for other in others:
        if other != reading:
            facts = {"derivation": f"{other.append!r} appended"} if other.append else {}
            yield from _choice(cause, 6, text, other, facts=facts)
    encoded = base64.b64encode(base)
    yield KeyChoice("secret-must-be-base64", 9, encoded, _PLAIN, encoded.decode())
    normal = unicodedata.normalize("NFC", text)
    if normal != text:
        yield from _choice(cause, 7, normal, reading, stored=normal)


def _known(known: KnownSecret, case: Case) -> Iterator[KeyChoice]:
    cause, cost = _known_cause(known, case)
    readings = [case.scheme.secret]
    readings += [other for other in (known.scheme.secret if known.scheme else None, _PLAIN) if other is not None]
    facts = {"handler": known.handler, "label": known.label}
    for extra, reading in enumerate(dict.fromkeys(readings)):
        for untrimmed, text in enumerate(dict.fromkeys((known.value, trimmed(known.value)))):
            if (key := _key(text, reading)) is not None:
                changed = None if reading == case.scheme.secret else reading
                stored = text if untrimmed else None
                where = (known.handler, known.label)
                yield KeyChoice(cause, cost + 2 * extra + untrimmed, key, changed, stored, where, facts)


def _known_cause(known: KnownSecret, case: Case) -> tuple[str, int]:
    if known.retired:
        return "secret-rotated-old", 2
    same_provider = not known.provider or not case.provider or known.provider == case.provider
    modes = _MODE_OF_NAME.search(f"{known.handler} {known.label}") or _MODE_OF_SECRET.search(known.value)
    if same_provider and modes:
        return "secret-test-live-mixed", 2
    return "secret-other-handler", 2 if same_provider else 3


def _choice(
    cause: str,
    cost: int,
    text: str,
    reading: SecretReading,
    *,
    also: tuple[str, ...] = (),
    facts: Facts | None = None,
    stored: str | None = None,
) -> Iterator[KeyChoice]:
    if key := _key(text, reading):
        yield KeyChoice(cause, cost, key, reading, also=also, facts=facts or {}, text=stored)


def _key(text: str, reading: SecretReading) -> bytes | None:
    try:
        return key_from(text, reading)
    except (SecretMalformed, UnicodeError):
        return None
