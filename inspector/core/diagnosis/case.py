"""What is to be explained: a delivery, the handler that did not verify it, and what else is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from inspector.core.diagnosis.clock import Clock
from inspector.core.request import Request
from inspector.core.verification.context import Context
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """A secret that may have been used instead: of another handler, or an older one of this handler."""

    handler: str
    label: str
    value: str = field(repr=False)
    provider: str = ""
    scheme: Scheme | None = None  # how its own handler reads it
    retired: bool = False  # an older secret of the very handler


@dataclass(frozen=True, slots=True)
class ProviderScheme:
    """One of the ways in which a known provider signs, to be tried instead of the handler's."""

    provider: str
    id: str
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Case:
    """A delivery and the handler in question. `url` is the public URL as the handler has it.

    `provider` and `scheme_id` name the preset that the handler was made from; empty for one of the user's own.
    `recognised` is the provider that the delivery itself looks like. `strict_hex_case` and `case_sensitive_headers`
    describe a verifier pickier than ours, whose failure is asked about.
    """

    request: Request
    scheme: Scheme
    secrets: Sequence[str] = field(repr=False)
    url: str = ""
    provider: str = ""
    scheme_id: str = ""
    recognised: str = ""
    others: Sequence[KnownSecret] = field(default=(), repr=False)
    presets: Sequence[ProviderScheme] = field(default=(), repr=False)
    now: datetime | None = None
    tolerance_s: int | None = None
    strict_hex_case: bool = False
    case_sensitive_headers: bool = False
    clock: Clock | None = None  # what the sender's last deliveries tell of its clock
    material: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """The request with its decoded fields, as the handler sees it."""
        return Reading(self.request, self.url)

    @property
    def context(self) -> Context:
        """The surroundings in which the handler verifies."""
        return Context(self.now, self.material, self.parameters, self.tolerance_s)

    @property
    def own_presets(self) -> Sequence[ProviderScheme]:
        """The schemes of the handler's own provider."""
        return [preset for preset in self.presets if preset.provider == self.provider]

    @property
    def preset(self) -> Scheme | None:
        """The scheme that the handler was made from; None where that is not known."""
        own = self.own_presets
        named = next((each.scheme for each in own if each.id == self.scheme_id), None)
        if named is not None or self.scheme_id:
            return named
        return next((each.scheme for each in own if same_recipe(each.scheme, self.scheme)), None)


def same_recipe(one: Scheme, two: Scheme) -> bool:
    """Whether both schemes verify the same requests, whatever they say of the look of secrets and of tolerances."""
    return _recipe(one) == _recipe(two)


def _recipe(scheme: Scheme) -> tuple[object, ...]:
    place, reading, time = scheme.signature, scheme.secret, scheme.timestamp
    located = None if place is None else (
        place.place, place.name.lower(), place.path, place.format, place.prefix, place.item_sep, place.kv_sep,
        place.key,
    )  # fmt: skip
    key = (reading.strip_prefix, reading.decode, reading.normalize, reading.append, reading.derive)
    sources = {name: msgspec.structs.replace(each, name=each.name.lower()) for name, each in scheme.values.items()}
    unit = None if time is None else time.unit
    return (scheme.kind, scheme.algorithm, scheme.encoding, located, key, scheme.content, sources, unit)
