"""What the page shows while there is no scenario: what one is for, and how to come by one."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState


class NoScenario(EmptyState):
    """Choose a delivery to make one from, or open a file."""

    deliveries_wanted = Signal()

    def __init__(self, open_file: QAction, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.set_title(self.tr("No scenario yet"))
        self.set_text(
            self.tr(
                "A scenario finds out what a receiver takes and what it refuses. From one good delivery it makes "
                "sixteen cases: signed with a wrong secret, changed, stale, doubled, cut off … and shows each answer "
                "beside the one that is expected. Select a delivery that was verified, and choose “Make a Scenario "
                "from It”. Continuous integration runs the same file:"
            )
        )
        self.set_code("webhook-inspector scenario run FILE --target URL --junit report.xml")
        self._add_buttons(open_file)

    def _add_buttons(self, open_file: QAction) -> None:
        choose = QPushButton(self.tr("&Choose a delivery"), self)
        choose.setObjectName("choose_delivery")
        choose.clicked.connect(self.deliveries_wanted)
        opened = QPushButton(open_file.text(), self)
        opened.setObjectName("open_first_scenario")
        opened.clicked.connect(open_file.trigger)
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing(2))
        row.addWidget(choose)
        row.addWidget(opened)
        row.addStretch(1)
        self.add_below(buttons)
