"""One attempt: what came back, when, what went wrong, and what was sent."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.core.attempt import Attempt
from inspector.core.request import Request
from inspector.core.resending import differences
from inspector.gui.deliveries.syntax import syntax_colours
from inspector.gui.icons import state_pixmap
from inspector.gui.resend.attempt_text import as_text, shown_answer, shown_request
from inspector.gui.resend.texts import (
    answer_text,
    differences_text,
    redirect_text,
    state_of,
    times_text,
    took_text,
    way_text,
)
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked
from inspector.gui.widgets.text_panel import TextPanel
from inspector.gui.widgets.themed import follow_palette, set_icon

_ANSWER, _REQUEST = 0, 1


class AttemptPane(QWidget):
    """Shows one attempt. Credentials are masked until asked for."""

    comparison_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attempt: Attempt | None = None
        self._received: Request | None = None
        self._icon = QLabel(self)
        self._title = QLabel(self)
        self._title.setObjectName("attempt_title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._error = Notice(self)
        self._error.setObjectName("attempt_error")
        self._redirect = Notice(self)
        self._redirect.setObjectName("attempt_redirect")
        self._times, self._way, self._differences = (Muted("", self) for _ in range(3))
        self._differences.setObjectName("attempt_differences")
        self._times.setObjectName("attempt_times")
        self._way.setObjectName("attempt_way")
        self._build_bar()
        self._text = TextPanel(self.tr("Answer"), syntax_colours(QApplication.palette()), self)
        self._text.setObjectName("attempt_text")
        self._lay_out()

    def show_attempt(self, attempt: Attempt, received: Request | None, *, followed: bool = False) -> None:
        """Show this attempt to send what was `received`; `followed`: its redirect was."""
        self._attempt, self._received = attempt, received
        took = took_text(attempt.times.ended_ns).replace(" ", "\N{NO-BREAK SPACE}")  # a figure stays with its unit
        self._title.setText(f"{answer_text(attempt)} · {took}")
        self._error.say(marked(attempt.sentence))
        self._redirect.say(redirect_text(attempt, followed=followed), Tone.NEUTRAL)
        for label, text in (
            (self._times, times_text(attempt.times)),
            (self._way, way_text(attempt)),
            (self._differences, self._differences_text()),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._paint_icon()
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self._text.set_colours(syntax_colours(QApplication.palette()))
            self._paint_icon()

    def _build_bar(self) -> None:
        self._which = QComboBox(self)
        self._which.setObjectName("attempt_part")
        self._which.setAccessibleName(self.tr("What is shown of the attempt"))
        self._which.addItems([self.tr("Answer"), self.tr("Request as sent")])
        self._which.currentIndexChanged.connect(self._refresh)
        self._values = QCheckBox(self.tr("Show values"), self)
        self._values.setObjectName("attempt_values")
        self._values.setToolTip(self.tr("Show tokens, cookies and signatures, which are masked otherwise"))
        self._values.toggled.connect(self._refresh)
        self._copy = QToolButton(self)
        self._copy.setObjectName("copy_attempt")
        set_icon(self._copy, "copy")
        self._copy.setAutoRaise(True)
        self._copy.setAccessibleName(self.tr("Copy what is shown, with its values"))
        self._copy.setToolTip(self.tr("Copy what is shown, with its values"))
        self._copy.clicked.connect(self._copy_text)
        self._compare = QToolButton(self)
        self._compare.setObjectName("compare_attempt")
        set_icon(self._compare, "compare")
        self._compare.setAutoRaise(True)
        self._compare.setAccessibleName(self.tr("Compare the answer with another"))
        self._compare.setToolTip(
            self.tr("Compare two answers: those selected, or this one with another (Ctrl+Shift+A)")
        )
        self._compare.clicked.connect(self.comparison_wanted)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(spacing())
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        for widget in (self._which, self._values, self._compare, self._copy):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spacing(), 0, 0)
        column.setSpacing(spacing())
        column.addLayout(head)
        for said in (self._error, self._redirect, self._times, self._way, self._differences):
            column.addWidget(said)
        column.addWidget(self._text, 1)
        column.addStretch(0)

    def _differences_text(self) -> str:
        if self._attempt is None or self._received is None or not self._attempt.sent.head:
            return ""
        return differences_text(differences(self._received, self._attempt.sent))

    def _paint_icon(self) -> None:
        if self._attempt is not None:
            state, size = state_of(self._attempt.status, self._attempt.error), self.fontMetrics().height()
            self._icon.setPixmap(state_pixmap(state, self.palette(), size, self.devicePixelRatioF()))

    @Slot()
    def _refresh(self) -> None:
        if self._attempt is None:
            return
        masked = not self._values.isChecked()
        if self._which.currentIndex() == _REQUEST:
            shown = shown_request(self._attempt.sent, masked=masked)
        else:
            shown = shown_answer(self._attempt.answer, masked=masked)
        self._text.show_text(shown)
        self._text.setVisible(bool(shown))

    @Slot()
    def _copy_text(self) -> None:
        if self._attempt is None:
            return
        if self._which.currentIndex() == _REQUEST:
            text = as_text(shown_request(self._attempt.sent, masked=False))
        else:
            text = as_text(shown_answer(self._attempt.answer, masked=False))
        QGuiApplication.clipboard().setText(text)
