"""The attempts of the delivery that is shown, or of a run, and the one that is chosen of them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.core.attempt import Attempt, AttemptSummary, summary_of
from inspector.core.delivery import Delivery
from inspector.core.request import Request
from inspector.gui.models.attempt_table import MOST
from inspector.gui.resend.attempt_list import AttemptList
from inspector.gui.resend.attempt_pane import AttemptPane
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.safe_text import marked
from inspector.store import Reader, StoreError


class AttemptsSide(QWidget):
    """A list over what came back; while the list is of a run, a line above it leads back to the delivery's own."""

    said = Signal(str)
    comparison_wanted = Signal()

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._delivery: Delivery | None = None
        self.list = AttemptList(self)
        self.list.attempt_chosen.connect(self._show_attempt)
        self._attempt = AttemptPane(self)
        self._attempt.comparison_wanted.connect(self.comparison_wanted)
        self._nothing = EmptyState(
            self.tr("Not sent again yet"),
            self.tr(
                "Send this delivery to your own service as often as you need: byte for byte as it came, edited, or "
                "signed anew. Each attempt is kept here with its answer and its times. R sends it again."
            ),
        )
        self._build_back()
        self._lay_out()

    @property
    def of_others(self) -> bool:
        """Whether attempts are listed that are not the delivery's own."""
        return not self._others.isHidden()

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery's attempts."""
        self._delivery = delivery
        self.list_own()

    @Slot()
    def list_own(self) -> None:
        """List the attempts of the delivery."""
        if self._delivery is None:
            return
        self._others.hide()
        try:
            found = self._reader.attempts(delivery=self._delivery.id, newest=True, limit=MOST)
        except StoreError as error:
            self.said.emit(str(error))
            return
        self._stack.setCurrentIndex(1 if found else 0)
        self.list.show_attempts(found)

    @Slot(object, str)
    def list_these(self, attempts: Sequence[AttemptSummary], words: str) -> None:
        """List attempts of other deliveries too, until one goes back or on."""
        text = self.tr("Of the run: {0}, the newest {1}") if len(attempts) == MOST else self.tr("Of the run: {0}, {1}")
        self._others_text.setText(text.format(marked(words), f"{len(attempts):,}"))
        self._others.show()
        self._stack.setCurrentIndex(1)
        self.list.show_attempts(attempts, of_many=True)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_own(self, attempts: Sequence[AttemptSummary]) -> None:
        """New attempts, of which those of the delivery are listed."""
        if self._delivery is None or self.of_others:
            return
        own = [attempt for attempt in attempts if attempt.delivery == self._delivery.id]
        if own:
            self._stack.setCurrentIndex(1)
            self.list.add(own, choose=any(attempt.error == "cancelled" and not attempt.run for attempt in own))

    def show_sent(self, attempt: Attempt) -> None:
        """The delivery was sent again just now, on demand."""
        if self.of_others:
            self.list_own()
        self._stack.setCurrentIndex(1)
        self.list.add([summary_of(attempt)], choose=False)
        self.list.choose(attempt.id)

    # Building

    def _build_back(self) -> None:
        """What stands above attempts that are not the delivery's own."""
        self._others = QWidget(self)
        self._others_text = QLabel(self._others)
        self._others_text.setObjectName("others_text")
        self._others_text.setTextFormat(Qt.TextFormat.PlainText)
        self._others_text.setWordWrap(True)
        back = QPushButton(self.tr("Bac&k to this delivery"), self._others)
        back.setObjectName("others_back")
        back.clicked.connect(self.list_own)
        line = QHBoxLayout(self._others)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._others_text, 1)
        line.addWidget(back)
        self._others.hide()

    def _lay_out(self) -> None:
        shown = QSplitter(Qt.Orientation.Vertical, self)
        shown.setChildrenCollapsible(False)
        shown.addWidget(self.list)
        shown.addWidget(self._attempt)
        shown.setStretchFactor(0, 1)
        shown.setStretchFactor(1, 2)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(shown)
        # The form above has what it needs first; the attempts take the rest.
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self._others)
        column.addWidget(self._stack, 1)

    # The one that is chosen

    @Slot(object)
    def _show_attempt(self, id_: int | None) -> None:
        if id_ is None or self._delivery is None:
            return
        try:
            attempt = self._reader.attempt(id_)
            received = self._received(attempt.delivery) if attempt is not None else None
        except StoreError as error:
            self.said.emit(str(error))
            return
        if attempt is not None:
            self._attempt.show_attempt(attempt, received, followed=self.list.attempts.was_followed(id_))

    def _received(self, id_: int) -> Request | None:
        """The request of that delivery, which may be another one than is shown."""
        if self._delivery is not None and self._delivery.id == id_:
            return self._delivery.request
        delivery = self._reader.delivery(id_)
        return None if delivery is None else delivery.request
