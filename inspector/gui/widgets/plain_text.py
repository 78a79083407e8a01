"""A paragraph of plain text that can be selected, and is passed over by the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget


class PlainText(QLabel):
    """Whatever it is given, it shows it as it is. `scale` is how much larger than the other text it is."""

    def __init__(self, parent: QWidget | None = None, *, scale: float = 1, bold: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if scale != 1 or bold:
            font = QFont(self.font())
            font.setPointSizeF(font.pointSizeF() * scale)
            font.setBold(bold)
            self.setFont(font)
