"""Asks once whether a target may be sent to that is refused otherwise."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from inspector.core.attempt import Attempt
from inspector.core.target import Allowance
from inspector.gui.widgets.consent import Consent
from inspector.gui.widgets.safe_text import marked


class TargetConsent(Consent):
    """What was refused and why, with the allowance that would let it through."""

    allowed = Signal(object)  # Allowance

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._allowance = Allowance()
        self.given.connect(self._give)
        self.refused.connect(self.hide)

    def ask_about(self, attempt: Attempt) -> None:
        """Ask where allowing something is what this attempt needs."""
        if attempt.error == "needs-consent":
            self._allowance, words = Allowance(link_local=True), self.tr("&Allow this target")
        elif attempt.error.startswith("certificate"):
            self._allowance, words = Allowance(any_certificate=True), self.tr("&Allow this certificate")
        else:
            return
        self.ask(marked(attempt.sentence), words)

    @Slot()
    def _give(self) -> None:
        self.hide()
        self.allowed.emit(self._allowance)
