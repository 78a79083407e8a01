"""The verification types that a form and the command line offer, as data: which fields each has, and what it means."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from inspector.core.verification.scheme import BODY, Scheme, SignaturePlace

type SchemeField = Literal["algorithm", "header", "prefix", "secrets"]


@dataclass(frozen=True, slots=True)
class VerificationType:
    """One way to verify: the word for it, the fields that a person fills in, and the scheme to begin with."""

    id: str
    fields: tuple[SchemeField, ...]
    scheme: Scheme


_HMAC: tuple[SchemeField, ...] = ("algorithm", "header", "prefix", "secrets")

TYPES = (
    VerificationType(
        "base64-hmac",
        _HMAC,
        Scheme("hmac", "sha256", "base64", signature=SignaturePlace(name="Webhook-Signature")),
    ),
    VerificationType(
        "hmac",
        _HMAC,
        Scheme(
            "hmac",
            "sha256",
            "hex",
            signature=SignaturePlace(name="X-Hub-Signature-256", format="prefix", prefix="sha256="),
        ),
    ),
    VerificationType(
        "token", ("header", "prefix", "secrets"), Scheme("token", signature=SignaturePlace(name="X-Token"))
    ),
    VerificationType("none", (), Scheme("none")),
)


def type_named(word: str) -> VerificationType | None:
    """The type of that word (`base64 hmac` and `base64-hmac` alike), or None."""
    wanted = word.strip().lower().replace(" ", "-").replace("_", "-")
    return next((each for each in TYPES if each.id == wanted), None)


def type_of(scheme: Scheme) -> VerificationType | None:
    """The type that `scheme` is an example of; None where it says more than any of them has fields for."""
    place = scheme.signature
    if scheme.kind == "none":
        return type_named("none")
    if place is None or place.place != "header" or place.format not in ("raw", "prefix"):
        return None
    if scheme.values or scheme.timestamp or scheme.select or scheme.content != (BODY,) or place.also:
        return None
    match scheme.kind, scheme.encoding:
        case "token", _:
            return type_named("token")
        case "hmac", "base64":
            return type_named("base64-hmac")
        case "hmac", "hex":
            return type_named("hmac")
    return None


def scheme_with(scheme: Scheme, *, algorithm: str, header: str, prefix: str) -> Scheme:
    """`scheme` with what a person filled in; everything that has no field stays as it is."""
    if scheme.signature is None:
        return scheme
    place = replace(scheme.signature, name=header, prefix=prefix, format="prefix" if prefix else "raw")
    return replace(scheme, algorithm=algorithm if scheme.kind == "hmac" else scheme.algorithm, signature=place)
