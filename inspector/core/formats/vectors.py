"""Files of test deliveries with the expected outcome, and what comes out of them here."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from inspector.core.request import Headers, Request
from inspector.core.verification.context import Context
from inspector.core.verification.outcome import CannotBeChecked, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify_reading

type SchemeNamed = Callable[[str], Scheme]
"""The scheme of `provider:scheme`. Raises KeyError where there is none."""


class VectorsMalformed(ValueError):
    """The text is not a file of vectors; the message says where."""


class Expectation(Struct, frozen=True):
    """What has to come out: any of the reasons is right. `signature_ok`: only the time is wrong."""

    valid: bool
    reason_any: tuple[str, ...] = ()
    signature_ok: bool = False


class VectorRequest(Struct, frozen=True):
    """The request; the URL is the one that its sender called."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body_b64: str = ""


class Options(Struct, frozen=True):
    """What the handler's user chose: the header's name."""

    header: str = ""


class Vector(Struct, frozen=True):
    """One delivery with what has to come out of it. Other fields of the file are for people."""

    id: str
    provider: str
    scheme: str
    request: VectorRequest
    expect: Expectation
    secret: str | None = None
    secrets: tuple[str, ...] = ()
    now: float | None = None
    tolerance_s: int | None = None
    options: Options = Options()
    material: dict[str, str] = {}


class Result(Struct, frozen=True):
    """What came out. `reason` is None where the delivery verified."""

    id: str
    valid: bool
    reason: str | None
    signature_ok: bool


class _File(Struct, frozen=True):
    vectors: tuple[Vector, ...]


def vectors_from(text: bytes) -> tuple[Vector, ...]:
    """The vectors of a file: an object with the array `vectors`. Raises VectorsMalformed."""
    try:
        return msgspec.json.decode(text, type=_File).vectors
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise VectorsMalformed(str(error) or "nested too deeply") from None


def result_of(vector: Vector, scheme_named: SchemeNamed) -> Result:
    """What our engine says of the delivery. A vector that cannot be read has a reason too."""
    try:
        scheme = scheme_named(f"{vector.provider}:{vector.scheme}")
    except KeyError:
        return Result(vector.id, valid=False, reason="preset-unknown", signature_ok=False)
    try:
        request = _request(vector.request)
        now = None if vector.now is None else datetime.fromtimestamp(vector.now, UTC)
    except (ValueError, binascii.Error, OverflowError, OSError):
        return Result(vector.id, valid=False, reason="vector-malformed", signature_ok=False)
    if vector.options.header and scheme.signature is not None:
        scheme = replace(scheme, signature=replace(scheme.signature, name=vector.options.header))
    texts = vector.secrets or ((vector.secret,) if vector.secret is not None else ())
    secrets = [Secret(str(number), text) for number, text in enumerate(texts, 1)]
    context = Context(now, vector.material, tolerance_s=vector.tolerance_s)
    outcome = verify_reading(Reading(request, vector.request.url), scheme, secrets, context)
    right = isinstance(outcome, Verified) or (not isinstance(outcome, CannotBeChecked) and outcome.signature_ok)
    return Result(vector.id, valid=isinstance(outcome, Verified), reason=outcome.reason, signature_ok=right)


def holds(expected: Expectation, result: Result) -> bool:
    """Whether `result` is what was expected."""
    if expected.valid or result.valid:
        return expected.valid == result.valid
    return result.reason in expected.reason_any and (result.signature_ok or not expected.signature_ok)


def _request(described: VectorRequest) -> Request:
    url = urlsplit(described.url)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = Headers((_bytes(name), _bytes(value)) for name, value in described.headers)
    return Request(described.method, target, "1.1", headers, base64.b64decode(described.body_b64))


def _bytes(text: str) -> bytes:
    """The bytes of a header's text: latin-1 as on the wire, UTF-8 where it has other characters."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
