"""What a proposed change would have made of the last deliveries, before anybody applies it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.core.effect import Tally
from inspector.gui.handlers.counts_view import CountsView
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Muted


class EffectView(QWidget):
    """A line that says how many were looked at, and the counts of what changes, each a link to its deliveries."""

    ids_wanted = Signal(object, str)  # Sequence[int], what they are

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Muted("", self)
        self._title.setObjectName("effect_title")
        self._counts = CountsView(self)
        self._counts.ids_wanted.connect(self.ids_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addWidget(self._title)
        column.addWidget(self._counts)
        self.hide()

    @property
    def texts(self) -> Sequence[str]:
        """What it says, line by line."""
        return self._counts.texts if not self._counts.isHidden() else ()

    def show_nothing(self) -> None:
        """Nothing is proposed."""
        self.hide()

    def show_counting(self) -> None:
        """It is being counted."""
        self._title.setText(self.tr("What the change does to the last deliveries is being counted …"))
        self._counts.hide()
        self.show()

    def show_tally(self, tally: Tally) -> None:
        """Show these counts."""
        only = Tally(tally.counted, {}, tally.changes)
        one = tally.counted == 1
        text = self.tr("With the change, of the last delivery:") if one else self.tr(
            "With the change, of the last {count} deliveries:"
        )  # fmt: skip
        self._title.setText(text.format(count=f"{tally.counted:,}"))
        self._counts.show_tally(only)
        self._counts.show()
        self.show()
