"""Rules that forward, what waits for the one that is looked at, and beside them the form or the entry."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from inspector.core.forward_rule import ForwardRule, Waiting
from inspector.core.target import Allowance, Target, target_from
from inspector.feed import HandlersChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.forwarding.actions import ForwardingActions
from inspector.gui.forwarding.drafts import RuleDrafts
from inspector.gui.forwarding.dropping import Dropping, QueueVerbs
from inspector.gui.forwarding.entry_pane import EntryPane
from inspector.gui.forwarding.queue_section import QueueSection
from inspector.gui.forwarding.queue_watch import Queue, QueueWatch
from inspector.gui.forwarding.rule_fields import RuleFields, rule_of
from inspector.gui.forwarding.rule_form import RuleForm
from inspector.gui.forwarding.rule_list import RuleList, RuleListModel
from inspector.gui.forwarding.rule_side import RuleSide, no_rule_yet
from inspector.gui.forwarding.rules import RuleBook, RuleCommand
from inspector.gui.forwarding.texts import name_text
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.themed import follow_palette
from inspector.store import Reader, StoreError

_TARGETS = 20


class ForwardingPage(Columns):
    """Nothing of a rule counts until it is saved; what was saved, removed or dropped can be undone."""

    delivery_wanted = Signal(object)  # int: its id
    said = Signal(str)

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        *,
        watch: QueueWatch,
        undo_stack: QUndoStack,
        actions: ForwardingActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._reader, self._watch, self._stack = engine, reader, watch, undo_stack
        self._actions = actions
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self._shown = 0
        self._queue = Queue()
        self._verbs = QueueVerbs(engine, self._tasks, self)
        self.book = RuleBook(engine, undo_stack, self)
        self._drafts = RuleDrafts(self.book)
        self.model = RuleListModel(self)
        self.list = RuleList(self.model, self)
        self.form = RuleForm(actions.some("revert_rule", "save_rule"), self)
        self.section = QueueSection(actions.some("retry_all", "retry_entry", "drop_entry"), self)
        self.entry = EntryPane(reader, actions.some("retry_entry", "drop_entry", "open_entry"), self)
        self.setFocusProxy(self.list)
        self._lay_out()
        actions.recolour()  # the palette may have changed since they were made
        self._connect()
        self._read_choices()
        self._refresh()

    # Commands

    def start_new(self) -> None:
        """Begin a new rule in the form; it forwards when it is saved."""
        names = [entry.rule.name for entry in self.model.entries]
        numbered = (self.tr("forward {0}").format(number) for number in range(2, len(names) + 3))
        name = next(name for name in (self.tr("forward"), *numbered) if name not in names)
        id_ = self._drafts.begin(name)
        self._refresh()
        self.list.choose(id_)
        self._show(id_)
        self.form.go_to_first()

    def toggle(self) -> None:
        """Let the rule rest, or work again."""
        if (rule := self.book.rule(self._shown)) is not None:
            text = self.tr("Switch “{0}” off") if rule.enabled else self.tr("Switch “{0}” on")
            self._do(RuleCommand(text.format(name_text(rule.name)), rule, replace(rule, enabled=not rule.enabled)))

    def remove(self) -> None:
        """Take the rule away; what waits for it comes back with it when that is undone."""
        rule = self.book.rule(self._shown)
        self._drafts.forget(self._shown)
        if rule is None:
            self._refresh()
            return
        self._do(RuleCommand(self.tr("Remove “{0}”").format(name_text(rule.name)), rule, None))

    def save(self) -> None:
        """Save what is typed, unless something is wrong with it or with its target."""
        if self._shown in self._drafts and self.form.is_ready():
            self._tasks.start("save", self._save(self._shown, self.form.fields()))

    def revert(self) -> None:
        """Forget what is typed."""
        self._drafts.forget(self._shown)
        self.form.notice.say("")
        self._refresh()
        self._show(self.list.current_id)

    def retry(self) -> None:
        """Try what is selected at once."""
        if entries := self._chosen_entries():
            self._verbs.retry([entry.id for entry in entries])

    def retry_all(self) -> None:
        """Try all that waits for the rule, or was given up, at once."""
        if self._shown > 0:
            self._verbs.retry_all(self._shown)

    def drop(self) -> None:
        """Take what is selected out of the queue."""
        entries = [entry for entry in self._chosen_entries() if entry.state != "in-flight"]
        if not entries:
            self.said.emit(self.tr("What is being sent cannot be dropped any more."))
            return
        text = self.tr("Drop 1 entry") if len(entries) == 1 else self.tr("Drop {0} entries").format(f"{len(entries):,}")
        self._stack.push(Dropping(text, self._verbs, entries))

    def open_delivery(self) -> None:
        """Go to the delivery of the entry."""
        if (entry := self.entry.entry) is not None:
            self.delivery_wanted.emit(entry.delivery)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self._actions.recolour()

    # Saving

    def _do(self, command: RuleCommand) -> None:
        self.book.do(command)

    async def _save(self, id_: int, fields: RuleFields, allow: Allowance | None = None) -> None:
        target = target_from(fields.to)
        if allow is not None:
            await self._allow(target, allow)
        error, sentence = await self._engine.call(lambda inspector: inspector.resends.obstacle(target))
        if error == "needs-consent":
            self.form.ask(sentence)
            return
        if error:
            self.form.say_of_target(sentence)
            return
        saved = self.book.rule(id_)
        rule = rule_of(fields, saved)
        text = self.tr("Change “{0}”") if saved is not None else self.tr("Add “{0}”")
        self._drafts.saving(rule.name, id_, fields)
        await self.book.do(RuleCommand(text.format(name_text(rule.name)), saved, rule))
        self._drafts.not_saving(rule.name)

    async def _allow(self, target: Target, allowance: Allowance) -> None:
        wanted = self._reader.allowance(target) | allowance
        await self._engine.call(lambda inspector: inspector.resends.allow(target, wanted))

    @Slot()
    def _allow_and_save(self) -> None:
        if self.form.is_ready():
            self._tasks.start("save", self._save(self._shown, self.form.fields(), Allowance(link_local=True)))

    @Slot(object, object)
    def _let_through(self, entry: Waiting, allowance: Allowance) -> None:
        rule = self.book.rule(entry.rule)
        if rule is not None:
            self._tasks.start("allow", self._allowed_and_tried(entry, rule, allowance))

    async def _allowed_and_tried(self, entry: Waiting, rule: ForwardRule, allowance: Allowance) -> None:
        await self._allow(target_from(rule.to), allowance)
        self._verbs.retry_all(rule.id, entry.error)

    # Showing

    @Slot()
    def _follow_rules(self) -> None:
        added = self._drafts.follow_rules(self._shown)
        self._refresh()
        self.list.choose(added)
        self._show(self.list.current_id)

    def _refresh(self) -> None:
        self.model.show_entries(self._drafts.entries(self._queue.counts))
        empty = not self.model.entries
        self._whole.setCurrentIndex(0 if empty else 1)
        self._side.setVisible(not empty)
        self._enable()

    @Slot(int)
    def _show(self, id_: int) -> None:
        """Show the draft of this rule, or what is saved of it; nothing is lost by looking elsewhere."""
        saved = self.book.rule(id_)
        fields = self._drafts.fields(id_)
        if id_ != self._shown:
            self.form.notice.say("")
            self.section.view.forget_choice()
            self._side.setCurrentWidget(self.form)
        self._shown = id_
        self._watch.look_at(max(id_, 0))
        if id_ <= 0:
            self._show_queue(replace(self._queue, rule=0, entries=()))
        if fields is not None:
            others = [rule for rule in self.book.rules if rule.id != id_]
            self.form.show_fields(fields, others, strict=saved is not None)
        self._enable()

    @Slot()
    def _show_form(self) -> None:
        self.section.view.forget_choice()
        self._side.setCurrentWidget(self.form)
        self._enable()

    @Slot()
    def _keep_draft(self) -> None:
        self._drafts.keep(self._shown, self.form.fields())
        self.form.notice.say("")
        self._refresh()

    @Slot(object)
    def _take_queue(self, queue: Queue) -> None:
        if queue.rule == max(self._shown, 0):
            self._show_queue(queue)
        else:
            self._queue = replace(self._queue, counts=queue.counts)
        self._refresh()

    def _show_queue(self, queue: Queue) -> None:
        self._queue = queue
        self.section.show_queue(queue, self.book.rule(queue.rule))

    @Slot(object)
    def _show_entry(self, entry: Waiting | None) -> None:
        if entry is None:
            return
        self.entry.show_entry(entry, self.book.rule(entry.rule), first=self.section.view.is_first(entry))
        self._side.setCurrentWidget(self.entry)
        self._enable()

    @Slot(object)
    def _show_left(self, entry: Waiting) -> None:
        self.entry.show_left(entry, self.book.rule(entry.rule))
        self._enable()

    def _chosen_entries(self) -> Sequence[Waiting]:
        view = self.section.view
        return view.selected or ([view.chosen_entry] if view.chosen_entry is not None else [])

    def _enable(self) -> None:
        rule, changed = self.book.rule(self._shown), self._shown in self._drafts
        chosen = bool(self._chosen_entries())
        actions = self._actions
        for name, on in (
            ("toggle_rule", rule is not None),
            ("remove_rule", bool(self._shown)),
            ("save_rule", changed),
            ("revert_rule", changed),
            ("retry_entry", chosen),
            ("drop_entry", chosen),
            ("retry_all", bool(self._queue.entries)),
            ("open_entry", self.entry.entry is not None and self._side.currentWidget() is self.entry),
        ):
            actions[name].setEnabled(on)
        off = rule is None or not rule.enabled
        actions["toggle_rule"].setText(self.tr("Switch &On") if off else self.tr("Switch O&ff"))
        if changed and not self.form.notice.text:
            self.form.notice.say(self.tr("Not saved yet."), Tone.REMARK)

    # What comes in

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            if isinstance(change, HandlersChanged):
                self.form.set_handlers([handler.name for handler in change.handlers])

    def _read_choices(self) -> None:
        try:
            self.form.set_handlers([handler.name for handler in self._reader.handlers()])
            self.form.set_targets([target.url for target in self._reader.targets(_TARGETS)])
        except StoreError as error:
            self.said.emit(str(error))

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self.form.notice.say(str(error) or type(error).__name__)

    @Slot(str)
    def _say_problem(self, text: str) -> None:
        self.form.notice.say(text)

    # Building

    def _connect(self) -> None:
        view = self.section.view
        self.book.changed.connect(self._follow_rules)
        self.book.failed.connect(self._say_problem)
        self.list.chosen.connect(self._show)
        self.list.pressed_again.connect(self._show_form)
        self.form.edited.connect(self._keep_draft)
        self.form.allowed.connect(self._allow_and_save)
        self.entry.allowed.connect(self._let_through)
        self.entry.failed.connect(self.said)
        view.chosen.connect(self._show_entry)
        view.left.connect(self._show_left)
        view.ticked.connect(self.entry.tick)
        view.opened.connect(self._open_entry)
        view.selectionModel().selectionChanged.connect(self._selection_changed)
        self._watch.looked.connect(self._take_queue)
        self._engine.changed.connect(self._take)
        self.list.addActions(self._actions.some("remove_rule", "toggle_rule"))
        view.addActions(self._actions.some("retry_entry", "drop_entry", "open_entry"))
        for each in (self.list, view):
            each.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.addActions(self._actions.some("save_rule", "new_rule"))

    @Slot(object)
    def _open_entry(self, entry: Waiting) -> None:
        self.delivery_wanted.emit(entry.delivery)

    @Slot()
    def _selection_changed(self) -> None:
        self._enable()

    def _lay_out(self) -> None:
        listed = QSplitter(Qt.Orientation.Vertical, self)
        listed.setChildrenCollapsible(False)
        listed.addWidget(RuleSide(self.list, self._actions, self))
        listed.addWidget(self.section)
        listed.setStretchFactor(1, 1)
        listed.setSizes([spacing(60), spacing(100)])
        self._whole = QStackedWidget(self)
        self._whole.addWidget(no_rule_yet(self._actions))
        self._whole.addWidget(listed)
        self._side = QStackedWidget(self)
        self._side.addWidget(self.form)
        self._side.addWidget(self.entry)
        self.addWidget(self._whole)
        self.addWidget(self._side)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.setSizes([spacing(150), spacing(130)])
