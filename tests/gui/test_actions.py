"""Every command is in a menu, in the palette, and in the list of shortcuts."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QMainWindow, QTreeWidget
from pytestqt.qtbot import QtBot

from inspector.gui.actions import MENUS, Actions, Command
from inspector.gui.palette import CommandPalette, entries, plain, rank
from inspector.gui.shortcut_list import ShortcutList, shortcuts


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    shown = QMainWindow()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    Actions(shown).fill(shown.menuBar())
    with qtbot.waitExposed(shown):
        shown.show()
    yield shown
    shown.close()


def test_every_command_is_in_a_menu(window: QMainWindow) -> None:
    wanted = {command.name for _, commands in MENUS for command in commands if isinstance(command, Command)}
    assert {entry.action.objectName() for entry in entries(window.menuBar())} == wanted


def test_no_two_commands_have_the_same_keys(window: QMainWindow) -> None:
    keys = Counter(key.toString() for entry in entries(window.menuBar()) for key in entry.action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []


def test_r_resends(window: QMainWindow) -> None:
    keys = {e.action.objectName(): [k.toString() for k in e.action.shortcuts()] for e in entries(window.menuBar())}
    assert keys["resend"] == ["R", "Ctrl+R"]
    assert keys["resend_to"] == ["Ctrl+Shift+R"]


def test_no_two_commands_of_a_menu_have_the_same_mnemonic() -> None:
    for title, commands in MENUS:
        letters = Counter(
            command.text.lower().partition("&")[2][:1]
            for command in commands
            if isinstance(command, Command) and "&" in command.text and not command.submenu
        )
        assert [letter for letter, count in letters.items() if count > 1] == [], title


@pytest.mark.parametrize(
    ("wanted", "path", "fits"),
    [
        ("", "View › Sidebar", True),
        ("side", "View › Sidebar", True),
        ("vwsdb", "View › Sidebar", True),
        ("sidex", "View › Sidebar", False),
        ("go newest", "Deliveries › Newest Delivery", False),
    ],
)
def test_a_command_is_found_by_letters_of_its_name(wanted: str, path: str, fits: bool) -> None:
    assert (rank(wanted, path) is not None) == fits


def test_the_best_fit_comes_first(window: QMainWindow) -> None:
    palette = CommandPalette(window)
    palette.open_for(window.menuBar())
    QTest.keyClicks(field_of(palette), "fol")
    assert palette.listed[0] == "View › Follow Live"


def test_enter_does_what_is_chosen(window: QMainWindow, qtbot: QtBot) -> None:
    palette = CommandPalette(window)
    palette.open_for(window.menuBar())
    QTest.keyClicks(field_of(palette), "newest")
    action = window.findChild(QAction, "newest")
    assert isinstance(action, QAction)
    with qtbot.waitSignal(action.triggered):
        QTest.keyClick(field_of(palette), Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_the_arrow_keys_go_through_the_commands(window: QMainWindow) -> None:
    palette = CommandPalette(window)
    palette.open_for(window.menuBar())
    for _ in range(2):
        QTest.keyClick(field_of(palette), Qt.Key.Key_Down)
    QTest.keyClick(field_of(palette), Qt.Key.Key_Up)
    listed = palette.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    assert listed.currentRow() == 1


def test_escape_closes_the_palette_and_does_nothing(window: QMainWindow) -> None:
    palette = CommandPalette(window)
    palette.open_for(window.menuBar())
    QTest.keyClick(field_of(palette), Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_a_command_that_cannot_be_done_now_is_not_offered(window: QMainWindow) -> None:
    action = window.findChild(QAction, "undo")
    assert isinstance(action, QAction)
    action.setEnabled(False)
    palette = CommandPalette(window)
    palette.open_for(window.menuBar())
    assert "Edit › Undo" not in palette.listed


def test_the_list_of_shortcuts_has_every_command_with_keys(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = ShortcutList(window.menuBar(), window)
    qtbot.addWidget(dialog)
    tree = dialog.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    menus = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    wanted = len(list(shortcuts(window.menuBar())))
    assert wanted > 15
    assert sum(menu.childCount() for menu in menus if menu is not None) == wanted


def test_a_text_loses_its_mnemonic_and_its_dots() -> None:
    assert plain("Copy && &Paste…") == "Copy & Paste"


def test_the_keys_are_those_that_such_tools_have(window: QMainWindow) -> None:
    keys = {entry.action.objectName(): entry.action.shortcuts() for entry in entries(window.menuBar())}
    assert QKeySequence("/") in keys["search"]
    assert QKeySequence("Ctrl+K") in keys["palette"]
    assert (keys["older"], keys["newer"]) == ([QKeySequence("J")], [QKeySequence("K")])


def field_of(palette: CommandPalette) -> QLineEdit:
    field = palette.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    return field
