"""What is to be explained: a delivery, the handler that did not verify it, and what else is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inspector.core.request import Request
from inspector.core.verification.context import Context
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
class Preset:
    """A provider's scheme, to be tried instead of the handler's."""

    provider: str
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Case:
    """A delivery and the handler in question. `url` is the public URL as the handler has it.

    `strict_hex_case` and `case_sensitive_headers` describe a verifier pickier than ours, whose failure is asked about.
    """

    request: Request
    scheme: Scheme
    secrets: Sequence[str] = field(repr=False)
    url: str = ""
    provider: str = ""
    others: Sequence[KnownSecret] = ()
    presets: Sequence[Preset] = ()
    now: datetime | None = None
    tolerance_s: int | None = None
    strict_hex_case: bool = False
    case_sensitive_headers: bool = False
    material: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        """The surroundings in which the handler verifies."""
        return Context(self.now, self.url, self.material, self.parameters, self.tolerance_s)
