"""The left of the handlers' page: the chain with its tools, or what to begin with where it is empty."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from inspector.gui.handlers.handler_actions import HandlerActions
from inspector.gui.handlers.handler_list import HandlerList, HandlerListModel
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.themed import set_icon


class ChainSide(QStackedWidget):
    """The list in the order in which handlers are tried."""

    new_wanted = Signal()

    def __init__(self, model: HandlerListModel, actions: HandlerActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = EmptyState(
            self.tr("No handler yet"),
            self.tr(
                "A handler says how deliveries to a path are verified, and what the sender is answered. "
                "Choose how your sender signs, or answer everything to look at what arrives."
            ),
            actions.to_begin_with(),
            parent=self,
        )
        self.list = HandlerList(model, self)
        self.list.addActions(actions.of_list())
        self._listed = QWidget(self)
        column = QVBoxLayout(self._listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tool_row(actions))
        column.addWidget(self.list, 1)
        self.addWidget(self.empty)
        self.addWidget(self._listed)

    def show_list(self, *, listed: bool) -> None:
        """Show the list, or that it is empty."""
        self.setCurrentWidget(self._listed if listed else self.empty)

    def take_focus(self) -> None:
        """Be where the keys go."""
        shown = self.list if self.currentWidget() is self._listed else self.empty
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tool_row(self, actions: HandlerActions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        row.setSpacing(spacing())
        add = QPushButton(self.tr("Add"), self._listed)
        add.setAccessibleName(self.tr("Add handler"))
        add.setToolTip(self.tr("Add a handler (Ctrl+N)"))
        set_icon(add, "plus")
        add.setObjectName("add-handler")
        add.clicked.connect(self.new_wanted)
        row.addWidget(add)
        row.addStretch(1)
        for action in (actions.move_up, actions.move_down, actions.toggle, actions.duplicate, actions.remove):
            row.addWidget(_tool_button(action, self._listed))
        return row


def _tool_button(action: QAction, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(button.fontMetrics().height(), button.fontMetrics().height()))
    button.setAccessibleName(action.text().replace("&", ""))
    return button
