"""The right of the handlers' page: the form with its effect beside it, or the picker for a new handler."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from inspector.gui.engine import Engine
from inspector.gui.handlers.handler_actions import HandlerActions
from inspector.gui.handlers.handler_form import HandlerForm
from inspector.gui.handlers.history import History
from inspector.gui.handlers.live_pane import LivePane, ReadSecret
from inspector.gui.handlers.preset_picker import PresetPicker
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.empty_state import ActionButton
from inspector.gui.widgets.notice import Notice


class EditorSide(QWidget):
    """Arranges them. `notice` says what became of saving."""

    def __init__(
        self, actions: HandlerActions, engine: Engine, read_secret: ReadSecret, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.form = HandlerForm(self)
        self.history = History(engine.folder, engine, self)
        self.live = LivePane(self.history, read_secret, self)
        self.picker = PresetPicker(self)
        self.notice = Notice(self)
        edited = QWidget(self)
        side = QVBoxLayout(edited)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.form, 1)
        side.addLayout(self._save_row(actions))
        self._editing = Columns(self)
        self._editing.addWidget(edited)
        self._editing.addWidget(self.live)
        self._editing.setSizes([spacing(95), spacing(105)])
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._editing)
        self._pages.addWidget(self.picker)

    @property
    def picking(self) -> bool:
        """Whether the picker is in sight."""
        return self._pages.currentWidget() is self.picker

    def pick(self) -> None:
        """Ask who sends the webhooks."""
        self._pages.setCurrentWidget(self.picker)

    def edit(self) -> None:
        """Show the form."""
        self._pages.setCurrentWidget(self._editing)

    def _save_row(self, actions: HandlerActions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(4), spacing(2), spacing(4), spacing(2))
        row.setSpacing(spacing(2))
        row.addWidget(self.notice, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(0)  # in its place while there is nothing to say
        for action in (actions.revert, actions.save):
            row.addWidget(ActionButton(action, self))
        return row
