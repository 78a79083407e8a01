"""Likely cause: why the handler nearest to a failed delivery did not verify it, and what mends it."""

from collections.abc import Sequence
from contextlib import aclosing

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.delivery import Delivery, Rung, Standing, Verdict
from inspector.core.diagnosis.finding import Confidence, Finding, Finished, Progress, Step
from inspector.core.effect import Tally
from inspector.core.handler import Handler
from inspector.gui.diagnosis.body_difference import excerpts
from inspector.gui.diagnosis.effect_view import EffectView
from inspector.gui.diagnosis.evidence_view import EvidenceView
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.diagnosis.texts import TONES, applies, confidence, explanation, for_sender, remedy, tried
from inspector.gui.tasks import Tasks
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked, shortened

_RESERVED_LINES = 12
_LONGEST_NAME = 60
_MOST_FURTHER = 4
"""So many handlers are tried after the nearest one, without being asked."""
_ORDER: Sequence[Confidence] = ("proved", "likely", "hint")


class CauseSection(QWidget):
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
        self._findings: list[Finding] = []
        self._build()
        self._lay_out()
        explainer.handlers_changed.connect(self._ask_again)
        self.hide()

    @property
    def finding(self) -> Finding | None:
        """The likeliest finding that is shown."""
        return self._findings[0] if self._findings else None

    @property
    def busy(self) -> bool:
        """Whether it is looking for causes."""
        return self._tasks.is_running("explain")

    def show_delivery(self, delivery: Delivery) -> None:
        """Explain this delivery, if it failed; what ran for another one is ended."""
        if self._delivery is not None and self._delivery.id == delivery.id:
            self._paint()
            return
        self._delivery = delivery
        self._offer_handlers(None)
        self._ask(others=True)

    # Building

    def _build(self) -> None:
        self._title = _plain(self)
        self._title.setText(self.tr("Likely cause"))
        font = QFont(self._title.font())
        font.setBold(True)
        self._title.setFont(font)
        self._choice = QComboBox(self)
        self._choice.setObjectName("cause_handler")
        self._choice.setAccessibleName(self.tr("Handler to explain"))
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._choice.setMinimumContentsLength(12)
        self._choice.activated.connect(self._choose)
        self._confidence = Notice(self)
        self._confidence.setObjectName("cause_confidence")
        self._sentence, self._remedy, self._tried = _plain(self), _plain(self), Muted("", self)
        self._sentence.setObjectName("cause_sentence")
        self._remedy.setObjectName("cause_remedy")
        self._tried.setObjectName("cause_tried")
        self._apply = self._button(self.tr("Appl&y the change"), "cause_apply", self._change)
        self._deeper = self._button(self.tr("Look deepe&r"), "cause_deeper", self._look_deeper)
        self._stop = self._button(self.tr("&Stop"), "cause_stop", self._end_search)
        self._copy = self._button(self.tr("&Copy for the sender"), "cause_copy", self._copy_text)
        self._copy.setToolTip(self.tr("A short text without secrets, to paste into a ticket"))
        self._progress = QProgressBar(self)
        self._progress.setObjectName("cause_progress")
        self._progress.setAccessibleName(self.tr("Combinations tried"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(spacing(2))
        self._place = Muted("", self)
        self._comparison = Comparison(self.tr("received"), self.tr("signed"), self)
        self._comparison.setObjectName("cause_body")
        self._effect = EffectView(self)
        self._effect.setObjectName("cause_effect")
        self._effect.ids_wanted.connect(self._explainer.ids_wanted)
        self._evidence = EvidenceView(self)
        self._evidence.wanted.connect(self._ask_evidence)
        self._more = self._button("", "cause_more", self._disclose)
        self._more.setCheckable(True)
        self._more.setFlat(True)
        self._others = _plain(self)
        self._others.setObjectName("cause_others")

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        top = QHBoxLayout()
        top.setSpacing(spacing(2))
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self._choice)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        for button in (self._apply, self._deeper, self._stop, self._copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(top)
        for widget in (self._confidence, self._sentence, self._remedy, self._place, self._comparison, self._effect):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._progress)
        column.addWidget(self._tried)
        column.addWidget(self._evidence)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._others)
        column.addStretch(1)

    # Asking

    def _offer_handlers(self, chosen: Handler | None) -> None:
        """Those that failed and are still there, the nearest chosen, or the one of the same id as `chosen`."""
        rungs = failed_rungs(self._delivery)
        now = [(rung, handler) for rung in rungs if (handler := self._explainer.handler_now(rung)) is not None]
        self._handlers = [handler for _, handler in now]
        self._signed = [handler for rung, handler in now if rung.reason != "header-missing"]
        self._choice.clear()
        self._choice.addItems([shortened(marked(handler.name), _LONGEST_NAME) for handler in self._handlers])
        self._choice.setVisible(len(self._handlers) > 1)
        place = next((n for n, each in enumerate(self._handlers) if chosen and each.id == chosen.id), None)
        self._choice.setCurrentIndex(_nearest([rung for rung, _ in now]) if place is None else place)

    @property
    def _handler(self) -> Handler | None:
        place = self._choice.currentIndex()
        return self._handlers[place] if 0 <= place < len(self._handlers) else None

    def _ask(self, *, deep: bool = False, others: bool = False) -> None:
        """Explain with the handler that is chosen; where nothing is proved for it and `others`, with the next ones."""
        delivery, handler = self._delivery, self._handler
        self._tasks.cancel()
        self.setVisible(delivery is not None and handler is not None)
        if delivery is None or handler is None:
            return
        reserved = self.fontMetrics().height() * _RESERVED_LINES
        self.setMinimumHeight(max(reserved, self.height() if self._findings else 0))
        if not deep:
            self._show_nothing()
        self._show_searching(deep=deep)
        further = [each for each in self._signed if each != handler][:_MOST_FURTHER] if others else []
        self._tasks.start("explain", self._explain(delivery, handler, further, deep=deep))

    async def _explain(self, delivery: Delivery, handler: Handler, further: Sequence[Handler], *, deep: bool) -> None:
        found: list[Finding] = []
        async with aclosing(self._explainer.explain(delivery, handler, deep=deep)) as steps:
            async for step in steps:
                if isinstance(step, Finding):
                    found = _likeliest_first([*found, step])
                    self._show_findings(delivery, found)
                else:
                    self._show_progress(step)
        for other in () if _settled(found, further) else further:
            better = await self._findings_of(delivery, other)
            if _settled(better, further):
                self._choice.setCurrentIndex(self._handlers.index(other))
                self._show_findings(delivery, better)
                break
        self._show_ended()
        await self._count_effect(delivery)

    async def _count_effect(self, delivery: Delivery) -> None:
        """What the proposed change would have made of the last deliveries: to be read before anybody applies it."""
        handler, finding = self._handler, self.finding
        change = finding.remedy.change if finding is not None and applies(finding) else None
        if handler is None or change is None:
            return
        self._effect.show_counting()
        tally = Tally()
        async with aclosing(self._explainer.effect(delivery, handler, change)) as parts:
            async for part in parts:
                tally.merge(part)
        self._effect.show_tally(tally)

    @Slot()
    def _ask_evidence(self) -> None:
        delivery, handler, finding = self._delivery, self._handler, self.finding
        if delivery is not None and handler is not None and finding is not None and self._evidence.opened:
            self._tasks.start("evidence", self._show_evidence(delivery, handler, finding))

    async def _show_evidence(self, delivery: Delivery, handler: Handler, finding: Finding) -> None:
        evidence = await self._explainer.evidence(delivery, handler, finding)
        self._evidence.show_evidence(delivery, evidence.now, evidence.then)

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
        self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _end_search(self) -> None:
        self._tasks.cancel()
        self._show_ended()
        self._tried.setText(self.tr("Stopped. {tried}").format(tried=self._tried.text()).strip())

    # Showing

    def _show_nothing(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it went to what comes next, and into sight
        self._findings = []
        for label in (self._sentence, self._remedy, self._place, self._tried, self._others):
            label.clear()
        for widget in (self._comparison, self._place, self._apply, self._copy, self._more, self._others, self._deeper):
            widget.hide()
        self._more.setChecked(False)
        self._effect.show_nothing()
        self._evidence.forget()
        self._evidence.hide()

    def _show_searching(self, *, deep: bool) -> None:
        text = self.tr("Looking deeper for the cause …") if deep else self.tr("Looking for the cause …")
        self._confidence.say(text, Tone.NEUTRAL)
        self._deeper.hide()
        self._stop.setVisible(deep)
        self._progress.setVisible(deep)
        self._progress.setRange(0, 0)
        self._tried.show()

    def _show_progress(self, step: Step) -> None:
        match step:
            case Progress(count, planned):
                self._progress.setRange(0, max(planned, count))
                self._progress.setValue(count)
                self._tried.setText(
                    self.tr("{count} of {planned} combinations tried.").format(
                        count=f"{count:,}", planned=f"{max(planned, count):,}"
                    )
                )
            case Finished(count, left_out):
                self._tried.setText(tried(count, left_out))

    def _show_findings(self, delivery: Delivery, findings: list[Finding]) -> None:
        self._findings = findings
        best, *others = findings
        self._confidence.say(confidence(best), TONES[best.confidence])
        self._sentence.setText(explanation(best))
        self._remedy.setText(remedy(best))
        self._apply.setVisible(applies(best))
        self._apply.setEnabled(True)
        self._copy.setVisible(best.cause != "verifies")
        self._show_body(best, bytes(delivery.request.body))
        self._others.setText("\n\n".join(f"{confidence(each)}. {explanation(each)} {remedy(each)}" for each in others))
        self._more.setText(
            self.tr("1 further finding") if len(others) == 1 else self.tr("{0} further findings").format(len(others))
        )
        self._more.setVisible(bool(others))
        self._others.setVisible(bool(others) and self._more.isChecked())
        self._paint()

    def _show_body(self, finding: Finding, received: bytes) -> None:
        signed, place = finding.signed_body, finding.facts.get("differs_at", "")
        differs = signed is not None and place.isdecimal()
        self._comparison.setVisible(differs)
        self._place.setVisible(differs)
        if signed is None or not differs:
            return
        shown = excerpts(received, signed, int(place))
        colour = state_colour(State.FAILED, QApplication.palette())
        self._comparison.compare(shown.received, shown.signed, colour)
        text = self.tr("The body: {received} bytes as received, {signed} as signed: different from byte {place}.")
        self._place.setText(
            text.format(received=f"{len(received):,}", signed=f"{len(signed):,}", place=f"{shown.place + 1:,}")
        )

    def _show_ended(self) -> None:
        finding = self.finding
        if finding is None:
            self._confidence.say(self.tr("The cause could not be looked up."), Tone.REMARK)
        else:
            self._confidence.say(confidence(finding), TONES[finding.confidence])
        self._progress.hide()
        proved = finding is not None and finding.confidence == "proved"
        self._tried.setVisible(not proved)
        self._deeper.setVisible(not proved)
        if self._stop.hasFocus():
            (self._copy if proved else self._deeper).setFocus(Qt.FocusReason.OtherFocusReason)
        self._stop.hide()
        self._evidence.setVisible(finding is not None)
        self._ask_evidence()
        self.setMinimumHeight(self.fontMetrics().height() * _RESERVED_LINES)

    def _paint(self) -> None:
        if self._findings and self._delivery is not None and not self._comparison.isHidden():
            self._show_body(self._findings[0], bytes(self._delivery.request.body))

    def minimumSizeHint(self) -> QSize:
        """As high as its texts are at this width."""
        layout = self.layout()
        size = super().minimumSizeHint()
        if layout is not None and layout.hasHeightForWidth() and self.width():
            size.setHeight(layout.heightForWidth(self.width()))
        return size

    # Doing

    @Slot()
    def _change(self) -> None:
        delivery, handler, finding = self._delivery, self._handler, self.finding
        if delivery is not None and handler is not None and finding is not None:
            self._apply.setEnabled(False)
            self._changes.start("apply", self._explainer.apply(delivery, handler, finding))

    @Slot()
    def _copy_text(self) -> None:
        if (finding := self.finding) is not None:
            QGuiApplication.clipboard().setText(for_sender(finding))

    @Slot(bool)
    def _disclose(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._others.setVisible(shown)

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._show_ended()
        self._confidence.say(str(error) or type(error).__name__, Tone.PROBLEM)
        self._apply.setEnabled(True)


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


def _plain(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label
