"""Where one goes in the window: what the middle lists, and from one thing to another that it speaks of."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot

from inspector.core.filters import EVERYTHING, Search
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.main_window import MainWindow
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.message_bar import Message


class Navigation(QObject):
    """Follows the sidebar and the search, and brings a delivery or a page into sight."""

    def __init__(self, window: MainWindow, live: LiveList, no_match: EmptyState) -> None:
        super().__init__(window)
        self._window, self._live, self._no_match = window, live, no_match
        window.sidebar.chosen.connect(self._choose)
        window.header.search.searched.connect(self._search)
        live.these_left.connect(self._these_left)
        self._choose(window.sidebar.choice)

    @Slot(object)
    def open(self, id_: int) -> None:
        """Come to the front, with this delivery unless it is 0."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if not id_:
            return
        if not window.sidebar.choice.lists_deliveries:
            window.sidebar.choose(Choice.ALL)
        if not window.panes.deliveries.select(id_):
            window.sidebar.choose(Choice.ALL)
            window.header.search.clear_search()
            if not self._live.open(id_):
                window.messages.say(self.tr("There is no delivery {0}.").format(id_))

    def go_to(self, choice: Choice) -> None:
        """Bring a page into sight, and be in it."""
        self._window.go_to(choice)

    @Slot()
    def go_to_handlers(self) -> None:
        """Bring the handlers into sight."""
        self.go_to(Choice.HANDLERS)

    @Slot(object, str)
    def list_edited(self, ids: Sequence[int], words: str) -> None:
        """List the deliveries that a count of the handler's form stands for."""
        text = self.tr("Listed are the deliveries of a handler as it is edited: {words}.").format(words=words)
        self.list_these(ids, text, self.tr("Back to the handler"), Choice.HANDLERS)

    @Slot(object, str)
    def list_recounted(self, ids: Sequence[int], words: str) -> None:
        """List the deliveries that a count of those checked again stands for."""
        self.list_these(ids, self.tr("Listed are deliveries that were checked again: {words}.").format(words=words))

    def list_these(self, ids: Sequence[int], text: str, back: str = "", back_to: Choice = Choice.ALL) -> None:
        """List these deliveries, until something else is looked for. `text` says which they are.

        The button `back`, where it is named, leads to the page `back_to`.
        """
        self.go_to(Choice.ALL)
        self._window.header.search.clear_search()
        self._live.list_these(ids)
        buttons = [(self.tr("List all again"), self._live.list_all)]
        if back:
            buttons.append((back, lambda: self.go_to(back_to)))
        self._window.messages.show_lasting("these", Message(text, buttons=buttons))

    @Slot()
    def _these_left(self) -> None:
        self._window.messages.clear("these")

    @Slot(object)
    def _choose(self, choice: Choice) -> None:
        if choice.lists_deliveries:
            self._live.list_verdict(choice.verdict)
            self._explain_no_match()

    @Slot(object)
    def _search(self, search: Search) -> None:
        if search != EVERYTHING and not self._window.sidebar.choice.lists_deliveries:
            self._window.sidebar.choose(Choice.ALL)  # one is typing: the focus stays
        self._live.search_for(search)
        self._explain_no_match()

    def _explain_no_match(self) -> None:
        """Say of an empty list what it would take to see something."""
        actions = self._window.actions_by_name
        searching = self._window.header.search.search != EVERYTHING
        narrowed = self._window.sidebar.choice.verdict is not None
        self._no_match.set_title(self.tr("Nothing matches") if searching else self.tr("None of these yet"))
        self._no_match.set_text(self.tr("No delivery is what you look for.") if searching else "")
        offered = (("clear_search", searching), ("show_all", narrowed))
        self._no_match.set_actions([actions[name] for name, helps in offered if helps])
