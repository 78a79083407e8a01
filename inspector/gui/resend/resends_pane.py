"""What is sent again of a delivery: the form, the attempts, and what came back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.core.attempt import Attempt
from inspector.core.bulk import BulkOptions, Recipe
from inspector.core.delivery import Delivery
from inspector.core.filters import Search
from inspector.core.target import NOTHING_ALLOWED, Allowance, Target, TargetMalformed, target_from
from inspector.feed import AttemptsAdded, HandlersChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.models.attempt_table import MOST
from inspector.gui.resend.allowed_bar import AllowedBar
from inspector.gui.resend.attempts_side import AttemptsSide
from inspector.gui.resend.resend_form import ResendForm
from inspector.gui.resend.run_panel import RunPanel
from inspector.gui.resend.texts import target_text
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.consent import Consent
from inspector.gui.widgets.safe_text import marked
from inspector.store import Reader, StoreError

if TYPE_CHECKING:  # imported when it is first wanted
    from inspector.gui.resend.comparison_window import ComparisonWindow

_AT_TARGET = ("own-listener", "no-host", "name-unknown")
_TARGETS = 20


type Selection = Callable[[str], Sequence[int] | Search]
"""The deliveries that are `selected`, or `listed`, in the window now."""


class ResendsPane(QWidget):
    """Sends the delivery that is shown, and shows its attempts. What was chosen stays from delivery to delivery."""

    said = Signal(str)

    def __init__(self, engine: Engine, reader: Reader, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine, self._reader, self._selection = engine, reader, selection
        self._delivery: Delivery | None = None
        self._has_sent = False
        self._refused: tuple[Recipe, Target, Allowance] | None = None  # waits for what it needs to be allowed
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self.form = ResendForm(self)
        self.form.send_wanted.connect(self._send)
        self.form.cancel_wanted.connect(self._cancel)
        self._side = AttemptsSide(reader, self)
        self._side.said.connect(self.said)
        self._side.comparison_wanted.connect(self.compare)
        self.attempts = self._side.list
        self._comparison: ComparisonWindow | None = None
        self._run = RunPanel(engine, self)
        self._run.failed.connect(self.said)
        self._run.ended.connect(self._run_ended)
        self._run.attempts_wanted.connect(self._list_of_run)
        self._run.these_wanted.connect(self._side.list_these)
        self._allowed = AllowedBar(self)
        self._allowed.taken_back.connect(self._take_back)
        self.form.target_changed.connect(self._show_allowance)
        self._consent = Consent(self)
        self._consent.given.connect(self._allow_and_send)
        self._consent.refused.connect(self._withdraw_consent)
        self._lay_out()
        self._read_choices()
        engine.changed.connect(self._take)

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery's attempts."""
        winner_before, self._delivery = self._winner, delivery
        if self._winner != winner_before:
            self._read_choices()
        self._withdraw_consent()
        self.form.show_request(delivery.request)
        self._side.show_delivery(delivery)

    def resend(self) -> None:
        """Send again as the last time. Before there was one, or where it were many, let the user choose."""
        if self._has_sent and not self.form.scope:
            self.form.send()
        else:
            self.form.go_to_target()

    def go_to_form(self) -> None:
        """Let the user choose what is sent where."""
        self.form.go_to_target()

    @Slot()
    def compare(self) -> None:
        """Compare the answers of two attempts side by side."""
        pair = self.attempts.to_compare()
        if pair is None:
            if (id_ := self.attempts.current_id) is None:
                self.said.emit(self.tr("Send it first: answers are compared when there are some."))
                return
            pair = (id_, id_)
        if self._comparison is None:
            from inspector.gui.resend.comparison_window import ComparisonWindow

            self._comparison = ComparisonWindow(self._engine, self._reader, self)
        self._comparison.compare(*pair)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return sends from anywhere in the pane."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.form.send()
        else:
            super().keyPressEvent(event)

    # Building

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(2), spacing(3), spacing(2), spacing(2))
        column.setSpacing(spacing(2))
        column.addWidget(self.form)
        column.addWidget(self._consent)
        column.addWidget(self._allowed)
        column.addWidget(self._run)
        column.addWidget(self._side, 1)

    # What is shown

    @property
    def _winner(self) -> str:
        """The handler that won the delivery."""
        rung = self._delivery.winner if self._delivery is not None else None
        return "" if rung is None else rung.handler

    def _read_choices(self) -> None:
        try:
            self.form.set_handlers([handler.name for handler in self._reader.handlers()])
            self.form.set_targets([target.url for target in self._reader.targets(_TARGETS, winner=self._winner)])
        except StoreError as error:
            self.said.emit(str(error))
        self._show_allowance()

    @Slot()
    def _show_allowance(self) -> None:
        target = self.form.target
        if self._refused is not None and target is not None and target != self._refused[0].target:
            self._withdraw_consent()
        try:
            allowance = NOTHING_ALLOWED if target is None else self._reader.allowance(target)
        except StoreError as error:
            self.said.emit(str(error))
            return
        self._allowed.show_allowance(target, allowance)

    @Slot(object)
    def _take_back(self, target: Target) -> None:
        self._tasks.start("take back", self._taken_back(target))

    async def _taken_back(self, target: Target) -> None:
        await self._engine.call(lambda inspector: inspector.resends.allow(target, NOTHING_ALLOWED))
        self._show_allowance()

    @Slot(int, str, str)
    def _list_of_run(self, run: int, ended: str, words: str) -> None:
        self._tasks.start("list", self._listed(run, ended, words))

    async def _listed(self, run: int, ended: str, words: str) -> None:
        found = await self._engine.call(lambda inspector: inspector.resends.attempts(run, ended, MOST))
        self._side.list_these(found, words)

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            match change:
                case AttemptsAdded(attempts):
                    self._side.add_own(attempts)
                case HandlersChanged(handlers):
                    self.form.set_handlers([handler.name for handler in handlers])

    # Sending

    @Slot(object)
    def _send(self, recipe: Recipe) -> None:
        if self._delivery is None:
            return
        self._withdraw_consent()
        if self.form.scope:
            self._start_run(recipe)
            return
        self.form.set_busy(busy=True)
        self._tasks.start("send", self._sent(self._delivery.id, recipe))

    def _start_run(self, recipe: Recipe) -> None:
        if self._run.under_way:
            self.said.emit(self.tr("A run is under way: cancel it first."))
            return
        options = self.form.options()
        if options is None:
            return
        self.form.set_busy(busy=True)
        selection = self._selection(self.form.scope)
        self._tasks.start("send", self._started(selection, recipe, options))

    async def _started(self, selection: Sequence[int] | Search, recipe: Recipe, options: BulkOptions) -> None:
        try:
            self._run.follow(await self._engine.call(lambda i: i.resends.start(selection, recipe, options)))
        finally:
            self.form.set_busy(busy=False)
        self._has_sent = True

    @Slot()
    def _run_ended(self) -> None:
        self._read_choices()
        if not self._side.of_others:
            self._side.list_own()

    async def _sent(self, id_: int, recipe: Recipe) -> None:
        try:
            attempt: Attempt = await self._engine.call(lambda inspector: inspector.resends.send(id_, recipe))
        finally:
            self.form.set_busy(busy=False)
        self._has_sent = True
        self._read_choices()
        if self._delivery is None or self._delivery.id != id_:
            return
        self._side.show_sent(attempt)
        self._explain(attempt, recipe)

    def _explain(self, attempt: Attempt, recipe: Recipe) -> None:
        """Say at the form what has to be changed there, or allowed."""
        where = target_text(_target_of(attempt, recipe).origin)
        if attempt.error in _AT_TARGET:
            self.form.say_of_target(marked(attempt.sentence))
        elif attempt.error == "needs-consent":
            question = self.tr("Send to {0}, a link-local address or one that hands out credentials?").format(where)
            self._ask(attempt, recipe, Allowance(link_local=True), question, self.tr("Allow this target"))
        elif attempt.error.startswith("certificate"):
            question = self.tr("Send to {0}, although its certificate cannot be trusted?").format(where)
            self._ask(attempt, recipe, Allowance(any_certificate=True), question, self.tr("Allow any certificate"))

    @Slot()
    def _cancel(self) -> None:
        self._tasks.cancel()
        self.form.set_busy(busy=False)

    # What has to be allowed

    def _ask(self, attempt: Attempt, recipe: Recipe, allowance: Allowance, question: str, allow: str) -> None:
        self._refused = recipe, _target_of(attempt, recipe), allowance
        self._consent.ask(question, allow)

    @Slot()
    def _withdraw_consent(self) -> None:
        self._refused = None
        self._consent.hide()

    @Slot()
    def _allow_and_send(self) -> None:
        refused = self._refused
        if refused is None or self._delivery is None or self.form.busy:
            return
        self._withdraw_consent()
        self.form.set_busy(busy=True)
        self._tasks.start("send", self._allowed_and_sent(self._delivery.id, *refused))

    async def _allowed_and_sent(self, id_: int, recipe: Recipe, target: Target, allowance: Allowance) -> None:
        try:
            both = self._reader.allowance(target) | allowance
            await self._engine.call(lambda inspector: inspector.resends.allow(target, both))
        except BaseException:
            self.form.set_busy(busy=False)
            raise
        await self._sent(id_, recipe)

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.said.emit(str(error) or type(error).__name__)


def _target_of(attempt: Attempt, recipe: Recipe) -> Target:
    """The target of this hop."""
    try:
        return target_from(attempt.target) if attempt.hop else recipe.target
    except TargetMalformed:
        return recipe.target
