"""Schemes that say for which requests they are meant."""

from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Select


def selected(reading: Reading, select: Select) -> bool:
    """Whether the scheme that `select` guards applies to this request."""
    value = reading.header(select.header)
    if value is None:
        return False
    text = value.decode("latin-1")
    return (not select.equals or text == select.equals) and select.contains in text
