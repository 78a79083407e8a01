"""The queue of the rule that is looked at, with its heading and its commands; or why there is nothing in it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from inspector.core.forward_rule import ForwardRule
from inspector.gui.forwarding.queue_view import QueueView
from inspector.gui.forwarding.queue_watch import LONGEST_LIST, Queue
from inspector.gui.forwarding.texts import counts_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.themed import follow_palette


class QueueSection(QWidget):
    """Heading, commands and the rows."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = QueueView(self)
        self._heading = QLabel(self.tr("Queue"), self)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        font = self._heading.font()
        font.setBold(True)
        self._heading.setFont(font)
        self._counts = Muted("", self)
        self._counts.setObjectName("queue_counts")
        self._counts.setWordWrap(False)
        self._empty = EmptyState(self.tr("Nothing waits"))
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self._lay_out(actions)

    def show_queue(self, queue: Queue, rule: ForwardRule | None) -> None:
        """Show how the queue of `rule` stands."""
        counts = queue.counts.get(queue.rule, {})
        text = counts_text(counts)
        if sum(counts.values()) > LONGEST_LIST:
            text += self.tr("; the first {0} are listed").format(f"{LONGEST_LIST:,}")
        self._counts.setText(text)
        self._empty.set_text(self._why_empty(rule))
        self.view.show_queue(queue, rule)
        self._stack.setCurrentIndex(1 if queue.entries else 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)

    def _why_empty(self, rule: ForwardRule | None) -> str:
        if rule is None:
            return self.tr("A new rule forwards what comes after it is saved.")
        if not rule.enabled:
            return self.tr("The rule is off: what comes now is not forwarded, and not later either.")
        return self.tr(
            "What comes is sent on at once. What cannot be delivered waits here, survives a restart, and is tried "
            "again, sooner at first and less often later."
        )

    def _lay_out(self, actions: list[QAction]) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(3), spacing(2), spacing(2), spacing(2))
        row.setSpacing(spacing(2))
        row.addWidget(self._heading)
        row.addWidget(self._counts, 1)
        for action in actions:
            row.addWidget(tool_button(action, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)


def tool_button(action: QAction, parent: QWidget) -> QToolButton:
    """A button with the icon of `action`; its name is told to those who do not see it."""
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(button.fontMetrics().height(), button.fontMetrics().height()))
    button.setAccessibleName(action.text().replace("&", ""))
    return button
