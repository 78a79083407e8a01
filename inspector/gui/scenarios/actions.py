"""The commands of the page, there before the page is: what each is called, its keys, and what the page does."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.gui.forwarding.actions import Command, PageActions

if TYPE_CHECKING:
    from inspector.gui.scenarios.scenarios_page import ScenariosPage

COMMANDS = (
    Command("run_scenario", "&Run", "Ctrl+R", "send", "run"),
    Command("cancel_scenario", "&Cancel", "Escape", "close", "cancel"),
    Command("save_scenario", "&Save", "Ctrl+S", "save", "save"),
    Command("save_scenario_as", "Save &As…", "", "", "save_as"),
    Command(
        "open_scenario", "&Open File…", "Ctrl+O", "download", "open_file",
        "A scenario that is kept elsewhere, as beside the code of the receiver.", always=True,
    ),
    Command("delete_scenario", "&Delete Scenario", "Del", "delete", "delete"),
    Command("duplicate_case", "Du&plicate Case", "", "copy", "duplicate_case"),
    Command("remove_case", "Re&move Case", "Del", "delete", "remove_case"),
    Command("show_scenario_delivery", "Show Deli&very", "", "details", "open_delivery"),
)  # fmt: skip
"""In the order of the menu."""


class ScenarioActions(PageActions):
    """The commands of the page Scenarios, which `page` brings into sight."""

    def __init__(self, page: "Callable[[], ScenariosPage]", parent: QObject) -> None:
        super().__init__(COMMANDS, page, parent)
