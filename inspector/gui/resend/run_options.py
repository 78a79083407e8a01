"""How many are sent again: in which order, how fast, how often, and when what failed is tried again."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from inspector.core.bulk import BulkOptions
from inspector.core.retry import NEVER, RetryPolicy
from inspector.core.retry_schedule import (
    RetryMalformed,
    RetrySchedule,
    delay_text,
    delays_text,
    policy_from,
    sped_up,
)
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Row, Rows, name_inside, quiet_wheel

_MOST_TIMES = 1_000_000
_LONGEST_DELAY_S = 86_400
_SHOWN_DELAYS = 6


class RunOptions(QObject):
    """The rows of a form that ask for it. Only to be seen while many are sent."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._tasks = Tasks(self)
        self._schedules: dict[str, RetrySchedule] = {}
        self._asked = False
        self._build(rows)
        self._add_rows(rows)
        self.show(visible=False)

    def show(self, *, visible: bool) -> None:
        """Show or hide the rows."""
        for row in self._rows:
            row.show(visible=visible)
        if visible and not self._asked:
            self._asked = True
            self._tasks.start("schedules", self._read_schedules())

    def options(self) -> BulkOptions | None:
        """What is chosen; None where something is wrong, which is then said beside its field."""
        policy = self._policy()
        if policy is None:
            self._retry.setFocus()
            return None
        return BulkOptions(
            newest_first=bool(self._order.currentData()),
            times=self._times.value(),
            per_second=float(self._rate.value()),
            concurrency=self._connections.value(),
            delay_s=self._delay.value(),
            jitter=self._jitter.value() / 100,
            retry=policy,
        )

    # Building

    def _build(self, parent: QWidget) -> None:
        self._order = QComboBox(parent)
        for text, newest_first in ((self.tr("Oldest first"), False), (self.tr("Newest first"), True)):
            self._order.addItem(text, newest_first)
        self._rate, self._connections, self._times = QSpinBox(parent), QSpinBox(parent), QSpinBox(parent)
        self._jitter, self._delay, self._speed = QSpinBox(parent), QDoubleSpinBox(parent), QDoubleSpinBox(parent)
        for field, name, low, high in (
            (self._rate, "resend_rate", 0, 100_000),
            (self._connections, "resend_connections", 1, 256),
            (self._times, "resend_times", 1, _MOST_TIMES),
            (self._jitter, "resend_jitter", 0, 100),
            (self._delay, "resend_delay", 0, _LONGEST_DELAY_S),
            (self._speed, "resend_retry_speed", 1, 1_000_000),
        ):
            field.setObjectName(name)
            field.setRange(low, high)
            field.setGroupSeparatorShown(True)
        self._order.setObjectName("resend_order")
        self._rate.setSpecialValueText(self.tr("as fast as it goes"))
        self._rate.setSuffix(self.tr(" a second"))
        self._connections.setToolTip(self.tr("With one connection each is answered before the next is sent."))
        self._times.setSuffix(self.tr(" ×"))
        self._times.setToolTip(self.tr("Go through all of them so often"))
        self._delay.setPrefix(self.tr("every "))
        self._delay.setSuffix(self.tr(" s"))
        self._delay.setDecimals(1)
        self._delay.setSpecialValueText(self.tr("at once"))
        self._delay.setToolTip(self.tr("Between one time and the next"))
        self._jitter.setPrefix("± ")
        self._jitter.setSuffix(" %")
        self._jitter.setToolTip(self.tr("By so much the delay is longer or shorter, by chance"))
        self._speed.setDecimals(0)
        self._speed.setSuffix(self.tr(" × faster"))
        self._speed.setToolTip(self.tr("Wait so much shorter than the schedule says: three days of tries in minutes"))
        self._retry = QComboBox(parent)
        self._retry.setObjectName("resend_retry")
        self._retry.setEditable(True)
        self._retry.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._retry.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._retry.setMinimumContentsLength(10)
        self._retry.addItem(self.tr("not again"), "")
        self._retry.addItem("attempts=5, first=1s, factor=2, jitter=0.2", "attempts=5, first=1s, factor=2, jitter=0.2")
        self._retry.setToolTip(
            self.tr(
                "A provider's schedule, delays as 10s, 1m, 5m, or attempts=5, first=1s, factor=2, longest=1h, "
                "total=3d, jitter=0.2, on=5xx+429, retry-after=no"
            )
        )
        for each in self._fields():
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            quiet_wheel(each)
        self._retry.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        quiet_wheel(self._retry)
        self._retry.editTextChanged.connect(self._explain_retry)
        self._speed.valueChanged.connect(self._explain_retry)

    def _fields(self) -> Sequence[QWidget]:
        return (self._order, self._rate, self._connections, self._times, self._delay, self._jitter, self._speed)

    def _add_rows(self, rows: Rows) -> None:
        tr = self.tr
        named: Sequence[tuple[QWidget, str]] = (
            (self._order, tr("Order")),
            (self._connections, tr("Connections at once")),
            (self._rate, tr("Rate")),
            (self._times, tr("Repeat")),
            (self._delay, tr("Delay between the times")),
            (self._jitter, tr("Jitter of the delay")),
            (self._retry, tr("Try again")),
            (self._speed, tr("How much faster it is tried again")),
        )
        for each, name in named:
            each.setAccessibleName(name)
            name_inside(each, name)
        self._connections.setSuffix(tr(" connections"))
        self._connections.setSpecialValueText(tr("one connection"))
        self._rows: list[Row] = [
            rows.add_row(tr("&Order"), self._order),
            rows.add_row(tr("Rate"), _beside(rows, (self._rate, 3), (self._connections, 3)), buddy=self._rate),
            rows.add_row(
                tr("Ti&mes"), _beside(rows, (self._times, 2), (self._delay, 3), (self._jitter, 2)), buddy=self._times
            ),
            rows.add_row(tr("Tr&y again"), _beside(rows, (self._retry, 3), (self._speed, 2)), buddy=self._retry),
        ]
        self._retry_row = self._rows[-1]
        self._speed.hide()

    # When what failed is tried again

    async def _read_schedules(self) -> None:
        """The schedules of two hundred providers are read beside the window's thread."""
        from inspector.presets import retry_schedules

        found = await asyncio.to_thread(retry_schedules)
        self._schedules = {each.id: each for each in found}
        for each in found:
            self._retry.addItem(self.tr("{0} ({1})").format(each.name, each.id), each.id)

    def _policy(self) -> RetryPolicy | None:
        """What is typed; None where it cannot be read."""
        try:
            return self._typed()
        except (RetryMalformed, ValueError):
            return None

    def _typed(self) -> RetryPolicy:
        text = self._retry.currentText().strip()
        place = self._retry.findText(text)
        chosen = str(self._retry.itemData(place)) if place >= 0 else text
        if not chosen:
            return NEVER
        return sped_up(policy_from(chosen, self._schedules.get), self._speed.value())

    @Slot()
    def _explain_retry(self, *_value: object) -> None:
        """Say beneath the field what was understood, or what is wrong."""
        tr = self.tr
        try:
            policy = self._typed()
        except (RetryMalformed, ValueError) as error:
            self._retry_row.say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            self._speed.hide()
            return
        if policy == NEVER:
            self._retry_row.say("")
            self._speed.hide()
            return
        self._speed.show()
        self._retry_row.say(_said(policy, tr), Tone.NEUTRAL)


