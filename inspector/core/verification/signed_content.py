"""The exact bytes that a signature covers."""

from inspector.core.request import Body, Request
from inspector.core.verification.scheme import Part, Scheme


class PartNotAvailable(ValueError):
    """The template names a part that this version cannot fill; the message is the part's word."""


def signed_content(request: Request, scheme: Scheme) -> Body:
    """The bytes that `scheme` says are signed: its parts joined without separators.

    A content that is the body alone is given without a copy, since a body can be a mapped file.
    """
    if len(scheme.content) == 1 and scheme.content[0].part == "body":
        return request.body
    return b"".join(_filled(part, request) for part in scheme.content)


def _filled(part: Part, request: Request) -> Body:
    match part.part:
        case "body":
            return request.body
        case "text":
            return part.text.encode()
    raise PartNotAvailable(part.part)
