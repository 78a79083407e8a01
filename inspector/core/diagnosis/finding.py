"""One explanation of a failed verification, with its evidence and what mends it."""

from dataclasses import dataclass, field
from typing import Literal

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
    tolerance_s: int | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends it and who has to: the handler by `change`, or the sender, proxy or framework by hand."""

    side: Side
    change: HandlerChange | None = None
    body_form: str = ""  # the form of the body that the signature covers, by its name


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause (stable identifier), how sure it is, and the facts that a person needs.

    `verified`: the delivery verified with exactly this remedy. `also` are further causes that had to be assumed
    with it. `facts` are words and numbers for the sentence, never a secret or a key.
    """

    cause: str
    confidence: Confidence
    remedy: Remedy
    verified: bool = False
    also: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


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
