"""All that is known of one delivery, in tabs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from inspector.core.annotation import Annotation
from inspector.core.delivery import Delivery
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:  # a pane is imported when it is first looked at: the window is painted before
    from inspector.gui.deliveries.again_view import CheckAgain
    from inspector.gui.deliveries.body_pane import BodyPane
    from inspector.gui.deliveries.headers_pane import HeadersPane
    from inspector.gui.deliveries.notes_pane import NotesPane
    from inspector.gui.deliveries.raw_pane import RawPane
    from inspector.gui.deliveries.verdict_pane import Expected, HandlerOf, VerdictPane
    from inspector.gui.diagnosis.explainer import Explainer
    from inspector.gui.resend.resends_pane import ResendsPane

    type MakeResends = Callable[[QWidget], ResendsPane]

_VERDICT, _BODY, _RAW, _RESENDS = 0, 2, 3, 5


class _Pane(Protocol):
    def show_delivery(self, delivery: Delivery) -> None: ...


class DeliveryDetails(QWidget):
    """Verdict, Headers, Body, Raw, Notes and Resends of the delivery selected; only the tab in sight is made.

    Tab, view, encoding and filter stay as they are while one goes from delivery to delivery. Its QActions
    (find, copy, save, the tabs) are in `actions()` for menus and the command palette.
    """

    handler_wanted = Signal(object)  # Rung: open this handler, as it is now
    new_handler_wanted = Signal()
    secret_taken = Signal(object)  # int, the id: use the secret that this handshake brought
    written = Signal(object, object)  # the id (int), Annotation: what people wrote to it
    said = Signal(str)  # one short sentence for the status line

    def __init__(
        self,
        expected: "Expected",
        handler_of: "HandlerOf",
        check_again: "CheckAgain | None" = None,
        parent: QWidget | None = None,
        *,
        explainer: "Explainer | None" = None,
        make_resends: "MakeResends | None" = None,
    ) -> None:
        """Without `make_resends` nothing can be sent again."""
        super().__init__(parent)
        self._expected, self._handler_of, self._check_again = expected, handler_of, check_again
        self._explainer, self._make_resends = explainer, make_resends
        self._tasks = Tasks(self)
        self._delivery: Delivery | None = None
        self._panes: dict[int, _Pane] = {}
        self._filled: set[int] = set()
        self._body: BodyPane | None = None
        self._raw: RawPane | None = None
        self._headers: HeadersPane | None = None
        self._verdict: VerdictPane | None = None
        self._notes: NotesPane | None = None
        self._resends: ResendsPane | None = None
        self._masked = True
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("details_tabs")
        self._tabs.setAccessibleName(self.tr("Delivery"))
        self._tabs.setDocumentMode(True)
        titles = [self.tr("Verdict"), self.tr("Headers"), self.tr("Body"), self.tr("Raw"), self.tr("Notes")]
        if make_resends is not None:
            titles.append(self.tr("Resends"))
        for title in titles:
            page = QWidget(self._tabs)
            QVBoxLayout(page).setContentsMargins(0, 0, 0, 0)
            self._tabs.addTab(page, title)
        self._nothing = QLabel(self.tr("Select a delivery to see what became of it."), self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._tabs)
        self._tabs.currentChanged.connect(self._fill)
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

    def show_resends(self) -> "ResendsPane | None":
        """Bring what is sent again into sight; None where there is no delivery to be sent."""
        if self._delivery is None or self._make_resends is None:
            return None
        self.show_tab(_RESENDS)
        self._fill()
        return self._resends

    def show_delivery(self, delivery: Delivery | None) -> None:
        """Show this delivery, or that none is selected."""
        self._delivery = delivery
        self._tasks.cancel()
        for action in self._needing_delivery:
            action.setEnabled(delivery is not None)
        self._stack.setCurrentWidget(self._nothing if delivery is None else self._tabs)
        if delivery is not None:
            self._filled.clear()
            self._fill()

    @Slot()
    def check_again(self) -> None:
        """Show where today's handlers stand for the delivery, beside the stored outcome."""
        if self._delivery is None:
            return
        self.show_tab(_VERDICT)
        self._fill_pane(_VERDICT)
        if self._verdict is not None and self._verdict.again is not None:
            self._verdict.again.check()

    @Slot(object)
    def show_annotations(self, annotations: Mapping[int, Annotation]) -> None:
        """People wrote this to deliveries, perhaps to the one that is shown."""
        delivery = self._delivery
        if delivery is not None and (annotation := annotations.get(delivery.id)) is not None:
            self._delivery = replace(delivery, annotation=annotation)
            if self._notes is not None:
                self._notes.show_annotation(annotation)

    def save_notes(self) -> None:
        """What is typed and not saved yet is told, before the window closes."""
        if self._notes is not None:
            self._notes.save()

    # Making the panes

    def _pane(self, number: int) -> _Pane:
        if number not in self._panes:
            makers = (
                *(self._make_verdict, self._make_headers, self._make_body),
                *(self._make_raw, self._make_notes, self._made_resends),
            )
            pane = makers[number]()
            page = self._tabs.widget(number)
            layout = page.layout() if page is not None else None
            assert layout is not None  # noqa: S101 - made in the constructor
            layout.addWidget(pane)
            pane.show()  # else it waits for the next turn of the loop
            self._panes[number] = pane
        return self._panes[number]

    def _make_verdict(self) -> "VerdictPane":
        from inspector.gui.deliveries.verdict_pane import VerdictPane

        pane = self._verdict = VerdictPane(
            self._expected, self._handler_of, self._check_again, self, explainer=self._explainer
        )
        pane.handler_wanted.connect(self.handler_wanted)
        pane.new_handler_wanted.connect(self.new_handler_wanted)
        pane.secret_taken.connect(self.secret_taken)
        return pane

    def _make_headers(self) -> "HeadersPane":
        from inspector.gui.deliveries.headers_pane import HeadersPane

        self._headers = HeadersPane(self)
        self._headers.set_masked(self._masked)
        self._headers.masked_changed.connect(self._set_masked)
        return self._headers

    def _make_body(self) -> "BodyPane":
        from inspector.gui.deliveries.body_pane import BodyPane

        self._body = BodyPane(self)
        self._offer(self._body)
        return self._body

    def _make_raw(self) -> "RawPane":
        from inspector.gui.deliveries.raw_pane import RawPane

        self._raw = RawPane(self)
        self._raw.set_masked(self._masked)
        self._raw.masked_changed.connect(self._set_masked)
        self._offer(self._raw)
        return self._raw

    def _make_notes(self) -> "NotesPane":
        from inspector.gui.deliveries.notes_pane import NotesPane

        self._notes = NotesPane(self)
        self._notes.written.connect(self.written)
        return self._notes

    def _made_resends(self) -> "ResendsPane":
        assert self._make_resends is not None  # noqa: S101 - else there is no such tab
        self._resends = self._make_resends(self)
        self._resends.said.connect(self.said)
        return self._resends

    def _offer(self, pane: "BodyPane | RawPane") -> None:
        pane.said.connect(self.said)
        pane.find_bar.wanted.connect(self._find)
        pane.find_bar.closed.connect(pane.setFocus)

    @Slot(bool)
    def _set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a slot
        """What is asked for in one pane is shown in the other."""
        self._masked = masked
        for pane in (self._headers, self._raw):
            if pane is not None:
                pane.set_masked(masked)

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
        if self._delivery is not None:
            self._fill_pane(self._tabs.currentIndex())

    def _fill_pane(self, number: int) -> None:
        pane = self._pane(number)
        if self._delivery is not None and number not in self._filled:
            self._filled.add(number)
            pane.show_delivery(self._delivery)

    def _ready_body(self) -> "BodyPane":
        self._fill_pane(_BODY)
        assert self._body is not None  # noqa: S101 - for the type checker
        return self._body

    def _ready_raw(self) -> "RawPane":
        self._fill_pane(_RAW)
        assert self._raw is not None  # noqa: S101 - for the type checker
        return self._raw

    def _searched(self) -> "BodyPane | RawPane":
        return self._ready_raw() if self._tabs.currentIndex() == _RAW else self._ready_body()

    @Slot()
    def _open_find(self) -> None:
        if self._tabs.currentIndex() != _RAW:
            self._tabs.setCurrentIndex(_BODY)
        self._searched().find_bar.open()

    @Slot(str, bool)
    def _find(self, text: str, backward: bool) -> None:  # noqa: FBT001 - a slot
        self._tasks.start("find", self._search(self._searched(), text, backward=backward))

    async def _search(self, pane: "BodyPane | RawPane", text: str, *, backward: bool) -> None:
        pane.find_bar.say(self.tr("Searching …"))
        found = await pane.find_text(text, backward=backward)
        pane.find_bar.say("" if found else self.tr("Not found"))

    @Slot()
    def _copy_body(self) -> None:
        self._ready_body().copy_body()

    @Slot()
    def _save_body(self) -> None:
        self._ready_body().save_body()

    @Slot()
    def _copy_raw(self) -> None:
        self._ready_raw().copy_raw()

    @Slot()
    def _copy_curl(self) -> None:
        self._ready_raw().copy_curl()
