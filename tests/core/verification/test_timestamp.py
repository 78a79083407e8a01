"""The sender's time is read in its unit; however odd the number, there is an answer."""

from datetime import UTC, datetime, timedelta

import pytest

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import (
    FromTheFuture,
    MalformedTimestamp,
    MissingHeader,
    MissingTimestamp,
    Outcome,
    Stale,
    Verified,
)
from inspector.core.verification.secret import Secret
from inspector.core.verification.timestamp import read_time
from inspector.core.verification.verify import verify
from tests.vector_files import sha256_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = Secret("s", "secret")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        (b"1795348800", "s", NOON),
        (b" 1795348800.5 ", "s", NOON + timedelta(seconds=0.5)),
        (b"1795348800000", "ms", NOON),
        (b"1795348800000", "auto", NOON),
        (b"1795348800", "auto", NOON),
        (b"2026-11-22T12:00:00.123456789Z", "iso8601", NOON + timedelta(microseconds=123_456)),
        (b"2026-11-22T14:00:00+02:00", "iso8601", NOON),
        (b"2026-11-22T12:00:00", "iso8601", NOON),
        (b"Sun, 22 Nov 2026 12:00:00 GMT", "rfc1123", NOON),
        (b"1795348800000", "s", datetime.max.replace(tzinfo=UTC)),
        (b"9" * 300, "s", datetime.max.replace(tzinfo=UTC)),
        (b"-" + b"9" * 300, "ms", datetime.min.replace(tzinfo=UTC)),
        (b"9" * 301, "s", None),
        (b"0x10", "s", None),
        (b"1e9", "s", None),
        (b"+1", "s", None),
        (b"nan", "s", None),
        ("١".encode(), "s", None),
        (b"2026-13-01", "iso8601", None),
        (b"yesterday", "rfc1123", None),
        (b"", "auto", None),
    ],
)
def test_a_time_is_read_in_its_unit(text: bytes, unit: str, expected: datetime | None) -> None:
    assert read_time(text, unit) == expected


def outcome_of(preset: str, timestamp: bytes, *, now: datetime | None = NOON) -> Outcome:
    """What comes out of a delivery of Slack's or Sanity's form with this text for its time."""
    if preset == "slack":
        signature = b"v0=" + sha256_of(SECRET, b"v0:" + timestamp + b":{}").hex().encode()
        lines = [(b"X-Slack-Signature", signature), (b"X-Slack-Request-Timestamp", timestamp)]
    else:
        signature = b"[" + timestamp + b";{}]"
        lines = [(b"X-Crisp-Signature", sha256_of(SECRET, signature).hex().encode())]
        lines.append((b"X-Crisp-Request-Timestamp", timestamp))
    request = Request("POST", "/", "1.1", Headers(lines), b"{}")
    return verify(request, presets.scheme(preset).scheme, [SECRET], now=now)


def test_milliseconds_where_seconds_are_due_come_from_the_future() -> None:
    outcome = outcome_of("slack", b"1795348800000")
    assert isinstance(outcome, FromTheFuture)
    assert outcome.signature_ok
    assert isinstance(outcome_of("slack", b"-1795348800000"), Stale)


def test_a_text_that_is_no_time_matters_only_where_time_does() -> None:
    assert isinstance(outcome_of("slack", b"soon"), MalformedTimestamp)
    assert outcome_of("slack", b"soon", now=None) == Verified("s")
    assert outcome_of("crisp", b"soon") == Verified("s")  # its time has no limit


def test_an_empty_header_is_no_value() -> None:
    assert isinstance(outcome_of("slack", b""), MissingTimestamp)
    lines = [(b"webhook-id", b""), (b"webhook-timestamp", b"1795348800"), (b"webhook-signature", b"v1,AAAA")]
    request = Request("POST", "/", "1.1", Headers(lines), b"{}")
    scheme = presets.scheme("standard-webhooks").scheme
    assert verify(request, scheme, [Secret("s", "c2VjcmV0")], now=NOON) == MissingHeader("webhook-id")
