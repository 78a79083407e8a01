"""To which schemes a field applies: asked anew whenever the scheme changes."""

from collections.abc import Callable

from inspector.core.verification.scheme import Scheme

COMPUTED = frozenset({"hmac", "hash"})
SIGNED = COMPUTED | {"asymmetric"}
CARRIED = SIGNED | {"token", "bearer", "jwt"}
PROVIDERS_OWN = frozenset({"plugin"})
SETTLED = PROVIDERS_OWN | {"basic", "sns", "http-message-signatures"}
"""Kinds that settle themselves where the signature stands, but for odd senders."""

PLACED = CARRIED | SETTLED
COMPUTING = SIGNED | {"plugin", "sns"}

type Applies = Callable[[Scheme], bool]


def uses_url(scheme: Scheme) -> bool:
    """Whether the signed content has the URL in it, as the sender called it."""
    return any(part.part == "url" or (part.source and part.source.part == "url") for part in scheme.content)


def of_kinds(kinds: frozenset[str]) -> Applies:
    """To schemes of these kinds."""
    return lambda scheme: scheme.kind in kinds


def in_format(*formats: str) -> Applies:
    """To those whose signature is written so."""
    return lambda scheme: scheme.kind in PLACED and scheme.signature is not None and scheme.signature.format in formats


def in_place(*places: str) -> Applies:
    """To those that find it there."""
    return lambda scheme: scheme.kind in PLACED and scheme.signature is not None and scheme.signature.place in places


def with_secret(*types: str) -> Applies:
    """To those with such a secret."""
    return lambda scheme: scheme.kind != "none" and scheme.secret.type in types


def timed(scheme: Scheme) -> bool:
    """Whether it checks a timestamp."""
    return scheme.timestamp is not None and scheme.kind != "none"


def digested(scheme: Scheme) -> bool:
    """Whether a parameter holds the body's digest."""
    return scheme.kind in SIGNED and scheme.body_digest is not None


def in_named_place(scheme: Scheme) -> bool:
    """Whether the place of its signature has a name."""
    return scheme.kind in PLACED and scheme.signature is not None and scheme.signature.place != "body"


HEADER = in_place("header", "numbered-headers")
SHARED = with_secret("shared", "shared-or-public")
KEYS = with_secret(
    "public-key", "shared-or-public", "public-key-by-kid", "jwk-by-kid", "jwks", "certificate-url", "client-certificate"
)
CERTIFICATE = with_secret("certificate-url")
FETCHED = with_secret("jwks", "public-key-by-kid", "jwk-by-kid", "certificate-url")
ANY = of_kinds(PLACED | {"mtls"})
SNS = of_kinds(frozenset({"sns"}))
MESSAGE_SIGNATURES = of_kinds(frozenset({"http-message-signatures"}))
JWT = of_kinds(frozenset({"jwt"}))
