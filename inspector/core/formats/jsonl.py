"""The lossless form: one delivery, one line of JSON."""

import base64
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from inspector.core.delivery import Delivery, Summary, at
from inspector.core.request import Headers, Request

_encode = msgspec.json.Encoder().encode


def record(delivery: Delivery) -> dict[str, Any]:
    """The delivery as the object that a line holds: bytes as base64, header text as latin-1, nothing left out.

    No configured secret is in it: outcomes name secrets by their label.
    """
    request = delivery.request
    fields: dict[str, Any] = {
        "id": delivery.id,
        "received_at": iso(delivery.last_byte_ns),
        "method": request.method,
        "target": request.target,
        "http_version": request.version,
        "headers": _pairs(request.headers),
        "body_base64": base64.b64encode(request.body).decode(),
        "remote": delivery.remote,
        "verdict": delivery.verdict.value,
        "outcomes": [
            {
                "handler": rung.handler,
                "user": rung.user,
                "outcome": rung.standing.value,
                "reason": rung.reason,
                "secret_label": rung.secret_label,
                **({} if rung.age_s is None else {"age_s": rung.age_s, "tolerance_s": rung.tolerance_s}),
            }
            for rung in delivery.ladder
        ],
        "status": delivery.answer.status,
        **about(delivery),
    }
    if request.trailers:
        fields["trailers"] = _pairs(request.trailers)
    if delivery.refusal is not None:
        fields["rejected"] = True
        fields["reason"] = delivery.refusal.reason
        fields["raw_base64"] = base64.b64encode(delivery.refusal.raw or request.head).decode()
    return fields


def about(delivery: Delivery | Summary) -> dict[str, Any]:
    """What is recognised of a delivery, and what people wrote to it; the attempt only where it says one."""
    recognised, annotation = delivery.recognised, delivery.annotation
    fields: dict[str, Any] = {
        "provider": recognised.provider if recognised else "",
        "event": recognised.event if recognised else "",
        "provider_delivery_id": recognised.delivery_id if recognised else "",
        "tags": annotation.tags,
        "note": annotation.note,
    }
    if recognised is not None and recognised.attempt is not None:
        fields["attempt"] = recognised.attempt
    return fields


def line(delivery: Delivery) -> bytes:
    """The delivery as one line, its line feed included."""
    return _encode(record(delivery)) + b"\n"


class LineMalformed(ValueError):
    """A line is not a delivery in this form; the message says why."""


class _Line(Struct):
    """The fields of a line that make up its request."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body_base64: str
    received_at: datetime
    http_version: str = "1.1"
    trailers: tuple[tuple[str, str], ...] = ()


def request_of(text: bytes) -> tuple[Request, datetime]:
    """The request in a line, and when it was received. Raises LineMalformed."""
    try:
        fields = msgspec.json.decode(text, type=_Line)
        body = base64.b64decode(fields.body_base64, validate=True)
        headers, trailers = _headers(fields.headers), _headers(fields.trailers)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise LineMalformed(str(error) or "nested too deeply") from None
    if fields.received_at.tzinfo is None:
        raise LineMalformed("received_at has no time zone")
    request = Request(fields.method, fields.target, fields.http_version, headers, body, trailers)
    return request, fields.received_at


def _headers(lines: tuple[tuple[str, str], ...]) -> Headers:
    return Headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in lines)


def iso(ns: int) -> str:
    """The moment `ns` nanoseconds after the epoch in ISO 8601, UTC, all nine digits kept."""
    return f"{at(ns):%Y-%m-%dT%H:%M:%S}.{ns % 1_000_000_000:09d}Z"


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
