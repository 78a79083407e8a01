"""Every command of the window: one table, which feeds the menus, the command palette and the list of shortcuts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from inspector.gui.icons import icon

_CONTEXT = "Actions"
SEPARATOR = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `name` is its object name; `here` limits its keys to the delivery list.

    A letter alone may be a key of the whole window: fields in which one types take it first.
    """

    name: str
    text: str
    keys: Sequence[str | QKeySequence.StandardKey] = ()
    icon: str = ""
    checkable: bool = False
    here: bool = False
    group: str = ""  # of commands of which one is checked
    submenu: str = ""


_Key = QKeySequence.StandardKey

MENUS: Sequence[tuple[str, Sequence[Command | str]]] = (
    (
        "&Deliveries",
        (
            Command("copy_path", "Copy &Path", submenu="&Copy"),
            Command("copy_id", "Copy Delivery &Number", submenu="&Copy"),
            Command("copy_as", "Copy &As…", ["C"], "copy"),
            Command("make_handler", "Make a &Handler from It", ["H"], "handlers"),
            Command("check_again", "Chec&k Again with Today's Handlers", ["A"], "redo"),
            Command("check_all_again", "Check A&ll Listed Again", ["Shift+A"]),
            Command("why_failed", "&Why Did These Fail?", ["W"]),
            SEPARATOR,
            Command("find_out", "&Find Out How It Is Signed…", ["Ctrl+Shift+H"]),
            Command("diagnose_pasted", "Dia&gnose a Pasted Request…", ["Ctrl+Shift+D"]),
            SEPARATOR,
            Command("delete", "&Delete", [_Key.Delete], "delete", here=True),
            SEPARATOR,
            Command("resend", "&Resend", ["R", "Ctrl+R"], "send"),
            Command("resend_to", "Resend &To…", ["Ctrl+Shift+R"]),
            Command("make_scenario", "Mak&e a Scenario from It…", ["S"], "scenarios"),
            Command("simulate", "&Simulate a Delivery…", ["Ctrl+Shift+S"], "simulator"),
            Command("compare_answers", "Co&mpare Answers…", ["Ctrl+Shift+A"], "compare"),
            SEPARATOR,
            Command("older", "&Older Delivery", ["J"], "down"),
            Command("newer", "&Newer Delivery", ["K"], "up"),
            Command("newest", "Newest Delivery", ["Home"], "first", here=True),
            Command("oldest", "Oldest Delivery", ["End"], here=True),
            Command("show_details", "Go to Its Details", ["Return"], "details", here=True),
            SEPARATOR,
            Command("quit", "&Quit", ["Ctrl+Q"], "quit"),
        ),
    ),
    (
        "&Edit",
        (
            Command("undo", "&Undo", [_Key.Undo], "undo"),
            Command("redo", "&Redo", [_Key.Redo], "redo"),
            SEPARATOR,
            Command("search", "&Search", ["/", "Ctrl+Shift+F"], "search"),
            Command("clear_search", "&Clear Search", ["Escape"], "close", here=True),
        ),
    ),
    (
        "&View",
        (
            Command("show_all", "&All Deliveries", ["Ctrl+1"], "deliveries"),
            Command("show_won", "&Won", ["Ctrl+2"], "state-won"),
            Command("show_failed", "&Failed", ["Ctrl+3"], "state-failed"),
            Command("show_refused", "&Refused", ["Ctrl+4"], "state-refused"),
            Command("show_handshake", "&Handshakes", ["Ctrl+5"], "state-handshake"),
            Command("show_handlers", "Ha&ndlers", ["Ctrl+6"], "handlers"),
            Command("show_forwarding", "Forwar&ding", ["Ctrl+8"], "forwarding"),
            Command("show_scenarios", "Sc&enarios", ["Ctrl+9"], "scenarios"),
            Command("show_simulator", "Sim&ulator", ["Ctrl+0"], "simulator"),
            Command("show_settings", "&Settings", ["Ctrl+7", "Ctrl+,"], "settings"),
            SEPARATOR,
            Command("follow", "F&ollow Live", ["F"], "follow", checkable=True),
            Command("relative_times", "Relati&ve Times", ["T"], checkable=True),
            SEPARATOR,
            Command("sidebar", "S&idebar", ["Ctrl+B"], "sidebar", checkable=True),
            Command("details", "De&tails", ["Ctrl+D"], "details", checkable=True),
            Command("theme_system", "As the &System", checkable=True, group="theme", submenu="T&heme"),
            Command("theme_light", "&Light", checkable=True, group="theme", submenu="T&heme"),
            Command("theme_dark", "&Dark", checkable=True, group="theme", submenu="T&heme"),
        ),
    ),
    (
        "&Listener",
        (
            Command("enabled", "&Switched On", ["Ctrl+L"], "power", checkable=True),
            Command("start_listening", "S&tart Listening", icon="listening"),
            Command("stop_listening", "Sto&p Listening", icon="not-listening"),
            SEPARATOR,
            Command("copy_url", "&Copy URL", ["Ctrl+Shift+C"], "copy"),
        ),
    ),
    (
        "&Help",
        (
            Command("palette", "&Command Palette…", ["Ctrl+K"], "commands"),
            Command("shortcuts", "&Keyboard Shortcuts", ["F1", "?"], "keyboard"),
        ),
    ),
)
"""The menus from left to right."""


class Actions(QObject):
    """The commands as QActions, by name. What they do is connected by whoever does it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._commands = {
            command.name: command for _, commands in MENUS for command in commands if isinstance(command, Command)
        }
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {name: self._made(command, window) for name, command in self._commands.items()}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def of_list(self) -> Sequence[QAction]:
        """Those whose keys belong to the delivery list."""
        return [self._actions[name] for name, command in self._commands.items() if command.here]

    def on_deliveries(self) -> Sequence[QAction]:
        """Those that do something only while deliveries are listed."""
        return [
            *self.of_list(),
            *(
                self._actions[name]
                for name in (
                    *("resend", "resend_to", "compare_answers", "copy_as", "older", "newer"),
                    *("copy_path", "copy_id", "make_handler", "make_scenario"),
                    *("check_again", "check_all_again"),
                    *("copy_path", "copy_id", "make_handler", "check_again", "find_out", "check_all_again"),
                )
            ),
        ]

    def of_submenu(self, title: str) -> Sequence[QAction]:
        """Those of one submenu, by its untranslated title."""
        return [self._actions[name] for name, command in self._commands.items() if command.submenu == title]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put the menus into `bar`; returns them by their untranslated titles."""
        menus: dict[str, QMenu] = {}
        for title, commands in MENUS:
            menus[title] = menu = bar.addMenu(_translated(title))
            for command in commands:
                if isinstance(command, str):
                    menu.addSeparator()
                elif command.submenu:
                    if command.submenu not in menus:
                        menus[command.submenu] = menu.addMenu(_translated(command.submenu))
                    menus[command.submenu].addAction(self._actions[command.name])
                else:
                    menu.addAction(self._actions[command.name])
        return menus

    def recolour(self) -> None:
        """Give the commands their icons, at first and when the palette has changed."""
        for name, command in self._commands.items():
            if command.icon:
                self._actions[name].setIcon(icon(command.icon))

    def _made(self, command: Command, window: QWidget) -> QAction:
        action = QAction(_translated(command.text), window)
        action.setObjectName(command.name)
        action.setCheckable(command.checkable)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.here:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if command.group:
            group = self._groups.setdefault(command.group, QActionGroup(self))
            group.addAction(action)
        action.setIconVisibleInMenu(False)
        return action


def _translated(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
