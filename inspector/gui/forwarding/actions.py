"""The commands of the page, there before the page is: what each is called, its keys, and what the page does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from inspector.gui.widgets.themed import set_icon

if TYPE_CHECKING:
    from inspector.gui.forwarding.forwarding_page import ForwardingPage


_CONTEXT = "ForwardingActions"


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `does` is the page's method; `always`: it makes sense before the page was ever looked at."""

    name: str
    text: str
    keys: str
    icon: str
    does: str
    tip: str = ""
    always: bool = False


COMMANDS = (
    Command(
        "new_rule",
        "&New Rule…",
        "Ctrl+N",
        "plus",
        "start_new",
        "Say which deliveries go on to which target.",
        always=True,
    ),
    Command("toggle_rule", "Switch &On", "Ctrl+Shift+E", "power", "toggle"),
    Command("remove_rule", "Re&move Rule", "Del", "delete", "remove"),
    Command("save_rule", "&Save", "Ctrl+S", "save", "save"),
    Command("revert_rule", "Re&vert", "", "undo", "revert"),
    Command("retry_entry", "&Retry Now", "Ctrl+R", "send", "retry"),
    Command("retry_all", "Retry &All Now", "", "redo", "retry_all"),
    Command("drop_entry", "&Drop", "Del", "delete", "drop"),
    Command(
        "open_entry",
        "Show Deli&very",
        "Ctrl+Return",
        "details",
        "open_delivery",
    ),
)
"""In the order of the menu."""


class PageActions(QObject):
    """Commands as QActions, by name. Each is done by the page, which `page` brings into sight."""

    def __init__(self, commands: Sequence[Command], page: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._commands = page, commands
        self._actions = {command.name: self._made(command) for command in commands}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """All of them, in the order of the menu."""
        return list(self._actions.values())

    def some(self, *names: str) -> list[QAction]:
        """These, in this order."""
        return [self._actions[name] for name in names]

    def recolour(self) -> None:
        """Give them the icons of the palette as it is now."""
        for command in self._commands:
            if command.icon:
                set_icon(self._actions[command.name], command.icon)

    def _made(self, command: Command) -> QAction:
        action = QAction(QCoreApplication.translate(_CONTEXT, command.text), self)
        action.setObjectName(command.name)
        action.setStatusTip(QCoreApplication.translate(_CONTEXT, command.tip))
        action.setShortcut(QKeySequence(command.keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setEnabled(command.always)
        action.setIconVisibleInMenu(False)
        if command.icon:
            set_icon(action, command.icon)
        action.triggered.connect(partial(self._do, command.does))
        return action

    def _do(self, method: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        getattr(self._page(), method)()


class ForwardingActions(PageActions):
    """The commands of the page Forwarding."""

    def __init__(self, page: "Callable[[], ForwardingPage]", parent: QObject) -> None:
        super().__init__(COMMANDS, page, parent)
