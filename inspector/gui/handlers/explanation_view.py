"""How the handler in the form comes to its outcome for one delivery."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.core.delivery import Delivery, Standing
from inspector.core.explanation import Explanation
from inspector.gui.deliveries.reason_text import reason_of
from inspector.gui.models.delivery_columns import local_time
from inspector.gui.models.filled_parts import FilledPartsModel
from inspector.gui.theme import State, fixed_font, spacing, state_colour
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.hex_view import HexView
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked, shortened

_LONGEST_TEXT = 4_000
_LONGEST_SIGNATURE = 512
_MOST_ROWS = 7


class ExplanationView(QWidget):
    """The outcome, the parts of the signed content, the content as text and bytes, received beside expected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explanation: Explanation | None = None
        self.which = Muted("", self)
        self.outcome = Notice(self)
        self.parts = FilledPartsModel(self)
        self._table = self._make_table()
        self._content_title = QLabel(self)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("signed-content")
        self._text.setAccessibleName(self.tr("Signed content as text"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFont(fixed_font())
        self._bytes = HexView(self)
        self._bytes.setAccessibleName(self.tr("Signed content as bytes"))
        self._tabs = QTabWidget(self)
        self._tabs.setAccessibleName(self.tr("Signed content"))
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self._text, self.tr("Text"))
        self._tabs.addTab(self._bytes, self.tr("Bytes"))
        self._tabs.setFixedHeight(self.fontMetrics().lineSpacing() * 6 + spacing(6))
        self.comparison = Comparison(self.tr("received"), self.tr("expected"), self)
        self.difference = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing(2))
        for widget in (
            self.which, self.outcome, self._table, self._content_title, self._tabs, self.comparison, self.difference,
        ):  # fmt: skip
            column.addWidget(widget)
        self.show_nothing(self.tr("No delivery yet: send one to see what the handler makes of it."))

    @property
    def content(self) -> str:
        """The signed content as it is shown."""
        return self._text.toPlainText()

    def show_nothing(self, text: str) -> None:
        """Say why there is nothing to explain."""
        self._explanation = None
        self.which.setText(text)
        self.outcome.say("")
        self._show_content(None)

    def show_explanation(self, delivery: Delivery, explanation: Explanation, *, selected: bool) -> None:
        """Show how `explanation` comes to its outcome for `delivery`."""
        self._explanation = explanation
        pattern = self.tr("Selected: {request}, {time}") if selected else self.tr("The newest: {request}, {time}")
        request = f"{delivery.request.method} {delivery.request.target}"
        self.which.setText(
            pattern.format(request=shortened(marked(request), 60), time=local_time(delivery.last_byte_ns))
        )
        self._show_outcome(explanation)
        self._show_content(explanation)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._explanation is not None:
            self._compare(self._explanation)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("filled-parts")
        table.setAccessibleName(self.tr("Parts of the signed content"))
        table.setModel(self.parts)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + spacing())
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _show_outcome(self, explanation: Explanation) -> None:
        rung = explanation.rung
        if rung.standing is Standing.WON:
            label = rung.secret_label
            text = self.tr("It verifies this delivery, with the secret “{label}”.") if label else ""
            self.outcome.say(text.format(label=label) or self.tr("It verifies this delivery."), Tone.GOOD)
            return
        tone = Tone.PROBLEM if rung.standing is Standing.FAILED else Tone.NEUTRAL
        if rung.standing is Standing.NOT_CHECKABLE:
            tone = Tone.REMARK
        self.outcome.say(reason_of(rung), tone)

    def _show_content(self, explanation: Explanation | None) -> None:
        parts = explanation.parts if explanation else ()
        self.parts.show_parts(parts)
        for widget in (self._table, self._content_title, self._tabs):
            widget.setVisible(bool(parts))
        if explanation is None or not parts:
            if explanation is None:
                self.comparison.hide()
                self.difference.setText("")
            else:
                self._compare(explanation)
            return
        rows = min(len(parts), _MOST_ROWS)
        self._table.setFixedHeight(
            self._table.horizontalHeader().sizeHint().height()
            + rows * self._table.verticalHeader().defaultSectionSize()
            + spacing()
        )
        content = explanation.content
        self._content_title.setText(self.tr("Signed content, {n} bytes").format(n=f"{explanation.length:,}"))
        text = shortened(marked(content[: 4 * _LONGEST_TEXT].decode("utf-8", "replace"), keep="\n\t"), _LONGEST_TEXT)
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
        self._bytes.show_data(content)
        self._compare(explanation)

    def _compare(self, explanation: Explanation) -> None:
        self.comparison.setVisible(bool(explanation.received))
        if not (explanation.received and explanation.expected):
            self.comparison.show_alone(_signature(explanation.received))
            self.difference.setText("")
            return
        colour = state_colour(State.FAILED, QApplication.palette())
        self.comparison.compare(_signature(explanation.received), _signature(explanation.expected), colour)
        at = self.comparison.first_difference
        if at is None:
            self.difference.setText(self.tr("Received and expected are equal."))
        else:
            self.difference.setText(
                self.tr("The first difference is at character {place} of {length}.").format(
                    place=at + 1, length=len(explanation.expected)
                )
            )


def _signature(signature: bytes) -> str:
    return shortened(marked(signature.decode("latin-1")), _LONGEST_SIGNATURE)
