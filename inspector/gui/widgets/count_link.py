"""A count that lists what it counted: the shape of a state, and the words, which can be pressed."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, spacing
from inspector.gui.widgets.link_button import LinkButton


class CountLink(QWidget):
    """Hidden while it counts nothing."""

    pressed = Signal(object, str)  # Sequence[int], what they are

    def __init__(self, state: State, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._ids: Sequence[int] = ()
        self._icon = QLabel(self)
        self.button = LinkButton(self, quiet=True)
        self.button.setObjectName(name)
        self.button.setToolTip(self.tr("List these deliveries"))
        self.button.clicked.connect(self._press)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self._icon)
        line.addWidget(self.button)
        line.addStretch(1)
        self._paint_icon()

    @property
    def text(self) -> str:
        """What it says."""
        return self.button.text()

    def show_count(self, words: str, ids: Sequence[int]) -> None:
        """Count these; `words` has a place for the number, `{n}`."""
        self._ids = ids
        self.button.setText(words.format(n=f"{len(ids):,}"))
        self.button.setAccessibleName(self.button.text())
        self.button.updateGeometry()
        self.setVisible(bool(ids))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icon()

    def _paint_icon(self) -> None:
        size = self.fontMetrics().height()
        self._icon.setPixmap(state_pixmap(self._state, QApplication.palette(), size, self.devicePixelRatioF()))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _press(self) -> None:
        self.pressed.emit(self._ids, self.button.text())
