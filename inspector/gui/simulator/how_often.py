"""How many deliveries are simulated, and whether each is tried again as the provider does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from inspector.core.retry_schedule import RetrySchedule
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import name_inside, quiet_wheel

_MOST_TIMES, _FASTEST = 10_000, 1_000_000


class HowOften(QWidget):
    """On one line: a number, a tick, and how much faster the tries follow one another."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.times, self.speed = QSpinBox(self), QSpinBox(self)
        self.times.setObjectName("simulator-times")
        self.times.setRange(1, _MOST_TIMES)
        self.times.setSuffix(self.tr(" times"))
        self.times.setSpecialValueText(self.tr("once"))
        self.times.setAccessibleName(self.tr("How often"))
        self.retries = QCheckBox(self.tr("Tr&y again as the provider does"), self)
        self.retries.setObjectName("simulator-retries")
        self.speed.setObjectName("simulator-speed")
        self.speed.setRange(1, _FASTEST)
        self.speed.setSuffix(self.tr(" times as fast"))
        self.speed.setSpecialValueText(self.tr("in real time"))
        self.speed.setAccessibleName(self.tr("How much faster it tries again"))
        self.speed.setEnabled(False)
        self.retries.toggled.connect(self.speed.setEnabled)
        self.retries.toggled.connect(self.changed)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(spacing(3))
        for field in (self.times, self.speed):
            quiet_wheel(field)
            name_inside(field, field.accessibleName())
            field.valueChanged.connect(self.changed)
        for widget in (self.times, self.retries, self.speed):
            across.addWidget(widget)
        across.addStretch(1)
        self.setTabOrder(self.retries, self.speed)

    def show_schedule(self, schedule: RetrySchedule) -> None:
        """Offer to try again where the provider says when it does."""
        self.retries.setEnabled(bool(schedule.delays_s))
        self.retries.setChecked(self.retries.isChecked() and bool(schedule.delays_s))

    def habit(self, schedule: RetrySchedule) -> str:
        """What the provider does when it is not answered well, as a sentence."""
        if schedule.delays_s:
            text = self.tr("{name}: {what}.")
        elif schedule.known:
            text = self.tr("{name} does not try again by itself: {what}.")
        elif schedule.note:
            text = self.tr("When {name} tries again is not known exactly: {what}.")
        else:
            text = self.tr("When {name} tries again is not known.")
        return text.format(name=schedule.name, what=schedule.sentence)
