"""One explanation of a failed verification, with its evidence and what mends it."""

from dataclasses import dataclass, field
from typing import Literal

from inspector.core.diagnosis.choices import Facts
from inspector.core.verification.scheme import Scheme

type Confidence = Literal["proved", "likely", "hint"]
type Side = Literal["handler", "sender", "proxy", "framework", "none"]


@dataclass(frozen=True, slots=True)
class HandlerChange:
    """A change of the handler after which the delivery verifies; what is None stays as it is.

    `secret` replaces the stored text; `secret_of` names another configured secret as (handler, label) instead,
    whose value is not told.
    """

    scheme: Scheme | None = None
    secret: str | None = field(default=None, repr=False)
    secret_of: tuple[str, str] | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends it and who has to: the handler by `change`, or the sender, proxy or framework by hand."""

    side: Side
    change: HandlerChange | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause (stable identifier), how sure it is, and the facts that a person needs.

    `verified`: the delivery verified with exactly this remedy. `also` are further causes that had to be assumed
    with it. `facts` are words and numbers for the sentence, never a secret or a key. `signed_body` is the form of
    the body that the signature covers, where that is not the one received.
    """

    cause: str
    confidence: Confidence
    remedy: Remedy
    verified: bool = False
    also: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    signed_body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many hypotheses were tried of how many that are planned."""

    tried: int
    planned: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a search: how many hypotheses were tried, and which kinds were left out for the bound."""

    tried: int
    left_out: tuple[str, ...] = ()


type Step = Finding | Progress | Finished


def found(
    cause: str,
    *,
    side: Side | None = None,
    change: HandlerChange | None = None,
    also: tuple[str, ...] = (),
    facts: Facts | None = None,
    signed_body: bytes | None = None,
) -> Finding:
    """A finding that was proved by verifying the delivery with its remedy."""
    told = {name: text for name, text in (facts or {}).items() if text}
    return Finding(
        cause,
        "proved",
        Remedy(side or side_of(cause), change),
        verified=True,
        also=also,
        facts=told,
        signed_body=signed_body,
    )


def unexplained(tried: int) -> Finding:
    """The finding where so many hypotheses were tried and none fits."""
    return Finding("unexplained", "hint", Remedy("none"), facts={"tried": f"{tried:,}"})


def side_of(cause: str) -> Side:
    """Who has to change something, for that cause."""
    return _SIDES.get(cause, "handler")


_SIDES: dict[str, Side] = {
    "body-json-respaced": "framework",
    "body-json-keys-reordered": "framework",
    "body-unicode-escapes": "framework",
    "body-slash-escapes": "framework",
    "body-number-format": "framework",
    "body-empty-objects": "framework",
    "body-form-reencoded": "framework",
    "body-final-newline-added": "proxy",
    "body-final-newline-removed": "proxy",
    "body-white-space": "proxy",
    "body-line-endings": "proxy",
    "body-bom-added": "proxy",
    "body-charset-transcoded": "proxy",
    "body-gzip": "proxy",
    "body-truncated": "proxy",
    "body-changed": "proxy",
    "header-renamed-by-proxy": "proxy",
    "header-duplicate-joined": "proxy",
    "body-empty-signed": "sender",
    "body-payload-field": "sender",
    "unsigned-delivery": "sender",
    "timestamp-expired": "sender",
    "timestamp-future": "sender",
    "encoding-double": "sender",
    "clock-skew": "none",
    "verifies": "none",
    "unexplained": "none",
}
