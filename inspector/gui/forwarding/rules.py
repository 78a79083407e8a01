"""The rules as the window knows them, and the one way to change them: by commands that can be undone."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from inspector.core.forward_rule import ForwardRule
from inspector.feed import ForwardsChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector

type Rules = tuple[ForwardRule, ...]
type Step = Callable[[Rules], Rules]


class RuleCommand(QUndoCommand):
    """One rule from how it was to how it is to be: None before it is made, and after it is removed.

    It changes the rules that stand when its turn comes, so that what others did meanwhile stays.
    """

    def __init__(self, text: str, before: ForwardRule | None, after: ForwardRule | None, place: int = -1) -> None:
        super().__init__(text)
        self._before, self._after, self._place = before, after, place
        self._id = before.id if before else after.id if after else 0
        self.apply: Callable[[RuleCommand, Step], None] = _not_bound

    def redo(self) -> None:
        """Make the change."""
        self.apply(self, lambda rules: self._put(rules, self._before, self._after))

    def undo(self) -> None:
        """Take it back."""
        self.apply(self, lambda rules: self._put(rules, self._after, self._before))

    def stored(self, rules: Rules) -> None:
        """Learn the id that a new rule was given: names are unique."""
        if not self._id and self._after is not None:
            self._id = next((rule.id for rule in rules if rule.name == self._after.name), 0)

    def _put(self, rules: Rules, old: ForwardRule | None, new: ForwardRule | None) -> Rules:
        changed = () if new is None else (replace(new, id=self._id),)
        place = next((n for n, each in enumerate(rules) if self._id and each.id == self._id), None)
        if place is not None:
            self._place = place
            return (*rules[:place], *changed, *rules[place + 1 :])
        if old is not None:  # someone else has removed it
            return rules
        place = len(rules) if self._place < 0 else min(self._place, len(rules))
        return (*rules[:place], *changed, *rules[place:])


class RuleBook(QObject):
    """Follows the engine's rules, and saves what commands make of them, one after the other.

    Nothing is shown before it is saved: `changed` tells what stands.
    """

    changed = Signal()
    failed = Signal(str)  # why a change could not be saved

    def __init__(self, engine: Engine, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rules: Rules = ()
        self._engine, self._stack = engine, undo_stack
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self._waiting: deque[tuple[RuleCommand, Step, asyncio.Future[bool]]] = deque()
        self._saving = False
        self._heard = 0
        self._last: asyncio.Future[bool] | None = None
        engine.changed.connect(self._take)
        engine.started.connect(self._read)
        if engine.running:
            self._read()

    def rule(self, id_: int) -> ForwardRule | None:
        """The rule of that id, or None."""
        return next((rule for rule in self.rules if rule.id == id_), None)

    def do(self, command: RuleCommand) -> asyncio.Future[bool]:
        """Make the change and keep it for undo; the future says when it is saved, False when it could not be."""
        command.apply = self._enqueue
        self._stack.push(command)
        if self._last is None:
            raise RuntimeError("the undo stack did not run the command")
        return self._last

    def _enqueue(self, command: RuleCommand, step: Step) -> None:
        self._last = asyncio.get_running_loop().create_future()
        self._waiting.append((command, step, self._last))
        if not self._saving:
            self._saving = True
            self._tasks.start("save", self._save_all())

    async def _save_all(self) -> None:
        try:
            while self._waiting:
                command, step, done = self._waiting.popleft()
                saved = await self._saved(command, step)
                if not done.done():
                    done.set_result(saved)
        finally:
            self._saving = False

    async def _saved(self, command: RuleCommand, step: Step) -> bool:
        try:
            stored = await self._engine.call(lambda inspector: inspector.forwarding.change_rules(step))
        except Exception as error:  # noqa: BLE001 - whatever refuses it, the change did not happen and that is said
            command.setObsolete(True)
            self._tell(error)
            return False
        command.stored(stored)
        self._use(stored)
        return True

    @Slot()
    def _read(self) -> None:
        self._tasks.start("read", self._read_rules())

    async def _read_rules(self) -> None:
        heard = self._heard
        rules = await self._engine.call(_rules_of)
        if heard == self._heard:  # what was told meanwhile is newer
            self._use(rules)

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        told = [change.rules for change in changes.others if isinstance(change, ForwardsChanged)]
        if told:
            self._heard += 1
            self._use(told[-1])

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self.failed.emit(str(error) or type(error).__name__)

    def _use(self, rules: Sequence[ForwardRule]) -> None:
        if tuple(rules) != self.rules:
            self.rules = tuple(rules)
            self.changed.emit()


async def _rules_of(inspector: "Inspector") -> Rules:
    return inspector.forwarding.rules


def _not_bound(_command: RuleCommand, _step: Step) -> None:
    raise RuntimeError("a command on rules is pushed by RuleBook.do")
