"""Typical deliveries, and stores with as many of them as a measurement needs."""

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from inspector.core.delivery import Answer, Delivery, Recognised, Rung, Standing, Verdict
from inspector.core.http1 import parse_head
from inspector.core.request import Request
from inspector.store import dictionary, rows
from inspector.store.codec import Encoder
from inspector.store.sqlite import open_writer

NOON_NS = 1_795_348_800_000_000_000
_WORDS = (
    *("order", "refund", "customer", "invoice", "payment", "pending", "shipped", "street", "premium", "annual"),
    *("monthly", "card", "visa", "paris", "berlin", "checkout", "discount", "gift", "note", "urgent", "returned"),
    *("approved", "declined", "review", "support", "upgrade", "seat", "license", "renewal"),
)
_CHUNK = 20_000
_VARIANTS = 2_000


def typical_body(chance: random.Random, size: int) -> bytes:
    """JSON as a payment provider sends it: `size` bytes of identifiers, amounts, times, text and fixed parts."""

    def identifier(prefix: str) -> str:
        return (
            f"{prefix}_{''.join(chance.choices('abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789', k=24))}"
        )

    event = {
        "id": identifier("evt"),
        "object": "event",
        "api_version": "2024-06-20",
        "created": 1_795_348_800 + chance.randrange(10_000_000),
        "livemode": False,
        "pending_webhooks": 1,
        "type": chance.choice(["charge.succeeded", "invoice.paid", "customer.created", "charge.refunded"]),
        "request": {"id": identifier("req"), "idempotency_key": identifier("idem")},
        "data": {"object": {"id": identifier("ch"), "customer": identifier("cus"), "lines": []}},
    }
    lines = event["data"]["object"]["lines"]  # type: ignore[index]
    while len(text := json.dumps(event)) < size - 240:
        lines.append(
            {
                "id": identifier("il"),
                "amount": chance.randrange(1_000_000),
                "currency": chance.choice(["usd", "eur", "chf"]),
                "description": " ".join(chance.choices(_WORDS, k=6)),
                "quantity": chance.randrange(20),
                "proration": chance.random() < 0.5,
            }
        )
    event["note"] = ""
    return json.dumps({**event, "note": " ".join(chance.choices(_WORDS, k=99))[: size - len(text) - 12]}).encode()


def typical_delivery(chance: random.Random, number: int, size: int = 2048) -> Delivery:
    """A delivery that one handler judged: nine of ten won. Its head has about 400 bytes."""
    body = typical_body(chance, size)
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\n"
        "Host: 127.0.0.1:8080\r\n"
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Accept: */*; q=0.5, application/xml\r\n"
        "Cache-Control: no-cache\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Stripe-Signature: t=1795348800,v1={chance.randbytes(32).hex()}\r\n"
        f"X-Request-Id: {chance.randbytes(16).hex()}\r\n"
        "Accept-Encoding: gzip\r\n\r\n"
    ).encode()
    won = chance.random() < 0.9
    rung = Rung(1, "stripe", "billing", Standing.WON if won else Standing.FAILED, None if won else "signature-mismatch")
    method, target, version, headers = parse_head(head)
    at = NOON_NS + number * 1_000_000
    return Delivery(
        Request(method, target, version, headers, body, head=head),
        f"127.0.0.1:{chance.randrange(32768, 61000)}",
        at,
        at + chance.randrange(200_000),
        Verdict.WON if won else Verdict.FAILED,
        (rung,),
        Answer(200, body=b"ok") if won else Answer(403, body=b"Webhook not authorized."),
        recognised=Recognised("stripe", json.loads(body)["type"], json.loads(body)["id"]),
    )


def fill(folder: Path, count: int, *, size: int = 2048) -> None:
    """Put `count` typical deliveries into the store in `folder`, fast: their contents repeat after 2,000."""
    chance = random.Random(7)
    deliveries = [typical_delivery(chance, number, size) for number in range(min(count, _VARIANTS))]
    encoder, kinds = Encoder(), []
    origins: dict[bytes, int] = {}
    trained = dictionary.trained([rows.content_part(delivery, None)[-1] for delivery in deliveries[:1000]])
    if trained is not None:
        encoder.use(2, trained)
    for delivery in deliveries:
        place = 1 if delivery.verdict is Verdict.WON else 2
        origin = rows.origin_value(delivery.recognised) if delivery.recognised else b""
        number = origins.setdefault(origin, len(origins) + 1)
        lengths, data = rows.content_part(delivery, None)
        codec, data = encoder.encode(data)
        kinds.append((delivery, rows.delivery_part(delivery, place, place, number), (codec, *lengths, data)))
    connection = open_writer(folder)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        if trained is not None:
            connection.execute("INSERT INTO dictionary VALUES (2, ?, ?)", (count, trained))
        connection.executemany("INSERT INTO origin VALUES (?, ?)", [(n, value) for value, n in origins.items()])
        for kind, _, _ in kinds:
            place = 1 if kind.verdict is Verdict.WON else 2
            winner = "stripe" if place == 1 else ""
            connection.execute(
                "INSERT OR IGNORE INTO ladder VALUES (?, ?, ?)", (place, winner, rows.ladder_value(kind.ladder))
            )
            connection.execute("INSERT OR IGNORE INTO answer VALUES (?, ?)", (place, rows.answer_value(kind.answer)))
        for first in range(1, count + 1, _CHUNK):
            _insert(connection, range(first, min(first + _CHUNK, count + 1)), kinds)
        connection.execute(
            "UPDATE counter SET deliveries = (SELECT count(*) FROM delivery WHERE delivery.verdict = counter.verdict)"
        )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, ids: range, kinds: list[tuple[Delivery, rows.Row, rows.Row]]) -> None:
    def deliveries() -> Iterator[rows.Row]:
        for id_ in ids:
            row = kinds[id_ % len(kinds)][1]
            yield (id_, NOON_NS + id_ * 1_000_000, *row[1:])

    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO delivery VALUES ({', '.join('?' * 18)})", deliveries())
    connection.executemany(
        f"INSERT INTO content VALUES ({', '.join('?' * 7)})", ((id_, *kinds[id_ % len(kinds)][2]) for id_ in ids)
    )
    connection.executemany(
        "INSERT INTO answered VALUES (?, ?)", ((id_, NOON_NS + id_ * 1_000_000 + 900_000) for id_ in ids)
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
