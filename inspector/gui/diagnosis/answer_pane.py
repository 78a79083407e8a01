"""The answer to a pasted request: the outcome, the findings as they come, what to do, and how it comes about."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
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
from inspector.gui.deliveries.reason_text import reason_of
from inspector.gui.diagnosis.evidence_view import EvidenceView
from inspector.gui.diagnosis.scheme_facts import SchemeFacts
from inspector.gui.diagnosis.signed_body import SignedBody
from inspector.gui.diagnosis.texts import TONES, confidence, explanation, for_sender, remedy, tried
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.plain_text import PlainText
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.themed import follow_palette

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
        self.wait_for()

    @property
    def finding(self) -> Finding | None:
        """The likeliest finding that is shown."""
        return self.findings[0] if self.findings else None

    @property
    def sentence(self) -> str:
        """The sentence that is shown for it."""
        return self._sentence.text()

    # What comes

    def wait_for(self, text: str = "") -> None:
        """Say what is still needed; without a `text`: what can be pasted, and what comes of it."""
        self._question, self._explained = None, None
        self._reset()
        self.outcome.say("")
        self._waiting.setText(text)
        self._waiting.setVisible(bool(text))
        self._empty.setVisible(not text)
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
        self._empty.hide()
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
        self._empty = EmptyState(self.tr("Paste a request on the left"), self._what_it_is_for(), parent=inner)
        self._confidence = Notice(inner)
        self._confidence.setObjectName("answer_confidence")
        self._sentence = PlainText(inner, scale=_LARGER)
        self._sentence.setObjectName("answer_sentence")
        self._todo_title = PlainText(inner, bold=True)
        self._todo_title.setText(self.tr("What to do"))
        self._remedy = PlainText(inner)
        self._remedy.setObjectName("answer_remedy")
        self._facts = SchemeFacts(inner)
        self._body = SignedBody("answer_body", inner)
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
        self._tried = Muted("", inner)
        self._more = QVBoxLayout()
        self._more.setSpacing(spacing(2))
        self.evidence = EvidenceView(self.tr("Ho&w it was checked"), "answer_evidence", inner)

    def _what_it_is_for(self) -> str:
        return "\n".join((
            self.tr("What can be pasted: cURL, raw HTTP, a HAR entry, or separate fields."),
            self.tr("What comes out: why its signature does not verify, and what mends it."),
            self.tr("Nothing is sent, and nothing is stored unless you keep it."),
        ))  # fmt: skip

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self._inner)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(3))
        column.setSpacing(spacing(3))
        for widget in (
            self.outcome, self._waiting, self._confidence, self._sentence, self._facts, self._todo_title, self._remedy,
            self._body,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(_line(self.handler, self.copy, self.keep))
        column.addWidget(self._kept)
        column.addWidget(self._progress)
        column.addWidget(self._tried)
        column.addLayout(_line(self.deeper, self.stop))
        column.addLayout(self._more)
        column.addWidget(self.evidence)
        column.addWidget(self._empty, 1)
        column.addStretch(0)

    # Showing

    def _reset(self) -> None:
        self.findings = []
        for widget in (
            self._confidence, self._sentence, self._facts, self._todo_title, self._remedy,
            self._progress, self._tried, self.stop, self.deeper,
        ):  # fmt: skip
            widget.hide()
        self._tried.setText("")
        self._body.forget()
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
        self._facts.show_scheme(_scheme_found(self.findings))
        if self._question is not None:
            self._body.show_body(best, bytes(self._question.request.body))
        self._show_more([each for each in others if each.cause not in FOUND_OUT])
        self._show_buttons()

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

    def _show_evidence(self) -> None:
        explained, question = self._explained, self._question
        self.evidence.setVisible(explained is not None and question is not None)
        if explained is not None and question is not None:
            self.evidence.show_evidence(question.delivery, explained, None)
        else:
            self.evidence.forget()

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
