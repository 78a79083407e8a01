"""How many stored deliveries an edited handler would win, fail or change: each count is a link to them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector.core.delivery import Standing
from inspector.core.effect import Change, Tally
from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, spacing, state_of_standing
from inspector.gui.widgets.link_button import LinkButton
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
        self._lines: dict[object, _Line] = {}
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
        return [line.button.text() for line in self._lines.values() if not line.isHidden()]

    def show_tally(self, tally: Tally) -> None:
        """Show these counts."""
        self._tally = tally
        for change, (_, one, many) in _CHANGES.items():
            ids = tally.changes.get(change, ())
            self._lines[change].show_count(_tr(one if len(ids) == 1 else many), ids)
        for standing, words in _STANDINGS.items():
            self._lines[standing].show_count(_tr(words), tally.standings.get(standing, ()))
        self._nothing_changes.setVisible(bool(tally.counted) and not tally.changes)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for line in self._lines.values():
                line.paint_icon()

    def _add(self, key: object, state: State, name: str) -> None:
        line = _Line(state, name, self)
        line.pressed.connect(self.ids_wanted)
        self._lines[key] = line
        if (column := self.layout()) is not None:
            column.addWidget(line)


class _Line(QWidget):
    """The state's shape, and the count that lists its deliveries."""

    pressed = Signal(object, str)

    def __init__(self, state: State, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._ids: Sequence[int] = ()
        self._icon = QLabel(self)
        self.button = LinkButton(self)
        self.button.setObjectName(name)
        self.button.setToolTip(self.tr("List these deliveries"))
        self.button.clicked.connect(self._press)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._icon)
        line.addWidget(self.button)
        line.addStretch(1)
        self.paint_icon()

    def show_count(self, words: str, ids: Sequence[int]) -> None:
        self._ids = ids
        self.button.setText(words.format(n=f"{len(ids):,}"))
        self.button.setAccessibleName(self.button.text())
        self.button.updateGeometry()
        self.setVisible(bool(ids))

    def paint_icon(self) -> None:
        size = self.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(self._state, QApplication.palette(), size, self.devicePixelRatioF()))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    def _press(self) -> None:
        self.pressed.emit(self._ids, self.button.text())


def _tr(text: object) -> str:
    return QCoreApplication.translate("Counts", str(text))
