"""The line at the bottom: counts, rate, where secrets are kept, who can reach the listener, the version."""

import time
from collections import deque
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from inspector import __version__
from inspector.core.delivery import Verdict
from inspector.gui.icons import icon_pixmap
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.rows import Muted

RATE_WINDOW_S = 5
_LOOPBACK = ("127.", "[::1]", "localhost")


class StatusLine(QWidget):
    """Facts that are always on show. `clock` gives seconds that only grow."""

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self._clock = clock
        self._arrivals: deque[tuple[float, int]] = deque()
        self._counts: Mapping[Verdict, int] = {}
        self._progress = ""
        self._left = _label("counts", self)
        self._secrets = _Mark("secrets", self)
        self._reach = _Mark("reach", self)
        version = _label("version", self)
        version.setText(f"v{__version__}")
        row = QHBoxLayout(self)
        step = spacing()
        row.setContentsMargins(3 * step, step, 3 * step, step)
        row.setSpacing(4 * step)
        row.addWidget(self._left, 1)
        for widget in (self._secrets, self._reach, version):
            row.addWidget(widget)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._refresh)
        self._refresh()

    @property
    def text(self) -> str:
        """Counts and rate as they are shown."""
        return self._left.text()

    def show_counts(self, counts: Mapping[Verdict, int]) -> None:
        """Deliveries by verdict."""
        self._counts = dict(counts)
        self._refresh()

    @Slot(str)
    def show_progress(self, text: str) -> None:
        """What goes on at the moment; empty when nothing does."""
        self._progress = text
        self._refresh()

    def note_arrivals(self, count: int) -> None:
        """So many deliveries have just arrived: the rate counts them for some seconds."""
        self._arrivals.append((self._clock(), count))
        if not self._timer.isActive():
            self._timer.start()

    def show_secret_store(self, notice: str | None) -> None:
        """Where secrets are kept: the keyring where there is no notice."""
        if notice is None:
            self._secrets.show_fact(self.tr("keyring"), "save", State.SHADOWED)
        else:
            self._secrets.show_fact(self.tr("secrets in a file"), "lock", State.STALE)

    def show_url(self, url: str) -> None:
        """Whether others than this machine can reach `url`; empty while nothing listens."""
        if not url:
            self._reach.hide()
            return
        host = url.partition("://")[2]
        if host.startswith(_LOOPBACK):
            self._reach.show_fact(self.tr("loopback only"), "loopback", State.NOT_APPLICABLE)
        else:
            self._reach.show_fact(self.tr("open to the network"), "warning", State.FAILED)

    def rate(self) -> float:
        """Deliveries a second over the last seconds."""
        since = self._clock() - RATE_WINDOW_S
        while self._arrivals and self._arrivals[0][0] < since:
            self._arrivals.popleft()
        return sum(count for _, count in self._arrivals) / RATE_WINDOW_S

    @Slot()
    def _refresh(self) -> None:
        rate = self.rate()
        if not rate:
            self._timer.stop()
        total, failed = sum(self._counts.values()), self._counts.get(Verdict.FAILED, 0)
        parts = [self.tr("1 delivery") if total == 1 else self.tr("{0} deliveries").format(f"{total:,}")]
        if failed:
            parts.append(self.tr("{0} failed").format(f"{failed:,}"))
        if rate:
            parts.append(self.tr("{0}/s").format(f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"))
        if self._progress:
            parts.append(self._progress)
        self._left.setText(" · ".join(parts))


class _Mark(QWidget):
    """An icon and its words; hidden until there is something to say."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._fact: tuple[str, State] | None = None
        self._icon = QLabel(self)
        self._text = _label(name, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing())
        row.addWidget(self._icon)
        row.addWidget(self._text)
        self.hide()

    def show_fact(self, text: str, icon_name: str, state: State) -> None:
        self._fact = (icon_name, state)
        self._text.setText(text)
        self._recolour()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _recolour(self) -> None:
        if self._fact is not None:
            name, state = self._fact
            size = round(self.fontMetrics().height() * 0.9)
            colour = state_colour(state, self.palette())
            self._icon.setPixmap(icon_pixmap(name, colour, size, self.devicePixelRatioF()))


def _label(name: str, parent: QWidget) -> Muted:
    label = Muted(parent=parent)
    label.setObjectName(name)
    label.setWordWrap(False)
    return label
