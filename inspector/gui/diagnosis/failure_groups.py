"""Why did these fail? The failures that are listed, grouped by their cause and handler, above the list."""

from collections.abc import Callable, Sequence
from contextlib import aclosing

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.core.delivery import Delivery
from inspector.core.diagnosis.group import Gathered, GroupStep, Looked, Part
from inspector.core.effect import Tally
from inspector.core.filters import EVERYTHING, Search
from inspector.core.filters.nodes import AgeIs, Every, Range
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.diagnosis.group_row import GroupRow
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.disclosure import Disclosure
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted

_DAY_NS = 86_400 * 1_000_000_000
MOST_ROWS = 50
"""So many groups are shown; who has more of them narrows the search."""

_LARGEST_SHARE = 0.5


class FailureGroups(QWidget):
    """Closed at first. Opened, it looks; closed, it stops. Groups keep the order in which they were found."""

    these_wanted = Signal(object, str)  # Sequence[int], which they are: list these deliveries
    delivery_wanted = Signal(object)  # int, the id
    apply_wanted = Signal(object)  # Gathered

    def __init__(
        self,
        explainer: Explainer,
        search: Callable[[], Search],
        delivery: Callable[[int], Delivery | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("failure_groups")
        self._explainer, self._search, self._delivery = explainer, search, delivery
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._gathered: dict[int, Gathered] = {}
        self._rows: dict[int, GroupRow] = {}
        self._build()
        self._lay_out()
        self._open(False)  # noqa: FBT003 - closed at first

    @property
    def groups(self) -> Sequence[Gathered]:
        """What was found by now, in the order in which it was found."""
        return tuple(self._gathered.values())

    @property
    def busy(self) -> bool:
        """Whether it is looking."""
        return self._tasks.is_running("group")

    @property
    def counting(self) -> bool:
        """Whether it is counting what the changes would do."""
        return self._tasks.is_running("count")

    def look_again(self) -> None:
        """Group anew, where it is open: something else is listed, or a handler was changed."""
        if self.opener.isChecked():
            self._start()

    # Building

    def _build(self) -> None:
        self.opener = Disclosure(self.tr("&Why did these fail?"), self)
        self.opener.setObjectName("why_failed")
        self.opener.setToolTip(self.tr("Group the failures by their cause, with one diagnosis for all that it mends"))
        self.opener.toggled.connect(self._open)
        self._span = QComboBox(self)
        self._span.setObjectName("failures_span")
        self._span.setAccessibleName(self.tr("Failures of which time"))
        for text, days in ((self.tr("of the last day"), 1), (self.tr("of the last 7 days"), 7), (self.tr("all"), 0)):
            self._span.addItem(text, days)
        self._span.activated.connect(self._start)
        self._again = QPushButton(self.tr("Look a&gain"), self)
        self._again.setObjectName("failures_again")
        self._again.clicked.connect(self._start)
        self._stop = QPushButton(self.tr("&Stop"), self)
        self._stop.setObjectName("failures_stop")
        self._stop.clicked.connect(self._end)
        self._progress = QProgressBar(self)
        self._progress.setAccessibleName(self.tr("Failures looked at"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(spacing(2))
        self._said = Muted("", self)
        self._said.setObjectName("failures_said")
        self._notice = Notice(self)
        self._area = _Area(self)
        self._list = QWidget(self._area)
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area.setWidget(self._list)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(spacing(2), spacing(), spacing(2), spacing())
        top.setSpacing(spacing(2))
        top.addWidget(self.opener)
        top.addWidget(self._said, 1)
        beside: tuple[QWidget, ...] = (self._span, self._again, self._stop)
        for widget in beside:
            top.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        beneath: tuple[QWidget, ...] = (self._progress, self._notice, self._area, _line(self))
        for widget in beneath:
            column.addWidget(widget)

    # Looking

    @Slot(bool)
    def _open(self, opened: bool) -> None:  # noqa: FBT001 - a slot
        for widget in (self._span, self._again, self._area):
            widget.setVisible(opened)
        self._progress.hide()
        self._stop.hide()
        self._notice.say("")
        if opened:
            self._start()
        else:
            self._tasks.cancel()
            self._clear()
            self._said.setText(self.tr("One diagnosis for all that have the same cause."))

    @Slot()
    def _start(self) -> None:
        self._tasks.cancel_one("count")
        self._clear()
        self._notice.say("")
        self._again.hide()
        self._stop.show()
        self._progress.setRange(0, 0)
        self._progress.show()
        self._said.setText(self.tr("Looking …"))
        self._tasks.start("group", self._group(self._wanted()))

    def _wanted(self) -> Search:
        search, days = self._search(), int(self._span.currentData())
        if not days:
            return search
        age = AgeIs(Range(None, days * _DAY_NS))
        return Search(age if search == EVERYTHING else Every((age, search.root)))

    async def _group(self, search: Search) -> None:
        async with aclosing(self._explainer.groups(search)) as steps:
            async for step in steps:
                self._take(step)
        self._show_ended(self._found())
        self._tasks.start("count", self._count())

    async def _count(self) -> None:
        """What each change would have made of the last deliveries: to be read before anybody applies it.

        One after the other, and after the search: a process stays free for the delivery that is looked at.
        """
        for row in [row for row in self._rows.values() if row.offers_change]:
            group = row.gathered.group
            delivery, handler = self._delivery(group.example), self._explainer.handler_of_id(group.handler_id)
            change = group.finding.remedy.change
            if delivery is None or handler is None or change is None:
                continue
            row.show_effect(None)
            self._area.updateGeometry()
            tally = Tally()
            async with aclosing(self._explainer.effect(delivery, handler, change)) as parts:
                async for part in parts:
                    tally.merge(part)
            row.show_effect(tally)
            self._area.updateGeometry()

    def _take(self, step: GroupStep) -> None:
        match step:
            case Looked(count, of):
                self._progress.setRange(0, of)
                self._progress.setValue(count)
                self._said.setText(
                    self.tr("{count} of {all} looked at").format(count=f"{count:,}", all=f"{of:,}") if of else ""
                )
            case Part(group):
                gathered = self._gathered.setdefault(group.number, Gathered(group))
                gathered.add(step)
                self._show_group(gathered)

    @Slot()
    def _end(self) -> None:
        self._tasks.cancel()
        self._show_ended(self.tr("Stopped. {found}").format(found=self._found()).strip())
        self._tasks.start("count", self._count())

    # Showing

    def _clear(self) -> None:
        self._gathered.clear()
        for row in self._rows.values():
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows.clear()
        self._area.updateGeometry()

    def _show_group(self, gathered: Gathered) -> None:
        number = gathered.group.number
        if number in self._rows:
            self._rows[number].refresh()
        elif len(self._rows) < MOST_ROWS:
            row = GroupRow(gathered, self._list)
            row.these_wanted.connect(self._list_group)
            row.example_wanted.connect(self.delivery_wanted)
            row.apply_wanted.connect(self.apply_wanted)
            row.ids_wanted.connect(self._explainer.ids_wanted)
            self._rows[number] = row
            self._column.insertWidget(self._column.count() - 1, row)
            row.show()
        self._area.updateGeometry()

    def _found(self) -> str:
        count, groups = sum(len(each.ids) for each in self._gathered.values()), len(self._gathered)
        if not groups:
            return self.tr("Nothing failed there.")
        if groups == 1:
            return self.tr("{count} failures, one cause").format(count=f"{count:,}")
        more = groups - len(self._rows)
        text = self.tr("{count} failures, {causes} causes").format(count=f"{count:,}", causes=groups)
        return f"{text}. {self.tr('{more} of them are not shown.').format(more=more)}" if more else text

    def _show_ended(self, text: str) -> None:
        if self._stop.hasFocus():
            self._again.show()
            self._again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stop.hide()
        self._progress.hide()
        self._again.show()
        self._said.setText(text)

    @Slot(object)
    def _list_group(self, gathered: Gathered) -> None:
        row = self._rows[gathered.group.number]
        self.these_wanted.emit(gathered.ids, row.title.text())

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._show_ended("")
        self._notice.say(str(error) or type(error).__name__, Tone.PROBLEM)


class _Area(QScrollArea):
    """As high as its groups, up to a share of the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Failures by cause"))

    def sizeHint(self) -> QSize:
        inner, window = self.widget(), self.window()
        wanted = inner.minimumSizeHint().height() if inner is not None else 0
        return QSize(self.viewport().width(), min(wanted, round(window.height() * _LARGEST_SHARE)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), self.fontMetrics().height() * 8))


def _line(parent: QWidget) -> QWidget:
    """A fine line beneath."""
    line = QFrame(parent)
    line.setFixedHeight(1)
    line.setFrameShape(QFrame.Shape.NoFrame)
    line.setBackgroundRole(QPalette.ColorRole.Mid)
    line.setAutoFillBackground(True)
    return line
