"""What verification needs besides the request: time, keys by address, configured parameters."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

NOTHING: Mapping[str, str] = MappingProxyType({})


class Context(Struct, frozen=True, gc=False):
    """The surroundings of one verification.

    `now` is timezone-aware; None leaves times unchecked. `material` maps an address or key id to the certificate,
    key or JWK set that an edge fetched. `parameters` are what a handler configures besides secrets, as a webhook
    id or an expected `iss`.
    """

    now: datetime | None = None
    material: Mapping[str, str] = NOTHING
    parameters: Mapping[str, str] = NOTHING
    tolerance_s: int | None = None  # instead of the scheme's own

    def __repr__(self) -> str:
        return f"Context(now={self.now!r}, parameters={self.parameters!r}, tolerance_s={self.tolerance_s!r})"
