"""Every change of the chain as a command that can be undone: by the handler's id, so that others' changes stay."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtGui import QUndoCommand

from inspector.core.handler import Handler

type Handlers = tuple[Handler, ...]
type Step = Callable[[Handlers], Handlers]
type Apply = Callable[["ChainCommand", Step], None]
"""Saves what a step makes of the chain, after the steps before it."""


class ChainCommand(QUndoCommand):
    """A change of the chain. The chain it changes is the one that stands when its turn comes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.apply: Apply = _not_bound

    def redo(self) -> None:
        """Make the change."""
        self.apply(self, self.forward)

    def undo(self) -> None:
        """Take the change back."""
        self.apply(self, self.backward)

    def forward(self, handlers: Handlers) -> Handlers:
        """The chain with the change."""
        raise NotImplementedError

    def backward(self, handlers: Handlers) -> Handlers:
        """The chain without the change."""
        raise NotImplementedError

    def stored(self, handlers: Handlers) -> None:
        """The chain as it was stored, with the ids that were given."""


class AddHandler(ChainCommand):
    """A new handler, at `position` or at the end."""

    def __init__(self, text: str, handler: Handler, position: int | None = None) -> None:
        super().__init__(text)
        self.handler = handler
        self._position = position

    def forward(self, handlers: Handlers) -> Handlers:
        position = len(handlers) if self._position is None else self._position
        return inserted(without(handlers, self.handler.id), self.handler, position)

    def backward(self, handlers: Handlers) -> Handlers:
        return without(handlers, self.handler.id)

    def stored(self, handlers: Handlers) -> None:
        """Learn the id that the store gave: a name is unique within a chain."""
        if not self.handler.id:
            self.handler = next((h for h in handlers if h.name == self.handler.name), self.handler)


class RemoveHandler(ChainCommand):
    """A handler taken out; undone, it comes back with its id and secrets."""

    def __init__(self, text: str, handler_id: int) -> None:
        super().__init__(text)
        self._id = handler_id
        self._removed: tuple[Handler, int] | None = None

    def forward(self, handlers: Handlers) -> Handlers:
        position = position_of(handlers, self._id)
        self._removed = None if position is None else (handlers[position], position)
        return without(handlers, self._id)

    def backward(self, handlers: Handlers) -> Handlers:
        if self._removed is None or position_of(handlers, self._id) is not None:
            return handlers
        return inserted(handlers, *self._removed)


class MoveHandler(ChainCommand):
    """A handler at another position of the chain."""

    def __init__(self, text: str, handler_id: int, position: int) -> None:
        super().__init__(text)
        self._id, self._position, self._from = handler_id, position, position

    def forward(self, handlers: Handlers) -> Handlers:
        position = position_of(handlers, self._id)
        self._from = self._position if position is None else position
        return moved(handlers, self._id, self._position)

    def backward(self, handlers: Handlers) -> Handlers:
        return moved(handlers, self._id, self._from)


class EditHandler(ChainCommand):
    """A handler with other values."""

    def __init__(self, text: str, handler: Handler) -> None:
        super().__init__(text)
        self._after = handler
        self._before: Handler | None = None

    def forward(self, handlers: Handlers) -> Handlers:
        position = position_of(handlers, self._after.id)
        self._before = None if position is None else handlers[position]
        return edited(handlers, self._after)

    def backward(self, handlers: Handlers) -> Handlers:
        return handlers if self._before is None else edited(handlers, self._before)


def position_of(handlers: Sequence[Handler], handler_id: int) -> int | None:
    """Where the handler of that id stands, or None."""
    return next((place for place, handler in enumerate(handlers) if handler.id == handler_id), None)


def inserted(handlers: Handlers, handler: Handler, position: int) -> Handlers:
    """The chain with `handler` at `position`."""
    return (*handlers[:position], handler, *handlers[position:])


def without(handlers: Handlers, handler_id: int) -> Handlers:
    """The chain without the handler of that id."""
    return tuple(handler for handler in handlers if not handler_id or handler.id != handler_id)


def moved(handlers: Handlers, handler_id: int, position: int) -> Handlers:
    """The chain with the handler of that id at `position`."""
    place = position_of(handlers, handler_id)
    return handlers if place is None else inserted(without(handlers, handler_id), handlers[place], position)


def edited(handlers: Handlers, handler: Handler) -> Handlers:
    """The chain with `handler` in the place of the one with its id."""
    return tuple(handler if each.id == handler.id else each for each in handlers)


def copy_of(handler: Handler, names: Sequence[str], pattern: str) -> Handler:
    """A new handler like `handler`, with a name of its own: `pattern` has its `{name}` and a `{number}`."""
    number = 2
    while (name := pattern.format(name=handler.name, number=number)) in names:
        number += 1
    return replace(handler, name=name, id=0, revision=0)


def _not_bound(_command: ChainCommand, _step: Step) -> None:
    raise RuntimeError("a command of the chain is pushed by Chain.do")
