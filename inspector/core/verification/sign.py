"""Sign a request: the inverse of verify."""

from inspector.core.request import Request
from inspector.core.verification.computed import expected_signature
from inspector.core.verification.digests import digest_named
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret


class CannotSign(ValueError):
    """This scheme or secret cannot make a signature here; the message says why, without the secret."""


def signing_headers(request: Request, scheme: Scheme, secret: Secret | None) -> tuple[tuple[bytes, bytes], ...]:
    """The header lines that make `request` verify with `scheme` and `secret`.

    Raises CannotSign where the algorithm is missing, the secret is absent or cannot be read.
    """
    if scheme.kind == "none":
        return ()
    place = scheme.signature
    if place is None or place.place != "header" or place.format not in ("raw", "prefix"):
        raise CannotSign(f"signing is not available for {scheme.kind!r}")
    if secret is None or not secret.value:
        raise CannotSign("there is no secret to sign with")
    prefix = place.prefix.encode() if place.format == "prefix" else b""
    name = place.name.encode("latin-1")
    if scheme.kind == "token":
        return ((name, prefix + secret.value.encode("utf-8", "surrogateescape")),)
    if scheme.kind == "hmac" and digest_named(scheme.algorithm) is None:
        raise CannotSign(f"the algorithm {scheme.algorithm!r} is not available on this machine")
    signature = expected_signature(request, scheme, secret)
    if signature is None:
        raise CannotSign("the secret is not in the form that the scheme wants")
    return ((name, prefix + signature),)
