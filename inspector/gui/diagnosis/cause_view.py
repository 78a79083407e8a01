"""What is shown of a likely cause: the finding, its remedy and its evidence, and the buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.core.diagnosis.finding import Finding, Finished, Progress, Step
from inspector.gui.diagnosis.effect_view import EffectView
from inspector.gui.diagnosis.evidence_view import EvidenceView
from inspector.gui.diagnosis.signed_body import SignedBody
from inspector.gui.diagnosis.texts import TONES, applies, confidence, explanation, remedy, tried
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.plain_text import PlainText
from inspector.gui.widgets.rows import Muted


class CauseView(QWidget):
    """Shows what it is told; what its buttons do is for whoever owns it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Sequence[Finding] = ()
        self._build()
        self._lay_out()

    @property
    def finding(self) -> Finding | None:
        """The likeliest finding that is shown."""
        return self._findings[0] if self._findings else None

    def say_problem(self, text: str) -> None:
        """Say why there is no answer."""
        self._confidence.say(text, Tone.PROBLEM)

    def say_stopped(self) -> None:
        """Say that the search was stopped."""
        self._tried.setText(self.tr("Stopped. {tried}").format(tried=self._tried.text()).strip())

    # Building

    def _build(self) -> None:
        self._title = PlainText(self, bold=True)
        self._title.setText(self.tr("Likely cause"))
        self.choice = QComboBox(self)
        self.choice.setObjectName("cause_handler")
        self.choice.setAccessibleName(self.tr("Handler to explain"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(12)
        self._confidence = Notice(self)
        self._confidence.setObjectName("cause_confidence")
        self._sentence, self._remedy, self._tried = PlainText(self), PlainText(self), Muted("", self)
        self._sentence.setObjectName("cause_sentence")
        self._remedy.setObjectName("cause_remedy")
        self._tried.setObjectName("cause_tried")
        self.apply = self._button(self.tr("Appl&y the change"), "cause_apply")
        self.deeper = self._button(self.tr("Look deepe&r"), "cause_deeper")
        self.stop = self._button(self.tr("&Stop"), "cause_stop")
        self.copy = self._button(self.tr("&Copy for the sender"), "cause_copy")
        self.copy.setToolTip(self.tr("A short text without secrets, to paste into a ticket"))
        self._progress = QProgressBar(self)
        self._progress.setObjectName("cause_progress")
        self._progress.setAccessibleName(self.tr("Combinations tried"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(spacing(2))
        self._body = SignedBody("cause_body", self)
        self.effect = EffectView(self)
        self.effect.setObjectName("cause_effect")
        self.evidence = EvidenceView(self.tr("Ev&idence"), "cause_evidence", self)
        self._more = self._button("", "cause_more")
        self._more.setCheckable(True)
        self._more.setFlat(True)
        self._more.toggled.connect(self._disclose)
        self._others = PlainText(self)
        self._others.setObjectName("cause_others")

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        top = QHBoxLayout()
        top.setSpacing(spacing(2))
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self.choice)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        for button in (self.apply, self.deeper, self.stop, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(top)
        for widget in (self._confidence, self._sentence, self._remedy, self._body, self.effect):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._progress)
        column.addWidget(self._tried)
        column.addWidget(self.evidence)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._others)
        column.addStretch(1)

    # Showing

    def show_nothing(self) -> None:
        """Nothing is known as yet."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it went to what comes next, and into sight
        self._body.forget()
        self._findings = []
        for label in (self._sentence, self._remedy, self._tried, self._others):
            label.clear()
        for widget in (self._body, self.apply, self.copy, self._more, self._others, self.deeper):
            widget.hide()
        self._more.setChecked(False)
        self.effect.show_nothing()
        self.evidence.forget()
        self.evidence.hide()

    def show_searching(self, *, deep: bool) -> None:
        """It is being looked for."""
        text = self.tr("Looking deeper for the cause …") if deep else self.tr("Looking for the cause …")
        self._confidence.say(text, Tone.NEUTRAL)
        self.deeper.hide()
        self.stop.setVisible(deep)
        self._progress.setVisible(deep)
        self._progress.setRange(0, 0)
        self._tried.show()

    def show_progress(self, step: Step) -> None:
        """Say how far the search is."""
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

    def show_findings(self, findings: Sequence[Finding], received: bytes) -> None:
        """Show these, the likeliest first; `received` is the body."""
        self._findings = findings
        best, *others = findings
        self._confidence.say(confidence(best), TONES[best.confidence])
        self._sentence.setText(explanation(best))
        self._remedy.setText(remedy(best))
        self.apply.setVisible(applies(best))
        self.apply.setEnabled(True)
        self.copy.setVisible(best.cause != "verifies")
        self._body.show_body(best, received)
        self._others.setText("\n\n".join(f"{confidence(each)}. {explanation(each)} {remedy(each)}" for each in others))
        self._more.setText(
            self.tr("1 further finding") if len(others) == 1 else self.tr("{0} further findings").format(len(others))
        )
        self._more.setVisible(bool(others))
        self._others.setVisible(bool(others) and self._more.isChecked())

    def show_ended(self) -> None:
        """The search is over."""
        finding = self.finding
        if finding is None:
            self._confidence.say(self.tr("The cause could not be looked up."), Tone.REMARK)
        else:
            self._confidence.say(confidence(finding), TONES[finding.confidence])
        self._progress.hide()
        proved = finding is not None and finding.confidence == "proved"
        self._tried.setVisible(not proved)
        self.deeper.setVisible(not proved)
        if self.stop.hasFocus():
            (self.copy if proved else self.deeper).setFocus(Qt.FocusReason.OtherFocusReason)
        self.stop.hide()
        self.evidence.setVisible(finding is not None)

    def minimumSizeHint(self) -> QSize:
        """As high as its texts are at this width."""
        layout = self.layout()
        size = super().minimumSizeHint()
        if layout is not None and layout.hasHeightForWidth() and self.width():
            size.setHeight(layout.heightForWidth(self.width()))
        return size

    @Slot(bool)
    def _disclose(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._others.setVisible(shown)
