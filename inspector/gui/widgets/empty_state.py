"""What a view shows instead of nothing: what is missing, and what to do about it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.themed import follow_palette, set_icon


class EmptyState(QWidget):
    """A title, a few words, `code` to copy where there is any, and buttons for `actions`."""

    def __init__(
        self,
        title: str,
        text: str = "",
        actions: Sequence[QAction] = (),
        code: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._title.setObjectName("title")
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self._title.setFont(font)
        self._text = Muted(text, self)
        self._text.setObjectName("text")
        self._code = CodeBlock(self)
        self._buttons = QGridLayout()
        self._buttons.setHorizontalSpacing(spacing(3))
        self._buttons.setVerticalSpacing(spacing(2))
        self._buttons.setColumnStretch(1, 1)
        self._column = QVBoxLayout()
        self._column.setSpacing(spacing(3))
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            self._column.addWidget(label)
        self._column.addWidget(self._code)
        self._column.addLayout(self._buttons)
        self._lay_out()
        self.set_actions(actions)
        self.set_text(text)
        self.set_code(code)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    @property
    def code(self) -> str:
        """The code on show."""
        return self._code.toPlainText()

    def set_title(self, title: str) -> None:
        """Say what is missing."""
        self._title.setText(title)

    def set_text(self, text: str) -> None:
        """Say what to do about it."""
        self._text.setText(text)
        self._text.setVisible(bool(text))

    def set_code(self, code: str | None) -> None:
        """Show `code` with a button to copy it, or none."""
        self._code.show_code(code or "")
        self._code.setVisible(bool(code))

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """One button for each of `actions`, one below the other, with its status tip beside it."""
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            if (button := item.widget() if item else None) is not None:
                button.deleteLater()
        for row, action in enumerate(actions):
            self._buttons.addWidget(ActionButton(action, self), row, 0)
            self._buttons.addWidget(Muted(action.statusTip(), self), row, 1)

    def add_below(self, widget: QWidget) -> None:
        """A widget beneath the buttons."""
        self._column.addWidget(widget)

    def _lay_out(self) -> None:
        """The column stands in the middle, a little above the centre, and stays narrow enough to read."""
        held = QWidget(self)
        held.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        held.setMaximumWidth(self.fontMetrics().horizontalAdvance("x" * 84))
        held.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(held, 20)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.setContentsMargins(spacing(6), spacing(6), spacing(6), spacing(6))
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)


class ActionButton(QPushButton):
    """A button that does what its action does, and looks as the action says."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self.setObjectName(action.objectName())
        self.setAutoDefault(True)
        self._follow()
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)

    @Slot()
    def _follow(self) -> None:
        self.setText(self._action.text() if "&" in self._action.text() else self._action.iconText())
        self.setIcon(self._action.icon())
        self.setEnabled(self._action.isEnabled())
        self.setVisible(self._action.isVisible())
        self.setToolTip(self._action.toolTip() if self._action.toolTip() != self._action.iconText() else "")


class CodeBlock(QPlainTextEdit):
    """A few lines of code to read and copy, with a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(fixed_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(spacing(3))
        self.setAccessibleName(self.tr("Command"))
        self._copy = QToolButton(self)
        self._copy.setObjectName("copy")
        set_icon(self._copy, "copy")
        self._copy.setAutoRaise(True)
        self._copy.setToolTip(self.tr("Copy"))
        self._copy.setAccessibleName(self.tr("Copy the command"))
        self._copy.clicked.connect(self._copy_all)

    def show_code(self, code: str) -> None:
        """Show `code`, as tall as it is."""
        self.setPlainText(code)
        lines = self.document().blockCount()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + spacing(7))

    def resizeEvent(self, event: object) -> None:
        """Keep the button in the upper right corner."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        size = self._copy.sizeHint()
        self._copy.move(self.width() - size.width() - spacing(), spacing())

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.toPlainText())
