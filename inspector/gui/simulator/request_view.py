"""A request as it would be sent, its credentials masked until asked for."""

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QVBoxLayout, QWidget

from inspector.core.attempt import Sent
from inspector.gui.deliveries.syntax import syntax_colours
from inspector.gui.resend.attempt_text import shown_request
from inspector.gui.theme import spacing
from inspector.gui.widgets.text_panel import TextPanel


class RequestView(QWidget):
    """Head and body as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sent = Sent(b"")
        self._text = TextPanel(self.tr("Request"), syntax_colours(QApplication.palette()), self)
        self._text.setObjectName("simulator-request")
        self.values = QCheckBox(self.tr("Show &values"), self)
        self.values.setToolTip(self.tr("Show tokens and signatures, which are masked otherwise"))
        self.values.toggled.connect(self._refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spacing(2), 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self.values)
        column.addWidget(self._text, 1)

    def show_sent(self, sent: Sent) -> None:
        """Show this request."""
        self._sent = sent
        self._refresh()

    def clear(self) -> None:
        """Show nothing."""
        self.show_sent(Sent(b""))

    def text(self) -> str:
        """What is shown, where that is a small text."""
        return self._text.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._text.set_colours(syntax_colours(QApplication.palette()))

    @Slot()
    def _refresh(self) -> None:
        self._text.show_text(shown_request(self._sent, masked=not self.values.isChecked()))
