"""The side of the page with the list of scenarios, and the buttons above it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.gui.forwarding.queue_section import tool_button
from inspector.gui.scenarios.actions import ScenarioActions
from inspector.gui.scenarios.scenario_list import ScenarioList
from inspector.gui.theme import spacing


class ListSide(QWidget):
    """Opens and deletes above the list itself."""

    def __init__(self, scenarios: ScenarioList, actions: ScenarioActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        tools.setSpacing(spacing())
        tools.addStretch(1)
        for action in actions.some("open_scenario", "delete_scenario"):
            tools.addWidget(tool_button(action, self))
        column.addLayout(tools)
        column.addWidget(scenarios, 1)
