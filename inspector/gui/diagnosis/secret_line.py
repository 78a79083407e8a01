"""The secret of a pasted request: typed hidden, shown while the eye is pressed in."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from inspector.gui.theme import spacing
from inspector.gui.widgets.themed import set_icon


class SecretLine(QWidget):
    """The field and its eye side by side. It keeps nothing elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setObjectName("pasted_secret")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setPlaceholderText(self.tr("Paste or type the secret that you have"))
        self._eye = QToolButton(self)
        set_icon(self._eye, "eye")
        size = self._eye.fontMetrics().height()
        self._eye.setIconSize(QSize(size, size))
        self._eye.setAutoRaise(True)
        self._eye.setCheckable(True)
        self._eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._eye.setAccessibleName(self.tr("Reveal the secret"))
        self._eye.setToolTip(self.tr("Reveal the secret (Ctrl+Shift+R)"))
        self._eye.toggled.connect(self._reveal)
        QShortcut(QKeySequence("Ctrl+Shift+R"), self).activated.connect(self._eye.toggle)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing())
        line.addWidget(self.edit, 1)
        line.addWidget(self._eye)

    @Slot(bool)
    def _reveal(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        set_icon(self._eye, "eye-off" if on else "eye")
        self._eye.setAccessibleName(self.tr("Hide the secret") if on else self.tr("Reveal the secret"))
