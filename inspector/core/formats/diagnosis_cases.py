"""Files of failed deliveries, each with the handler that refused it, as cases to be diagnosed."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from inspector.core.diagnosis.case import Case, KnownSecret, ProviderScheme
from inspector.core.formats.catalogue_json import SchemeMalformed, scheme_from
from inspector.core.request import Headers, Request
from inspector.core.verification.scheme import Scheme

type SchemesOf = Callable[[str], Sequence[Scheme]]
"""All schemes of a provider, the usual one first; empty where nobody knows it."""


class CasesMalformed(ValueError):
    """The text is no file of cases, or one of them cannot be read; the message says where."""


class _Handler(Struct, frozen=True):
    scheme: dict[str, Any]
    provider: str = ""
    scheme_id: str = ""
    secret: str | None = None
    tolerance_s: int | None = None
    strict_hex_case: bool = False
    case_sensitive_headers: bool = False


class _OtherHandler(Struct, frozen=True):
    name: str = ""
    provider: str = ""
    secret: str | None = None
    scheme: dict[str, Any] | None = None


class _OldSecret(Struct, frozen=True):
    secret: str
    label: str = ""


class _Delivery(Struct, frozen=True):
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body_b64: str = ""


class DescribedCase(Struct, frozen=True):
    """One case as it is written. Other fields of the file, as the answer that is expected, are not read."""

    id: str
    handler: _Handler
    delivery: _Delivery
    other_handlers: tuple[_OtherHandler, ...] = ()
    secret_history: tuple[str | _OldSecret, ...] = ()
    now: float | None = None
    material: dict[str, str] = {}
    parameters: dict[str, str] = {}


class _File(Struct, frozen=True):
    cases: tuple[DescribedCase, ...]


def cases_from(text: bytes) -> tuple[DescribedCase, ...]:
    """The cases of a file: an object with the array `cases`. Raises CasesMalformed."""
    try:
        return msgspec.json.decode(text, type=_File).cases
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise CasesMalformed(str(error) or "nested too deeply") from None


def case_of(described: DescribedCase, schemes_of: SchemesOf, known: Sequence[ProviderScheme]) -> Case:
    """The case to be diagnosed; `known` are the schemes of all providers. Raises CasesMalformed."""
    handler = described.handler
    try:
        return Case(
            request=_request(described.delivery),
            scheme=scheme_from(handler.scheme),
            secrets=() if handler.secret is None else (handler.secret,),
            url=described.delivery.url,
            provider=handler.provider,
            scheme_id=handler.scheme_id,
            others=[*_others(described, schemes_of), *_retired(described)],
            presets=known,
            now=None if described.now is None else datetime.fromtimestamp(described.now, UTC),
            tolerance_s=handler.tolerance_s,
            strict_hex_case=handler.strict_hex_case,
            case_sensitive_headers=handler.case_sensitive_headers,
            material=described.material,
            parameters=described.parameters,
        )
    except (SchemeMalformed, ValueError, binascii.Error, OverflowError, OSError) as error:
        raise CasesMalformed(f"{described.id}: {error}") from None


def _others(described: DescribedCase, schemes_of: SchemesOf) -> Sequence[KnownSecret]:
    return [
        KnownSecret(other.name, "", other.secret, other.provider, _scheme(other, schemes_of))
        for other in described.other_handlers
        if other.secret
    ]


def _scheme(other: _OtherHandler, schemes_of: SchemesOf) -> Scheme | None:
    if other.scheme is not None:
        return scheme_from(other.scheme)
    return next(iter(schemes_of(other.provider)), None)


def _retired(described: DescribedCase) -> Sequence[KnownSecret]:
    old = [each if isinstance(each, _OldSecret) else _OldSecret(each) for each in described.secret_history]
    return [
        KnownSecret("", each.label or f"older secret {number}", each.secret, described.handler.provider, retired=True)
        for number, each in enumerate(old, 1)
    ]


def _request(delivery: _Delivery) -> Request:
    url = urlsplit(delivery.url)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = Headers((_bytes(name), _bytes(value)) for name, value in delivery.headers)
    return Request(delivery.method, target, "1.1", headers, base64.b64decode(delivery.body_b64, validate=True))


def _bytes(text: str) -> bytes:
    """The bytes of a header's text: latin-1 as on the wire, UTF-8 where it has other characters."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
