"""A moment as senders write it."""

from datetime import datetime
from email.utils import format_datetime


def time_text(now: datetime, unit: str) -> str:
    """The moment as text in that unit."""
    match unit:
        case "ms":
            return str(int(now.timestamp() * 1000))
        case "iso8601":
            return now.isoformat(timespec="seconds").replace("+00:00", "Z")
        case "rfc1123":
            return format_datetime(now, usegmt=now.utcoffset() is not None and not now.utcoffset())
    return str(int(now.timestamp()))
