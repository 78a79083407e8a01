"""Every command on handlers, for the menu, the command palette and the buttons beside the chain."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.texts import type_help, type_words
from inspector.gui.widgets.themed import set_icon

TESTER = "tester"
"""The acting user of the handler that answers everything."""


class HandlerActions(QObject):
    """The commands as QActions. The keys of most belong to the list alone."""

    type_chosen = Signal(str)  # a verification type's id: begin a handler with it

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.new = self._action("new-handler", self.tr("&New handler…"), "Ctrl+N", "plus")
        self.new.setShortcutContext(Qt.ShortcutContext.WindowShortcut)  # wherever one is, a handler can be begun
        self.new.setStatusTip(self.tr("Choose who sends the webhooks: a preset knows how they sign."))
        self.new_of_type = [self._new_of(each.id) for each in TYPES]
        self.answer_everything = self._action("answer-everything", self.tr("Ans&wer everything"), "")
        self.answer_everything.setStatusTip(
            self.tr("Every request is accepted, as user “{user}”, without a signature.").format(user=TESTER)
        )
        self.duplicate = self._action("duplicate-handler", self.tr("D&uplicate"), "Alt+Shift+Down", "copy")
        self.remove = self._action("remove-handler", self.tr("&Remove"), "Del", "delete")
        self.toggle = self._action("toggle-handler", self.tr("En&able"), "Ctrl+Shift+E", "power")
        self.move_up = self._action("move-handler-up", self.tr("Move &up"), "Alt+Up", "up")
        self.move_down = self._action("move-handler-down", self.tr("Move do&wn"), "Alt+Down", "down")
        self.save = self._action("save-handler", self.tr("Save"), "Ctrl+S", "save")
        self.revert = self._action("revert-handler", self.tr("Revert"), "", "undo")

    def all(self) -> list[QAction]:
        """Every command, in the order of a menu."""
        return [
            self.new, *self.new_of_type, self.answer_everything, self.duplicate, self.remove, self.toggle,
            self.move_up, self.move_down, self.save, self.revert,
        ]  # fmt: skip

    def of_list(self) -> list[QAction]:
        """Those whose keys belong to the list."""
        return [self.remove, self.toggle, self.duplicate, self.move_up, self.move_down]

    def to_begin_with(self) -> Sequence[QAction]:
        """Those that an empty chain offers."""
        types = (each for each in self.new_of_type if each.objectName() != "new-none")
        return [self.new, *types, self.answer_everything]

    def follow(self, *, place: int | None, of: int, enabled: bool, shown: bool, changed: bool) -> None:
        """Offer what can be done with the entry shown; `place` is None where it is not in the chain."""
        kept = place is not None
        for action in (self.duplicate, self.toggle):
            action.setEnabled(kept)
        self.remove.setEnabled(shown)
        self.toggle.setText(self.tr("Dis&able") if enabled else self.tr("En&able"))
        self.move_up.setEnabled(place is not None and place > 0)
        self.move_down.setEnabled(place is not None and place < of - 1)
        self.save.setEnabled(changed)
        self.revert.setEnabled(changed)

    def _new_of(self, type_id: str) -> QAction:
        action = QAction(self.tr("New handler: {type}").format(type=type_words(type_id)), self)
        action.setIconText(type_words(type_id))
        action.setObjectName(f"new-{type_id}")
        action.setStatusTip(type_help(type_id))
        action.triggered.connect(partial(self._choose_type, type_id))
        return action

    def _choose_type(self, type_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self.type_chosen.emit(type_id)

    def _action(self, name: str, text: str, keys: str, icon_name: str = "") -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if icon_name:
            set_icon(action, icon_name)
        return action
