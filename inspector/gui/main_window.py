"""The window: it arranges panes and actions, and decides nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QPaintEvent, QPalette, QShowEvent, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from inspector.gui.actions import Actions
from inspector.gui.deliveries.delivery_details import DeliveryDetails
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.deliveries.sidebar import Choice, Sidebar
from inspector.gui.focus import go_into
from inspector.gui.header import Header
from inspector.gui.models.delivery_columns import COLUMNS
from inspector.gui.palette import CommandPalette
from inspector.gui.shortcut_list import ShortcutList
from inspector.gui.status_line import StatusLine
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.message_bar import MessageBar
from inspector.gui.widgets.mnemonics import letter_of, make_distinct
from inspector.gui.window_state import WindowState

_WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut
FIRST_SHARE = 0.9
"""So much of the screen a new window takes at the most; what frames it needs the rest."""


@dataclass(frozen=True, slots=True)
class Panes:
    """What the window shows of deliveries, and what can be undone in it, wherever it was done."""

    deliveries: DeliveryList
    details: DeliveryDetails
    stack: QUndoStack


@dataclass(frozen=True, slots=True)
class Page:
    """What the middle shows in place of deliveries once it is chosen; it is made when it is first looked at.

    Its commands are a menu of their own, or a submenu of the one that `within` names by its untranslated title.
    """

    choice: Choice
    make: Callable[[], QWidget]
    menu: str = ""
    actions: Sequence[QAction] = ()
    within: str = ""


class MainWindow(QMainWindow):
    """Three columns that can be dragged and hidden, a header, messages and a status line."""

    painted = Signal()  # once, after the first paint
    closed = Signal()

    def __init__(self, panes: Panes) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("Webhook Inspector"))
        self.actions_by_name = Actions(self)
        self.panes = panes
        self._was_painted, self._was_arranged = False, False
        self._pages: dict[Choice, Page] = {}
        self._made: dict[Choice, QWidget] = {}
        self._of_whole_window: dict[QAction, Choice] = {}  # commands of pages, whose keys work outside them too
        self.header = Header(self.actions_by_name, self)
        self.messages = MessageBar(self)
        self.sidebar = Sidebar(self)
        self.status = StatusLine(self)
        self._list_column = QWidget(self)
        self._inner = Columns(self)
        self._outer = Columns(self)
        self._middle = QStackedWidget(self)
        self._arrange()
        self._fill_menus()
        self._connect_actions()
        self.resize(self._first_size())
        self._show_choice(Choice.ALL)
        self.sidebar.setFocus(Qt.FocusReason.OtherFocusReason)  # the list may be empty, and hidden

    def add_page(self, page: Page) -> None:
        """Take in a page and its commands. None need be there when the window is first painted."""
        if not self._pages:
            self.actions_by_name.recolour()
        self._pages[page.choice] = page
        for action in page.actions:
            if action.shortcutContext() is Qt.ShortcutContext.WindowShortcut:
                self._of_whole_window[action] = page.choice
        if page.actions:
            menu = QMenu(page.menu, self)
            menu.addActions(page.actions)
            if page.within:
                self._menus[page.within].addMenu(menu)
            else:
                self.menuBar().insertMenu(self._menus["&Listener"].menuAction(), menu)
        if page.choice is self.sidebar.choice:
            self._show_choice(page.choice)

    def add_above_list(self, widget: QWidget) -> None:
        """Have `widget` over the list of deliveries."""
        if isinstance(column := self._list_column.layout(), QVBoxLayout):
            column.insertWidget(0, widget)

    def add_below_list(self, widget: QWidget) -> None:
        """Have `widget` under the list of deliveries."""
        if (column := self._list_column.layout()) is not None:
            column.addWidget(widget)

    # How it was left

    def _first_size(self) -> QSize:
        """Wide enough for all three columns where the screen is: a new window never reaches beyond it."""
        wanted = QSize(self.fontMetrics().horizontalAdvance("0") * 190, self.fontMetrics().height() * 50)
        return wanted.boundedTo(self.screen().availableSize() * FIRST_SHARE)

    def restore(self, state: WindowState) -> None:
        """Look as `state` says; what it does not say stays as it is."""
        if state.geometry:
            self.restoreGeometry(QByteArray(state.geometry))
        for splitter, kept in ((self._outer, state.outer), (self._inner, state.inner)):
            if kept:
                splitter.restoreState(QByteArray(kept))
        self._was_arranged = bool(state.inner)
        columns = self.panes.deliveries.view.columns
        if state.columns:
            columns.restoreState(QByteArray(state.columns))
        unwanted = frozenset(place for place, column in enumerate(COLUMNS) if column.name in state.hidden_columns)
        columns.want_all_but(unwanted)
        actions = self.actions_by_name
        actions["sidebar"].setChecked(state.sidebar)
        actions["details"].setChecked(state.details)
        actions["relative_times"].setChecked(state.relative_times)
        if state.choice in set(Choice):
            self.sidebar.choose(Choice(state.choice))

    def state(self) -> WindowState:
        """How it looks now."""
        columns = self.panes.deliveries.view.columns
        actions = self.actions_by_name
        return WindowState(
            geometry=bytes(self.saveGeometry().data()),
            columns=bytes(columns.saveState().data()),
            hidden_columns=tuple(COLUMNS[place].name for place in sorted(columns.unwanted)),
            outer=bytes(self._outer.saveState().data()),
            inner=bytes(self._inner.saveState().data()),
            choice=self.sidebar.choice.value,
            search=self.header.search.text(),
            sidebar=actions["sidebar"].isChecked(),
            details=actions["details"].isChecked(),
            relative_times=actions["relative_times"].isChecked(),
        )

    # Qt's side

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_arranged:  # the screen may have made it smaller than it wanted to be
            self._was_arranged = True
            width = self._inner.width()
            self._inner.setSizes([width * 3 // 5, width - width * 3 // 5])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._pages:
            self.actions_by_name.recolour()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Be gone at once; what is still at work ends in its own time."""
        event.accept()
        self.hide()
        self.closed.emit()

    # Arranging

    def _arrange(self) -> None:
        panes = self.panes
        self._inner.setObjectName("columns")
        listed = QVBoxLayout(self._list_column)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(0)
        listed.addWidget(panes.deliveries, 1)
        self._inner.setFocusProxy(panes.deliveries.view)
        self._inner.addWidget(self._list_column)
        self._inner.addWidget(panes.details)
        self._middle.addWidget(self._inner)
        self._outer.addWidget(self.sidebar)
        self._outer.addWidget(self._middle)
        self._outer.setStretchFactor(0, 0)
        self._outer.setStretchFactor(1, 1)
        self._inner.setStretchFactor(0, 3)
        self._inner.setStretchFactor(1, 2)
        digit = self.fontMetrics().horizontalAdvance("0")
        self._outer.setSizes([digit * 24, digit * 166])
        self._middle.setBackgroundRole(QPalette.ColorRole.Base)
        self._middle.setAutoFillBackground(True)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.messages)
        column.addWidget(self._outer, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)
        self.palette_of_commands = CommandPalette(self)
        for before, after in (
            (self.header.search, panes.deliveries.view),
            (panes.deliveries.view, panes.details),
        ):
            self.setTabOrder(before, after)

    def _fill_menus(self) -> None:
        self._menus = menus = self.actions_by_name.fill(self.menuBar())
        self._column_menu = QMenu(self.tr("&Columns"), self)
        view = menus["&View"]
        view.insertMenu(self.actions_by_name["sidebar"], self._column_menu)
        header = self.panes.deliveries.view.columns
        for place, column in enumerate(COLUMNS):
            action = QAction(column.heading(), self)
            action.setObjectName(f"column_{column.name}")
            action.setCheckable(True)
            action.setChecked(True)
            action.setData(place)
            action.setEnabled(place > 0)  # without its verdict a row cannot be told from another
            action.triggered.connect(self._choose_columns)
            self._column_menu.addAction(action)
        menus["&Copy"].addActions(self.panes.details.actions())
        self.copy_menu = menus["&Copy"]
        header.wanted_changed.connect(self._tick_columns)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header.addActions(self._column_menu.actions())
        actions = self.actions_by_name
        self.panes.deliveries.view.addActions(actions.of_list())
        self.addActions([action for action in actions if action not in actions.of_list()])

    def _connect_actions(self) -> None:
        actions, deliveries = self.actions_by_name, self.panes.deliveries
        for name in ("undo", "redo"):
            actions[name].setEnabled(False)
        stack = self.panes.stack
        actions["undo"].triggered.connect(stack.undo)
        actions["redo"].triggered.connect(stack.redo)
        stack.canUndoChanged.connect(actions["undo"].setEnabled)
        stack.canRedoChanged.connect(actions["redo"].setEnabled)
        stack.undoTextChanged.connect(self._name_undo)
        for choice in Choice:
            actions[f"show_{choice}"].triggered.connect(self._chooser(choice))
        self.sidebar.chosen.connect(self._show_choice)
        self.sidebar.entered.connect(self.go_to)
        actions["follow"].setChecked(True)
        actions["follow"].toggled.connect(deliveries.follow)
        deliveries.following_changed.connect(actions["follow"].setChecked)
        actions["older"].triggered.connect(self._older)
        actions["newer"].triggered.connect(self._newer)
        actions["newest"].triggered.connect(deliveries.go_to_newest)
        actions["oldest"].triggered.connect(deliveries.go_to_oldest)
        actions["show_details"].triggered.connect(self._go_to_details)
        deliveries.details_wanted.connect(self._go_to_details)
        actions["search"].triggered.connect(self._go_to_search)
        actions["clear_search"].triggered.connect(self.header.search.clear_search)
        self.header.search.left.connect(self._go_to_list)
        for name, pane in (("sidebar", self.sidebar), ("details", self.panes.details)):
            actions[name].setChecked(True)
            actions[name].toggled.connect(pane.setVisible)
        actions["relative_times"].toggled.connect(self._show_relative_times)
        actions["palette"].triggered.connect(self._open_palette)
        actions["shortcuts"].triggered.connect(self._open_shortcuts)
        actions["copy_as"].triggered.connect(self._open_copy_menu)
        actions["quit"].triggered.connect(self.close)

    def _chooser(self, choice: Choice) -> Callable[[], None]:
        return lambda: self.go_to(choice)

    # What actions do

    @Slot(object)
    def go_to(self, choice: Choice) -> None:
        """Choose, and be in what is chosen: its keys work at once."""
        page = self._widget_of(choice)
        left_at = page.focusWidget()
        self.sidebar.choose(choice)
        go_into(page, left_at)

    @Slot(object)
    def _show_choice(self, choice: Choice) -> None:
        page = self._widget_of(choice)
        self._middle.setCurrentWidget(page)
        for action in self.actions_by_name.on_deliveries():
            action.setEnabled(choice.lists_deliveries)
        self._give_keys(choice)
        if self._pages:  # the menus are whole
            menus = (letter_of(action.text()) for action in self.menuBar().actions())
            make_distinct(page, frozenset(menus))

    def _give_keys(self, choice: Choice) -> None:
        """Of commands with the same keys, the page in sight has them: two that could be meant would do nothing."""
        own = {action.shortcut() for action in self._pages[choice].actions} if choice in self._pages else set()
        for action in self._of_whole_window:
            apart = choice is not self._of_whole_window[action] and action.shortcut() in own
            action.setShortcutContext(_WITHIN if apart else Qt.ShortcutContext.WindowShortcut)

    def _widget_of(self, choice: Choice) -> QWidget:
        if choice.lists_deliveries or choice not in self._pages:
            return self._inner
        if choice not in self._made:
            self._made[choice] = self._pages[choice].make()
            self._middle.addWidget(self._made[choice])
        return self._made[choice]

    @Slot(str)
    def _name_undo(self, text: str) -> None:
        self.actions_by_name["undo"].setText(self.tr("&Undo {0}").format(text) if text else self.tr("&Undo"))

    @Slot()
    def _choose_columns(self) -> None:
        unticked = (action.data() for action in self._column_menu.actions() if not action.isChecked())
        self.panes.deliveries.view.columns.want_all_but(frozenset(unticked))

    @Slot()
    def _tick_columns(self) -> None:
        unwanted = self.panes.deliveries.view.columns.unwanted
        for action in self._column_menu.actions():
            action.setChecked(action.data() not in unwanted)

    @Slot()
    def _older(self) -> None:
        self.panes.deliveries.step(1)

    @Slot()
    def _newer(self) -> None:
        self.panes.deliveries.step(-1)

    @Slot()
    def _go_to_details(self) -> None:
        self.actions_by_name["details"].setChecked(True)
        self.panes.details.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _go_to_search(self) -> None:
        if not self.sidebar.choice.lists_deliveries:
            self.sidebar.choose(Choice.ALL)
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    @Slot()
    def _go_to_list(self) -> None:
        view = self.panes.deliveries.view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.currentIndex().isValid():
            self.panes.deliveries.step(0)

    @Slot(bool)
    def _show_relative_times(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.panes.deliveries.model.show_relative_times(on=on)

    @Slot()
    def _open_copy_menu(self) -> None:
        view = self.panes.deliveries.view
        row = view.visualRect(view.currentIndex())
        self.copy_menu.popup(view.viewport().mapToGlobal(row.bottomLeft() + QPoint(8 * spacing(), 0)))

    @Slot()
    def _open_palette(self) -> None:
        self.palette_of_commands.open_for(self.menuBar())

    @Slot()
    def _open_shortcuts(self) -> None:
        ShortcutList(self.menuBar(), self).show()
