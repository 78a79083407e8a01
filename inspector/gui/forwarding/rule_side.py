"""The list of rules with what is done to them above it, and what is there before the first one."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.gui.forwarding.actions import ForwardingActions
from inspector.gui.forwarding.queue_section import tool_button
from inspector.gui.forwarding.rule_list import RuleList
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.themed import set_icon

_EXAMPLE = 'webhook-inspector forward --search "verdict:won" --to http://localhost:3000'


class RuleSide(QWidget):
    """A row of buttons over the list."""

    def __init__(self, rules: RuleList, actions: ForwardingActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout()
        row.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        row.setSpacing(spacing())
        add = QPushButton(self.tr("Add rule"), self)
        add.setObjectName("add_rule")
        set_icon(add, "plus")
        add.clicked.connect(actions["new_rule"].trigger)
        row.addWidget(add)
        row.addStretch(1)
        for action in actions.some("toggle_rule", "remove_rule"):
            row.addWidget(tool_button(action, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(rules, 1)


def no_rule_yet(actions: ForwardingActions) -> EmptyState:
    """Says what a rule does, and how to begin one."""
    tr = QCoreApplication.translate
    return EmptyState(
        tr("RuleSide", "Nothing is forwarded yet"),
        tr(
            "RuleSide",
            "A rule sends deliveries on as they come, to your own service or anywhere else: byte for byte, or "
            "signed anew. While the target is down they wait in a queue that survives a restart. On the command "
            "line this does the same:",
        ),
        actions.some("new_rule"),
        _EXAMPLE,
    )
