"""What became of a delivery, and where every handler of the chain stands."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery, Rung, Verdict
from inspector.core.handler import Handler
from inspector.core.handshake import brought_secret
from inspector.core.verification.preset_file import PresetError
from inspector.gui.deliveries.again_view import AgainView, CheckAgain
from inspector.gui.deliveries.reason_text import refusal_of
from inspector.gui.deliveries.rung_row import RungRow
from inspector.gui.diagnosis.cause_section import CauseSection
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.icons import state_pixmap
from inspector.gui.models.delivery_columns import exact_time, local_time
from inspector.gui.theme import fixed_font, muted_colour, spacing, state_colour, state_of_verdict
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.tint import tint
from inspector.presets import PresetUnknown, preset, provider_name

type Expected = Callable[[Delivery, Rung], Awaitable[bytes | None]]
"""The signature that the sender would have had to send, in the handler's encoding; None where it cannot be computed."""

type HandlerOf = Callable[[Rung], Handler | None]
"""The handler as it was when it was checked; None where that is not known any more."""

_ROWS_AT_ONCE = 50
_LONGEST_ANSWER = 2_000


class VerdictPane(QScrollArea):
    """The headline, the likely cause, the ladder, the answer. Rows are kept and filled anew while one browses."""

    handler_wanted = Signal(object)  # Rung: open this handler
    new_handler_wanted = Signal()
    secret_taken = Signal(object)  # int, the id: use the secret that this handshake brought

    def __init__(
        self,
        expected: Expected,
        handler_of: HandlerOf,
        check_again: CheckAgain | None = None,
        parent: QWidget | None = None,
        *,
        explainer: Explainer | None = None,
    ) -> None:
        super().__init__(parent)
        self._expected, self._handler_of = expected, handler_of
        self._delivery: Delivery | None = None
        self._rows: list[RungRow] = []
        self._row_limit = _ROWS_AT_ONCE
        self.setAccessibleName(self.tr("Verdict"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget(self)
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(spacing(3), spacing(3), spacing(3), spacing(3))
        self._column.setSpacing(spacing(2))
        self._build_headline()
        self._cause = CauseSection(explainer, self._page) if explainer is not None else None
        if self._cause is not None:
            self._column.addSpacing(spacing(2))
            self._column.addWidget(self._cause)
        self._build_ladder()
        self.again = AgainView(check_again, expected, handler_of, self._page) if check_again else None
        if self.again is not None:
            self.again.handler_wanted.connect(self.handler_wanted)
            self.again.shown.connect(self._show_again)
            self._column.addWidget(self.again)
        self._build_answer()
        self._column.addStretch(1)
        self.setWidget(self._page)

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery."""
        same = self._delivery is not None and self._delivery.id == delivery.id
        self._delivery = delivery
        if not same:
            self._row_limit = _ROWS_AT_ONCE
            self.verticalScrollBar().setValue(0)
        self._show_headline(delivery)
        self._show_ladder(delivery)
        if self.again is not None:
            self.again.show_delivery(delivery)
        self._show_answer(delivery)
        if self._cause is not None:
            self._cause.show_delivery(delivery)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._delivery is not None:
            self.show_delivery(self._delivery)

    # Building

    def _build_headline(self) -> None:
        self._icon = QLabel(self._page)
        self._headline = _label(self._page)
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        self._headline.setFont(font)
        self._headline.setObjectName("headline")
        self._figures = _label(self._page)
        self._figures.setObjectName("figures")
        row = QHBoxLayout()
        row.setSpacing(spacing(2))
        row.addWidget(self._icon)
        row.addWidget(self._headline, 1)
        row.addWidget(self._figures)
        self._explained = _label(self._page)
        self._explained.setObjectName("explained")
        self._received = _label(self._page)
        self._origin = _label(self._page)
        self._origin.setObjectName("origin")
        self._column.addLayout(row)
        self._column.addWidget(self._explained)
        self._column.addWidget(self._received)
        self._column.addWidget(self._origin)
        self._take = QPushButton(self.tr("&Use the secret that it brought"), self._page)
        self._take.setObjectName("take_secret")
        self._take.setToolTip(self.tr("Keep it as a secret of the handler that answered"))
        self._take.clicked.connect(self._take_secret)
        self._column.addWidget(self._take, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_ladder(self) -> None:
        self._ladder_title = _title(self.tr("Handlers"), self._page)
        self._column.addSpacing(spacing(2))
        self._column.addWidget(self._ladder_title)
        self._ladder = QVBoxLayout()
        self._ladder.setSpacing(spacing(2))
        self._column.addLayout(self._ladder)
        self._more = QPushButton(self._page)
        self._more.setFlat(True)
        self._more.clicked.connect(self._show_more)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_handler = QPushButton(self.tr("&Add a handler"), self._page)
        self._add_handler.setObjectName("add_handler")
        self._add_handler.clicked.connect(self.new_handler_wanted)
        self._column.addWidget(self._add_handler, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_answer(self) -> None:
        self._column.addSpacing(spacing(2))
        self._answer_title = _title(self.tr("Answer"), self._page)
        self._answer_status = _label(self._page)
        self._answer_body = _label(self._page)
        self._answer_body.setObjectName("answer_body")
        self._answer_body.setFont(fixed_font())
        for widget in (self._answer_title, self._answer_status, self._answer_body):
            self._column.addWidget(widget)

    # Showing

    def _show_headline(self, delivery: Delivery) -> None:
        state = state_of_verdict(delivery.verdict)
        palette = QApplication.palette()
        size = self._headline.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(state, palette, size, self.devicePixelRatioF()))
        self._headline.setText(self._headline_text(delivery))
        tint(self._headline, state_colour(state, palette))
        self._figures.setText(f"{delivery.answer.status} · {self._duration(delivery)}")
        explained = self._explanation(delivery)
        self._explained.setText(explained)
        self._explained.setVisible(bool(explained))
        self._received.setText(
            self.tr("Received {time} from {sender}").format(
                time=local_time(delivery.last_byte_ns), sender=marked(delivery.remote)
            )
        )
        self._received.setToolTip(exact_time(delivery.last_byte_ns))
        self._origin.setText(self._origin_text(delivery))
        self._origin.setVisible(bool(self._origin.text()))
        self._take.setVisible(self._brings_secret(delivery))
        self._take.setEnabled(True)
        for label in (self._received, self._figures):
            tint(label, muted_colour(palette))

    def _headline_text(self, delivery: Delivery) -> str:
        match delivery.verdict:
            case Verdict.WON if (winner := delivery.winner) is not None:
                return self.tr("Won by {handler}").format(handler=_short(winner.handler))
            case Verdict.HANDSHAKE if (rung := delivery.answered_by) is not None:
                return self.tr("Handshake answered by {handler}").format(handler=_short(rung.handler))
            case Verdict.HANDSHAKE:
                return self.tr("Handshake answered")
            case Verdict.REFUSED:
                return self.tr("Refused")
        return self.tr("No handler verified") if delivery.ladder else self.tr("No handler is configured")

    def _brings_secret(self, delivery: Delivery) -> bool:
        if delivery.verdict is not Verdict.HANDSHAKE or delivery.recognised is None:
            return False
        try:
            known = preset(delivery.recognised.provider)
        except (PresetUnknown, PresetError):
            return False
        return brought_secret(delivery.request, known) is not None

    @Slot()
    def _take_secret(self) -> None:
        if self._delivery is not None:
            self._take.setEnabled(False)  # once is enough
            self.secret_taken.emit(self._delivery.id)

    def _origin_text(self, delivery: Delivery) -> str:
        """Who sent it, as far as it is recognised: provider, event, the provider's identifier, attempt."""
        known = delivery.recognised
        if known is None:
            return ""
        parts = [_short(provider_name(known.provider)), _short(known.event), _short(known.delivery_id)]
        if known.attempt is not None:
            parts.append(self.tr("attempt {number}").format(number=known.attempt))
        return " · ".join(filter(None, parts))

    def _explanation(self, delivery: Delivery) -> str:
        if delivery.refusal is not None:
            return refusal_of(delivery)
        winner = delivery.winner
        if winner is None:
            return ""
        if winner.user and winner.secret_label:
            text = self.tr("Acting user {user}, verified with the secret {secret}.")
        elif winner.user:
            text = self.tr("Acting user {user}.")
        elif winner.secret_label:
            text = self.tr("Verified with the secret {secret}.")
        else:
            return ""
        return text.format(user=_short(winner.user), secret=_short(winner.secret_label or ""))

    def _duration(self, delivery: Delivery) -> str:
        if not delivery.answered_ns:
            return self.tr("answer not known to have left")
        return duration_text(delivery.answered_ns - delivery.first_byte_ns)

    def _show_ladder(self, delivery: Delivery) -> None:
        ladder = delivery.ladder
        shown = ladder[: self._row_limit]
        while len(self._rows) < len(shown):
            self._rows.append(self._new_row())
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(shown))
            if number < len(shown):
                rung = shown[number]
                row.show_rung(number + 1, delivery, rung, self._handler_of(rung))
        self._ladder_title.setVisible(bool(ladder) or delivery.verdict is Verdict.FAILED)
        hidden = len(ladder) - len(shown)
        self._more.setVisible(hidden > 0)
        self._more.setText(self.tr("Show more handlers ({count})").format(count=hidden))
        self._add_handler.setVisible(not ladder and delivery.verdict is Verdict.FAILED)
        if not ladder and delivery.verdict is Verdict.FAILED:
            self._explained.setText(
                self.tr(
                    "There was no handler when this delivery arrived, so nothing could verify it. "
                    "Add one: it takes effect with the next delivery."
                )
            )
            self._explained.show()

    def _new_row(self) -> RungRow:
        row = RungRow(self._expected, self._page)
        row.handler_wanted.connect(self.handler_wanted)
        self._ladder.addWidget(row)
        return row

    def _show_answer(self, delivery: Delivery) -> None:
        answer = delivery.answer
        self._answer_status.setText(f"{answer.status} {_phrase(answer.status)}".rstrip())
        text = bytes(answer.body[: _LONGEST_ANSWER * 4]).decode("utf-8", "replace")
        self._answer_body.setText(shortened(marked(text, keep="\n"), _LONGEST_ANSWER))
        self._answer_body.setVisible(bool(text))

    @Slot()
    def _show_again(self) -> None:
        if self.again is not None:
            self.ensureWidgetVisible(self.again)

    @Slot()
    def _show_more(self) -> None:
        self._row_limit += _ROWS_AT_ONCE
        if self._delivery is not None:
            self._show_ladder(self._delivery)


def duration_text(ns: int) -> str:
    """A time between two moments as a person reads it: `0.8 ms`, `2.1 s`."""
    if ns < 1_000_000_000:
        return f"{ns / 1_000_000:.1f} ms"
    return f"{ns / 1_000_000_000:.1f} s"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _short(text: str) -> str:
    return shortened(marked(text), 80)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _title(text: str, parent: QWidget) -> QLabel:
    title = _label(parent)
    title.setText(text)
    font = title.font()
    font.setBold(True)
    title.setFont(font)
    return title
