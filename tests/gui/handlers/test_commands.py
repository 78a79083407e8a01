"""Each change of the chain can be taken back, whatever else has changed meanwhile."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QUndoStack

from inspector.core.handler import Handler, SecretRef
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.commands import (
    AddHandler,
    ChainCommand,
    EditHandler,
    Handlers,
    MoveHandler,
    RemoveHandler,
    copy_of,
)

NONE = Scheme("none")
A, B, C = (Handler(name, NONE, id=id_, secrets=(SecretRef(name, "s"),)) for id_, name in enumerate("abc", 1))
CHAIN = (A, B, C)


@pytest.mark.parametrize(
    ("command", "after"),
    [
        (lambda: RemoveHandler("", 2), "ac"),
        (lambda: MoveHandler("", 3, 0), "cab"),
        (lambda: MoveHandler("", 1, 2), "bca"),
        (lambda: MoveHandler("", 1, 0), "abc"),
        (lambda: EditHandler("", Handler("x", NONE, id=2)), "axc"),
        (lambda: AddHandler("", Handler("x", NONE)), "abcx"),
        (lambda: AddHandler("", Handler("x", NONE), 1), "axbc"),
        (lambda: RemoveHandler("", 99), "abc"),
        (lambda: MoveHandler("", 99, 0), "abc"),
        (lambda: EditHandler("", Handler("x", NONE, id=99)), "abc"),
    ],
)
def test_a_change_is_made_and_taken_back(command: Callable[[], ChainCommand], after: str) -> None:
    made = command()
    changed = made.forward(CHAIN)
    assert names(changed) == after
    stored = tuple(h if h.id else Handler(h.name, NONE, id=7) for h in changed)
    made.stored(stored)
    assert made.backward(stored) == CHAIN
    again = made.forward(CHAIN)
    assert [h.id for h in again] == [h.id for h in stored]


def test_a_removed_handler_comes_back_with_its_secrets() -> None:
    removal = RemoveHandler("", 2)
    assert removal.backward(removal.forward(CHAIN))[1] is B


def test_taking_back_leaves_what_others_added() -> None:
    """The command line may have changed the chain between a change and its undo."""
    removal = RemoveHandler("", 2)
    left = removal.forward(CHAIN)
    foreign = Handler("from the command line", NONE, id=9)
    assert names(removal.backward((*left, foreign))) == "abcfrom the command line"


def test_taking_back_an_addition_that_is_gone_changes_nothing() -> None:
    addition = AddHandler("", Handler("x", NONE))
    addition.stored((*CHAIN, Handler("x", NONE, id=7)))
    assert addition.backward(CHAIN) == CHAIN


def test_a_command_that_nobody_bound_says_so() -> None:
    with pytest.raises(RuntimeError, match=r"Chain\.do"):
        RemoveHandler("", 1).redo()


@given(st.data())
def test_any_number_of_changes_can_be_undone_and_redone(data: st.DataObject) -> None:
    chain = FakeChain(CHAIN)
    stack = QUndoStack()
    seen: list[Handlers] = [CHAIN]
    for number in range(data.draw(st.integers(1, 8))):
        ids = [handler.id for handler in chain.handlers]
        kind = data.draw(st.sampled_from(["add", "remove", "move", "edit"] if ids else ["add"]))
        command: ChainCommand
        match kind:
            case "add":
                command = AddHandler(
                    "", Handler(f"new {number}", NONE), data.draw(st.none() | st.integers(0, len(ids)))
                )
            case "remove":
                command = RemoveHandler("", data.draw(st.sampled_from(ids)))
            case "move":
                command = MoveHandler("", data.draw(st.sampled_from(ids)), data.draw(st.integers(0, len(ids) - 1)))
            case _:
                command = EditHandler("", Handler(f"edited {number}", NONE, id=data.draw(st.sampled_from(ids))))
        command.apply = chain.apply
        stack.push(command)
        seen.append(chain.handlers)
    for expected in reversed(seen[:-1]):
        stack.undo()
        assert chain.handlers == expected
    for expected in seen[1:]:
        stack.redo()
        assert chain.handlers == expected


def test_a_copy_has_a_name_and_an_identity_of_its_own() -> None:
    copy = copy_of(A, ["a", "a (2)"], "{name} ({number})")
    assert (copy.name, copy.id, copy.revision, copy.secrets) == ("a (3)", 0, 0, A.secrets)


class FakeChain:
    """A chain that is stored at once, giving ids as the store does."""

    def __init__(self, handlers: Handlers) -> None:
        self.handlers = handlers
        self._last_id = 3

    def apply(self, command: ChainCommand, step: Callable[[Handlers], Handlers]) -> None:
        self.handlers = tuple(handler if handler.id else self._stored(handler) for handler in step(self.handlers))
        command.stored(self.handlers)

    def _stored(self, handler: Handler) -> Handler:
        self._last_id += 1
        return Handler(handler.name, NONE, id=self._last_id)


def names(handlers: Handlers) -> str:
    return "".join(handler.name for handler in handlers)
