"""One verification under way: what every kind of scheme is given to decide with."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from msgspec import Struct

from inspector.core.verification.context import Context
from inspector.core.verification.encodings import decode, encode
from inspector.core.verification.outcome import BodyHashMismatch, CannotBeChecked, MalformedHeader, Outcome, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.signatures import Found
from inspector.core.verification.signed_content import Values, collect_values
from inspector.core.verification.timestamp import check_form, check_time


class Check(Struct, frozen=True, gc=False):
    """A request, the scheme to check it with, the secrets that could be read, and the signatures that it carries."""

    reading: Reading
    scheme: Scheme
    secrets: Sequence[Secret]
    found: Found
    context: Context


class Received(Struct, frozen=True, gc=False):
    """The signatures of a request as bytes, with the values that its content is built from."""

    signatures: Sequence[bytes]
    values: Values


def receive(check: Check) -> Received | Outcome:
    """What was sent, decoded; a failure where a part that needs no secret to judge is absent or malformed."""
    scheme, found = check.scheme, check.found
    if (unknown := scheme.undefined_value) is not None:
        return CannotBeChecked("value-not-defined", unknown)
    values = collect_values(check.reading, scheme, found)
    if not isinstance(values, Mapping):
        return values
    signatures = [s for text in found.signatures if (s := decode(text, scheme.encoding)) is not None]
    if not signatures:
        return MalformedHeader(found.where)
    if scheme.timestamp is not None:
        unread = check_form(check.reading, scheme.timestamp, values, check.context.now)
        if unread is not None:
            return unread
    return Received(signatures, values)


def accepted(check: Check, values: Values, label: str) -> Outcome:
    """The signature is right: is the body the one that a signed digest names, and is the time near enough?"""
    scheme, reading = check.scheme, check.reading
    if (bound := scheme.body_digest) is not None:
        sent = reading.query_parameter(bound.name)
        expected = encode(hashlib.new(bound.digest, reading.request.body).digest(), bound.encoding)
        if sent is None or not hmac.compare_digest(sent.lower() if bound.encoding == "hex" else sent, expected):
            return BodyHashMismatch(bound.name)
    if scheme.timestamp is not None:
        late = check_time(reading, scheme.timestamp, values, check.context.now, label)
        if late is not None:
            return late
    return Verified(label)
