"""The sender's own time: where it is read, in which unit, and whether it is near enough."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from inspector.core.verification.outcome import FromTheFuture, MalformedTimestamp, MissingTimestamp, Stale
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import TimestampCheck
from inspector.core.verification.signed_content import Values

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"\s*-?[0-9]{1,19}(\.[0-9]{1,9})?\s*")
_NANOSECONDS = re.compile(r"(\.[0-9]{6})[0-9]+")


def check_form(reading: Reading, check: TimestampCheck, values: Values) -> MissingTimestamp | MalformedTimestamp | None:
    """Whether the sender's time is there and can be read: no secret is needed to tell."""
    text = text_of_time(reading, check.value, values)
    if text is None:
        return MissingTimestamp(check.value)
    return MalformedTimestamp(check.value) if read_time(text, check.unit) is None else None


def check_time(
    reading: Reading, check: TimestampCheck, values: Values, now: datetime | None, label: str | None = None
) -> Stale | FromTheFuture | None:
    """How far the sender's time is from `now`, where that is too far; None too where `now` is None.

    The limit itself belongs to the tolerance. The time has passed `check_form`.
    """
    text = text_of_time(reading, check.value, values)
    sent = None if text is None else read_time(text, check.unit)
    return None if sent is None else compare_time(sent, check, now, label)


def compare_time(
    sent: datetime, check: TimestampCheck, now: datetime | None, label: str | None = None
) -> Stale | FromTheFuture | None:
    """Whether `sent` is further from `now` than the scheme tolerates."""
    if now is None or check.tolerance_s is None:
        return None
    tolerance, age = timedelta(seconds=check.tolerance_s), now - sent
    if age > tolerance:
        return Stale(check.value, age, tolerance, label)
    if check.future_checked and -age > tolerance:
        return FromTheFuture(check.value, -age, tolerance, label)
    return None


def read_time(text: bytes, unit: str) -> datetime | None:
    """The moment that `text` names in `unit`; None where it is not such a text or lies outside the calendar."""
    plain = text.decode("latin-1").strip()
    try:
        match unit:
            case "s" | "ms" | "auto":
                if not _NUMBER.fullmatch(plain):
                    return None
                in_ms = unit == "ms" or (unit == "auto" and len(plain.lstrip("-").partition(".")[0]) >= 13)
                return _EPOCH + timedelta(**{"milliseconds" if in_ms else "seconds": float(plain)})
            case "iso8601":
                moment = datetime.fromisoformat(_NANOSECONDS.sub(r"\1", plain))
            case "rfc1123":
                moment = parsedate_to_datetime(plain)
            case _:
                return None
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_of_time(reading: Reading, where: str, values: Values) -> bytes | None:
    if where in values:
        return values[where] or None
    place, _, name = where.partition(":")
    match place:
        case "json":
            return reading.json(name)
        case "header":
            return reading.header(name)
    return reading.header(where)
