"""All that is known of one delivery, in tabs."""

from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QStackedLayout, QTabWidget, QWidget

from inspector.core.delivery import Delivery
from inspector.gui.deliveries.body_pane import BodyPane
from inspector.gui.deliveries.headers_pane import HeadersPane
from inspector.gui.deliveries.raw_pane import RawPane
from inspector.gui.deliveries.verdict_pane import Expected, HandlerOf, VerdictPane
from inspector.gui.tasks import Tasks


class _Pane(Protocol):
    def show_delivery(self, delivery: Delivery) -> None: ...


class DeliveryDetails(QWidget):
    """Verdict, Headers, Body and Raw of the delivery that is selected; only the tab in sight is filled.

    Tab, view, encoding and filter stay as they are while one goes from delivery to delivery. Its QActions
    (find, copy, save, the tabs) are in `actions()` for menus and the command palette.
    """

    handler_wanted = Signal(object)  # Rung: open this handler, as it is now
    new_handler_wanted = Signal()
    said = Signal(str)  # one short sentence for the status line

    def __init__(self, expected: Expected, handler_of: HandlerOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self)
        self._delivery: Delivery | None = None
        self._stale: set[_Pane] = set()
        self._verdict = VerdictPane(expected, handler_of, self)
        self._headers, self._body, self._raw = HeadersPane(self), BodyPane(self), RawPane(self)
        self._panes: tuple[_Pane, ...] = (self._verdict, self._headers, self._body, self._raw)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("details_tabs")
        self._tabs.setAccessibleName(self.tr("Delivery"))
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self._verdict, self.tr("Verdict"))
        self._tabs.addTab(self._headers, self.tr("Headers"))
        self._tabs.addTab(self._body, self.tr("Body"))
        self._tabs.addTab(self._raw, self.tr("Raw"))
        self._nothing = QLabel(self.tr("Select a delivery to see what became of it."), self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._tabs)
        self._connect()
        self._add_actions()

    @property
    def delivery(self) -> Delivery | None:
        """The delivery that is shown."""
        return self._delivery

    @property
    def tab(self) -> int:
        """The number of the tab in sight, for the window's state."""
        return self._tabs.currentIndex()

    def show_tab(self, number: int) -> None:
        """Bring a tab into sight."""
        self._tabs.setCurrentIndex(number)

    def show_delivery(self, delivery: Delivery | None) -> None:
        """Show this delivery, or that none is selected."""
        self._delivery = delivery
        self._tasks.cancel()
        for action in self._needing_delivery:
            action.setEnabled(delivery is not None)
        self._stack.setCurrentWidget(self._nothing if delivery is None else self._tabs)
        if delivery is not None:
            self._stale = set(self._panes)
            self._fill()

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._fill)
        self._verdict.handler_wanted.connect(self.handler_wanted)
        self._verdict.new_handler_wanted.connect(self.new_handler_wanted)
        self._headers.masked_changed.connect(self._raw.set_masked)
        self._raw.masked_changed.connect(self._headers.set_masked)
        for pane in (self._body, self._raw):
            pane.said.connect(self.said)
            pane.find_bar.wanted.connect(self._find)
            pane.find_bar.closed.connect(pane.setFocus)

    def _add_actions(self) -> None:
        commands = (
            ("find_in_body", self.tr("Find in Body"), QKeySequence(QKeySequence.StandardKey.Find), self._open_find),
            ("copy_body", self.tr("Copy Body"), QKeySequence(), self._copy_body),
            ("save_body", self.tr("Save Body…"), QKeySequence(QKeySequence.StandardKey.Save), self._save_body),
            ("copy_raw", self.tr("Copy Raw Request"), QKeySequence(), self._copy_raw),
            ("copy_curl", self.tr("Copy as cURL"), QKeySequence(), self._copy_curl),
        )
        self._needing_delivery = []
        for name, text, shortcut, slot in commands:
            action = QAction(text, self)
            action.setObjectName(name)
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setEnabled(False)
            action.triggered.connect(slot)
            self.addAction(action)
            self._needing_delivery.append(action)

    @Slot()
    def _fill(self) -> None:
        pane = self._panes[self._tabs.currentIndex()]
        if self._delivery is not None and pane in self._stale:
            self._stale.discard(pane)
            pane.show_delivery(self._delivery)

    @Slot()
    def _open_find(self) -> None:
        if self._tabs.currentWidget() is not self._raw:
            self._tabs.setCurrentWidget(self._body)
        (self._raw if self._tabs.currentWidget() is self._raw else self._body).find_bar.open()

    @Slot(str, bool)
    def _find(self, text: str, backward: bool) -> None:  # noqa: FBT001 - a slot
        pane = self._raw if self._tabs.currentWidget() is self._raw else self._body
        self._tasks.start("find", self._search(pane, text, backward=backward))

    async def _search(self, pane: BodyPane | RawPane, text: str, *, backward: bool) -> None:
        pane.find_bar.say(self.tr("Searching …"))
        found = await pane.find_text(text, backward=backward)
        pane.find_bar.say("" if found else self.tr("Not found"))

    @Slot()
    def _copy_body(self) -> None:
        self._fill_pane(self._body)
        self._body.copy_body()

    @Slot()
    def _save_body(self) -> None:
        self._fill_pane(self._body)
        self._body.save_body()

    @Slot()
    def _copy_raw(self) -> None:
        self._fill_pane(self._raw)
        self._raw.copy_raw()

    @Slot()
    def _copy_curl(self) -> None:
        self._fill_pane(self._raw)
        self._raw.copy_curl()

    def _fill_pane(self, pane: _Pane) -> None:
        if self._delivery is not None and pane in self._stale:
            self._stale.discard(pane)
            pane.show_delivery(self._delivery)
