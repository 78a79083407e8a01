"""The columns of the delivery table: a new column is one line."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt

from inspector.core.delivery import Summary, Verdict
from inspector.gui.widgets.safe_text import as_text, marked, shortened

_CONTEXT = "DeliveryColumns"
_REASONS: Mapping[str, str] = {"feature-off": "switched off"}


@dataclass(frozen=True, slots=True)
class Column:
    """How one fact of a delivery is listed. `name` is kept in the window's state and never changes.

    `width` is in digits of the font; `exact` is the tooltip where it says more than the cell.
    """

    name: str
    title: str
    text: Callable[[Summary], str]
    width: int
    exact: Callable[[Summary], str] | None = None
    right: bool = False
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight

    def heading(self) -> str:
        """The title in the language of the window."""
        return QCoreApplication.translate(_CONTEXT, self.title)

    def tooltip(self, summary: Summary) -> str:
        """What the cell cannot show, safe for Qt, which takes tooltips for HTML; empty when there is no more."""
        return f"<qt>{html.escape(marked(shortened(self.exact(summary))))}</qt>" if self.exact else ""


def verdict_word(verdict: Verdict) -> str:
    """The verdict as a person reads it."""
    return QCoreApplication.translate(_CONTEXT, verdict.value)


def local_time(ns: int) -> str:
    """`ns` on the clock of this machine: `12:03:04.120`, with the date before it when that is not today."""
    when = datetime.fromtimestamp(ns / 1_000_000_000).astimezone()
    clock = f"{when:%H:%M:%S}.{ns // 1_000_000 % 1000:03}"
    return clock if when.date() == datetime.now().astimezone().date() else f"{when:%Y-%m-%d} {clock}"


def exact_time(ns: int) -> str:
    """`ns` to the last digit, in UTC."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest:09} UTC"


def relative_time(ns: int, now_ns: int) -> str:
    """How long before `now_ns` that was, in its largest unit: `3 s ago`."""
    seconds = max(0, (now_ns - ns) // 1_000_000_000)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return QCoreApplication.translate(_CONTEXT, "{0} {1} ago").format(seconds // length, unit)
    return QCoreApplication.translate(_CONTEXT, "{0} s ago").format(seconds)


def size_text(size: int) -> str:
    """A size in bytes as a person reads it: `512 B`, `30.2 MB`."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} GB"


def _handler(summary: Summary) -> str:
    """The winner's name; of a refused delivery its reason."""
    if summary.reason:
        known = _REASONS.get(summary.reason)
        return QCoreApplication.translate(_CONTEXT, known) if known else marked(summary.reason.replace("-", " "))
    return marked(shortened(summary.handler))


def _provider(summary: Summary) -> str:
    return marked(shortened(summary.recognised.provider, 40)) if summary.recognised else ""


def _event(summary: Summary) -> str:
    return marked(shortened(summary.recognised.event, 80)) if summary.recognised else ""


def _whole_event(summary: Summary) -> str:
    """The event in full, with the number of the attempt where the provider counts."""
    known = summary.recognised
    if known is None:
        return ""
    if known.attempt is None:
        return known.event
    return QCoreApplication.translate(_CONTEXT, "{0} (attempt {1})").format(known.event, known.attempt)


def _path(summary: Summary) -> str:
    return marked(shortened(as_text(summary.target)))


def _status(summary: Summary) -> str:
    return str(summary.status) if summary.status else ""


def _bytes(summary: Summary) -> str:
    return QCoreApplication.translate(_CONTEXT, "{0} bytes").format(f"{summary.body_size:,}")


TIME = "time"
COLUMNS: tuple[Column, ...] = (
    Column("verdict", "Verdict", lambda s: verdict_word(s.verdict), 12),
    Column(TIME, "Time", lambda s: local_time(s.received_ns), 12, lambda s: exact_time(s.received_ns)),
    Column("method", "Method", lambda s: marked(shortened(s.method, 64)), 7),
    Column("path", "Path", _path, 20, lambda s: as_text(s.target), elide=Qt.TextElideMode.ElideMiddle),
    Column("provider", "Provider", _provider, 12, elide=Qt.TextElideMode.ElideMiddle),
    Column("event", "Event", _event, 18, _whole_event, elide=Qt.TextElideMode.ElideMiddle),
    Column("handler", "Handler", _handler, 12, elide=Qt.TextElideMode.ElideMiddle),
    Column("status", "Status", _status, 6, right=True),
    Column("size", "Size", lambda s: size_text(s.body_size), 8, _bytes, right=True),
    Column("sender", "Sender", lambda s: marked(s.remote), 16, elide=Qt.TextElideMode.ElideMiddle),
)
"""In their first order. What they say is translated when it is shown."""

_TRANSLATED = (
    QT_TRANSLATE_NOOP("DeliveryColumns", "Verdict"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Time"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Method"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Path"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Provider"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Event"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "{0} (attempt {1})"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Handler"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Status"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Size"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "Sender"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "won"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "failed"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "handshake"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "refused"),
    QT_TRANSLATE_NOOP("DeliveryColumns", "switched off"),
)
