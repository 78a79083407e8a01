"""The counts of deliveries that were checked again: how they stand today, and what changes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from inspector.core.delivery import Verdict
from inspector.core.rejudged import Recount, Turn
from inspector.gui.theme import State, spacing, state_of_verdict
from inspector.gui.widgets.count_link import CountLink
from inspector.gui.widgets.rows import Muted

_VERDICTS: Mapping[Verdict, object] = {
    Verdict.WON: QT_TRANSLATE_NOOP("Recount", "{n} won"),
    Verdict.FAILED: QT_TRANSLATE_NOOP("Recount", "{n} failed"),
    Verdict.HANDSHAKE: QT_TRANSLATE_NOOP("Recount", "{n} answered as handshakes"),
    Verdict.REFUSED: QT_TRANSLATE_NOOP("Recount", "{n} refused: no handler is asked"),
}
_TURNS: Mapping[Turn, tuple[State, object]] = {
    Turn.WINS: (State.WON, QT_TRANSLATE_NOOP("Recount", "{n} from failed to won")),
    Turn.FAILS: (State.FAILED, QT_TRANSLATE_NOOP("Recount", "{n} from won to failed")),
    Turn.OTHER_WINNER: (State.WON, QT_TRANSLATE_NOOP("Recount", "{n} won by another handler")),
    Turn.OTHER_SECRET: (State.WON, QT_TRANSLATE_NOOP("Recount", "{n} won with another secret")),
    Turn.OTHER_REASON: (State.FAILED, QT_TRANSLATE_NOOP("Recount", "{n} failed for another reason")),
    Turn.HANDSHAKE: (State.HANDSHAKE, QT_TRANSLATE_NOOP("Recount", "{n} as handshakes, or no more")),
}


class RecountView(QWidget):
    """Two columns of links, each of which lists the deliveries that it counts."""

    ids_wanted = Signal(object, str)  # Sequence[int], what they are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts: dict[Verdict, CountLink] = {}
        self._turns: dict[Turn, CountLink] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spacing(6))
        grid.setColumnStretch(1, 1)
        today, changed = QVBoxLayout(), QVBoxLayout()
        for column, title in ((today, self.tr("Today")), (changed, self.tr("Changed since it was stored"))):
            column.setSpacing(spacing())
            column.addWidget(_title(title, self))
        for verdict in _VERDICTS:
            self._verdicts[verdict] = self._added(state_of_verdict(verdict), f"today-{verdict}", today)
        for turn, (state, _) in _TURNS.items():
            self._turns[turn] = self._added(state, f"turn-{turn}", changed)
        self._nothing = Muted(self.tr("Nothing so far."), self)
        changed.addWidget(self._nothing)
        today.addStretch(1)
        changed.addStretch(1)
        grid.addLayout(today, 0, 0)
        grid.addLayout(changed, 0, 1)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 6)  # so that what is above rests while it counts
        self.show_recount(Recount(), whole=False)

    @property
    def texts(self) -> Sequence[str]:
        """What it says, link by link."""
        return [link.text for link in (*self._verdicts.values(), *self._turns.values()) if not link.isHidden()]

    def show_recount(self, recount: Recount, *, whole: bool) -> None:
        """Show these counts; `whole`: they are all there are."""
        for verdict, words in _VERDICTS.items():
            self._verdicts[verdict].show_count(_tr(words), recount.verdicts.get(verdict, ()))
        for turn, (_, words) in _TURNS.items():
            self._turns[turn].show_count(_tr(words), recount.turns.get(turn, ()))
        self._nothing.setText(self.tr("Nothing.") if whole else self.tr("Nothing so far."))
        self._nothing.setVisible(not recount.turns)

    def _added(self, state: State, name: str, column: QVBoxLayout) -> CountLink:
        link = CountLink(state, name, self)
        link.pressed.connect(self.ids_wanted)
        column.addWidget(link)
        return link


def _title(text: str, parent: QWidget) -> QLabel:
    title = QLabel(text, parent)
    font = title.font()
    font.setBold(True)
    title.setFont(font)
    return title


def _tr(text: object) -> str:
    return QCoreApplication.translate("Recount", str(text))
