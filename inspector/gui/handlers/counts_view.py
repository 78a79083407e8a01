"""How many stored deliveries an edited handler would win, fail or change: each count is a link to them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.core.delivery import Standing
from inspector.core.effect import Change, Tally
from inspector.gui.theme import State, spacing, state_of_standing
from inspector.gui.widgets.count_link import CountLink
from inspector.gui.widgets.rows import Muted

_CHANGES: Mapping[Change, tuple[State, object, object]] = {
    Change.WINS: (
        State.WON,
        QT_TRANSLATE_NOOP("Counts", "{n} changes from failed to won"),
        QT_TRANSLATE_NOOP("Counts", "{n} change from failed to won"),
    ),
    Change.FAILS: (
        State.FAILED,
        QT_TRANSLATE_NOOP("Counts", "{n} changes from won to failed"),
        QT_TRANSLATE_NOOP("Counts", "{n} change from won to failed"),
    ),
    Change.TAKES_OVER: (
        State.WON,
        QT_TRANSLATE_NOOP("Counts", "{n} is taken over from another handler"),
        QT_TRANSLATE_NOOP("Counts", "{n} are taken over from another handler"),
    ),
    Change.HANDS_OVER: (
        State.SHADOWED,
        QT_TRANSLATE_NOOP("Counts", "{n} goes to another handler"),
        QT_TRANSLATE_NOOP("Counts", "{n} go to another handler"),
    ),
    Change.VERIFIES: (
        State.SHADOWED,
        QT_TRANSLATE_NOOP("Counts", "{n} verifies now, behind the winner"),
        QT_TRANSLATE_NOOP("Counts", "{n} verify now, behind the winner"),
    ),
    Change.VERIFIES_NO_MORE: (
        State.FAILED,
        QT_TRANSLATE_NOOP("Counts", "{n} verifies no more, behind the winner"),
        QT_TRANSLATE_NOOP("Counts", "{n} verify no more, behind the winner"),
    ),
}
_STANDINGS: Mapping[Standing, object] = {
    Standing.WON: QT_TRANSLATE_NOOP("Counts", "{n} won"),
    Standing.SHADOWED: QT_TRANSLATE_NOOP("Counts", "{n} would also verify"),
    Standing.FAILED: QT_TRANSLATE_NOOP("Counts", "{n} failed"),
    Standing.NOT_CHECKABLE: QT_TRANSLATE_NOOP("Counts", "{n} cannot be checked"),
    Standing.NOT_APPLICABLE: QT_TRANSLATE_NOOP("Counts", "{n} to other paths, or disabled"),
}


class CountsView(QWidget):
    """Lines of counts: what changes first, then where the handler stands."""

    ids_wanted = Signal(object, str)  # Sequence[int], what they are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tally = Tally()
        self._lines: dict[object, CountLink] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        self._nothing_changes = Muted(self.tr("No delivery changes."), self)
        column.addWidget(self._nothing_changes)
        for change, (state, _, _) in _CHANGES.items():
            self._add(change, state, f"change-{change}")
        column.addSpacing(spacing())
        for standing in _STANDINGS:
            self._add(standing, state_of_standing(standing), f"standing-{standing}")
        self.show_tally(self._tally)

    @property
    def texts(self) -> Sequence[str]:
        """What it says, line by line."""
        return [line.text for line in self._lines.values() if not line.isHidden()]

    def show_tally(self, tally: Tally) -> None:
        """Show these counts."""
        self._tally = tally
        for change, (_, one, many) in _CHANGES.items():
            ids = tally.changes.get(change, ())
            self._lines[change].show_count(_tr(one if len(ids) == 1 else many), ids)
        for standing, words in _STANDINGS.items():
            self._lines[standing].show_count(_tr(words), tally.standings.get(standing, ()))
        self._nothing_changes.setVisible(bool(tally.counted) and not tally.changes)

    def _add(self, key: object, state: State, name: str) -> None:
        line = CountLink(state, name, self)
        line.pressed.connect(self.ids_wanted)
        self._lines[key] = line
        if (column := self.layout()) is not None:
            column.addWidget(line)


def _tr(text: object) -> str:
    return QCoreApplication.translate("Counts", str(text))
