"""The lossless form: one delivery, one line of JSON."""

import base64
from typing import Any

import msgspec

from inspector.core.delivery import Delivery, at
from inspector.core.request import Headers

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
            }
            for rung in delivery.ladder
        ],
        "status": delivery.answer.status,
    }
    if request.trailers:
        fields["trailers"] = _pairs(request.trailers)
    if delivery.refusal is not None:
        fields["rejected"] = True
        fields["reason"] = delivery.refusal.reason
        fields["raw_base64"] = base64.b64encode(delivery.refusal.raw or request.head).decode()
    return fields


def line(delivery: Delivery) -> bytes:
    """The delivery as one line, its line feed included."""
    return _encode(record(delivery)) + b"\n"


def iso(ns: int) -> str:
    """The moment `ns` nanoseconds after the epoch in ISO 8601, UTC, all nine digits kept."""
    return f"{at(ns):%Y-%m-%dT%H:%M:%S}.{ns % 1_000_000_000:09d}Z"


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
