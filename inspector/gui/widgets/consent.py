"""A question beneath the form: whether what is refused for the target is allowed from now on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone


class Consent(QWidget):
    """Is to be seen only while something is asked."""

    given = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = Notice(self)
        self._question.setMinimumWidth(spacing(20))  # long words do not make the window wider
        self._question.setObjectName("consent_question")
        self._allow = QPushButton(self)
        self._allow.setObjectName("allow_target")
        self._allow.clicked.connect(self.given)
        leave = QPushButton(self.tr("Do &not"), self)
        leave.setObjectName("refuse_target")
        leave.clicked.connect(self.refused)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._question, 1)
        line.addWidget(self._allow)
        line.addWidget(leave)
        self.hide()

    def ask(self, question: str, allow: str) -> None:
        """Ask `question`; `allow` is what the button says that gives consent."""
        self._question.say(question, Tone.REMARK)
        self._allow.setText(allow)
        self.show()
        self._allow.setFocus(Qt.FocusReason.OtherFocusReason)
