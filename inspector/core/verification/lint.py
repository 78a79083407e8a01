"""What looks wrong with a secret while it is typed. Remarks only: none of them keeps it from being stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.scheme import Scheme

SHORTEST_KEY_BYTES = 16
"""A shorter key can be guessed from one signed delivery."""


@dataclass(frozen=True, slots=True)
class SpaceAtEnd:
    """White space or an invisible character before or after the secret is taken for a part of it."""

    before: int  # characters
    after: int
    id: ClassVar[str] = "white-space"


@dataclass(frozen=True, slots=True)
class OtherKindOfKey:
    """It begins as a key of another kind does."""

    prefix: str
    kind: str  # an identifier of KINDS_OF_KEY
    id: ClassVar[str] = "other-kind"


@dataclass(frozen=True, slots=True)
class NotDecodable:
    """The scheme decodes the secret first, and this is not valid in that encoding."""

    encoding: str  # "base64" or "hex"
    id: ClassVar[str] = "not-decodable"


@dataclass(frozen=True, slots=True)
class TooShort:
    """The key is so short that it can be guessed."""

    bytes: int
    least: int = SHORTEST_KEY_BYTES
    id: ClassVar[str] = "too-short"


@dataclass(frozen=True, slots=True)
class TestKeyOfLiveHandler:
    """A test-mode key in a handler whose name says that it is the live one."""

    __test__: ClassVar[bool] = False  # the name is the field's, not pytest's
    id: ClassVar[str] = "test-key"


@dataclass(frozen=True, slots=True)
class LooksLikeSignature:
    """It has the form of the signature itself, or of the whole header line that carries it."""

    id: ClassVar[str] = "signature"


@dataclass(frozen=True, slots=True)
class NotAsExpected:
    """The scheme's secrets look otherwise; `begins` is what they begin with, where they all begin alike."""

    begins: str
    id: ClassVar[str] = "not-as-expected"


@dataclass(frozen=True, slots=True)
class NotPublicKey:
    """The scheme wants the sender's public key, and this cannot be read as one."""

    id: ClassVar[str] = "not-a-public-key"


type Remark = (
    SpaceAtEnd
    | OtherKindOfKey
    | NotAsExpected
    | NotPublicKey
    | NotDecodable
    | TooShort
    | TestKeyOfLiveHandler
    | LooksLikeSignature
)

KINDS_OF_KEY = {
    "sk_live_": "stripe-api", "sk_test_": "stripe-api", "rk_live_": "stripe-api", "rk_test_": "stripe-api",
    "pk_live_": "publishable", "pk_test_": "publishable", "pk_": "publishable",
    "ghp_": "github-token", "gho_": "github-token", "ghu_": "github-token", "ghs_": "github-token",
    "ghr_": "github-token", "github_pat_": "github-token", "glpat-": "gitlab-token",
    "xoxb-": "slack-token", "xoxp-": "slack-token", "xapp-": "slack-token", "xoxe": "slack-token",
    "shpat_": "shopify-token", "AKIA": "aws-key-id", "ASIA": "aws-key-id", "AIza": "google-api",
    "SG.": "sendgrid-api", "npm_": "npm-token", "sk-": "ai-api", "whsec_": "webhook-secret", "whpk_": "public-key",
    "-----BEGIN PUBLIC KEY": "public-key", "-----BEGIN CERTIFICATE": "certificate", "-----BEGIN": "private-key",
    "eyJ": "jwt", "http://": "url", "https://": "url",
}  # fmt: skip
"""How keys of other kinds begin, longest prefix first where one begins another; identifiers, not texts."""

_KEY_TYPES = frozenset({"public-key", "jwks", "public-key-by-kid", "jwk-by-kid", "certificate-url"})
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_LIVE = re.compile(r"(?<![a-z])(live|prod|production)(?![a-z])", re.IGNORECASE)
_TEST = re.compile(r"(?:^|[_-])test(?=[_-])", re.IGNORECASE)
_SIGNATURE = re.compile(r"(hmac[-_])?(sha|md)\d+=|t=\d+,|v\d+[=,](?!whsec_)", re.IGNORECASE)


def lint(text: str, scheme: Scheme, handler_name: str = "") -> tuple[Remark, ...]:
    """What looks wrong with the secret `text` for `scheme`; empty when nothing does, or nothing is typed.

    No remark has a part of the secret in it, but for the well-known prefix that gives its kind away.
    """
    return tuple(_remarks(text, scheme, handler_name)) if text else ()


def _remarks(text: str, scheme: Scheme, handler_name: str) -> Iterator[Remark]:
    bare = _stripped(text)
    if scheme.secret.type in _KEY_TYPES:
        yield from _key_remarks(bare, scheme)
        return
    if bare != text:
        before = text.find(bare) if bare else len(text)
        yield SpaceAtEnd(before, len(text) - before - len(bare))
    looks_signed = _looks_like_signature(bare, scheme)
    if looks_signed:
        yield LooksLikeSignature()
    elif not _has_expected_form(bare, scheme):
        kinds = tuple(_other_kind(bare))
        yield from kinds
        if scheme.secret.pattern and not kinds:
            yield NotAsExpected(_common_beginning(scheme.secret.pattern))
    if _TEST.search(bare) and _LIVE.search(handler_name):
        yield TestKeyOfLiveHandler()
    try:
        key = key_from(bare, scheme.secret)
    except SecretMalformed:
        yield NotDecodable(scheme.secret.decode)
        return
    if len(key) < SHORTEST_KEY_BYTES and not looks_signed:
        yield TooShort(len(key))


def _key_remarks(text: str, scheme: Scheme) -> Iterator[Remark]:
    """What is said of a public key: nothing but whether it can be read as one."""
    from inspector.core.verification.public_key import public_key  # needed by few, and slow to load

    if text.startswith("-----BEGIN") and "PRIVATE KEY" in text.partition("\n")[0]:
        yield OtherKindOfKey("-----BEGIN", "private-key")
    elif scheme.secret.type == "public-key":
        try:
            public_key(text, scheme.secret)
        except SecretMalformed:
            yield NotPublicKey()


def _common_beginning(pattern: str) -> str:
    """The plain text that everything fitting `pattern` begins with: `whsec_` of `^whsec_[A-Za-z]`."""
    found = re.match(r"\^([A-Za-z0-9_-]+)(?![*?{+])", pattern)
    return found[1] if found else ""


def _stripped(text: str) -> str:
    """`text` without white space and invisible characters at its ends."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return text[start:end]


def _has_expected_form(text: str, scheme: Scheme) -> bool:
    """Whether the scheme itself says that its secrets look like this."""
    reading = scheme.secret
    if reading.pattern and re.search(reading.pattern, text):
        return True
    return any(prefix and text.startswith(prefix) for prefix in (reading.strip_prefix, *reading.strip_prefix_alt))


def _other_kind(text: str) -> Iterator[OtherKindOfKey]:
    for prefix, kind in KINDS_OF_KEY.items():
        if text.startswith(prefix):
            yield OtherKindOfKey(prefix, kind)
            return


def _looks_like_signature(text: str, scheme: Scheme) -> bool:
    place = scheme.signature
    if place is not None and place.name and text.lower().startswith(f"{place.name.lower()}:"):
        return True
    if scheme.kind == "token":  # there the secret is what the header carries
        return False
    own = place is not None and bool(place.prefix) and text.startswith(place.prefix)
    return own or _SIGNATURE.match(text) is not None
