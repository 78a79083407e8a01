"""What verification needs besides the request: time, keys by address, configured parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one verification.

    `now` is timezone-aware; None leaves times unchecked. `material` maps an address or key id to the certificate,
    key or JWK set that an edge fetched. `parameters` are what a handler configures besides secrets, as a webhook
    id or an expected `iss`.
    """

    now: datetime | None = None
    material: Mapping[str, str] = field(default=NOTHING, repr=False)
    parameters: Mapping[str, str] = field(default=NOTHING)
    tolerance_s: int | None = None  # instead of the scheme's own
