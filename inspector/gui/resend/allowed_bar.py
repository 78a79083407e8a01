"""What a person has allowed for the target that is typed, in sight as long as it holds, and taken back at one press."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inspector.core.target import NOTHING_ALLOWED, Allowance, Target
from inspector.gui.resend.texts import target_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone


class AllowedBar(QWidget):
    """Takes no room where nothing is allowed that would be refused otherwise."""

    taken_back = Signal(object)  # Target

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target: Target | None = None
        self._said = Notice(self)
        self._said.setMinimumWidth(spacing(20))  # long words do not make the window wider
        self._said.setObjectName("allowed_text")
        self._button = QPushButton(self.tr("Take back"), self)
        self._button.setObjectName("allowed_take_back")
        self._button.setToolTip(self.tr("Refuse it again from now on"))
        self._button.clicked.connect(self._take_back)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._said, 1)
        line.addWidget(self._button)
        self.hide()

    def show_allowance(self, target: Target | None, allowance: Allowance) -> None:
        """Show what is allowed for `target`, or nothing."""
        self._target = target
        if target is None or allowance == NOTHING_ALLOWED:
            self.hide()
            return
        where = target_text(target.origin)
        if allowance.any_certificate and allowance.link_local:
            text = self.tr("{0}: any certificate is accepted, and its link-local address is allowed.")
        elif allowance.any_certificate:
            text = self.tr("{0}: any certificate is accepted, also one that is not valid.")
        else:
            text = self.tr("{0}: its address is allowed, although it may hand out credentials.")
        self._said.say(text.format(where), Tone.REMARK)
        self.show()

    @Slot()
    def _take_back(self) -> None:
        if self._target is not None:
            self.taken_back.emit(self._target)
