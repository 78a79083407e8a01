"""One group of failures: how many, since when, why, and what to do about all of them."""

from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.delivery import at
from inspector.core.diagnosis.group import Gathered
from inspector.core.effect import Tally
from inspector.gui.diagnosis.effect_view import EffectView
from inspector.gui.diagnosis.texts import applies, confidence, explanation, remedy
from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, spacing
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked, shortened

_LONGEST_NAME = 60
_STATES = {"proved": State.FAILED, "likely": State.STALE, "hint": State.NOT_APPLICABLE}


class GroupRow(QWidget):
    """Its title lists its deliveries."""

    these_wanted = Signal(object)  # Gathered
    example_wanted = Signal(object)  # int, the id
    apply_wanted = Signal(object)  # Gathered
    ids_wanted = Signal(object, str)  # Sequence[int], what they are: of what the change does

    def __init__(self, gathered: Gathered, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gathered = gathered
        self.setObjectName("failure_group")
        self._icon = QLabel(self)
        self.title = LinkButton(self)
        self.title.setObjectName("group_title")
        self.title.setToolTip(self.tr("List these deliveries"))
        self.title.clicked.connect(self._list)
        self._sure = Muted("", self)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("group_sentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._remedy = Muted("", self)
        self._effect = EffectView(self)
        self._effect.setObjectName("group_effect")
        self._effect.ids_wanted.connect(self.ids_wanted)
        self._example = QPushButton(self.tr("Show an example"), self)
        self._example.setObjectName("group_example")
        self._example.clicked.connect(self._show_example)
        self.apply = QPushButton(self.tr("Apply the change"), self)
        self.apply.setObjectName("group_apply")
        self.apply.clicked.connect(self._apply)
        self._lay_out()
        self.refresh()

    @property
    def offers_change(self) -> bool:
        """Whether a change of the handler alone makes the group verify."""
        finding = self.gathered.group.finding
        return applies(finding) and finding.cause != "verifies"

    def show_effect(self, tally: Tally | None) -> None:
        """Show what the change would have made of the last deliveries; None while that is being counted."""
        if tally is None:
            self._effect.show_counting()
        else:
            self._effect.show_tally(tally)
        self._fit()

    def refresh(self) -> None:
        """Show what the group has come to."""
        gathered, group = self.gathered, self.gathered.group
        count, name = len(gathered.ids), shortened(marked(group.handler), _LONGEST_NAME)
        words = self._words(count, name=name).format(count=f"{count:,}", since=since(gathered.first_ns), handler=name)
        self.title.setText(words)
        self.title.setAccessibleName(words)
        self.title.updateGeometry()
        finding = group.finding
        sure = confidence(finding)
        if gathered.alike:
            alike = self.tr("{count} of them counted by their looks, not tried")
            sure = f"{sure} · {alike.format(count=f'{gathered.alike:,}')}"
        self._sure.setText(sure)
        self._sentence.setText(explanation(finding))
        self._remedy.setText(remedy(finding))
        self.apply.setVisible(self.offers_change)
        self._paint()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the texts are at this width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint()

    def _words(self, count: int, *, name: str) -> str:
        if name:
            one = self.tr("{count} failed at {since} for “{handler}”")
            return one if count == 1 else self.tr("{count} failed since {since} for “{handler}”")
        return self.tr("{count} failed at {since}") if count == 1 else self.tr("{count} failed since {since}")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(spacing(2))
        top.addWidget(self._icon)
        top.addWidget(self.title)
        top.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        buttons.addWidget(self.apply)
        buttons.addWidget(self._example)
        buttons.addWidget(self._sure, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(3), spacing(2), spacing(3), spacing(2))
        column.setSpacing(spacing())
        column.addLayout(top)
        for widget in (self._sentence, self._remedy, self._effect):
            column.addWidget(widget)
        column.addLayout(buttons)

    def _fit(self) -> None:
        if (layout := self.layout()) is not None and self.width() > 0:
            layout.invalidate()
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))

    def _paint(self) -> None:
        finding = self.gathered.group.finding
        state = State.WON if finding.cause == "verifies" else _STATES[finding.confidence]
        size = self.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(state, QApplication.palette(), size, self.devicePixelRatioF()))

    @Slot()
    def _list(self) -> None:
        self.these_wanted.emit(self.gathered)

    @Slot()
    def _show_example(self) -> None:
        self.example_wanted.emit(self.gathered.group.example)

    @Slot()
    def _apply(self) -> None:
        self.apply_wanted.emit(self.gathered)


def since(ns: int) -> str:
    """The moment as a person says it: the time, and the day where it is another one than today."""
    moment = at(ns).astimezone()
    today = moment.date() == datetime.now().astimezone().date()
    return f"{moment:%H:%M}" if today else f"{moment:%Y-%m-%d %H:%M}"
