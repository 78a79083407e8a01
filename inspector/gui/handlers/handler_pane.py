"""The chain and its form side by side. Nothing is saved until it is saved, and what is saved can be undone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QShowEvent, QUndoStack
from PySide6.QtWidgets import QWidget

from inspector.core.delivery import Delivery
from inspector.core.handler import Handler
from inspector.core.verification.verify import KEYS_MAY_BE_FETCHED
from inspector.gui.engine import Engine
from inspector.gui.handlers.chain import Chain
from inspector.gui.handlers.chain_changes import ChainChanges
from inspector.gui.handlers.chain_side import ChainSide
from inspector.gui.handlers.commands import AddHandler, ChainCommand, EditHandler, position_of
from inspector.gui.handlers.draft import Draft, DraftSecret, draft_of
from inspector.gui.handlers.drafts import Drafts
from inspector.gui.handlers.handler_actions import HandlerActions
from inspector.gui.handlers.handler_list import HandlerListModel
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.themed import follow_palette

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector
    from inspector.gui.handlers.editor_side import EditorSide
    from inspector.gui.handlers.handler_form import HandlerForm
    from inspector.gui.handlers.history import History
    from inspector.gui.handlers.live_pane import LivePane
    from inspector.gui.handlers.offers import Offer
    from inspector.gui.handlers.preset_picker import PresetPicker


class HandlerPane(Columns):
    """List and form. The form is made when it is first looked at: a start of the program pays nothing for it."""

    handlers_changed = Signal(object)  # tuple[Handler, ...]: the chain as it stands
    ids_wanted = Signal(object, str)  # Sequence[int], what they are: list these deliveries
    wanted = Signal()  # a command was given that only makes sense where the pane is to be seen

    def __init__(self, engine: Engine, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self.chain = Chain(engine, undo_stack, self)
        self._drafts = Drafts()
        self._refreshing = False
        self._shown: int = 0  # the id of the entry in the form
        self._wanted = ""  # the name of the handler to select when it is in the chain
        self._delivery: Delivery | None = None
        self._side: EditorSide | None = None
        self.model = HandlerListModel(self)
        self.commands = HandlerActions(self)
        self._changes = ChainChanges(self.chain, self._drafts, self.commands, self)
        self._chain_side = ChainSide(self.model, self.commands, self)
        self.list = self._chain_side.list
        self.setFocusProxy(self.list)
        self.addWidget(self._chain_side)
        self._connect()
        self._refresh()

    @property
    def handlers(self) -> Sequence[Handler]:
        """The chain as it stands."""
        return self.chain.handlers

    @property
    def form(self) -> "HandlerForm":
        """The form."""
        return self._editor().form

    @property
    def live(self) -> "LivePane":
        """What the handler in the form would do."""
        return self._editor().live

    @property
    def history(self) -> "History":
        """The stored deliveries, as far as the form looks at them."""
        return self._editor().history

    @property
    def picker(self) -> "PresetPicker":
        """The choice of presets."""
        return self._editor().picker

    def actions(self) -> list[QAction]:
        """Every command on handlers, in the order of a menu."""
        return self.commands.all()

    def choose(self, handler_id: int) -> None:
        """Select the handler of that id."""
        self.list.choose(handler_id)

    def use_delivery(self, delivery: Delivery | None) -> None:
        """Explain and try everything with this delivery: the one that is selected."""
        self._delivery = delivery
        if self._side is not None:
            self._side.form.use_delivery(delivery)
            self._side.live.use_delivery(delivery)

    async def end(self) -> None:
        """End what is under way."""
        if self._side is not None:
            await self._side.history.close()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the form from now on."""
        self._editor()
        super().showEvent(event)

    # Commands

    def start_new(self, type_id: str) -> None:
        """Begin a new handler in the form; it joins the chain when it is saved."""
        from inspector.gui.handlers.new_handler import of_type

        self._start(of_type(type_id, self._names()))

    def start_from_preset(self, preset_id: str, delivery: Delivery | None = None) -> None:
        """Begin a new handler that verifies as that preset says, fitted to `delivery` where there is one."""
        from inspector.gui.handlers.new_handler import from_preset

        self._start(from_preset(preset_id, self._names(), delivery))

    def start_from_delivery(self, delivery: Delivery) -> None:
        """Begin a handler for deliveries like this one: by its sender's preset, else by what its headers look like."""
        self.use_delivery(delivery)
        self._tasks.start("begin", self._start_recognised(delivery))

    @Slot()
    def pick_preset(self) -> None:
        """Ask who sends the webhooks."""
        self.wanted.emit()
        side = self._editor()
        side.setVisible(True)
        side.pick()
        self._chain_side.setVisible(bool(self.model.entries))  # beside the picker, an empty chain has nothing to add
        side.picker.open_for()
        if self._delivery is not None:
            self._tasks.start("recognise", self._recognise(self._delivery))

    async def _recognise(self, delivery: Delivery) -> None:
        from inspector.gui.handlers.from_delivery import recognised

        self.picker.recognise(await asyncio.to_thread(recognised, delivery))

    async def _start_recognised(self, delivery: Delivery) -> None:
        from inspector.gui.handlers.new_handler import from_delivery

        handler = await asyncio.to_thread(from_delivery, delivery, self._names())
        if handler is None:
            self.pick_preset()
        else:
            self._start(handler)

    @Slot(object)
    def _begin_with(self, offer: "Offer") -> None:
        if offer.type_id:
            self.start_new(offer.type_id)
        else:
            self.start_from_preset(offer.id, self._delivery if offer.recognised else None)

    @Slot()
    def _leave_picker(self) -> None:
        self._editor().edit()
        self._refresh()
        self._chain_side.take_focus()

    def start_with(self, handler: Handler, secrets: Sequence[DraftSecret]) -> None:
        """Begin this new handler, whose secrets are known."""
        self._start(handler, secrets)

    def _start(self, handler: Handler, known: Sequence[DraftSecret] = ()) -> None:
        """Show a draft of a new handler, at the first field that it needs."""
        self.wanted.emit()
        side = self._editor()
        side.edit()
        asked = handler.scheme.kind != "none" and handler.scheme.secret.type not in KEYS_MAY_BE_FETCHED
        secrets = tuple(known) or ((DraftSecret(self.tr("secret")),) if asked else ())
        entry_id = self._drafts.begin(handler, secrets)
        self._refresh()
        self.list.choose(entry_id)
        needed = side.form.needs()
        needed.setFocus(Qt.FocusReason.OtherFocusReason)
        if needed is side.form.name:
            side.form.name.selectAll()

    @Slot(str)
    def _want(self, name: str) -> None:
        """Select the handler of this name when it is in the chain."""
        self._wanted = name

    @Slot()
    def _save(self) -> None:
        if self._shown in self._drafts and self.form.is_ready():
            self._tasks.start("save", self._save_draft(self._shown, self.form.draft()))

    async def _save_draft(self, entry_id: int, draft: Draft) -> None:
        self.commands.save.setEnabled(False)
        ids = [await self._engine.call(partial(_keep, value=value)) for value in draft.new_values]
        handler = draft.saved_with(ids)
        command: ChainCommand
        if entry_id > 0:
            command = EditHandler(self.tr("Edit “{name}”").format(name=handler.name), handler)
        else:
            self._wanted = handler.name
            command = AddHandler(self.tr("Add “{name}”").format(name=handler.name), replace(handler, id=0))
        kept = self._drafts.take(entry_id) or draft
        saved = await self.chain.do(command)
        if not saved:
            self._drafts.put(entry_id, kept)
        self._follow_chain()
        if saved:
            self._say(self.tr("Saved: the next delivery is judged by it."), Tone.GOOD)

    @Slot()
    def _revert(self) -> None:
        self._drafts.take(self._shown)
        self._say("")
        self._refresh()
        self._show(self.list.current_id)

    # Showing

    @Slot()
    def _follow_chain(self) -> None:
        self._drafts.forget_gone(self.chain.handlers)
        self._refresh()
        wanted = next((handler.id for handler in self.chain.handlers if handler.name == self._wanted), 0)
        if wanted:
            self._wanted = ""
            self.list.choose(wanted)
        self._show(self.list.current_id)
        self.handlers_changed.emit(self.chain.handlers)

    def _refresh(self) -> None:
        self._refreshing = True
        self.model.show_entries(self._drafts.entries(self.chain.handlers))
        self._refreshing = False
        listed = bool(self.model.entries)
        picking = self._side is not None and self._side.picking
        self._chain_side.show_list(listed=listed)
        self._chain_side.setVisible(listed or not picking)
        if self._side is not None:
            self._side.setVisible(listed or picking)
        self._offer_commands()

    @Slot(int)
    def _show_chosen(self, entry_id: int) -> None:
        """Show what was selected; a chain that changes by itself does not take the picker away."""
        if self._side is not None and entry_id and not self._refreshing:
            self._side.edit()
        self._show(entry_id)

    @Slot()
    def _edit_clicked(self) -> None:
        if self._side is not None:
            self._side.edit()

    def _show(self, entry_id: int) -> None:
        """Show the entry's draft, or what is saved of it; nothing is lost by looking elsewhere."""
        if entry_id != self._shown:
            self._say("")
        self._shown = self._changes.shown = entry_id
        if self._side is not None:
            self._show_in(self._side, entry_id)
        self._offer_commands()

    def _show_in(self, side: "EditorSide", entry_id: int) -> None:
        saved = self.chain.handler(entry_id)
        draft = self._drafts.get(entry_id) or (draft_of(saved) if saved else None)
        if draft is not None and draft != side.form.draft():
            side.form.show_draft(draft, [each for each in self.chain.handlers if each.id != entry_id])
        self._show_effect(side)

    @Slot()
    def _keep_draft(self) -> None:
        side = self._editor()
        self._drafts.keep(self._shown, side.form.draft(), self.chain.handler(self._shown))
        self._say("")
        self._refresh()
        self._show_effect(side)

    def _show_effect(self, side: "EditorSide") -> None:
        """Let the live pane follow what is in the form."""
        draft = side.form.draft() if self._shown else None
        side.live.show_draft(draft, self.chain.earlier_than(self._shown), self.chain.handler(self._shown))

    def _offer_commands(self) -> None:
        handler = self.chain.handler(self._shown)
        changed = self._shown in self._drafts
        self.commands.follow(
            place=position_of(self.chain.handlers, self._shown),
            of=len(self.chain.handlers),
            enabled=handler is not None and handler.enabled,
            shown=bool(self._shown),
            changed=changed,
        )
        if changed and self._side is not None and not self._side.notice.text:
            self._say(self.tr("Not saved yet."), Tone.REMARK)

    def _names(self) -> list[str]:
        return [handler.name for handler in self.chain.handlers] + self._drafts.names()

    @Slot(str)
    def _say_problem(self, text: str) -> None:
        self._say(text)

    def _say(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        if self._side is not None:
            self._side.notice.say(text, tone)

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self._say(str(error))
        self._offer_commands()

    @Slot(str)
    def _reveal(self, secret_id: str) -> None:
        self._tasks.start(f"reveal {secret_id}", self._show_secret(secret_id))

    async def _show_secret(self, secret_id: str) -> None:
        self.form.secrets.show_value(secret_id, await self._value_of(secret_id))

    async def _value_of(self, secret_id: str) -> str | None:
        return await self._engine.call(lambda inspector: inspector.secret(secret_id))

    # Making

    def _connect(self) -> None:
        commands = self.commands
        commands.new.triggered.connect(self.pick_preset)
        commands.save.triggered.connect(self._save)
        commands.revert.triggered.connect(self._revert)
        self._changes.joining.connect(self._want)
        self._changes.answering.connect(self.wanted)
        self._changes.forgotten.connect(self._refresh)
        commands.type_chosen.connect(self.start_new)
        self.addActions([commands.save, commands.new])
        self._chain_side.new_wanted.connect(self.pick_preset)
        self.chain.changed.connect(self._follow_chain)
        self.chain.failed.connect(self._say_problem)
        self.model.moved.connect(self._changes.move)
        self.list.chosen.connect(self._show_chosen)
        self.list.clicked.connect(self._edit_clicked)

    def _editor(self) -> "EditorSide":
        """The form, the live pane and the picker, made now if they are not there yet."""
        if self._side is None:
            from inspector.gui.handlers.editor_side import EditorSide

            side = self._side = EditorSide(self.commands, self._engine, self._value_of, self)
            self.addWidget(side)
            self.setStretchFactor(0, 0)
            self.setStretchFactor(1, 1)
            self.setSizes([spacing(48), spacing(212)])
            side.form.edited.connect(self._keep_draft)
            side.form.reveal_requested.connect(self._reveal)
            side.picker.chosen.connect(self._begin_with)
            side.picker.left.connect(self._leave_picker)
            side.live.ids_wanted.connect(self.ids_wanted)
            self.use_delivery(self._delivery)
            self._refresh()
            self._show(self.list.current_id)
        return self._side


async def _keep(inspector: "Inspector", value: str) -> str:
    return await inspector.keep_secret(value)
