"""Asks once whether a target may be sent to that is refused otherwise."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inspector.core.attempt import Attempt
from inspector.core.target import Allowance
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.safe_text import marked


class Consent(QWidget):
    """What was refused and why, and two buttons; hidden while nothing is asked."""

    given = Signal(object)  # Allowance

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._allowance = Allowance()
        self._question = Notice(self)
        self._question.setObjectName("consent-question")
        self._allow = QPushButton(self)
        self._allow.setObjectName("allow-target")
        self._allow.clicked.connect(self._give)
        leave = QPushButton(self.tr("Do &not"), self)
        leave.setObjectName("refuse-target")
        leave.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._question, 1)
        line.addWidget(self._allow)
        line.addWidget(leave)
        self.hide()

    def ask_about(self, attempt: Attempt) -> None:
        """Ask where allowing something is what this attempt needs."""
        if attempt.error == "needs-consent":
            self._allowance, words = Allowance(link_local=True), self.tr("&Allow this target")
        elif attempt.error.startswith("certificate"):
            self._allowance, words = Allowance(any_certificate=True), self.tr("&Allow this certificate")
        else:
            return
        self._question.say(marked(attempt.sentence), Tone.REMARK)
        self._allow.setText(words)
        self.show()
        self._allow.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _give(self) -> None:
        self.hide()
        self.given.emit(self._allowance)
