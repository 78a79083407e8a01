"""The sender's own time: where it is read, in which unit, and whether it is near enough."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from inspector.core.verification.outcome import FromTheFuture, MalformedTimestamp, MissingTimestamp, Stale
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import TimestampCheck
from inspector.core.verification.signed_content import Values

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NUMBER = re.compile(r"\s*-?[0-9]{1,300}(\.[0-9]{1,9})?\s*")
_NANOSECONDS = re.compile(r"(\.[0-9]{6})[0-9]+")


def check_form(
    reading: Reading, check: TimestampCheck, values: Values, now: datetime | None
) -> MissingTimestamp | MalformedTimestamp | None:
    """Whether the sender's time is there, and can be read where that matters: no secret is needed to tell.

    Without `now` or a tolerance nothing but the signature looks at its text, and that takes it as it came.
    """
    if now is None:
        return None
    text = text_of_time(reading, check.value, values)
    if text is None:
        return MissingTimestamp(check.value)
    if check.tolerance_s is None:
        return None
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


def moment_at(seconds: float) -> datetime | None:
    """The moment so many seconds after the epoch, the calendar's first or last where it lies beyond; None for none."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _FIRST if seconds < 0 else _LAST
    except ValueError:  # not a number
        return None


def read_time(text: bytes, unit: str) -> datetime | None:
    """The moment that `text` names in `unit`; None where it is not such a text.

    A number beyond the calendar, as milliseconds where seconds are due, is the calendar's first or last moment.
    """
    plain = text.decode("latin-1").strip()
    try:
        match unit:
            case "s" | "ms" | "auto":
                return _counted(plain, unit) if _NUMBER.fullmatch(plain) else None
            case "iso8601":
                moment = datetime.fromisoformat(_NANOSECONDS.sub(r"\1", plain))
            case "rfc1123":
                moment = parsedate_to_datetime(plain)
            case _:
                return None
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _counted(number: str, unit: str) -> datetime | None:
    """The moment that lies `number` seconds or milliseconds after the epoch."""
    in_ms = unit == "ms" or (unit == "auto" and len(number.lstrip("-").partition(".")[0]) >= 13)
    return moment_at(float(number) / 1000 if in_ms else float(number))


def text_of_time(reading: Reading, where: str, values: Values) -> bytes | None:
    """The sender's time as it wrote it; None where it is not there."""
    if where in values:
        return values[where] or None
    place, _, name = where.partition(":")
    match place:
        case "json":
            return reading.json(name)
        case "header":
            return reading.header(name)
    return reading.header(where)
