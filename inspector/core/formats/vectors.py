"""Files of test deliveries with the expected outcome, and what comes out of them here."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from inspector.core.request import Headers, Request
from inspector.core.verification.context import Context
from inspector.core.verification.key_set import is_public
from inspector.core.verification.outcome import CannotBeChecked, Verified
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, carried_by
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify_reading

type SchemeNamed = Callable[[str], Scheme]
"""The scheme of `provider:scheme`. Raises KeyError where there is none."""

type Text = str | dict[str, object] | list[object]
"""A secret or key; where it is itself JSON, it may be written as such."""

_KEYS_BY_NAME = ("jwks", "jwk-by-kid", "public-key-by-kid", "public-key")
"""Types of secret whose keys a vector may bring as material, under any name."""


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


class Vector(Struct, frozen=True):
    """One delivery with what has to come out of it. Other fields of the file are for people.

    `options` are what the handler's user chose: `header`, the name of the field that carries the signature, and
    parameters, as `webhook_id`.
    """

    id: str
    provider: str
    scheme: str
    request: VectorRequest
    expect: Expectation | None = None
    secret: Text | None = None
    secrets: tuple[Text, ...] | None = None
    now: float | None = None
    tolerance_s: float | None = None
    options: dict[str, object] | None = None
    material: dict[str, Text] | None = None


class Unread(Struct, frozen=True):
    """A member of the file that is no vector; `problem` says where."""

    id: str
    problem: str
    expect: Expectation | None = None


class Result(Struct, frozen=True):
    """What came out. `reason` is None where the delivery verified."""

    id: str
    valid: bool
    reason: str | None
    signature_ok: bool


class _File(Struct, frozen=True):
    vectors: tuple[msgspec.Raw, ...]


class _Name(Struct, frozen=True):
    id: str = ""
    expect: Expectation | None = None


def vectors_from(text: bytes) -> tuple[Vector | Unread, ...]:
    """The vectors of a file: an object with the array `vectors`. Raises VectorsMalformed."""
    try:
        members = msgspec.json.decode(text, type=_File).vectors
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise VectorsMalformed(str(error) or "nested too deeply") from None
    return tuple(_vector(member, number) for number, member in enumerate(members))


def result_of(vector: Vector | Unread, scheme_named: SchemeNamed) -> Result:
    """What our engine says of the delivery. A vector that cannot be read has a reason too."""
    if isinstance(vector, Unread):
        return Result(vector.id, valid=False, reason="vector-malformed", signature_ok=False)
    try:
        scheme = scheme_named(f"{vector.provider}:{vector.scheme}")
    except KeyError:
        return Result(vector.id, valid=False, reason="preset-unknown", signature_ok=False)
    try:
        request = _request(vector.request)
        now = None if vector.now is None else datetime.fromtimestamp(vector.now, UTC)
        tolerance = None if vector.tolerance_s is None else int(vector.tolerance_s)
    except (ValueError, binascii.Error, OverflowError, OSError):
        return Result(vector.id, valid=False, reason="vector-malformed", signature_ok=False)
    secrets, parameters = _secrets(vector, scheme), _parameters(vector, scheme)
    material = {name: _text(key) for name, key in (vector.material or {}).items()}
    context = Context(now, material, parameters, tolerance)
    url = vector.request.url.encode("utf-8", "replace").decode("latin-1")
    outcome = verify_reading(Reading(request, url), _configured(vector, scheme), secrets, context)
    right = isinstance(outcome, Verified) or (not isinstance(outcome, CannotBeChecked) and outcome.signature_ok)
    reason = outcome.reason
    if scheme.secret.type == "certificate-url" and reason in ("secret-malformed", "key-not-available"):
        reason = "certificate-untrusted"  # there is no other than the vector brings
    elif reason == "secret-malformed":  # what nobody can read has not signed
        reason = "signature-mismatch"
    return Result(vector.id, valid=isinstance(outcome, Verified), reason=reason, signature_ok=right)


def holds(expected: Expectation | None, result: Result) -> bool:
    """Whether `result` is what was expected, if anything was."""
    if expected is None:
        return True
    if expected.valid or result.valid:
        return expected.valid == result.valid
    return result.reason in expected.reason_any and (result.signature_ok or not expected.signature_ok)


def _vector(member: msgspec.Raw, number: int) -> Vector | Unread:
    try:
        return msgspec.json.decode(member, type=Vector)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        problem = str(error) or "nested too deeply"
    try:
        name = msgspec.json.decode(member, type=_Name)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        name = _Name()
    return Unread(name.id or f"vectors[{number}]", problem, name.expect)


def _configured(vector: Vector, scheme: Scheme) -> Scheme:
    """The scheme with the name that the user chose for the field that carries the signature."""
    name = (vector.options or {}).get("header")
    return carried_by(scheme, name) if isinstance(name, str) and name else scheme


def _secrets(vector: Vector, scheme: Scheme) -> Sequence[Secret]:
    """The candidates; without any, the keys that the material has for a scheme that names keys by id."""
    texts = [_text(text) for text in vector.secrets or ((vector.secret,) if vector.secret is not None else ())]
    if scheme.secret.plus and not scheme.claims:
        texts = [text for text in texts if is_public(text)]  # the others are the parameter
    if not texts and scheme.secret.type in _KEYS_BY_NAME:
        return [Secret(name, _text(key)) for name, key in (vector.material or {}).items()]
    return [Secret(str(number), text) for number, text in enumerate(texts, 1)]


def _parameters(vector: Vector, scheme: Scheme) -> Mapping[str, str]:
    chosen = {name: value for name, value in (vector.options or {}).items() if isinstance(value, str)}
    if scheme.secret.plus and isinstance(vector.secret, str) and not is_public(vector.secret):
        return {scheme.secret.plus: vector.secret, **chosen}
    return chosen


def _text(text: Text) -> str:
    return text if isinstance(text, str) else json.dumps(text)


def _request(described: VectorRequest) -> Request:
    url = urlsplit(described.url.encode("utf-8", "replace").decode("latin-1"))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    # What a listener hands on has lost the white space around a value (RFC 9110, 5.5).
    headers = Headers((_bytes(name), _bytes(value).strip(b" \t")) for name, value in described.headers)
    return Request(described.method, target, "1.1", headers, base64.b64decode(described.body_b64))


def _bytes(text: str) -> bytes:
    """The bytes of a header's text: latin-1 as on the wire, UTF-8 where it has other characters."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
