"""The chain and its form side by side. Nothing is saved until it is saved, and what is saved can be undone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector import presets
from inspector.core.delivery import Delivery
from inspector.core.handler import Handler
from inspector.core.verification.verification_type import TYPES, type_named
from inspector.gui.engine import Engine
from inspector.gui.handlers.chain import Chain
from inspector.gui.handlers.commands import (
    AddHandler,
    ChainCommand,
    EditHandler,
    MoveHandler,
    RemoveHandler,
    copy_of,
    position_of,
)
from inspector.gui.handlers.draft import Draft, DraftSecret, draft_of
from inspector.gui.handlers.from_delivery import guessed_scheme, preset_handler, recognised
from inspector.gui.handlers.handler_form import HandlerForm
from inspector.gui.handlers.handler_list import Entry, HandlerList, HandlerListModel
from inspector.gui.handlers.history import History
from inspector.gui.handlers.live_pane import LivePane, earlier_than
from inspector.gui.handlers.offers import Offer
from inspector.gui.handlers.preset_picker import PresetPicker
from inspector.gui.handlers.texts import type_help, type_words
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.empty_state import ActionButton, EmptyState
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.themed import follow_palette, set_icon

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector

TESTER = "tester"
"""The acting user of the handler that answers everything."""


class HandlerPane(QSplitter):
    """List and form. `actions` are its commands, for menus and the command palette."""

    handlers_changed = Signal(object)  # tuple[Handler, ...]: the chain as it stands
    ids_wanted = Signal(object, str)  # Sequence[int], what they are: list these deliveries
    wanted = Signal()  # a command was given that only makes sense where the pane is to be seen

    def __init__(self, engine: Engine, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._engine = engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self.chain = Chain(engine, undo_stack, self)
        self._drafts: dict[int, Draft] = {}
        self._shown: int = 0  # the id of the entry in the form
        self._new_id = 0
        self._wanted = ""  # the name of the handler to select when it is in the chain
        self.model = HandlerListModel(self)
        self.list = HandlerList(self.model, self)
        self.form = HandlerForm(self)
        self.picker = PresetPicker(self)
        self._delivery: Delivery | None = None
        self.history = History(engine.folder, engine, self)
        self.live = LivePane(self.history, self._value_of, self)
        self._make_actions()
        self._lay_out()
        self.chain.changed.connect(self._follow_chain)
        self.chain.failed.connect(self._say_problem)
        self.model.moved.connect(self._move)
        self.list.chosen.connect(self._show)
        self.form.edited.connect(self._keep_draft)
        self.form.reveal_requested.connect(self._reveal)
        self.picker.chosen.connect(self._begin_with)
        self.picker.left.connect(self._leave_picker)
        self.live.ids_wanted.connect(self.ids_wanted)
        self._refresh()

    @property
    def handlers(self) -> Sequence[Handler]:
        """The chain as it stands."""
        return self.chain.handlers

    def actions(self) -> list[QAction]:
        """Every command on handlers, in the order of a menu. The keys of some are the list's alone."""
        return [
            self.new, *self._new.values(), self.answer_everything, self.duplicate, self.remove, self.toggle,
            self.move_up, self.move_down, self.save, self.revert,
        ]  # fmt: skip

    def choose(self, handler_id: int) -> None:
        """Select the handler of that id."""
        self.list.choose(handler_id)

    def use_delivery(self, delivery: Delivery | None) -> None:
        """Explain and try everything with this delivery: the one that is selected."""
        self._delivery = delivery
        self.form.use_delivery(delivery)
        self.live.use_delivery(delivery)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    # Commands

    def start_new(self, type_id: str) -> None:
        """Begin a new handler in the form; it joins the chain when it is saved."""
        kind = type_named(type_id) or TYPES[0]
        self._start(Handler(_free_name(self.tr("handler"), self._names()), kind.scheme))

    def start_from_preset(self, preset_id: str, delivery: Delivery | None = None) -> None:
        """Begin a new handler that verifies as that preset says, fitted to `delivery` where there is one."""
        preset = presets.preset(preset_id)
        name = _free_name(preset.id, self._names())
        self._start(preset_handler(preset, name, delivery.request if delivery else None))

    def start_from_delivery(self, delivery: Delivery) -> None:
        """Begin a handler for deliveries like this one: by its sender's preset, else by what its headers look like."""
        self.use_delivery(delivery)
        self._tasks.start("begin", self._start_recognised(delivery))

    @Slot()
    def pick_preset(self) -> None:
        """Ask who sends the webhooks."""
        self.wanted.emit()
        self._side.setVisible(True)
        self._sides.setCurrentWidget(self.picker)
        self._stack.setVisible(bool(self.model.entries))  # beside the picker, an empty chain has nothing to add
        self.picker.open_for()
        if self._delivery is not None:
            self._tasks.start("recognise", self._recognise(self._delivery))

    async def _recognise(self, delivery: Delivery) -> None:
        self.picker.recognise(await asyncio.to_thread(recognised, delivery))

    async def _start_recognised(self, delivery: Delivery) -> None:
        preset_id = await asyncio.to_thread(recognised, delivery)
        request = delivery.request
        if preset_id:
            self.start_from_preset(preset_id, delivery)
        elif (scheme := guessed_scheme(request)) is not None:
            self._start(Handler(_free_name(self.tr("handler"), self._names()), scheme, path=request.path))
        else:
            self.pick_preset()

    @Slot(object)
    def _begin_with(self, offer: Offer) -> None:
        self._sides.setCurrentWidget(self._form_side)
        if offer.type_id:
            self.start_new(offer.type_id)
        else:
            self.start_from_preset(offer.id, self._delivery if offer.recognised else None)

    @Slot()
    def _leave_picker(self) -> None:
        self._sides.setCurrentWidget(self._form_side)
        self._refresh()
        (self.list if self.model.entries else self._empty).setFocus(Qt.FocusReason.OtherFocusReason)

    def _start(self, handler: Handler) -> None:
        """Show a draft of a new handler, at the first field that it needs."""
        self.wanted.emit()
        self._sides.setCurrentWidget(self._form_side)
        self._new_id -= 1
        secrets = (DraftSecret(self.tr("secret")),) if handler.scheme.kind != "none" else ()
        self._drafts[self._new_id] = replace(draft_of(replace(handler, id=self._new_id)), secrets=secrets)
        self._refresh()
        self.list.choose(self._new_id)
        needed = self.form.needs()
        needed.setFocus(Qt.FocusReason.OtherFocusReason)
        if needed is self.form.name:
            self.form.name.selectAll()

    @Slot()
    def _answer_everything(self) -> None:
        self.wanted.emit()
        none = type_named("none") or TYPES[-1]
        handler = Handler(_free_name(self.tr("any"), self._names()), none.scheme, user=TESTER)
        self._wanted = handler.name
        self.chain.do(AddHandler(self.tr("Answer everything"), handler))

    @Slot()
    def _duplicate(self) -> None:
        if (handler := self.chain.handler(self._shown)) is None:
            return
        copy = copy_of(handler, self._names(), self.tr("{name} ({number})"))
        self._wanted = copy.name
        place = position_of(self.chain.handlers, handler.id)
        command = AddHandler(
            self.tr("Duplicate “{name}”").format(name=handler.name), copy, None if place is None else place + 1
        )
        self.chain.do(command)

    @Slot()
    def _remove(self) -> None:
        handler = self.chain.handler(self._shown)
        self._drafts.pop(self._shown, None)
        if handler is None:
            self._refresh()
            return
        self.chain.do(RemoveHandler(self.tr("Remove “{name}”").format(name=handler.name), handler.id))

    @Slot()
    def _toggle(self) -> None:
        if (handler := self.chain.handler(self._shown)) is None:
            return
        text = self.tr("Disable “{name}”") if handler.enabled else self.tr("Enable “{name}”")
        if (draft := self._drafts.get(handler.id)) is not None:
            self._drafts[handler.id] = replace(draft, handler=replace(draft.handler, enabled=not handler.enabled))
        self.chain.do(EditHandler(text.format(name=handler.name), replace(handler, enabled=not handler.enabled)))

    @Slot(int, int)
    def _move(self, handler_id: int, position: int) -> None:
        handler = self.chain.handler(handler_id)
        if handler is not None and 0 <= position < len(self.chain.handlers):
            self.chain.do(MoveHandler(self.tr("Move “{name}”").format(name=handler.name), handler_id, position))

    @Slot()
    def _move_up(self) -> None:
        self._move(self._shown, (position_of(self.chain.handlers, self._shown) or 0) - 1)

    @Slot()
    def _move_down(self) -> None:
        self._move(self._shown, (position_of(self.chain.handlers, self._shown) or 0) + 1)

    @Slot()
    def _save(self) -> None:
        if self._shown in self._drafts and self.form.is_ready():
            self._tasks.start("save", self._save_draft(self._shown, self.form.draft()))

    async def _save_draft(self, entry_id: int, draft: Draft) -> None:
        self.save.setEnabled(False)
        ids = [await self._engine.call(partial(_keep, value=value)) for value in draft.new_values]
        handler = draft.saved_with(ids)
        command: ChainCommand
        if entry_id > 0:
            command = EditHandler(self.tr("Edit “{name}”").format(name=handler.name), handler)
        else:
            self._wanted = handler.name
            command = AddHandler(self.tr("Add “{name}”").format(name=handler.name), replace(handler, id=0))
        kept = self._drafts.pop(entry_id, draft)
        if await self.chain.do(command):
            self._follow_chain()
            self._notice.say(self.tr("Saved: the next delivery is judged by it."), Tone.GOOD)
        else:
            self._drafts[entry_id] = kept
            self._follow_chain()

    @Slot()
    def _revert(self) -> None:
        self._drafts.pop(self._shown, None)
        self._notice.say("")
        self._refresh()
        self._show(self.list.current_id)

    # Showing

    @Slot()
    def _follow_chain(self) -> None:
        known = {handler.id for handler in self.chain.handlers}
        self._drafts = {key: draft for key, draft in self._drafts.items() if key < 0 or key in known}
        self._refresh()
        wanted = next((handler.id for handler in self.chain.handlers if handler.name == self._wanted), 0)
        if wanted:
            self._wanted = ""
            self.list.choose(wanted)
        self._show(self.list.current_id)
        self.handlers_changed.emit(self.chain.handlers)

    def _refresh(self) -> None:
        kept = [Entry(handler.id, handler, handler.id in self._drafts) for handler in self.chain.handlers]
        new = [Entry(key, draft.handler, unsaved=True) for key, draft in self._drafts.items() if key < 0]
        self.model.show_entries([*kept, *new])
        empty = not self.model.entries
        self._stack.setCurrentWidget(self._empty if empty else self._listed)
        picking = self._sides.currentWidget() is self.picker
        self._stack.setVisible(not empty or not picking)
        self._side.setVisible(not empty or picking)
        self._enable_actions()

    @Slot(int)
    def _show(self, entry_id: int) -> None:
        """Show the entry's draft, or what is saved of it; nothing is lost by looking elsewhere."""
        saved = self.chain.handler(entry_id)
        draft = self._drafts.get(entry_id) or (draft_of(saved) if saved else None)
        if entry_id != self._shown:
            self._notice.say("")
        self._shown = entry_id
        if entry_id:
            self._sides.setCurrentWidget(self._form_side)
        if draft is not None and draft != self.form.draft():
            self.form.show_draft(draft, [each for each in self.chain.handlers if each.id != entry_id])
        self._enable_actions()
        self._show_effect()

    @Slot()
    def _keep_draft(self) -> None:
        draft, saved = self.form.draft(), self.chain.handler(self._shown)
        if saved is not None and not draft.differs_from(saved):
            self._drafts.pop(self._shown, None)
        elif self._shown:
            self._drafts[self._shown] = draft
        self._notice.say("")
        self._refresh()
        self._show_effect()

    def _show_effect(self) -> None:
        """Let the live pane follow what is in the form."""
        draft = self.form.draft() if self._shown else None
        self.live.show_draft(draft, earlier_than(self.chain.handlers, self._shown))

    async def _value_of(self, secret_id: str) -> str | None:
        return await self._engine.call(lambda inspector: inspector.secret(secret_id))

    def _enable_actions(self) -> None:
        place = position_of(self.chain.handlers, self._shown)
        handler = self.chain.handler(self._shown)
        changed = self._shown in self._drafts
        for action in (self.duplicate, self.toggle):
            action.setEnabled(handler is not None)
        self.remove.setEnabled(bool(self._shown))
        self.toggle.setText(self.tr("Dis&able") if handler and handler.enabled else self.tr("En&able"))
        self.move_up.setEnabled(place is not None and place > 0)
        self.move_down.setEnabled(place is not None and place < len(self.chain.handlers) - 1)
        self.save.setEnabled(changed)
        self.revert.setEnabled(changed)
        if changed and not self._notice.text:
            self._notice.say(self.tr("Not saved yet."), Tone.REMARK)

    def _names(self) -> list[str]:
        new = [draft.handler.name for key, draft in self._drafts.items() if key < 0]
        return [handler.name for handler in self.chain.handlers] + new

    @Slot(str)
    def _say_problem(self, text: str) -> None:
        self._notice.say(text)

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self._notice.say(str(error))
        self._enable_actions()

    @Slot(str)
    def _reveal(self, secret_id: str) -> None:
        self._tasks.start(f"reveal {secret_id}", self._show_secret(secret_id))

    async def _show_secret(self, secret_id: str) -> None:
        value = await self._engine.call(lambda inspector: inspector.secret(secret_id))
        self.form.secrets.show_value(secret_id, value)

    # Making

    def _make_actions(self) -> None:
        self.new = self._action("new-handler", self.tr("&New handler…"), "Ctrl+N", "plus")
        self.new.setStatusTip(self.tr("Choose who sends the webhooks: a preset knows how they sign."))
        self.new.triggered.connect(self.pick_preset)
        self._new: dict[str, QAction] = {}
        for each in TYPES:
            action = QAction(self.tr("New handler: {type}").format(type=type_words(each.id)), self)
            action.setIconText(type_words(each.id))
            action.setObjectName(f"new-{each.id}")
            action.setStatusTip(type_help(each.id))
            action.triggered.connect(partial(self._start_new_of, each.id))
            self._new[each.id] = action
        self.answer_everything = self._action("answer-everything", self.tr("Ans&wer everything"), "")
        self.answer_everything.setStatusTip(
            self.tr("Every request is accepted, as user “{user}”, without a signature.").format(user=TESTER)
        )
        self.duplicate = self._action("duplicate-handler", self.tr("D&uplicate"), "Ctrl+Shift+D", "copy")
        self.remove = self._action("remove-handler", self.tr("&Remove"), "Del", "delete")
        self.toggle = self._action("toggle-handler", self.tr("En&able"), "Ctrl+Shift+E", "power")
        self.move_up = self._action("move-handler-up", self.tr("Move &up"), "Alt+Up", "up")
        self.move_down = self._action("move-handler-down", self.tr("Move do&wn"), "Alt+Down", "down")
        self.save = self._action("save-handler", self.tr("Save"), "Ctrl+S", "save")
        self.revert = self._action("revert-handler", self.tr("Revert"), "", "undo")
        for action, slot in (
            (self.answer_everything, self._answer_everything), (self.duplicate, self._duplicate),
            (self.remove, self._remove), (self.toggle, self._toggle), (self.move_up, self._move_up),
            (self.move_down, self._move_down), (self.save, self._save), (self.revert, self._revert),
        ):  # fmt: skip
            action.triggered.connect(slot)
        self.list.addActions([self.remove, self.toggle, self.duplicate, self.move_up, self.move_down])
        self.addActions([self.save, self.new])

    def _action(self, name: str, text: str, keys: str, icon_name: str = "") -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if icon_name:
            set_icon(action, icon_name)
        return action

    def _start_new_of(self, type_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self.start_new(type_id)

    def _lay_out(self) -> None:
        self.setChildrenCollapsible(False)
        self._stack = QStackedWidget(self)
        self._empty = EmptyState(
            self.tr("No handler yet"),
            self.tr(
                "A handler says how deliveries to a path are verified, and what the sender is answered. "
                "Choose how your sender signs, or answer everything to look at what arrives."
            ),
            [self.new, *(self._new[each.id] for each in TYPES if each.id != "none"), self.answer_everything],
            parent=self,
        )
        self._listed = QWidget(self)
        column = QVBoxLayout(self._listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tool_row())
        column.addWidget(self.list, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._listed)
        self._form_side = Columns(self)
        edited = QWidget(self._form_side)
        side = QVBoxLayout(edited)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.form, 1)
        side.addLayout(self._save_row())
        self._form_side.addWidget(edited)
        self._form_side.addWidget(self.live)
        self._form_side.setSizes([spacing(110), spacing(90)])
        self._side = QWidget(self)
        self._sides = QStackedLayout(self._side)
        self._sides.addWidget(self._form_side)
        self._sides.addWidget(self.picker)
        self.addWidget(self._stack)
        self.addWidget(self._side)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setSizes([spacing(60), spacing(200)])

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        row.setSpacing(spacing())
        add = QPushButton(self.tr("Add handler"), self._listed)
        set_icon(add, "plus")
        add.setObjectName("add-handler")
        add.clicked.connect(self.pick_preset)
        row.addWidget(add)
        row.addStretch(1)
        for action in (self.move_up, self.move_down, self.toggle, self.duplicate, self.remove):
            row.addWidget(_tool_button(action, self._listed))
        return row

    def _save_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(4), spacing(2), spacing(4), spacing(2))
        row.setSpacing(spacing(2))
        self._notice = Notice(self._form_side)
        row.addWidget(self._notice, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(0)
        for action in (self.revert, self.save):
            row.addWidget(ActionButton(action, self._form_side))
        return row


async def _keep(inspector: "Inspector", value: str) -> str:
    return await inspector.keep_secret(value)


def _free_name(word: str, names: Sequence[str]) -> str:
    numbered = (f"{word}-{number}" for number in range(2, len(names) + 3))
    return next(name for name in (word, *numbered) if name not in names)


def _tool_button(action: QAction, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(button.fontMetrics().height(), button.fontMetrics().height()))
    button.setAccessibleName(action.text().replace("&", ""))
    return button
