"""What is sent, and what came of it: the payload, the request as sent, and the answers once there are some."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTabWidget, QWidget

from inspector.gui.simulator.payload_editor import PayloadEditor
from inspector.gui.simulator.request_view import RequestView
from inspector.gui.simulator.tries_view import TriesView
from inspector.gui.widgets.empty_state import EmptyState

_ANSWERS = 2


class Parts(QTabWidget):
    """Three tabs, of which the last is there when something was sent."""

    def __init__(self, payload: PayloadEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.request, self.tries = RequestView(self), TriesView(self)
        self.setObjectName("simulator-parts")
        self.setAccessibleName(self.tr("What is sent, and what came of it"))
        self.setDocumentMode(True)
        self.addTab(payload, self.tr("&Payload"))
        self.addTab(self.request, self.tr("Re&quest as sent"))
        self.addTab(self.tries, self.tr("Ans&wers"))
        self.setTabVisible(_ANSWERS, False)  # noqa: FBT003 - Qt's signature

    def begin(self) -> None:
        """Show what is to be sent."""
        self.setCurrentIndex(0)

    def show_answers(self) -> None:
        """Show what came of it."""
        if not self.isTabVisible(_ANSWERS):
            self.setTabVisible(_ANSWERS, True)  # noqa: FBT003 - Qt's signature
        if self.currentIndex() != _ANSWERS:
            self.setCurrentIndex(_ANSWERS)


def no_provider_yet() -> EmptyState:
    """Says what a simulation is, before one is chosen."""
    tr = QCoreApplication.translate
    return EmptyState(
        tr("Parts", "Simulate a delivery"),
        tr(
            "Parts",
            "Choose a provider at the left. A delivery is made as it would send it: with its headers, a sample of "
            "one of its events or a payload of your own, and a signature that your handler or service verifies. "
            "It goes to the own listener or to any URL, once or often, and is tried again as the provider would.",
        ),
    )
