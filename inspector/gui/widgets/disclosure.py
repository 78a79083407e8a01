"""A button that opens and closes what stands beneath it, with an arrow that says which."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget


class Disclosure(QToolButton):
    """Closed at first. It decides nothing: whoever owns what is beneath listens to `toggled`."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text.replace("&", ""))
        self.toggled.connect(self._point)
        self._point(False)  # noqa: FBT003 - closed

    @Slot(bool)
    def _point(self, opened: bool) -> None:  # noqa: FBT001 - a slot
        self.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
