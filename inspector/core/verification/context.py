"""What verification needs besides the request: time, public URL, keys by address, configured parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one verification.

    `now` is timezone-aware; None leaves times unchecked. `url` is the URL as the sender called it, empty where
    the request's own is right. `material` maps an address or key id to the certificate, key or JWK set that an
    edge fetched. `parameters` are what a handler configures besides secrets, as a webhook id or an expected `iss`.
    """

    now: datetime | None = None
    url: str = ""
    material: Mapping[str, str] = field(default=_NOTHING, repr=False)
    parameters: Mapping[str, str] = field(default=_NOTHING)
    tolerance_s: int | None = None  # instead of the scheme's own
