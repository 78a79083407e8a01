"""One case: what it is, what each of its requests was to bring and brought, and the answer itself."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.request import Request
from inspector.core.scenario import CaseResult
from inspector.core.scenario_cases import KINDS, Case
from inspector.gui.icons import state_icon
from inspector.gui.resend.attempt_pane import AttemptPane
from inspector.gui.resend.texts import outcome_text
from inspector.gui.scenarios.texts import expected_text, title_text, tr
from inspector.gui.theme import State, spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted


class CasePane(QWidget):
    """Shows the case that is looked at, and of a burst the first answer that differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case: Case | None = None
        self._result: CaseResult | None = None
        self._received: Request | None = None
        self._title = QLabel(self)
        self._title.setObjectName("case_title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._about = Muted("", self)
        self._notice = Notice(self)
        self._notice.setObjectName("case_notice")
        self._steps = QComboBox(self)
        self._steps.setObjectName("case_steps")
        self._steps.setAccessibleName(self.tr("Which request of the case"))
        self._steps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._steps.setMinimumContentsLength(20)
        self._steps.currentIndexChanged.connect(self._show_step)
        self._attempt = AttemptPane(self)
        self._nothing = EmptyState(
            self.tr("No answer yet"), self.tr("Run the scenario: what the receiver answers to this case is shown here.")
        )
        self.setMinimumWidth(spacing(107))  # what an answer needs, so that nothing moves when it comes
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._attempt)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(3), spacing(3), spacing(2), spacing(2))
        column.setSpacing(spacing(2))
        for widget in (self._title, self._about, self._notice, self._steps):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)

    def show_case(self, case: Case, result: CaseResult | None, received: Request | None) -> None:
        """Show this case of a scenario that is made from what was `received`."""
        if (case, result) == (self._case, self._result) and received is self._received:
            return
        self._case, self._result, self._received = case, result, received
        self._title.setText(title_text(case))
        self._about.setText(tr(KINDS[case.kind].about))
        self._say(result)
        self._list_steps(result)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._result is not None:
            chosen = self._steps.currentIndex()
            self._list_steps(self._result)
            self._steps.setCurrentIndex(chosen)

    def _say(self, result: CaseResult | None) -> None:
        if result is None:
            self._notice.say("")
        elif result.skipped:
            self._notice.say(self.tr("It cannot be made: {0}.").format(result.skipped), Tone.NEUTRAL)
        elif result.differing:
            self._notice.say(self._difference(result, result.differing[0]))
        else:
            self._notice.say(self.tr("Answered as expected."), Tone.GOOD)

    def _difference(self, result: CaseResult, place: int) -> str:
        attempt = result.attempts[place]
        return self.tr("Expected {0}, but the receiver answered {1}.").format(
            expected_text(result.expected[place]), outcome_text(attempt.status, attempt.error)
        )

    def _list_steps(self, result: CaseResult | None) -> None:
        attempts = result.attempts if result is not None else ()
        self._steps.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._steps.clear()
        differing = set(result.differing) if result is not None else set()
        for place, attempt in enumerate(attempts):
            text = self.tr("Request {0} of {1}: {2}").format(
                place + 1, len(attempts), outcome_text(attempt.status, attempt.error)
            )
            self._steps.addItem(state_icon(State.FAILED if place in differing else State.WON), text)
        self._steps.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._steps.setVisible(len(attempts) > 1)
        self._steps.setCurrentIndex(min(differing, default=0) if attempts else -1)
        self._show_step()

    @Slot()
    def _show_step(self) -> None:
        place, result = self._steps.currentIndex(), self._result
        shown = result is not None and 0 <= place < len(result.attempts)
        self._stack.setCurrentIndex(1 if shown else 0)
        self._nothing.setVisible(not shown and (result is None or not result.skipped))
        if shown and result is not None:
            self._attempt.show_attempt(result.attempts[place], self._received)
