"""The chain is changed in the window, and the next delivery is judged by it."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector.app import Inspector
from inspector.core.handler import Handler, SecretRef
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.verification_type import TYPES
from inspector.feed import HandlersChanged
from inspector.gui.engine import Engine
from inspector.gui.handlers.handler_pane import HandlerPane
from inspector.gui.widgets.notice import Tone
from tests.gui.waiting import emitted, until
from tests.product import DEADLINE_S, github_signature, post, send

SECRET = "It's a Secret to Everybody"
NONE = Scheme("none")


class Desk:
    """A pane on a running product, with what a test does there."""

    def __init__(self, pane: HandlerPane, stack: QUndoStack, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self.pane, self.stack, self.engine, self.loop = pane, stack, engine, loop

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(DEADLINE_S):
                return await work

        return self.loop.run_until_complete(limited())

    def have(self, *handlers: Handler) -> None:
        """Let the chain be `handlers`, as if the command line had made it."""

        async def make() -> None:
            await self.engine.call(lambda inspector: inspector.save_handlers(handlers))
            await until(
                lambda: [h.name for h in self.pane.handlers] == [h.name for h in handlers], self.pane.chain.changed
            )

        self.run(make())

    def choose(self, name: str) -> None:
        self.pane.choose(next(handler.id for handler in self.pane.handlers if handler.name == name))

    def does(self, action: QAction, names: Sequence[str]) -> None:
        """Trigger `action`, and wait until the chain has these names."""
        self.until_names(names, action.trigger)

    def until_names(self, names: Sequence[str], do: Any) -> None:
        async def act() -> None:
            do()
            await until(lambda: self.names() == list(names), self.pane.chain.changed)

        self.run(act())
        assert self.stored() == list(names)

    def save(self) -> None:
        async def act() -> None:
            self.pane.commands.save.trigger()
            await until(lambda: self.notice() == ("Saved: the next delivery is judged by it.", Tone.GOOD), *self.told())

        self.run(act())

    def told(self) -> tuple[Any, ...]:
        return (self.pane.handlers_changed, self.pane.chain.changed, self.pane.commands.save.changed)

    def names(self) -> list[str]:
        return [handler.name for handler in self.pane.handlers]

    def listed(self) -> list[str]:
        model = self.pane.model
        return [model.index(row).data() for row in range(model.rowCount())]

    def stored(self) -> list[str]:
        async def read(inspector: Inspector) -> list[str]:
            return [handler.name for handler in inspector.handlers]

        result = self.run(self.engine.call(read))
        assert isinstance(result, list)
        return result

    def notice(self) -> tuple[str, Tone]:
        return self.pane._editor().notice.text, self.pane._editor().notice.tone

    def status_of(self, raw: bytes) -> int:
        status, _, _ = self.run(self.engine.call(lambda inspector: send(inspector, raw)))
        assert isinstance(status, int)
        return status


@pytest.fixture
def desk(qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop) -> Iterator[Desk]:
    stack = QUndoStack()
    pane = HandlerPane(engine, stack)  # ended here, and not by qtbot: its processes end before it does
    pane.resize(1100, 800)
    pane.show()
    qtbot.waitExposed(pane)
    yield Desk(pane, stack, engine, window_loop)
    window_loop.run_until_complete(pane.end())
    pane.close()
    pane.deleteLater()


def button(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


# From nothing


def test_an_empty_chain_offers_a_verification_type_or_to_answer_everything(desk: Desk) -> None:
    empty = desk.pane._chain_side.empty
    assert empty.isVisible()
    assert not desk.pane.form.isVisible()
    offered = [each.text() for each in empty.findChildren(QAbstractButton) if each.isVisible()]
    assert offered == ["&New handler…", "Base64 HMAC", "HMAC (hex)", "Secret in a header", "Ans&wer everything"]


def test_answer_everything_answers_everything_as_the_tester(desk: Desk) -> None:
    assert desk.status_of(post(b"{}")) == 403
    desk.until_names(["any"], button(desk.pane._chain_side.empty, "answer-everything").click)
    assert desk.pane.handlers[0].user == "tester"
    assert desk.status_of(post(b"{}")) == 200
    assert desk.pane.form.name.text() == "any"


def test_a_new_handler_is_no_part_of_the_chain_until_it_is_saved(desk: Desk) -> None:
    button(desk.pane._chain_side.empty, "new-hmac").click()
    assert desk.listed() == ["handler"]
    assert desk.names() == desk.stored() == []
    assert desk.notice() == ("Not saved yet.", Tone.REMARK)


def test_a_saved_handler_judges_the_next_delivery(desk: Desk) -> None:
    desk.pane.start_new("hmac")
    desk.pane.form.name.setText("github")
    desk.pane.form.user.setText("ci")
    type_into(desk.pane.form.secrets.rows[0].value, SECRET)
    signed = post(b"Hello, World!", github_signature(b"Hello, World!", SECRET))
    assert desk.status_of(signed) == 403
    desk.save()
    assert desk.names() == desk.stored() == desk.listed() == ["github"]
    assert desk.status_of(signed) == 200
    assert desk.status_of(post(b"Hello, World?", github_signature(b"Hello, World!", SECRET))) == 403
    assert not desk.pane.commands.save.isEnabled()


def test_what_is_wrong_is_said_beside_the_field_and_not_saved(desk: Desk) -> None:
    desk.have(Handler("taken", NONE))
    desk.pane.start_new("base64-hmac")
    form = desk.pane.form
    form.name.setText("taken")
    form.header.setText("two words")
    desk.pane.commands.save.trigger()
    assert form.rows["name"].notice.text == "Another handler is named “taken”."
    assert form.rows["header"].notice.text.startswith("A header’s name has letters")
    assert form.secrets.rows[0]._problem.text == "Type the secret, or remove this line."
    assert desk.names() == desk.stored() == ["taken"]
    assert form.name.hasFocus() or not form.isActiveWindow()


def test_a_handler_without_a_name_is_not_saved(desk: Desk) -> None:
    desk.have(Handler("named", NONE))
    desk.choose("named")
    desk.pane.form.name.setText("  ")
    assert desk.pane.form.rows["name"].notice.text == ""  # it may be on its way to another name
    desk.pane.commands.save.trigger()
    assert desk.pane.form.rows["name"].notice.text == "A handler needs a name."
    assert desk.stored() == ["named"]


def test_the_picker_stays_when_the_chain_changes_elsewhere(desk: Desk) -> None:
    desk.pane.pick_preset()
    desk.have(Handler("a", NONE))
    assert desk.pane.picker.isVisible()
    desk.choose("a")
    desk.have(*desk.pane.handlers, Handler("b", NONE))
    assert desk.pane.picker.isVisible()
    desk.choose("b")
    assert desk.pane.form.isVisible()


# Drafts


def test_changes_that_are_not_saved_wait_while_another_handler_is_shown(desk: Desk) -> None:
    desk.have(Handler("a", NONE), Handler("b", NONE))
    desk.choose("a")
    desk.pane.form.user.setText("someone")
    desk.choose("b")
    assert desk.pane.form.user.text() == ""
    assert [entry.unsaved for entry in desk.pane.model.entries] == [True, False]
    desk.choose("a")
    assert desk.pane.form.user.text() == "someone"
    assert desk.pane.handlers[0].user == ""


def test_a_typed_secret_waits_with_the_draft(desk: Desk) -> None:
    desk.have(Handler("a", NONE))
    desk.pane.start_new("token")
    type_into(desk.pane.form.secrets.rows[0].value, SECRET)
    desk.choose("a")
    desk.pane.choose(desk.pane.model.entries[1].id)
    assert desk.pane.form.draft().new_values == (SECRET,)


def test_revert_shows_what_is_saved(desk: Desk) -> None:
    desk.have(Handler("a", NONE, user="someone"))
    desk.choose("a")
    desk.pane.form.user.setText("nobody")
    assert desk.pane.commands.revert.isEnabled()
    desk.pane.commands.revert.trigger()
    assert desk.pane.form.user.text() == "someone"
    assert not desk.pane.commands.save.isEnabled()
    assert desk.notice()[0] == ""


def test_typing_back_what_is_saved_leaves_nothing_to_save(desk: Desk) -> None:
    desk.have(Handler("a", NONE, user="someone"))
    desk.choose("a")
    desk.pane.form.user.setText("nobody")
    desk.pane.form.user.setText("someone")
    assert not desk.pane.commands.save.isEnabled()


def test_reverting_a_new_handler_forgets_it(desk: Desk) -> None:
    desk.have(Handler("a", NONE))
    desk.pane.start_new("token")
    desk.pane.commands.revert.trigger()
    assert desk.listed() == ["a"]
    assert desk.pane.form.name.text() == "a"


def test_a_change_from_elsewhere_keeps_the_draft(desk: Desk) -> None:
    desk.have(Handler("a", NONE))
    desk.choose("a")
    desk.pane.form.user.setText("typed")
    desk.have(*desk.pane.handlers, Handler("b", NONE))
    assert desk.pane.form.user.text() == "typed"
    assert desk.listed() == ["a", "b"]


def test_a_scheme_that_says_more_than_its_type_is_kept_as_it_is(desk: Desk) -> None:
    own = Scheme("hmac", "sha256", signature=SignaturePlace(name="S", format="kv", key="v1"))
    desk.have(Handler("a", own))
    desk.choose("a")
    assert desk.pane.form.type.currentText() == "HMAC (hex)"
    desk.pane.form.user.setText("someone")
    desk.save()
    assert desk.pane.handlers[0].scheme == own


# Every change undone and redone


def test_add_edit_move_disable_and_remove_are_undone_and_redone(desk: Desk) -> None:
    desk.have(Handler("a", NONE), Handler("b", NONE))
    desk.choose("b")
    desk.does(desk.pane.commands.move_up, ["b", "a"])
    desk.pane.form.name.setText("c")
    desk.save()
    desk.does(desk.pane.commands.duplicate, ["c", "c (2)", "a"])
    desk.choose("a")
    desk.does(desk.pane.commands.remove, ["c", "c (2)"])
    assert desk.stack.undoText() == "Remove “a”"
    for names in (["c", "c (2)", "a"], ["c", "a"], ["b", "a"], ["a", "b"]):
        desk.until_names(names, desk.stack.undo)
    assert not desk.stack.canUndo()
    for names in (["b", "a"], ["c", "a"], ["c", "c (2)", "a"], ["c", "c (2)"]):
        desk.until_names(names, desk.stack.redo)


def test_a_removed_handler_comes_back_with_its_secret(desk: Desk) -> None:
    desk.pane.start_new("hmac")
    type_into(desk.pane.form.secrets.rows[0].value, SECRET)
    desk.save()
    signed = post(b"{}", github_signature(b"{}", SECRET))
    before = desk.pane.handlers
    desk.does(desk.pane.commands.remove, [])
    assert desk.status_of(signed) == 403
    desk.until_names(["handler"], desk.stack.undo)
    assert desk.pane.handlers == before
    assert desk.status_of(signed) == 200


def test_undoing_an_edit_shows_the_old_values(desk: Desk) -> None:
    desk.have(Handler("a", NONE, user="before"))
    desk.choose("a")
    desk.pane.form.user.setText("after")
    desk.save()
    desk.run(emitted(desk.pane.chain.changed, desk.stack.undo))
    assert desk.pane.form.user.text() == "before"


def test_a_disabled_handler_is_not_tried(desk: Desk) -> None:
    desk.have(Handler("a", NONE))
    desk.choose("a")
    assert desk.pane.commands.toggle.text() == "Dis&able"
    desk.run(emitted(desk.pane.chain.changed, desk.pane.commands.toggle.trigger))
    assert desk.status_of(post(b"{}")) == 403
    assert "disabled" in desk.pane.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    desk.run(emitted(desk.pane.chain.changed, desk.pane.commands.toggle.trigger))
    assert desk.status_of(post(b"{}")) == 200


def test_disabling_does_not_save_what_was_typed(desk: Desk) -> None:
    desk.have(Handler("a", NONE, user="saved"))
    desk.choose("a")
    desk.pane.form.user.setText("typed")
    desk.run(emitted(desk.pane.chain.changed, desk.pane.commands.toggle.trigger))
    assert (desk.pane.handlers[0].user, desk.pane.handlers[0].enabled) == ("saved", False)
    assert (desk.pane.form.user.text(), desk.pane.form.enabled.isChecked()) == ("typed", False)


def test_what_the_engine_refuses_is_said_and_changes_nothing(desk: Desk) -> None:
    desk.have(Handler("a", NONE))
    desk.pane.start_new("none")
    desk.pane.form.name.setText("b")

    async def race() -> None:
        """Someone else takes the name between the form's check and the save: the window has not heard of it."""
        inspector, loop = desk.engine._inspector, desk.engine._loop
        assert inspector is not None
        assert loop is not None
        others = inspector.save_handlers((*inspector.handlers, Handler("b", Scheme("none"), user="other")))
        asyncio.run_coroutine_threadsafe(others, loop).result(DEADLINE_S)
        assert desk.names() == ["a"]
        desk.pane.commands.save.trigger()
        await until(lambda: "named 'b'" in desk.notice()[0], desk.pane.chain.failed)

    desk.run(race())
    desk.run(until(lambda: desk.names() == ["a", "b"], desk.pane.chain.changed))
    assert desk.pane.handlers[1].user == "other"
    assert desk.listed() == ["a", "b", "b"]  # the draft waits for another name


