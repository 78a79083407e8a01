"""One entry of the queue: how it stands, what was tried, and what each try brought back."""

import time

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.attempt import AttemptSummary
from inspector.core.delivery import Delivery
from inspector.core.forward_rule import ForwardRule, Waiting
from inspector.core.target import Allowance
from inspector.gui.forwarding.texts import next_text, state_of_entry, state_text
from inspector.gui.icons import state_pixmap
from inspector.gui.resend.attempt_list import AttemptList
from inspector.gui.resend.attempt_pane import AttemptPane
from inspector.gui.theme import State, spacing
from inspector.gui.widgets.empty_state import ActionButton, EmptyState
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import as_text, marked, shortened
from inspector.gui.widgets.themed import follow_palette
from inspector.store import Reader, StoreError

_LONGEST = 120


class EntryPane(QWidget):
    """Shows an entry while it waits, and how it ended when it has left the queue."""

    allowed = Signal(object, object)  # Waiting, Allowance: let it through, and all others to its target
    failed = Signal(str)

    def __init__(self, reader: Reader, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._entry: Waiting | None = None
        self._rule: ForwardRule | None = None
        self._first = False
        self._delivery: Delivery | None = None
        self._allowance = Allowance()
        self._state = State.STALE
        self._icon = QLabel(self)
        self._title = QLabel(self)
        self._title.setObjectName("entry_title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._standing = Muted("", self)
        self._standing.setObjectName("entry_standing")
        self._allow = QPushButton(self)
        self._allow.setObjectName("allow_rule_target")
        self._allow.clicked.connect(self._let_through)
        self.attempts = AttemptList(self)
        self.attempts.attempt_chosen.connect(self._show_attempt)
        self._attempt = AttemptPane(self)
        self._untried = EmptyState(
            self.tr("Not tried yet"), self.tr("Each attempt is kept here with its answer and its times.")
        )
        self._lay_out(actions)

    @property
    def entry(self) -> Waiting | None:
        """What is shown."""
        return self._entry

    def show_entry(self, entry: Waiting, rule: ForwardRule | None, *, first: bool) -> None:
        """Show this entry of the queue of `rule`; `first`: nothing waits before it."""
        other = self._entry is None or self._entry.id != entry.id
        self._entry, self._rule, self._first = entry, rule, first
        if other or self._delivery is None:
            self._read_delivery(entry)
        self._show_standing(entry, rule, first=first)
        self._list_attempts(entry, keep=not other)
        self._offer(entry)

    @Slot(object)
    def tick(self, entry: Waiting) -> None:
        """A second has passed: the next try is nearer."""
        if self._entry is not None and self._entry.id == entry.id:
            self._show_standing(entry, self._rule, first=self._first)

    def show_left(self, entry: Waiting, rule: ForwardRule | None) -> None:
        """Show how this entry ended: it has left the queue."""
        if self._entry is None or self._entry.id != entry.id:
            return
        self._list_attempts(entry, keep=True)
        self._allow.hide()
        last = self._last_attempt(entry)
        if rule is None:
            self._say(State.NOT_APPLICABLE, self.tr("The rule is gone, and its queue with it."))
        elif last is not None and last.succeeded:
            self._say(State.WON, self.tr("Delivered: it has left the queue."))
        else:
            self._say(State.NOT_APPLICABLE, self.tr("It is no longer in the queue."))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    # Showing

    def _show_standing(self, entry: Waiting, rule: ForwardRule | None, *, first: bool) -> None:
        said = [state_text(entry)]
        if entry.tried:
            said.append(self.tr("tried once") if entry.tried == 1 else self.tr("tried {0} times").format(entry.tried))
        said.append(self.tr("next try {0}").format(next_text(entry, rule, time.time_ns(), first=first)))
        if entry.maybe_twice:
            said.append(self.tr("it may have arrived when the program ended, so it may arrive twice"))
        text = " · ".join(said)
        self._say(state_of_entry(entry), text[:1].upper() + text[1:])

    def _say(self, state: State, text: str) -> None:
        self._state = state
        self._standing.setText(text)
        self._paint_icon()

    def _paint_icon(self) -> None:
        size = self.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(self._state, self.palette(), size, self.devicePixelRatioF()))

    def _read_delivery(self, entry: Waiting) -> None:
        try:
            self._delivery = self._reader.delivery(entry.delivery)
        except StoreError as error:
            self.failed.emit(str(error))
        words = [self.tr("Delivery {0}").format(f"{entry.delivery}")]
        if self._delivery is not None:
            request = self._delivery.request
            words.append(marked(shortened(as_text(f"{request.method} {request.target}"), _LONGEST)))
        self._title.setText(" · ".join(words))

    def _list_attempts(self, entry: Waiting, *, keep: bool) -> None:
        try:
            found = [each for each in self._reader.attempts(delivery=entry.delivery) if each.rule == entry.rule]
        except StoreError as error:
            self.failed.emit(str(error))
            return
        self._stack.setCurrentIndex(1 if found else 0)
        if not keep:
            self.attempts.show_attempts(found)
            return
        at_newest = self.attempts.currentIndex().row() <= 0
        self.attempts.add(found, choose=at_newest)

    def _last_attempt(self, entry: Waiting) -> AttemptSummary | None:
        model = self.attempts.attempts
        return model.attempt(0) if model.rowCount() and model.attempt(0).delivery == entry.delivery else None

    @Slot(object)
    def _show_attempt(self, id_: int | None) -> None:
        if id_ is None:
            return
        try:
            attempt = self._reader.attempt(id_)
        except StoreError as error:
            self.failed.emit(str(error))
            return
        if attempt is not None:
            self._attempt.show_attempt(attempt, self._delivery.request if self._delivery is not None else None)

    # What has to be allowed

    def _offer(self, entry: Waiting) -> None:
        consent, certificate = entry.error == "needs-consent", entry.error.startswith("certificate")
        self._allowance = Allowance(any_certificate=certificate, link_local=consent)
        self._allow.setText(self.tr("Allow this target") if consent else self.tr("Allow this certificate"))
        self._allow.setVisible(consent or certificate)

    @Slot()
    def _let_through(self) -> None:
        if self._entry is not None:
            self.allowed.emit(self._entry, self._allowance)

    # Building

    def _lay_out(self, actions: list[QAction]) -> None:
        shown = QSplitter(Qt.Orientation.Vertical, self)
        shown.setChildrenCollapsible(False)
        shown.addWidget(self.attempts)
        shown.addWidget(self._attempt)
        shown.setStretchFactor(1, 2)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._untried)
        self._stack.addWidget(shown)
        head = QHBoxLayout()
        head.setSpacing(spacing(2))
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        for action in actions:
            buttons.addWidget(ActionButton(action, self))
        buttons.addWidget(self._allow)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(2))
        column.setSpacing(spacing(2))
        column.addLayout(head)
        column.addWidget(self._standing)
        column.addLayout(buttons)
        column.addWidget(self._stack, 1)
