"""The body as it was received beside the one that was signed, around the first byte in which they differ."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from inspector.core.diagnosis.finding import Finding
from inspector.gui.diagnosis.body_difference import excerpts
from inspector.gui.theme import State, spacing, state_colour
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.rows import Muted


class SignedBody(QWidget):
    """There only where a finding says which body was signed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._received = b""
        self._place = Muted("", self)
        self._comparison = Comparison(self.tr("received"), self.tr("signed"), self)
        self._comparison.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addWidget(self._place)
        column.addWidget(self._comparison)
        self.hide()

    def forget(self) -> None:
        """Show nothing."""
        self._finding = None
        self.hide()

    def show_body(self, finding: Finding, received: bytes) -> None:
        """Show how the body that `finding` found to be signed differs from `received`, if it found one."""
        self._finding, self._received = finding, received
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_comparison") and not self.isHidden():
            self._show()

    def _show(self) -> None:
        signed = self._finding.signed_body if self._finding is not None else None
        place = self._finding.facts.get("differs_at", "") if self._finding is not None else ""
        self.setVisible(signed is not None and place.isdecimal())
        if signed is None or not place.isdecimal():
            return
        shown = excerpts(self._received, signed, int(place))
        self._comparison.compare(shown.received, shown.signed, state_colour(State.FAILED, QApplication.palette()))
        text = self.tr("The body: {received} bytes as received, {signed} as signed: different from byte {place}.")
        self._place.setText(
            text.format(received=f"{len(self._received):,}", signed=f"{len(signed):,}", place=f"{shown.place + 1:,}")
        )
