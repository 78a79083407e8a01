"""Deliveries as rows and back."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from inspector.core.annotation import NO_ANNOTATION, Annotation
from inspector.core.delivery import Answer, Delivery, Ladder, Recognised, Refusal, Summary, TlsFacts, Verdict
from inspector.core.http1 import parse_head, parse_trailers
from inspector.core.request import NO_HEADERS, Body, Headers, Request

type Row = tuple[Any, ...]

VERDICTS: Final = (Verdict.WON, Verdict.FAILED, Verdict.HANDSHAKE, Verdict.REFUSED)
"""A verdict is stored as its place here."""
NUMBERS: Final = {verdict: number for number, verdict in enumerate(VERDICTS)}

DELIVERY_COLUMNS: Final = (
    "id, received_ns, took_ns, verdict, status, size, method, path, query, target, remote, ladder, answer, reason, "
    "tls, origin, provider_id, attempt"
)
LENGTHS_COLUMNS: Final = "head, trailers, refused, file"
CONTENT_COLUMNS: Final = f"codec, {LENGTHS_COLUMNS}, data"
SUMMARY_COLUMNS: Final = (
    "id, received_ns, verdict, method, path, query, target, status, size, remote, reason, provider_id, attempt, "
    "origin, ladder"
)

_encode = msgspec.json.Encoder().encode
_decode_ladder = msgspec.json.Decoder(Ladder).decode
_decode_answer = msgspec.json.Decoder(Answer).decode
_decode_origin = msgspec.json.Decoder(tuple[str, str]).decode
_decode_tls = msgspec.json.Decoder(TlsFacts).decode


def ladder_value(ladder: Ladder) -> bytes:
    """The ladder as it is stored."""
    return _encode(ladder)


def answer_value(answer: Answer) -> bytes:
    """The answer as it is stored."""
    return _encode(answer)


def ladder_of(value: bytes) -> Ladder:
    """The ladder that `ladder_value` made."""
    ladder: Ladder = _decode_ladder(value)
    return ladder


def answer_of(value: bytes) -> Answer:
    """The answer that `answer_value` made."""
    return _decode_answer(value)


def origin_value(recognised: Recognised) -> bytes:
    """Provider and event as they are stored: many deliveries have the same."""
    return _encode((recognised.provider, recognised.event))


def origin_of(value: bytes) -> Recognised:
    """Provider and event that `origin_value` made a value of."""
    provider, event = _decode_origin(value)
    return Recognised(provider, event)


def own_part(recognised: Recognised | None) -> tuple[str | None, int | None]:
    """What the provider says of the delivery itself: its identifier and attempt."""
    return (None, None) if recognised is None else (recognised.delivery_id or None, recognised.attempt)


def delivery_part(delivery: Delivery, ladder: int, answer: int, origin: int | None) -> Row:
    """The row of table `delivery` without its id."""
    request, refusal, tls = delivery.request, delivery.refusal, delivery.tls
    target, odd = request.target, None
    path, mark, query = target.partition("?")
    if not target.startswith("/"):
        path, query, odd = request.path, request.query, target
    return (
        delivery.last_byte_ns,
        delivery.last_byte_ns - delivery.first_byte_ns,
        NUMBERS[delivery.verdict],
        delivery.answer.status,
        len(request.body),
        request.method,
        path,
        mark + query,
        odd,
        delivery.remote,
        ladder,
        answer,
        None if refusal is None else refusal.reason,
        None if tls is None else _encode(tls).decode(),
        origin,
        *own_part(delivery.recognised),
    )


def content_part(delivery: Delivery, file: str | None) -> tuple[Row, bytes]:
    """LENGTHS_COLUMNS (of head, trailers and a refused request's first bytes), and all of it, not yet coded.

    `file` is the name of the one that has the body.
    """
    request, refusal = delivery.request, delivery.refusal
    head = request.head or _rendered_head(request)
    trailers = _rendered_lines(request.trailers) if request.trailers else b""
    refused = b"" if refusal is None else refusal.raw
    body = b"" if file else request.body
    return (len(head), len(trailers), len(refused), file), b"".join((head, trailers, refused, body))


def summary_of(row: Row, winner: str, origin: Recognised | None, annotation: Annotation = NO_ANNOTATION) -> Summary:
    """What a list shows, from SUMMARY_COLUMNS."""
    id_, received_ns, verdict, method, path, query, target, status, size, remote, reason, own_id, attempt, *_ = row
    return Summary(
        id_,
        received_ns,
        VERDICTS[verdict],
        method,
        path + query if target is None else target,
        winner,
        status,
        size,
        remote,
        reason or "",
        _recognised(origin, own_id, attempt),
        annotation,
    )


def _recognised(origin: Recognised | None, own_id: str | None, attempt: int | None) -> Recognised | None:
    if origin is None or (own_id is None and attempt is None):
        return origin
    return Recognised(origin.provider, origin.event, own_id or "", attempt)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept elsewhere of a delivery."""

    ladder: Ladder
    answer: Answer
    answered_ns: int = 0
    origin: Recognised | None = None
    annotation: Annotation = NO_ANNOTATION


def delivery_of(row: Row, lengths: Sequence[int], data: bytes, body: Body | None, beside: Beside) -> Delivery:
    """The delivery, from DELIVERY_COLUMNS, the lengths and decoded bytes of its content, and what is kept elsewhere.

    `body` is the one that has a file of its own.
    """
    id_, received_ns, took_ns, verdict, _status, _size, method, path, query, target, remote, _, _, *rest = row
    reason, tls, _, own_id, attempt = rest
    head_end = lengths[0]
    trailers_end = head_end + lengths[1]
    refused_end = trailers_end + lengths[2]
    request = _request(
        method,
        path + query if target is None else target,
        data[:head_end],
        data[head_end:trailers_end],
        data[refused_end:] if body is None else body,
    )
    return Delivery(
        request=request,
        remote=remote,
        first_byte_ns=received_ns - took_ns,
        last_byte_ns=received_ns,
        verdict=VERDICTS[verdict],
        ladder=beside.ladder,
        answer=beside.answer,
        tls=None if tls is None else _decode_tls(tls),
        refusal=None if reason is None else Refusal(reason, data[trailers_end:refused_end]),
        id=id_,
        answered_ns=beside.answered_ns,
        recognised=_recognised(beside.origin, own_id, attempt),
        annotation=beside.annotation,
    )


def _request(method: str, target: str, head: bytes, trailers: bytes, body: Body) -> Request:
    version, headers = "", NO_HEADERS
    if head:
        with contextlib.suppress(ValueError):  # of a refused request: it is kept as it came, and has no parts
            method, target, version, headers = parse_head(head)
    return Request(method, target, version, headers, body, parse_trailers(trailers) if trailers else NO_HEADERS, head)


def _rendered_head(request: Request) -> bytes:
    """A head for a request that came without its raw one, as an imported one does."""
    if not request.method:
        return b""
    line = f"{request.method} {request.target} HTTP/{request.version or '1.1'}\r\n".encode("latin-1")
    return line + _rendered_lines(request.headers) + b"\r\n"


def _rendered_lines(headers: Headers) -> bytes:
    return b"".join(b"%b: %b\r\n" % line for line in headers)
