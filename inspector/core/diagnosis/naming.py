"""What a change that verifies the delivery is called, in the light of the preset that the handler was made from."""

from inspector.core.diagnosis.case import Case, same_recipe
from inspector.core.verification.scheme import Scheme

_ORDER = (
    "wrong-provider", "scheme-version", "secret-", "content-", "digest", "kind", "header-wrong", "header-renamed",
    "signature-", "encoding-", "prefix-", "header-", "body-number", "body-json-keys", "body-unicode", "body-slash",
    "body-", "url-", "timestamp",
)  # fmt: skip
"""Where several causes had to be assumed, the one that a person would fix first."""


_OF_THE_SCHEME = (
    "content-", "digest-", "kind-", "header-wrong", "header-renamed", "signature-", "encoding-", "prefix-",
    "timestamp-", "secret-needs-", "secret-must-be-raw", "secret-prefix-kept", "secret-derivation",
)  # fmt: skip
"""Causes that are nothing but settings of the scheme."""


def named_causes(case: Case, causes: tuple[str, ...], scheme: Scheme) -> tuple[str, ...]:
    """The causes, the first of which names the finding; one of them alone where `scheme` is a known one as a whole."""
    whole = _known_as_a_whole(case, scheme)
    if whole and all(cause.startswith(_OF_THE_SCHEME) for cause in causes):
        return (whole,)
    return tuple(sorted(causes, key=_place)) or ("verifies",)


def _place(cause: str) -> int:
    return next((number for number, start in enumerate(_ORDER) if cause.startswith(start)), len(_ORDER))


def _known_as_a_whole(case: Case, scheme: Scheme) -> str:
    """Whether the handler is as its preset says and the delivery is signed as another preset says."""
    preset = case.preset
    if preset is None or not same_recipe(case.scheme, preset) or same_recipe(scheme, preset):
        return ""
    if any(same_recipe(scheme, other.scheme) for other in case.own_presets):
        return "scheme-version-mismatch"
    place, own = scheme.signature, case.scheme.signature
    if place is None or own is None or place.name.lower() == own.name.lower() or case.request.headers.all(own.name):
        return ""
    if any(same_recipe(scheme, other.scheme) for other in case.presets):
        return "wrong-provider"
    return ""
