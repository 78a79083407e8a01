"""Where today's handlers stand for a delivery: shown beside its stored outcome, which stays as it was."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery, Ladder, Rung, Standing
from inspector.core.handler import Handler
from inspector.core.judgement import Judgement
from inspector.core.rejudged import Turn, answering, rejudged
from inspector.gui.deliveries.rung_row import RungRow
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.safe_text import marked, shortened

type CheckAgain = Callable[[Delivery], Awaitable[Judgement]]
"""What the handlers of today make of it."""

_MOST_ROWS = 50


class AgainView(QWidget):
    """A button, and the ladder of today once it was pressed."""

    handler_wanted = Signal(object)  # Rung: open this handler
    shown = Signal()

    def __init__(
        self,
        check_again: CheckAgain,
        expected: Callable[[Delivery, Rung], Awaitable[bytes | None]],
        handler_of: Callable[[Rung], Handler | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check_again, self._expected, self._handler_of = check_again, expected, handler_of
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._delivery: Delivery | None = None
        self._ladder: Ladder = ()
        self._rows: list[RungRow] = []
        self.button = QPushButton(self.tr("Check again with today’s handlers"), self)
        self.button.setObjectName("check_again")
        self.button.clicked.connect(self.check)
        self._title = QLabel(self.tr("Today’s handlers"), self)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self.said = QLabel(self)
        self.said.setObjectName("again_said")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spacing(), 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._title)
        column.addWidget(self.said)
        self._column = QVBoxLayout()
        self._column.setSpacing(spacing(2))
        column.addLayout(self._column)
        self._show_ladder()

    @property
    def rows(self) -> list[RungRow]:
        """The rows in sight, in the order of the chain."""
        return [row for row in self._rows if not row.isHidden()]

    def show_delivery(self, delivery: Delivery) -> None:
        """Offer it for this delivery; what was checked of another is gone."""
        if self._delivery is None or delivery.id != self._delivery.id:
            self._tasks.cancel()
            self._ladder = ()
            self.said.setText("")
        self._delivery = delivery
        self.setVisible(delivery.refusal is None)
        self._show_ladder()

    @Slot()
    def check(self) -> None:
        """Ask today's handlers."""
        if self._delivery is not None and self._delivery.refusal is None:
            self._tasks.start("check", self._check(self._delivery))

    async def _check(self, delivery: Delivery) -> None:
        today = await self._check_again(delivery)
        if self._delivery is not None and self._delivery.id == delivery.id:
            self._ladder = today.ladder
            self.said.setText(self._compared(delivery, today))
            self._show_ladder()
            self.shown.emit()

    def _compared(self, delivery: Delivery, today: Judgement) -> str:
        """What is different today, in a sentence."""
        if not today.ladder:
            return self.tr("There is no handler today.")
        turn, winner = rejudged(delivery, today).turn, answering(today.ladder)
        if winner is None:
            return {
                Turn.FAILS: self.tr("Today no handler verifies it."),
                Turn.HANDSHAKE: self.tr("Today no handler answers the handshake."),
                Turn.OTHER_REASON: self.tr("Today no handler verifies it either, for another reason."),
            }.get(turn or Turn.WINS, self.tr("Today no handler verifies it either."))
        name = shortened(marked(winner.handler), 80)
        if winner.standing is Standing.ANSWERED:
            return self.tr("Today {handler} would answer the handshake.").format(handler=name)
        if turn is None:
            return self.tr("{handler} would win it today too.").format(handler=name)
        if turn is Turn.OTHER_SECRET:
            secret = shortened(marked(winner.secret_label or ""), 80)
            return self.tr("{handler} would win it today too, with the secret “{secret}”.").format(
                handler=name, secret=secret
            )
        return self.tr("Today {handler} would win it.").format(handler=name)

    def _show_ladder(self) -> None:
        ladder = self._ladder[:_MOST_ROWS]
        while len(self._rows) < len(ladder):
            row = RungRow(self._expected, self)
            row.handler_wanted.connect(self.handler_wanted)
            self._column.addWidget(row)
            self._rows.append(row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(ladder))
            if number < len(ladder) and self._delivery is not None:
                row.show_rung(number + 1, self._delivery, ladder[number], self._handler_of(ladder[number]))
        self._title.setVisible(bool(self.said.text()))
        self.said.setVisible(bool(self.said.text()))

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.said.setText(self.tr("It could not be checked: {reason}").format(reason=marked(str(error))))
        self._show_ladder()
