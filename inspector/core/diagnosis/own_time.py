"""When a request was sent or received, as far as it tells itself: a pasted one is older than now."""

from dataclasses import dataclass
from datetime import UTC, datetime

from inspector.core.diagnosis.values import times_in
from inspector.core.request import Request
from inspector.core.verification.reading import Reading
from inspector.core.verification.timestamp import read_time

_UNITS = ("auto", "iso8601", "rfc1123")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OwnTime:
    """A moment, and where it stands: the name of a header or of a part of one; empty where it was recorded so."""

    at: datetime
    where: str = ""


def own_time(request: Request, recorded: datetime | None = None) -> OwnTime | None:
    """The time that the request carries; `recorded` is when somebody saw it arrive. None where neither tells one."""
    if recorded is not None:
        return OwnTime(recorded)
    for value in times_in(Reading(request)):
        for unit in _UNITS:
            moment = read_time(value.text, unit)
            if moment is not None and _EARLIEST < moment < _LATEST:
                return OwnTime(moment, value.where)
    date = request.headers.first("date")
    sent = None if date is None or len(date) > 64 else read_time(date, "rfc1123")
    return None if sent is None else OwnTime(sent, "Date")
