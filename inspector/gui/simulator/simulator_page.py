"""The page that simulates: providers at the left, what is sent at the right, and what came of it."""

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.attempt import Sent
from inspector.core.handler import Handler
from inspector.core.target import Allowance, Target
from inspector.feed import HandlersChanged, ListenerChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.handlers.chain import Chain
from inspector.gui.onboarding.engine_state import chain_and_listener
from inspector.gui.simulator.consent import TargetConsent
from inspector.gui.simulator.own_secrets import OwnSecrets
from inspector.gui.simulator.parts import Parts, no_provider_yet
from inspector.gui.simulator.provider_list import ProviderList
from inspector.gui.simulator.simulation_form import SimulationForm
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.themed import follow_palette, set_icon
from inspector.simulating import CannotSimulate, Sending, Simulation
from inspector.store import Reader, StoreError

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector
    from inspector.gui.resend.comparison_window import ComparisonWindow

_PREVIEWED_AFTER_MS = 200
_TARGETS = 20


class SimulatorPage(Columns):
    """Simulates what is chosen. Ctrl+Return sends from anywhere in the page."""

    delivery_wanted = Signal(int)
    said = Signal(str)

    def __init__(self, engine: Engine, reader: Reader, chain: Chain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine, self._reader = engine, reader
        self._secrets = OwnSecrets(engine, chain, self)
        self._comparison: ComparisonWindow | None = None
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self.providers = ProviderList(self)
        self.form = SimulationForm(self)
        self.parts = Parts(self.form.payload, self)
        self.request, self.tries = self.parts.request, self.parts.tries
        self.setFocusProxy(self.providers.field)
        self._build_send()
        self._lay_out()
        self._later = QTimer(self, singleShot=True, interval=_PREVIEWED_AFTER_MS)
        self._later.timeout.connect(self._preview)
        self.providers.chosen.connect(self._choose)
        self.providers.left.connect(self._go_to_form)
        self.form.changed.connect(self._changed)
        self.form.signing.secret_wanted.connect(self._make_secret)
        self.form.signing.handler_wanted.connect(self._make_handler)
        self.tries.delivery_wanted.connect(self.delivery_wanted)
        self.tries.comparison_wanted.connect(self._compare)
        engine.changed.connect(self._take)
        engine.started.connect(self._read)
        if engine.running:
            self._read()

    def go_to_search(self) -> None:
        """Let the user choose a provider."""
        self.providers.field.setFocus()
        self.providers.field.selectAll()

    def choose(self, preset_id: str) -> None:
        """Choose this provider."""
        self.providers.choose(preset_id)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)

    # Building

    def _build_send(self) -> None:
        self.send = QPushButton(self.tr("Se&nd"), self)
        self.send.setObjectName("simulate")
        self.send.setToolTip(self.tr("Send it now (Ctrl+Return)"))
        set_icon(self.send, "send")
        self.send.clicked.connect(self._send)
        self.cancel = QPushButton(self.tr("&Cancel"), self)
        self.cancel.setObjectName("cancel-simulation")
        self.cancel.clicked.connect(self._cancel)
        self.cancel.hide()
        shortcut = QAction(self)
        shortcut.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        shortcut.setShortcutContext(_WITHIN)
        shortcut.triggered.connect(self._send)
        self.addAction(shortcut)
        for button in (self.cancel, self.send):
            self.form.top.addWidget(button)
        self.consent = TargetConsent(self)
        self.consent.allowed.connect(self._allow)
        self.problem = Notice(self)
        self.problem.setObjectName("simulator-problem")

    def _lay_out(self) -> None:
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(2))
        column.setSpacing(spacing(2))
        column.addWidget(self.form)
        column.addWidget(self.problem)
        column.addWidget(self.consent)
        column.addWidget(self.parts, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(no_provider_yet())
        self._stack.addWidget(right)
        self.addWidget(self.providers)
        self.addWidget(self._stack)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        digit = self.fontMetrics().horizontalAdvance("0")
        self.setSizes([digit * 38, digit * 120])

    # What comes in

    @Slot()
    def _read(self) -> None:
        self._tasks.start("read", self._read_state())

    async def _read_state(self) -> None:
        handlers, state = await self._engine.call(chain_and_listener)
        self._use_handlers(handlers)
        self.form.use_own_url(state.url if state.listening else "")

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            match change:
                case HandlersChanged(handlers):
                    self._use_handlers(handlers)
                case ListenerChanged(state):
                    self.form.use_own_url(state.url if state.listening else "")

    def _use_handlers(self, handlers: Sequence[Handler]) -> None:
        self.providers.show_handlers({each.preset.partition(":")[0] for each in handlers if each.preset})
        self.form.use_handlers(handlers)

    @Slot(str)
    def _choose(self, preset_id: str) -> None:
        self.problem.say("")
        self.parts.begin()
        self.form.show_preset(preset_id)
        try:
            self.form.set_targets([target.url for target in self._reader.targets(_TARGETS)])
        except StoreError as error:
            self.said.emit(str(error))
        self.form.write_target()
        self._stack.setCurrentIndex(1)

    @Slot()
    def _go_to_form(self) -> None:
        if self.form.preset is not None:
            self.form.go_to_event()

    @Slot()
    def _changed(self) -> None:
        self.problem.say("")
        self.consent.hide()
        self._later.start()

    # The preview

    @Slot()
    def _preview(self) -> None:
        if self._tasks.is_running("send") or (simulation := self.form.simulation()) is None:
            return
        self._tasks.start("preview", self._show_preview(simulation))

    async def _show_preview(self, simulation: Simulation) -> None:
        try:
            sent = await self._engine.call(lambda inspector: _previewed(inspector, simulation))
        except CannotSimulate as problem:
            self.problem.say(str(problem))
            self.request.clear()
            return
        self.problem.say("")
        self.request.show_sent(sent)

    # Sending

    @Slot()
    def _send(self) -> None:
        if self._tasks.is_running("send") or (simulation := self.form.simulation()) is None:
            return
        self._set_busy(busy=True)
        self._tasks.start("send", self._sent(simulation, self.form.what()))

    async def _sent(self, simulation: Simulation, what: str) -> None:
        try:
            stream = self._engine.stream(lambda inspector: _simulated(inspector, simulation))
            last: Sending | None = None
            async for sending in stream:
                last = sending
                self.tries.add(sending, what)
                self.parts.show_answers()
            if last is not None:
                self.consent.ask_about(last.attempt)
        except CannotSimulate as problem:
            self.problem.say(str(problem))
        finally:
            self.tries.flush()
            self._set_busy(busy=False)

    @Slot(object)
    def _allow(self, allowance: Allowance) -> None:
        simulation = self.form.simulation()
        if simulation is not None and simulation.target is not None and not self._tasks.is_running("send"):
            self._set_busy(busy=True)
            self._tasks.start("send", self._allowed_and_sent(simulation, simulation.target, allowance))

    async def _allowed_and_sent(self, simulation: Simulation, target: Target, allowance: Allowance) -> None:
        try:
            allowance |= self._reader.allowance(target)
            await self._engine.call(lambda inspector: inspector.resends.allow(target, allowance))
        except BaseException:
            self._set_busy(busy=False)
            raise
        await self._sent(simulation, self.form.what())

    def _set_busy(self, *, busy: bool) -> None:
        self.send.setEnabled(not busy)
        self.cancel.setVisible(busy)
        if busy:
            self.problem.say("")
            self.consent.hide()

    @Slot()
    def _cancel(self) -> None:
        self._tasks.cancel_one("send")
        self.problem.say(self.tr("Cancelled."), Tone.NEUTRAL)

    @Slot(int, int)
    def _compare(self, older: int, newer: int) -> None:
        if self._comparison is None:
            from inspector.gui.resend.comparison_window import ComparisonWindow

            self._comparison = ComparisonWindow(self._engine, self._reader, self)
        self._comparison.compare(older, newer)

    # Secrets and handlers

    @Slot()
    def _make_secret(self) -> None:
        self._tasks.start("make a secret", self._make())

    async def _make(self) -> None:
        """A new secret; of a key pair, at first the private key that was kept for this provider."""
        reference, signing = self.form.reference, self.form.signing
        known = "" if signing.secret else await self._secrets.kept(reference)
        secret = known or await self._secrets.made(reference)
        if self.form.reference == reference:
            signing.use_made(secret, kept=bool(known))

    @Slot()
    def _make_handler(self) -> None:
        if self.form.signing.secret:
            self._tasks.start("make a handler", self._handler_made())

    async def _handler_made(self) -> None:
        form = self.form
        if name := await self._secrets.handler_with(form.reference, form.signing.secret, form.parameters.values):
            self.said.emit(self.tr("The handler “{name}” verifies what is signed with this secret.").format(name=name))
            form.signing.choose_handler(name)

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.problem.say(str(error) or type(error).__name__)


async def _previewed(inspector: "Inspector", simulation: Simulation) -> Sent:
    await inspector.prepare_simulator()
    return await inspector.simulator.preview(simulation)


def _simulated(inspector: "Inspector", simulation: Simulation) -> AsyncGenerator[Sending]:
    return inspector.simulator.run(simulation)


_WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut
