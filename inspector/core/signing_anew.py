"""Sign a request again: signature, timestamp and identifier as if the sender had sent it just now."""

from datetime import datetime

from inspector.core.request import Request
from inspector.core.resending import with_line
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import CannotSign, signing_headers

__all__ = ["CannotSign", "signed_anew"]


def signed_anew(
    request: Request, scheme: Scheme, secret: Secret | None, *, now: datetime, url: str, identifier: str
) -> Request:
    """`request` with whatever `scheme` writes, in the places where it stood; `url` is the one it is sent to.

    Raises CannotSign.
    """
    del now, url, identifier  # for schemes that have them
    headers = request.headers
    for name, value in signing_headers(request, scheme, secret):
        headers = with_line(headers, name, value)
    return (
        request
        if headers == request.headers
        else Request(request.method, request.target, request.version, headers, request.body, request.trailers)
    )
