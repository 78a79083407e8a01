"""The lossless form says everything of a delivery, and nothing that it does not know."""

import base64
import json

from inspector.core.delivery import Answer, Delivery, Refusal, Rung, Standing, Verdict
from inspector.core.formats.jsonl import iso, line
from inspector.core.request import Headers, Request

NOON_NS = 1_767_225_600_123_456_789


def a_delivery(**changes: object) -> Delivery:
    request = Request(
        "POST",
        "/h\xe9?q=1",
        "1.1",
        Headers([(b"X-A", b"caf\xe9"), (b"x-a", b"2")]),
        bytes(range(256)),
        Headers([(b"X-T", b"v")]),
        b"POST /h\xe9?q=1 HTTP/1.1\r\n\r\n",
    )
    rungs = (
        Rung(1, "one", "ann", Standing.FAILED, "signature-mismatch"),
        Rung(2, "two", "bob", Standing.WON, secret_label="current"),
    )
    values: dict[str, object] = {
        "request": request,
        "remote": "127.0.0.1:4711",
        "first_byte_ns": NOON_NS,
        "last_byte_ns": NOON_NS,
        "verdict": Verdict.WON,
        "ladder": rungs,
        "answer": Answer(200),
        "id": 7,
    }
    return Delivery(**{**values, **changes})  # type: ignore[arg-type]


def test_a_line_has_the_request_byte_for_byte_and_every_outcome() -> None:
    written = line(a_delivery())
    assert written.endswith(b"}\n")
    assert written.count(b"\n") == 1
    record = json.loads(written)
    assert record["id"] == 7
    assert record["received_at"] == "2026-01-01T00:00:00.123456789Z"
    assert (record["method"], record["target"], record["http_version"]) == ("POST", "/h\xe9?q=1", "1.1")
    assert record["headers"] == [["X-A", "caf\xe9"], ["x-a", "2"]]
    assert base64.b64decode(record["body_base64"]) == bytes(range(256))
    assert record["trailers"] == [["X-T", "v"]]
    assert record["remote"] == "127.0.0.1:4711"
    assert record["verdict"] == "won"
    assert record["outcomes"] == [
        {"handler": "one", "user": "ann", "outcome": "failed", "reason": "signature-mismatch", "secret_label": None},
        {"handler": "two", "user": "bob", "outcome": "won", "reason": None, "secret_label": "current"},
    ]
    assert "rejected" not in record


def test_without_trailers_there_is_no_such_key() -> None:
    record = json.loads(line(a_delivery(request=Request("GET", "/", "1.1", Headers()))))
    assert "trailers" not in record


def test_a_refused_request_says_why_and_shows_its_first_bytes() -> None:
    refused = a_delivery(
        verdict=Verdict.REFUSED, ladder=(), refusal=Refusal("malformed", b"GARBAGE"),
        request=Request("", "", "", Headers()),
    )  # fmt: skip
    record = json.loads(line(refused))
    assert (record["rejected"], record["reason"]) == (True, "malformed")
    assert base64.b64decode(record["raw_base64"]) == b"GARBAGE"
    assert (record["method"], record["headers"], record["outcomes"]) == ("", [], [])
    assert None not in record.values()


def test_a_time_keeps_its_nanoseconds() -> None:
    assert iso(1) == "1970-01-01T00:00:00.000000001Z"