def _said(policy: RetryPolicy, tr: Callable[[str], str]) -> str:
    """The policy in words."""
    if policy.schedule:
        shown = delays_text(policy.schedule[:_SHOWN_DELAYS])
        more = len(policy.schedule) - _SHOWN_DELAYS
        delays = tr("{0} and {1} more").format(shown, more) if more > 0 else shown
    else:
        delays = tr("first after {0}, each next one {1} times as long, at most {2}").format(
            delay_text(policy.first_delay_s), f"{policy.factor:g}", delay_text(policy.longest_delay_s)
        )
    statuses = ", ".join(_shortened(policy.statuses))
    return tr("At most {0} tries; no answer or {1}: {2}").format(policy.attempts, statuses, delays)


def _shortened(statuses: Sequence[str]) -> Sequence[str]:
    """Hundreds of single statuses are not read by anybody."""
    wide = [status for status in statuses if status.endswith("xx")]
    single = [status for status in statuses if not status.endswith("xx")]
    return statuses if len(single) <= _SHOWN_DELAYS else [*wide, "…"]


def _beside(parent: QWidget, *fields: tuple[QWidget, int]) -> QWidget:
    """Fields on one line, each with its share of the width."""
    whole = QWidget(parent)
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing(2))
    for field, share in fields:
        line.addWidget(field, share)
    return whole
