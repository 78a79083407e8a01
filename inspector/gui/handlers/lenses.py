"""A part of a scheme as the text in a field, and back: what a form needs to show and to change any of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from inspector.core.verification.scheme import (
    BodyDigest,
    ClaimDigest,
    Claims,
    ClaimUrl,
    ContentDigest,
    Scheme,
    Select,
    SignaturePlace,
    TimestampCheck,
)

type Read = Callable[[Scheme], str]
type Write = Callable[[Scheme, str], Scheme]

ON = "yes"
"""The text of a box that is ticked; that of one that is not is empty."""


class Unreadable(ValueError):
    """A field's text says nothing that the scheme could have; the message says why, `position` where (or -1)."""

    def __init__(self, problem: str, position: int = -1) -> None:
        super().__init__(problem)
        self.position = position


@dataclass(frozen=True, slots=True)
class Lens:
    """How one part of a scheme is read as text and written from it. `write` raises Unreadable."""

    read: Read
    write: Write


_MAKERS: dict[str, Callable[[], Any]] = {"signature": SignaturePlace, "claims": Claims}
_HEADED: dict[str, Callable[[str], Any]] = {
    "timestamp.value": TimestampCheck,
    "select.header": Select,
    "content_digest.header": ContentDigest,
    "body_digest.name": lambda name: BodyDigest(name=name),
    "claims.body_digest.claim": ClaimDigest,
    "claims.url_digest.claim": lambda claim: ClaimDigest(claim, of="url"),
    "claims.request_digest.claim": lambda claim: ClaimDigest(claim, of="request"),
    "claims.url.claim": ClaimUrl,
}
"""Parts that exist because one field of theirs is filled in."""


def text(path: str) -> Lens:
    """The text at `path`, as `signature.prefix`."""
    return Lens(lambda scheme: str(_get(scheme, path, "")), lambda scheme, value: _put(scheme, path, value))


def flag(path: str) -> Lens:
    """Whether something is so."""
    return Lens(
        lambda scheme: ON if _get(scheme, path, False) else "",  # noqa: FBT003 - what it is without the part
        lambda scheme, value: _put(scheme, path, value == ON),
    )


def words(path: str) -> Lens:
    """Several words, with commas."""
    return Lens(
        lambda scheme: ", ".join(_get(scheme, path, ())),
        lambda scheme, value: _put(scheme, path, tuple(w for w in (part.strip() for part in value.split(",")) if w)),
    )


def number(path: str, *, unlimited: bool = False) -> Lens:
    """A whole number; `unlimited`: none at all is a value too."""

    def read(scheme: Scheme) -> str:
        value = _get(scheme, path, None)
        return "" if value is None else str(value)

    def write(scheme: Scheme, value: str) -> Scheme:
        value = value.strip()
        if not value:
            return _put(scheme, path, None if unlimited else 0)
        if not (value.isascii() and value.isdigit()) or len(value) > 9:
            raise Unreadable("whole-number")
        return _put(scheme, path, int(value))

    return Lens(read, write)


def _get(value: Any, path: str, absent: Any) -> Any:
    for step in path.split("."):
        if value is None:
            return absent
        value = getattr(value, step)
    return value


def _put(scheme: Scheme, path: str, value: Any) -> Scheme:
    """`scheme` with `value` at `path`; a part that is not there is made, where the value is anything."""
    changed: Scheme = _set(scheme, path, value)
    return changed


def _set(whole: Any, path: str, value: Any, above: str = "") -> Any:
    """`whole` with `value` at `path`; `above` is where it stands itself."""
    part, _, rest = path.partition(".")
    if not rest:
        return replace(whole, **{part: value})
    here, inner = above + part, getattr(whole, part)
    head = _HEADED.get(f"{here}.{rest}") if "." not in rest else None
    if head is not None and not value:
        return replace(whole, **{part: None})
    if inner is None and value:
        inner = head(value) if head is not None else _MAKERS[here]() if here in _MAKERS else None
    if inner is None:
        return whole  # nothing is what it has
    return replace(whole, **{part: _set(inner, rest, value, f"{here}.")})
