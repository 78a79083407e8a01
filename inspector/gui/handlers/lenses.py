"""A part of a scheme as the text in a field, and back: what a form needs to show and to change any of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from inspector.core.verification.scheme import Claims, ContentDigest, Scheme, Select, SignaturePlace, TimestampCheck

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


_MAKERS: dict[str, Callable[[], Any]] = {
    "signature": SignaturePlace, "claims": Claims, "content_digest": ContentDigest,
}  # fmt: skip
_HEADED: dict[str, Callable[[str], Any]] = {
    "timestamp.value": TimestampCheck, "select.header": Select,
}  # fmt: skip
"""Parts that exist because one field of theirs is filled in."""


def text(path: str) -> Lens:
    """The text at `path`, as `signature.prefix`."""
    return Lens(lambda scheme: str(_get(scheme, path, "")), lambda scheme, value: _set(scheme, path, value))


def flag(path: str) -> Lens:
    """Whether something is so."""
    return Lens(
        lambda scheme: ON if _get(scheme, path, False) else "",  # noqa: FBT003 - what it is without the part
        lambda scheme, value: _set(scheme, path, value == ON),
    )


def words(path: str) -> Lens:
    """Several words, with commas."""
    return Lens(
        lambda scheme: ", ".join(_get(scheme, path, ())),
        lambda scheme, value: _set(scheme, path, tuple(w for w in (part.strip() for part in value.split(",")) if w)),
    )


def number(path: str, *, unlimited: bool = False) -> Lens:
    """A whole number; `unlimited`: none at all is a value too."""

    def read(scheme: Scheme) -> str:
        value = _get(scheme, path, None)
        return "" if value is None else str(value)

    def write(scheme: Scheme, value: str) -> Scheme:
        value = value.strip()
        if not value:
            return _set(scheme, path, None if unlimited else 0)
        if not (value.isascii() and value.isdigit()) or len(value) > 9:
            raise Unreadable("whole-number")
        return _set(scheme, path, int(value))

    return Lens(read, write)


def _get(value: Any, path: str, absent: Any) -> Any:
    for step in path.split("."):
        if value is None:
            return absent
        value = getattr(value, step)
    return value


def _set(scheme: Scheme, path: str, value: Any) -> Scheme:
    part, _, name = path.partition(".")
    if not name:
        return replace(scheme, **{part: value})
    inner = getattr(scheme, part)
    if path in _HEADED and not value:
        return replace(scheme, **{part: None})
    if inner is None:
        made = _HEADED[path](value) if path in _HEADED else None
        inner = made or (_MAKERS[part]() if part in _MAKERS else None)
        if inner is None:
            return scheme
    return replace(scheme, **{part: replace(inner, **{name: value})})