# Order


def test_the_ends_of_the_chain_are_the_ends_of_moving(desk: Desk) -> None:
    desk.have(Handler("a", NONE), Handler("b", NONE))
    desk.choose("a")
    assert (desk.pane.commands.move_up.isEnabled(), desk.pane.commands.move_down.isEnabled()) == (False, True)
    desk.does(desk.pane.commands.move_down, ["b", "a"])
    assert (desk.pane.commands.move_up.isEnabled(), desk.pane.commands.move_down.isEnabled()) == (True, False)
    assert desk.pane.form.name.text() == "a"


@pytest.mark.parametrize(
    ("name", "row", "names"),
    [("a", 2, "bac"), ("a", 3, "bca"), ("a", -1, "bca"), ("c", 0, "cab"), ("b", 0, "bac"), ("c", 1, "acb")],
)
def test_a_handler_is_dragged_to_its_place(desk: Desk, name: str, row: int, names: str) -> None:
    desk.have(*(Handler(each, NONE) for each in "abc"))
    model = desk.pane.model
    data = model.mimeData([model.index("abc".index(name))])

    def drop() -> None:
        model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, QModelIndex())

    desk.until_names(list(names), drop)


def test_what_is_dropped_from_elsewhere_changes_nothing(desk: Desk) -> None:
    desk.have(Handler("a", NONE), Handler("b", NONE))
    foreign = QMimeData()
    foreign.setText("1")
    assert not desk.pane.model.dropMimeData(foreign, Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert desk.stack.count() == 0


def test_alt_and_an_arrow_move_the_handler(desk: Desk) -> None:
    desk.have(Handler("a", NONE), Handler("b", NONE))
    desk.choose("b")
    desk.pane.activateWindow()
    desk.pane.list.setFocus()
    QApplication.processEvents()
    keys = (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    desk.until_names(["b", "a"], lambda: QTest.keyClick(desk.pane.list, *keys))


# Secrets


def test_a_kept_secret_is_shown_only_when_asked_for(desk: Desk) -> None:
    desk.pane.start_new("hmac")
    type_into(desk.pane.form.secrets.rows[0].value, SECRET)
    desk.save()
    row = desk.pane.form.secrets.rows[0]
    assert SECRET not in row.value.text()
    assert row.value.echoMode() is QLineEdit.EchoMode.Password

    async def reveal() -> None:
        row.reveal.click()
        await until(lambda: row.value.text() == SECRET, row.value.textChanged)

    desk.run(reveal())
    assert row.value.isReadOnly()
    assert row.value.echoMode() is QLineEdit.EchoMode.Normal
    row.reveal.click()
    assert SECRET not in row.value.text()
    assert not desk.pane.commands.save.isEnabled()


def test_a_secret_that_is_gone_says_so(desk: Desk) -> None:
    desk.have(Handler("a", TYPES[0].scheme, secrets=(SecretRef("no-such-id", "lost"),)))
    desk.choose("a")
    row = desk.pane.form.secrets.rows[0]

    async def reveal() -> None:
        row.reveal.click()
        await until(lambda: row._problem.text, row.reveal.toggled)

    desk.run(reveal())
    assert row._problem.text == "The secret could not be read from where it is kept."
    assert not row.reveal.isChecked()


def test_a_retired_secret_is_tried_no_more_until_it_is_restored(desk: Desk) -> None:
    desk.pane.start_new("hmac")
    type_into(desk.pane.form.secrets.rows[0].value, SECRET)
    desk.save()
    signed = post(b"{}", github_signature(b"{}", SECRET))
    for retired, status in ((True, 403), (False, 200)):
        desk.pane.form.secrets.rows[0].retire.click()
        desk.save()
        assert desk.pane.handlers[0].secrets[0].retired is retired
        assert desk.status_of(signed) == status


def test_the_chain_that_the_command_line_made_is_there_from_the_start(
    qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop
) -> None:
    window_loop.run_until_complete(engine.call(lambda inspector: inspector.save_handlers([Handler("a", NONE)])))

    async def open_pane() -> HandlerPane:
        pane = HandlerPane(engine, QUndoStack())
        qtbot.addWidget(pane)
        await emitted(pane.handlers_changed)
        return pane

    pane = window_loop.run_until_complete(open_pane())
    assert [handler.name for handler in pane.handlers] == ["a"]
    assert pane.form.name.text() == "a"
    window_loop.run_until_complete(pane.end())


def test_changes_of_the_chain_are_told(desk: Desk) -> None:
    (told,) = desk.run(emitted(desk.pane.handlers_changed, desk.pane.commands.answer_everything.trigger))
    assert told == desk.pane.handlers
    assert isinstance(HandlersChanged(told), HandlersChanged)


def type_into(line: QLineEdit, text: str) -> None:
    """As if it were typed: `setText` alone tells no one that the user did it."""
    line.setText(text)
    line.textEdited.emit(text)
