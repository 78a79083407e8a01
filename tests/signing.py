"""What a signature adds to a request, for tests that write their requests themselves."""

from datetime import UTC, datetime

from inspector.core.request import Request
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def signing_headers(
    request: Request, scheme: Scheme, secret: Secret | None, *, now: datetime = NOON
) -> tuple[tuple[bytes, bytes], ...]:
    """The header lines that make `request` verify with `scheme` and `secret`."""
    return tuple(signed_request(request, scheme, secret, now=now).headers)[len(request.headers) :]
