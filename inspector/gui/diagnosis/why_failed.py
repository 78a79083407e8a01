"""Puts the groups of failures above the list of those that failed, and has their answers ready in time."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.core.delivery import Verdict
from inspector.core.diagnosis.group import Gathered
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.diagnosis.failure_groups import FailureGroups
from inspector.gui.main_window import MainWindow
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.message_bar import Message

WARM_AFTER_MS = 1_500
"""So long after the first failure is known, a process is made ready: start-up has other things to do."""


class WhyFailed(QObject):
    """The pane is made when failures are first listed; the process when there is a failure at all."""

    def __init__(self, window: MainWindow, live: LiveList, explainer: Explainer) -> None:
        super().__init__(window)
        self._window, self._live, self._explainer = window, live, explainer
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self.pane: FailureGroups | None = None
        self._warming = QTimer(self, singleShot=True, interval=WARM_AFTER_MS)
        self._warming.timeout.connect(explainer.warm)
        window.sidebar.chosen.connect(self._choose)
        window.header.search.searched.connect(self._look_again)
        window.actions_by_name["why_failed"].triggered.connect(self._open)
        explainer.handlers_changed.connect(self._look_again)
        live.counted.connect(self._count)
        self._count(live.counts)
        self._choose(window.sidebar.choice)

    @property
    def warming(self) -> bool:
        """Whether a process is about to be made ready, or was."""
        return self._warming.isActive() or self._explainer.is_warm

    @Slot(object)
    def _count(self, counts: Mapping[Verdict, int]) -> None:
        if counts.get(Verdict.FAILED, 0) and not self.warming:
            self._warming.start()

    @Slot(object)
    def _choose(self, choice: Choice) -> None:
        wanted = choice is Choice.FAILED
        if wanted and self.pane is None:
            self._make()
        if self.pane is not None:
            self.pane.setVisible(wanted)
            if not wanted:
                self.pane.opener.setChecked(False)

    def _make(self) -> None:
        pane = self.pane = FailureGroups(
            self._explainer, lambda: self._live.searched, self._live.delivery, self._window
        )
        pane.these_wanted.connect(self._list)
        pane.delivery_wanted.connect(self._show)
        pane.apply_wanted.connect(self._apply)
        self._window.add_above_list(pane)

    @Slot()
    def _open(self) -> None:
        self._window.sidebar.choose(Choice.FAILED)
        if self.pane is not None:
            self.pane.opener.setChecked(True)
            self.pane.opener.setFocus()

    @Slot()
    def _look_again(self) -> None:
        if self.pane is not None:
            self.pane.look_again()

    @Slot(object, str)
    def _list(self, ids: Sequence[int], words: str) -> None:
        self._live.list_these(ids)
        text = self.tr("Listed: {words}.").format(words=words)
        again = (self.tr("List all again"), self._live.list_all)
        self._window.messages.show_lasting("these", Message(text, buttons=(again,)))

    @Slot(object)
    def _show(self, id_: int) -> None:
        self._live.open(id_)

    @Slot(object)
    def _apply(self, gathered: Gathered) -> None:
        self._tasks.start("apply", self._applied(gathered))

    async def _applied(self, gathered: Gathered) -> None:
        group = gathered.group
        delivery, handler = self._live.delivery(group.example), self._explainer.handler_of_id(group.handler_id)
        if delivery is None or handler is None:
            self._window.messages.say(self.tr("That handler, or the delivery, is no longer there."))
            return
        await self._explainer.apply(delivery, handler, group.finding)

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._window.messages.say(str(error) or type(error).__name__)
