"""What is done to the chain without its form: order, copies, removal, switching on and off; undo takes it back."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from inspector.gui.handlers.chain import Chain
from inspector.gui.handlers.commands import (
    AddHandler,
    EditHandler,
    MoveHandler,
    RemoveHandler,
    copy_of,
    position_of,
)
from inspector.gui.handlers.drafts import Drafts
from inspector.gui.handlers.handler_actions import HandlerActions


class ChainChanges(QObject):
    """Does what the commands say to the entry that is `shown`."""

    joining = Signal(str)  # a handler of this name is about to be in the chain
    answering = Signal()  # everything is about to be answered
    forgotten = Signal()  # a new handler that was never saved is gone

    def __init__(self, chain: Chain, drafts: Drafts, commands: HandlerActions, parent: QObject) -> None:
        super().__init__(parent)
        self._chain, self._drafts = chain, drafts
        self.shown = 0
        commands.answer_everything.triggered.connect(self._answer_everything)
        commands.duplicate.triggered.connect(self._duplicate)
        commands.remove.triggered.connect(self._remove)
        commands.toggle.triggered.connect(self._toggle)
        commands.move_up.triggered.connect(self._move_up)
        commands.move_down.triggered.connect(self._move_down)

    @Slot(int, int)
    def move(self, handler_id: int, position: int) -> None:
        """Have the handler of that id at `position`."""
        handler = self._chain.handler(handler_id)
        if handler is not None and 0 <= position < len(self._chain.handlers):
            self._chain.do(MoveHandler(self.tr("Move “{name}”").format(name=handler.name), handler_id, position))

    def _names(self) -> list[str]:
        return [*(handler.name for handler in self._chain.handlers), *self._drafts.names()]

    @Slot()
    def _answer_everything(self) -> None:
        from inspector.gui.handlers.new_handler import answering_everything

        handler = answering_everything(self._names())
        self.answering.emit()
        self.joining.emit(handler.name)
        self._chain.do(AddHandler(self.tr("Answer everything"), handler))

    @Slot()
    def _duplicate(self) -> None:
        if (handler := self._chain.handler(self.shown)) is None:
            return
        copy = copy_of(handler, self._names(), self.tr("{name} ({number})"))
        place = position_of(self._chain.handlers, handler.id)
        self.joining.emit(copy.name)
        text = self.tr("Duplicate “{name}”").format(name=handler.name)
        self._chain.do(AddHandler(text, copy, None if place is None else place + 1))

    @Slot()
    def _remove(self) -> None:
        handler = self._chain.handler(self.shown)
        self._drafts.take(self.shown)
        if handler is None:
            self.forgotten.emit()
        else:
            self._chain.do(RemoveHandler(self.tr("Remove “{name}”").format(name=handler.name), handler.id))

    @Slot()
    def _toggle(self) -> None:
        if (handler := self._chain.handler(self.shown)) is None:
            return
        text = self.tr("Disable “{name}”") if handler.enabled else self.tr("Enable “{name}”")
        self._drafts.enable(handler.id, on=not handler.enabled)
        self._chain.do(EditHandler(text.format(name=handler.name), replace(handler, enabled=not handler.enabled)))

    @Slot()
    def _move_up(self) -> None:
        self.move(self.shown, (position_of(self._chain.handlers, self.shown) or 0) - 1)

    @Slot()
    def _move_down(self) -> None:
        self.move(self.shown, (position_of(self._chain.handlers, self.shown) or 0) + 1)
