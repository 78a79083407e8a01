"""One handler on a delivery's ladder: where it stands, why, and what it expected."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery, Rung, Standing
from inspector.core.handler import Handler
from inspector.core.verification.reading import Reading
from inspector.core.verification.signatures import Found, find_signatures
from inspector.gui.deliveries.reason_text import reason_of, standing_word
from inspector.gui.icons import state_pixmap
from inspector.gui.tasks import Tasks
from inspector.gui.theme import State, muted_colour, spacing, state_colour, state_of_standing
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.tint import tint

_LONGEST_SIGNATURE = 512
_UNCHECKED = ("path", "kind-not-available")


class RungRow(QWidget):
    """The handler's name opens it; `Show expected` discloses its signature beside the received one."""

    handler_wanted = Signal(object)  # Rung

    def __init__(
        self, expected: Callable[[Delivery, Rung], Awaitable[bytes | None]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._expected = expected
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._delivery: Delivery | None = None
        self._rung: Rung | None = None
        self._received = b""
        self._value = b""
        self._build()

    def show_rung(self, number: int, delivery: Delivery, rung: Rung, handler: Handler | None) -> None:
        """Show where `rung` stands, `number` in the chain; `handler` is what was checked then, if known."""
        if (delivery.id, rung) != (self._delivery and self._delivery.id, self._rung):
            self._disclosure.setChecked(False)
        self._delivery, self._rung = delivery, rung
        state = state_of_standing(rung.standing, rung.reason)
        name = shortened(marked(rung.handler), 80)
        word = standing_word(rung)
        size = self.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(state, QApplication.palette(), size, self.devicePixelRatioF()))
        self._number.setText(str(number))
        self._name.setText(name)
        self._name.setAccessibleName(self.tr("Open handler {name}").format(name=name))
        self._word.setText(word)
        self._why.setText(reason_of(rung))
        self._whose.setText(self._facts(rung))
        self._whose.setVisible(bool(self._whose.text()))
        self._paint(state)
        self._offer_expected(delivery, rung, handler)

    def _build(self) -> None:
        self._number, self._icon = _plain(self), QLabel(self)
        self._name = LinkButton(self)
        self._name.setObjectName("open_handler")
        self._name.setToolTip(self.tr("Open this handler"))
        self._name.clicked.connect(self._open)
        self._word, self._why, self._whose = _plain(self), _plain(self), _plain(self)
        self._word.setObjectName("standing")
        self._why.setObjectName("reason")
        self._why.setWordWrap(True)
        self._whose.setWordWrap(True)
        self._disclosure = QPushButton(self.tr("Show expected"), self)
        self._disclosure.setObjectName("show_expected")
        self._disclosure.setCheckable(True)
        self._disclosure.toggled.connect(self._disclose)
        self._build_comparison()
        top = QHBoxLayout()
        top.setSpacing(spacing())
        top.addWidget(self._name)
        top.addStretch(1)
        top.addWidget(self._word)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spacing(2))
        grid.setVerticalSpacing(spacing(1))
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._number, 0, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._icon, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(top, 0, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        buttons.addWidget(self._disclosure)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        grid.addWidget(self._why, 1, 2)
        grid.addWidget(self._whose, 2, 2)
        grid.addLayout(buttons, 3, 2)
        grid.addWidget(self._disclosed, 4, 2)

    def _build_comparison(self) -> None:
        self._disclosed = QWidget(self)
        self._comparison = Comparison(self.tr("received"), self.tr("expected"), self._disclosed)
        self._comparison.setObjectName("comparison")
        self._difference = _plain(self._disclosed)
        self._difference.setObjectName("difference")
        self._difference.setWordWrap(True)
        self._copy = QPushButton(self.tr("Copy expected"), self)
        self._copy.setObjectName("copy_expected")
        self._copy.clicked.connect(self._copy_expected)
        column = QVBoxLayout(self._disclosed)
        column.setContentsMargins(0, spacing(), 0, 0)
        column.addWidget(self._comparison)
        column.addWidget(self._difference)
        self._disclosed.hide()
        self._copy.hide()

    def _paint(self, state: State) -> None:
        for label, colour in (
            (self._word, state_colour(state, QApplication.palette())),
            (self._number, muted_colour(QApplication.palette())),
            (self._whose, muted_colour(QApplication.palette())),
        ):
            tint(label, colour)

    def _facts(self, rung: Rung) -> str:
        if rung.user and rung.secret_label:
            text = self.tr("User {user}, secret {secret}")
        elif rung.user:
            text = self.tr("User {user}")
        elif rung.secret_label:
            text = self.tr("Secret {secret}")
        else:
            return ""
        return text.format(user=shortened(marked(rung.user), 80), secret=shortened(marked(rung.secret_label or ""), 80))

    def _offer_expected(self, delivery: Delivery, rung: Rung, handler: Handler | None) -> None:
        self._received = received_signature(delivery, handler)
        checked = rung.reason not in _UNCHECKED and rung.standing is not Standing.NOT_CHECKABLE
        by_hmac = handler.scheme.kind == "hmac" if handler else rung.reason == "signature-mismatch"
        self._disclosure.setVisible(checked and by_hmac)

    @Slot()
    def _open(self) -> None:
        if self._rung is not None:
            self.handler_wanted.emit(self._rung)

    @Slot(bool)
    def _disclose(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._disclosure.setText(self.tr("Hide expected") if shown else self.tr("Show expected"))
        self._value = b""
        self._comparison.hide()
        self._copy.hide()
        self._disclosed.setVisible(shown)
        if shown and self._delivery is not None and self._rung is not None:
            self._difference.setText(self.tr("Computing the expected signature …"))
            self._tasks.start("expected", self._show_expected(self._delivery, self._rung))

    async def _show_expected(self, delivery: Delivery, rung: Rung) -> None:
        expected = await self._expected(delivery, rung)
        if not self._disclosure.isChecked() or self._rung != rung:
            return
        if expected is None:
            self._difference.setText(
                self.tr(
                    "The expected signature cannot be computed: the handler's secret or its algorithm "
                    "is not available here any more."
                )
            )
            return
        self._value = expected
        failed = state_colour(State.FAILED, QApplication.palette())
        self._comparison.compare(_signature_text(self._received), _signature_text(expected), failed)
        self._comparison.show()
        self._copy.show()
        self._difference.setText(self._difference_text())

    def _difference_text(self) -> str:
        at = self._comparison.first_difference
        if not self._received:
            return self.tr("No signature was received in the form that this handler expects.")
        if at is None:
            return self.tr("Received and expected are equal.")
        return self.tr("The first difference is at character {place} of {length}.").format(
            place=at + 1, length=len(self._value)
        )

    @Slot()
    def _copy_expected(self) -> None:
        QGuiApplication.clipboard().setText(self._value.decode("latin-1"))

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._difference.setText(
            self.tr("The expected signature cannot be computed: {reason}").format(reason=marked(str(error)))
        )


def received_signature(delivery: Delivery, handler: Handler | None) -> bytes:
    """The signature's own text as it was sent, without its prefix where it has the right one; empty when absent."""
    place = handler.scheme.signature if handler else None
    if place is None:
        return b""
    found = find_signatures(Reading(delivery.request), place)
    if isinstance(found, Found):
        return found.signatures[0]
    return delivery.request.headers.first(place.name) or b"" if place.place == "header" else b""


def _signature_text(signature: bytes) -> str:
    return shortened(marked(signature.decode("latin-1")), _LONGEST_SIGNATURE)


def _plain(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
