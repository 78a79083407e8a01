"""Sign a request again: signature, timestamp and identifier as if the sender had sent it just now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inspector.core.request import Headers, Request
from inspector.core.resending import with_line
from inspector.core.verification.context import NOTHING
from inspector.core.verification.draft import CannotSign
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret

__all__ = ["CannotSign", "identifier_headers", "signed_anew"]


def signed_anew(
    request: Request,
    scheme: Scheme,
    secret: Secret | None,
    *,
    now: datetime,
    url: str,
    identifier: str,
    parameters: Mapping[str, str] = NOTHING,
) -> Request:
    """`request` with whatever `scheme` writes, in the places where it stood; `url` is the one it is sent to.

    An empty `identifier` leaves the one that it has; `parameters` are the handler's. Raises CannotSign.
    """
    if identifier:
        headers = request.headers
        for name in identifier_headers(scheme):
            headers = with_line(headers, name, identifier.encode())
        request = _with_headers(request, headers)
    from inspector.core.verification.sign import signed_request  # what signs is not needed at start

    return signed_request(request, scheme, secret, now=now, url=url, parameters=parameters)


def identifier_headers(scheme: Scheme) -> Sequence[bytes]:
    """The headers in which the scheme has the identifier of a delivery."""
    return [
        source.name.encode("latin-1")
        for name, source in scheme.values.items()
        if source.place == "header" and (name == "id" or name.endswith("_id"))
    ]


def _with_headers(request: Request, headers: Headers) -> Request:
    return request if headers == request.headers else replace(request, headers=headers, head=b"")
