"""The answer to a pasted request: the outcome, the findings as they come, what to do, and how it comes about."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.asking import Question
from inspector.core.delivery import Standing
from inspector.core.diagnosis.finding import Confidence, Finding, Finished, Progress
from inspector.core.explanation import Explanation
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.template import written
from inspector.gui.deliveries.reason_text import reason_of
from inspector.gui.diagnosis.body_difference import excerpts
from inspector.gui.diagnosis.texts import TONES, confidence, explanation, for_sender, remedy, tried
from inspector.gui.handlers.explanation_view import ExplanationView
from inspector.gui.theme import State, muted_colour, spacing, state_colour
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import follow_palette, set_icon
from inspector.gui.widgets.tint import tint

FOUND_OUT = ("scheme-found", "secret-shown")
"""Causes that are an answer and no mistake."""

_ORDER: Sequence[Confidence] = ("proved", "likely", "hint")
_LARGER = 1.15


class AnswerPane(QScrollArea):
    """Shows what a diagnosis says, step by step."""

    deeper_wanted = Signal()
    stopped = Signal()
    handler_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: Question | None = None
        self._explained: Explanation | None = None
        self._name = ""
        self.keeps = True  # whether the request is not among the deliveries yet
        self.findings: list[Finding] = []
        self._inner = QWidget(self)
        self._build()
        self._lay_out()
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Answer"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.wait_for(
            self.tr("Paste a request on the left: here you read why its signature does not verify, and what to do.")
        )

    @property
    def finding(self) -> Finding | None:
        """The likeliest finding that is shown."""
        return self.findings[0] if self.findings else None

    @property
    def sentence(self) -> str:
        """The sentence that is shown for it."""
        return self._sentence.text()

    # What comes

    def wait_for(self, text: str) -> None:
        """Say what is still needed."""
        self._question, self._explained = None, None
        self._reset()
        self.outcome.say("")
        self._waiting.setText(text)
        self._waiting.show()
        self._show_buttons()
        self._show_evidence()

    def begin(self, question: Question, name: str, *, deep: bool) -> None:
        """A search for the answer to this begins; `name` is who is said to have signed it."""
        self._name = name
        if not deep:
            self._reset()
            self._explained = None
            self.outcome.say(self.tr("Looking …"), Tone.NEUTRAL)
        self._question = question
        self._waiting.hide()
        self._show_evidence()
        self._progress.setRange(0, 0)
        self._progress.show()
        self._tried.show()
        self.stop.show()
        self.deeper.hide()
        self._show_buttons()

    def take(self, step: object) -> None:
        """Show the next step of the answer."""
        match step:
            case Explanation():
                self._explained = step
                self._show_outcome(step)
                self._show_evidence()
            case Finding():
                self.findings = sorted([*self.findings, step], key=lambda each: _ORDER.index(each.confidence))
                self._show_findings()
            case Progress(count, planned):
                self._progress.setRange(0, max(planned, count))
                self._progress.setValue(count)
                text = self.tr("{count} of {planned} combinations tried.")
                if planned <= count:  # nobody knows how many there are
                    self._progress.setRange(0, 0)
                    text = self.tr("{count} combinations tried.")
                self._tried.setText(text.format(count=f"{count:,}", planned=f"{planned:,}"))
            case Finished(count, left_out):
                self._tried.setText(tried(count, left_out))

    def end(self, *, stopped: bool = False) -> None:
        """The search is over."""
        self._progress.hide()
        proved = self.finding is not None and self.finding.confidence == "proved"
        had_focus = self.stop.hasFocus()
        self.stop.hide()
        self.deeper.setVisible(not proved and self._question is not None)
        self._tried.setVisible(not proved)
        if stopped:
            self._tried.setText(self.tr("Stopped. {tried}").format(tried=self._tried.text()).strip())
        if had_focus:
            (self.copy if proved else self.deeper).setFocus(Qt.FocusReason.OtherFocusReason)
        if self.finding is None and self._explained is None:
            self.outcome.say(self.tr("Nothing was found out."), Tone.REMARK)
        self._show_buttons()

    def fail(self, text: str) -> None:
        """It could not be answered."""
        self.end()
        self.outcome.say(text, Tone.PROBLEM)

    def say_kept(self, id_: int) -> None:
        """The request was stored as this delivery."""
        self.keep.setEnabled(False)
        self._kept.say(self.tr("Kept as delivery {id}.").format(id=id_), Tone.GOOD)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_kept"):
            self._paint()

    # Building

    def _build(self) -> None:
        inner = self._inner
        self.outcome = Notice(inner)
        self.outcome.setObjectName("answer_outcome")
        font = QFont(inner.font())
        font.setPointSizeF(font.pointSizeF() * _LARGER)
        font.setBold(True)
        self.outcome.setFont(font)
        self._waiting = Muted("", inner)
        self._confidence = Notice(inner)
        self._confidence.setObjectName("answer_confidence")
        self._sentence = self._label(larger=True)
        self._sentence.setObjectName("answer_sentence")
        self._todo_title = self._label(bold=True)
        self._todo_title.setText(self.tr("What to do"))
        self._remedy = self._label()
        self._remedy.setObjectName("answer_remedy")
        self._facts = QWidget(inner)
        self._facts_grid = QGridLayout(self._facts)
        self._facts_grid.setContentsMargins(0, 0, 0, 0)
        self._facts_grid.setHorizontalSpacing(spacing(4))
        self._facts_grid.setColumnStretch(1, 1)
        self._place = self._label()
        self._comparison = Comparison(self.tr("received"), self.tr("signed"), inner)
        self._comparison.setObjectName("answer_body")
        self.handler = self._button(self.tr("&Make a Handler from This"), "answer_handler", self.handler_wanted)
        self.copy = self._button(self.tr("&Copy for the Sender"), "answer_copy", self._copy)
        self.copy.setToolTip(self.tr("A short text without secrets, to paste into a ticket"))
        self.keep = self._button(self.tr("&Keep as a Delivery"), "answer_keep", self.keep_wanted)
        self.keep.setToolTip(self.tr("Store the request among the deliveries, tagged as pasted"))
        self.deeper = self._button(self.tr("Look &Deeper"), "answer_deeper", self.deeper_wanted)
        self.stop = self._button(self.tr("S&top"), "answer_stop", self.stopped)
        self._kept = Notice(inner)
        self._progress = QProgressBar(inner)
        self._progress.setAccessibleName(self.tr("Combinations tried"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(spacing(2))
        self._tried = self._label()
        self._more = QVBoxLayout()
        self._more.setSpacing(spacing(2))
        self.evidence = self._button("", "answer_evidence", None)
        self.evidence.setCheckable(True)
        self.evidence.setFlat(True)
        self.evidence.toggled.connect(self._show_evidence)
        self._view: ExplanationView | None = None

    def _label(self, *, larger: bool = False, bold: bool = False) -> QLabel:
        label = QLabel(self._inner)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        font = QFont(label.font())
        font.setPointSizeF(font.pointSizeF() * (_LARGER if larger else 1))
        font.setBold(bold)
        label.setFont(font)
        return label

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self._inner)
        button.setObjectName(name)
        button.setAutoDefault(False)
        if slot is not None:
            button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(3))
        column.setSpacing(spacing(3))
        for widget in (
            self.outcome, self._waiting, self._confidence, self._sentence, self._facts, self._todo_title, self._remedy,
            self._place, self._comparison,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(_line(self.handler, self.copy, self.keep))
        column.addWidget(self._kept)
        column.addWidget(self._progress)
        column.addWidget(self._tried)
        column.addLayout(_line(self.deeper, self.stop))
        column.addLayout(self._more)
        column.addWidget(self.evidence, 0, Qt.AlignmentFlag.AlignLeft)
        self._below = column
        column.addStretch(1)

    # Showing

    def _reset(self) -> None:
        self.findings = []
        for widget in (
            self._confidence, self._sentence, self._facts, self._todo_title, self._remedy, self._place,
            self._comparison, self._progress, self._tried, self.stop, self.deeper,
        ):  # fmt: skip
            widget.hide()
        self._tried.setText("")
        self._kept.say("")
        self.keep.setEnabled(True)
        self._show_more(())

    def _show_outcome(self, explained: Explanation) -> None:
        rung = explained.rung
        if rung.standing in (Standing.WON, Standing.SHADOWED):
            self.outcome.say(self.tr("The signature is right."), Tone.GOOD)
        elif rung.standing is Standing.NOT_CHECKABLE:
            self.outcome.say(reason_of(rung), Tone.REMARK)
        else:
            said = self.tr("It is not signed as {name} expects.")
            if self._question is not None and not self._question.handler_id:
                said = self.tr("With this secret it does not verify as one of {name}.")
            self.outcome.say(said.format(name=self._name), Tone.PROBLEM)

    def _show_findings(self) -> None:
        best, *others = self.findings
        if self._explained is None:
            known = self.tr("Found out how it is signed.") if best.confidence == "proved" else ""
            self.outcome.say(known or self.tr("Not found out."), Tone.GOOD if known else Tone.REMARK)
        verifies = best.cause == "verifies"
        proved = best.confidence == "proved"
        text = self.tr("Proved: it was tried with this very request") if proved else confidence(best)
        self._confidence.say("" if verifies else text, TONES[best.confidence])
        self._sentence.setText(explanation(best))
        self._sentence.show()
        self._remedy.setText(remedy(best))
        self._todo_title.setVisible(not verifies)
        self._remedy.show()
        self._show_scheme(_scheme_found(self.findings))
        self._show_body(best)
        self._show_more([each for each in others if each.cause not in FOUND_OUT])
        self._show_buttons()
        self._paint()

    def _show_scheme(self, scheme: Scheme | None) -> None:
        """The way of signing that was found, for who wants to set it up elsewhere."""
        while (item := self._facts_grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._facts.setVisible(scheme is not None)
        if scheme is None:
            return
        place = scheme.signature
        rows = [
            (self.tr("Signature in"), (place.name or place.path) if place else ""),
            (self.tr("Algorithm"), f"{scheme.kind} {scheme.algorithm}".strip()),
            (self.tr("Encoding"), scheme.encoding if scheme.algorithm else ""),
            (self.tr("Signed content"), written(scheme.content) if scheme.algorithm else ""),
        ]
        for number, (name, text) in enumerate((name, text) for name, text in rows if text):
            label = Muted(name, self._facts)
            label.setWordWrap(False)
            value = self._label()
            value.setText(shortened(marked(text), 200))
            self._facts_grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._facts_grid.addWidget(value, number, 1)

    def _show_body(self, finding: Finding) -> None:
        signed, place = finding.signed_body, finding.facts.get("differs_at", "")
        differs = signed is not None and place.isdecimal() and self._question is not None
        self._comparison.setVisible(differs)
        self._place.setVisible(differs)
        if signed is None or not differs or self._question is None:
            return
        received = bytes(self._question.request.body)
        shown = excerpts(received, signed, int(place))
        self._comparison.compare(shown.received, shown.signed, state_colour(State.FAILED, self.palette()))
        text = self.tr("The body: {received} bytes as received, {signed} as signed: different from byte {place}.")
        self._place.setText(
            text.format(received=f"{len(received):,}", signed=f"{len(signed):,}", place=f"{shown.place + 1:,}")
        )

    def _show_more(self, others: Sequence[Finding]) -> None:
        while (item := self._more.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for each in others:
            notice = Notice(self._inner)
            notice.say(f"{explanation(each)} {remedy(each)}", TONES[each.confidence])
            self._more.addWidget(notice)

    def _show_buttons(self) -> None:
        best = self.finding
        asked = self._question is not None
        self.handler.setVisible(asked and handler_possible(self._question, self.findings))
        self.copy.setVisible(best is not None and best.remedy.side != "none" and best.cause not in FOUND_OUT)
        self.keep.setVisible(asked and self.keeps)

    @Slot()
    def _show_evidence(self) -> None:
        explained, question = self._explained, self._question
        there = explained is not None and question is not None
        self.evidence.setVisible(there)
        opened = there and self.evidence.isChecked()
        self.evidence.setText(self.tr("How it was checked"))
        set_icon(self.evidence, "up" if opened else "down")
        if opened and self._view is None:
            self._view = ExplanationView(self._inner)
            self._view.which.hide()
            self._below.insertWidget(self._below.count() - 1, self._view)
        if self._view is not None:
            self._view.setVisible(opened)
            if opened and explained is not None and question is not None:
                self._view.show_explanation(question.delivery, explained, selected=True)
                self._view.which.hide()

    def _paint(self) -> None:
        for label in (self._place, self._tried):
            tint(label, muted_colour(self.palette()))
        if self.findings and not self._comparison.isHidden():
            self._show_body(self.findings[0])

    @Slot()
    def _copy(self) -> None:
        if (finding := self.finding) is not None:
            QGuiApplication.clipboard().setText(for_sender(finding))


def _line(*buttons: QPushButton) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(spacing(2))
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    return line


def _scheme_found(findings: Sequence[Finding]) -> Scheme | None:
    """The way of signing that was found out; None where none was looked for."""
    for finding in findings:
        if finding.cause in FOUND_OUT and finding.remedy.change is not None:
            return finding.remedy.change.scheme
    return None


def handler_possible(question: Question | None, findings: Sequence[Finding]) -> bool:
    """Whether a handler can be made from the answer: one that verifies this request."""
    if question is None or not findings:
        return False
    best = findings[0]
    if best.cause == "verifies":
        return question.scheme is not None
    change = best.remedy.change
    if change is None or not best.verified:
        return False
    return change.scheme is not None or question.scheme is not None
