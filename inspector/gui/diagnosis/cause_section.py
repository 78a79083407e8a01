"""Likely cause: why the handler nearest to a failed delivery did not verify it, and what mends it."""

from collections.abc import Sequence
from contextlib import aclosing

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector.core.delivery import Delivery, Rung, Standing, Verdict
from inspector.core.diagnosis.finding import Confidence, Finding
from inspector.core.effect import Tally
from inspector.core.handler import Handler
from inspector.gui.diagnosis.cause_view import CauseView
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.diagnosis.texts import applies, for_sender
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.safe_text import marked, shortened

_RESERVED_LINES = 12
_LONGEST_NAME = 60
_MOST_FURTHER = 4
"""So many handlers are tried after the nearest one, without being asked."""
_ORDER: Sequence[Confidence] = ("proved", "likely", "hint")


class CauseSection(CauseView):
    """Asks when a delivery is shown, and stops when another one is. Its place is kept while the answer is awaited."""

    def __init__(self, explainer: Explainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explainer = explainer
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._changes = Tasks(self)  # not ended by looking at another delivery
        self._changes.failed.connect(self._say_failure)
        self._delivery: Delivery | None = None
        self._handlers: list[Handler] = []
        self._signed: list[Handler] = []  # those of them whose header came
        self.choice.activated.connect(self._choose)
        self.apply.clicked.connect(self._change)
        self.deeper.clicked.connect(self._look_deeper)
        self.stop.clicked.connect(self._end_search)
        self.copy.clicked.connect(self._copy_text)
        self.effect.ids_wanted.connect(explainer.ids_wanted)
        self.evidence.wanted.connect(self._ask_evidence)
        explainer.handlers_changed.connect(self._ask_again)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether it is looking for causes."""
        return self._tasks.is_running("explain")

    def show_delivery(self, delivery: Delivery) -> None:
        """Explain this delivery, if it failed; what ran for another one is ended."""
        if self._delivery is not None and self._delivery.id == delivery.id:
            return
        self._delivery = delivery
        self._offer_handlers(None)
        self._ask(others=True)

    # Asking

    def _offer_handlers(self, chosen: Handler | None) -> None:
        """Those that failed and are still there, the nearest chosen, or the one of the same id as `chosen`."""
        rungs = failed_rungs(self._delivery)
        now = [(rung, handler) for rung in rungs if (handler := self._explainer.handler_now(rung)) is not None]
        self._handlers = [handler for _, handler in now]
        self._signed = [handler for rung, handler in now if rung.reason != "header-missing"]
        self.choice.clear()
        self.choice.addItems([shortened(marked(handler.name), _LONGEST_NAME) for handler in self._handlers])
        self.choice.setVisible(len(self._handlers) > 1)
        place = next((n for n, each in enumerate(self._handlers) if chosen and each.id == chosen.id), None)
        self.choice.setCurrentIndex(_nearest([rung for rung, _ in now]) if place is None else place)

    @property
    def _handler(self) -> Handler | None:
        place = self.choice.currentIndex()
        return self._handlers[place] if 0 <= place < len(self._handlers) else None

    def _ask(self, *, deep: bool = False, others: bool = False) -> None:
        """Explain with the handler that is chosen; where nothing is proved for it and `others`, with the next ones."""
        delivery, handler = self._delivery, self._handler
        self._tasks.cancel()
        self.setVisible(delivery is not None and handler is not None)
        if delivery is None or handler is None:
            return
        reserved = self.fontMetrics().height() * _RESERVED_LINES
        self.setMinimumHeight(max(reserved, self.height() if self.finding is not None else 0))
        if not deep:
            self.show_nothing()
        self.show_searching(deep=deep)
        further = [each for each in self._signed if each != handler][:_MOST_FURTHER] if others else []
        self._tasks.start("explain", self._explain(delivery, handler, further, deep=deep))

    async def _explain(self, delivery: Delivery, handler: Handler, further: Sequence[Handler], *, deep: bool) -> None:
        found: list[Finding] = []
        async with aclosing(self._explainer.explain(delivery, handler, deep=deep)) as steps:
            async for step in steps:
                if isinstance(step, Finding):
                    found = _likeliest_first([*found, step])
                    self.show_findings(found, bytes(delivery.request.body))
                else:
                    self.show_progress(step)
        for other in () if _settled(found, further) else further:
            better = await self._findings_of(delivery, other)
            if _settled(better, further):
                self.choice.setCurrentIndex(self._handlers.index(other))
                self.show_findings(better, bytes(delivery.request.body))
                break
        self._end()
        await self._count_effect(delivery)

    async def _count_effect(self, delivery: Delivery) -> None:
        """What the proposed change would have made of the last deliveries: to be read before anybody applies it."""
        handler, finding = self._handler, self.finding
        change = finding.remedy.change if finding is not None and applies(finding) else None
        if handler is None or change is None:
            return
        self.effect.show_counting()
        tally = Tally()
        async with aclosing(self._explainer.effect(delivery, handler, change)) as parts:
            async for part in parts:
                tally.merge(part)
        self.effect.show_tally(tally)

    @Slot()
    def _ask_evidence(self) -> None:
        delivery, handler, finding = self._delivery, self._handler, self.finding
        if delivery is not None and handler is not None and finding is not None and self.evidence.opened:
            self._tasks.start("evidence", self._show_evidence(delivery, handler, finding))

    async def _show_evidence(self, delivery: Delivery, handler: Handler, finding: Finding) -> None:
        evidence = await self._explainer.evidence(delivery, handler, finding)
        self.evidence.show_evidence(delivery, evidence.now, evidence.then)

    async def _findings_of(self, delivery: Delivery, handler: Handler) -> list[Finding]:
        async with aclosing(self._explainer.explain(delivery, handler, deep=False)) as steps:
            return _likeliest_first([step async for step in steps if isinstance(step, Finding)])

    @Slot()
    def _ask_again(self) -> None:
        """The handlers have changed: explain with those, unless it is the same one still."""
        before = self._handler
        self._offer_handlers(before)
        if self._handler != before:
            self._ask(others=before is None)

    @Slot(int)
    def _choose(self, _place: int) -> None:
        self._ask()

    @Slot()
    def _look_deeper(self) -> None:
        self._ask(deep=True)
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _end_search(self) -> None:
        self._tasks.cancel()
        self._end()
        self.say_stopped()

    def _end(self) -> None:
        self.show_ended()
        self._ask_evidence()
        self.setMinimumHeight(self.fontMetrics().height() * _RESERVED_LINES)

    # Doing

    @Slot()
    def _change(self) -> None:
        delivery, handler, finding = self._delivery, self._handler, self.finding
        if delivery is not None and handler is not None and finding is not None:
            self.apply.setEnabled(False)
            self._changes.start("apply", self._explainer.apply(delivery, handler, finding))

    @Slot()
    def _copy_text(self) -> None:
        if (finding := self.finding) is not None:
            QGuiApplication.clipboard().setText(for_sender(finding))

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._end()
        self.say_problem(str(error) or type(error).__name__)
        self.apply.setEnabled(True)


def failed_rungs(delivery: Delivery | None) -> list[Rung]:
    """The handlers that applied to a failed delivery and did not verify it."""
    if delivery is None or delivery.verdict is not Verdict.FAILED:
        return []
    return [rung for rung in delivery.ladder if rung.standing is Standing.FAILED]


def _likeliest_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda each: _ORDER.index(each.confidence))


def _settled(findings: Sequence[Finding], further: Sequence[Handler]) -> bool:
    """Whether it is proved, and not by the secret of a handler that failed as well: that one may be mended."""
    if not findings or findings[0].confidence != "proved":
        return False
    change = findings[0].remedy.change
    secret_of = change.secret_of if change is not None else None
    return secret_of is None or secret_of[0] not in {each.name for each in further}


def _nearest(rungs: Sequence[Rung]) -> int:
    """The first whose header was there at all: the others wait for another sender."""
    return next((place for place, rung in enumerate(rungs) if rung.reason != "header-missing"), 0)
