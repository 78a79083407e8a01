"""The presets that the product ships: one file per provider, read when it is asked for and then kept."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from inspector.core.recognition import Recogniser
from inspector.core.retry_schedule import RetrySchedule, schedule_of
from inspector.core.verification.preset import Preset, PresetScheme
from inspector.core.verification.preset_file import PresetError, read_preset
from inspector.resources_folder import resource_path

if TYPE_CHECKING:
    from inspector.core.diagnosis.case import ProviderScheme


@dataclass(frozen=True, slots=True)
class Entry:
    """What the picker shows of a preset before anyone chooses it."""

    id: str
    name: str
    category: str


class PresetUnknown(KeyError):
    """There is no preset, or no scheme of it, of that name; the message says which."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def index() -> tuple[Entry, ...]:
    """All presets by name, without reading more than the first lines of each file."""
    found = (_entry(path.stem, path.read_text("utf-8")) for path in _folder().glob("*.toml"))
    return tuple(sorted(found, key=lambda entry: entry.name.casefold()))


@cache
def preset(id_: str) -> Preset:
    """The preset of that id. Raises PresetUnknown, and PresetError where its file is damaged."""
    return read_preset(id_, _text(id_), _text)


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by id. Takes a tenth of a second the first time."""
    return {entry.id: preset(entry.id) for entry in index()}


@cache
def provider_name(id_: str) -> str:
    """The name of that provider for people; its id where nobody knows it any more."""
    try:
        return preset(id_).name
    except (PresetUnknown, PresetError):
        return id_


@cache
def recogniser() -> Recogniser:
    """Tells from which provider a delivery came. Reads all presets the first time."""
    return Recogniser(presets().values())


@cache
def known_schemes() -> "tuple[ProviderScheme, ...]":
    """Every scheme of every provider, for a diagnosis that looks for whoever signs so."""
    from inspector.core.diagnosis.case import ProviderScheme

    return tuple(ProviderScheme(each.id, one.id, one.scheme) for each in presets().values() for one in each.schemes)


@cache
def retry_schedules() -> tuple[RetrySchedule, ...]:
    """Those of the providers that document when they try again, by name."""
    found = (schedule_of(each) for each in presets().values())
    return tuple(sorted((each for each in found if each.delays_s), key=lambda each: each.name.casefold()))


def retry_schedule(id_: str) -> RetrySchedule | None:
    """What the provider of that id does when it is not answered well; None where there is no such provider."""
    try:
        return schedule_of(preset(id_))
    except PresetUnknown:
        return None


def scheme(reference: str) -> PresetScheme:
    """The scheme that `reference` names, as `stripe` (its usual one) or `github:sha1`. Raises PresetUnknown."""
    id_, _, wanted = reference.partition(":")
    found = preset(id_).scheme(wanted)
    if found is None:
        known = ", ".join(each.id for each in preset(id_).schemes)
        raise PresetUnknown(f"{id_} has no scheme {wanted!r}; it has {known}")
    return found


def _text(id_: str) -> str:
    path = _folder() / f"{id_}.toml"
    if not id_ or path.parent != _folder():
        raise PresetUnknown(f"there is no preset {id_!r}")
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        raise PresetUnknown(f"there is no preset {id_!r}") from None


def _entry(id_: str, text: str) -> Entry:
    head = tomllib.loads(text.partition("\n\n")[0])  # a file begins with a paragraph that says whose it is
    return Entry(id_, str(head.get("name", id_)), str(head.get("category", "")))


_folder = cache(lambda: resource_path("providers"))
