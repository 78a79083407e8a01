"""The pages beside the deliveries: what each needs, and what leads to it. They are imported after the first paint."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inspector.core.delivery import Delivery, Rung
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.diagnosis.pasting import Pasting
from inspector.gui.diagnosis.why_failed import WhyFailed
from inspector.gui.engine import Engine
from inspector.gui.forwarding.actions import ForwardingActions
from inspector.gui.forwarding.queue_watch import Queue, QueueWatch
from inspector.gui.handlers.handler_pane import HandlerPane
from inspector.gui.main_window import MainWindow, Page
from inspector.gui.navigation import Navigation
from inspector.gui.scenarios.actions import ScenarioActions
from inspector.gui.settings.settings_pane import SettingsPane
from inspector.gui.theme import Theme
from inspector.settings import Settings
from inspector.store import Reader

if TYPE_CHECKING:  # imported when it is first looked at
    from inspector.gui.forwarding.forwarding_page import ForwardingPage
    from inspector.gui.scenarios.scenarios_page import ScenariosPage
    from inspector.gui.simulator.simulator_page import SimulatorPage


class Pages(QObject):
    """Adds the pages to the window and keeps them beside the delivery that is selected."""

    def __init__(self, window: MainWindow, engine: Engine, navigation: Navigation, explainer: Explainer) -> None:
        super().__init__(window)
        self._window, self._details = window, window.panes.details
        self._engine, self._navigation, self._explainer = engine, navigation, explainer
        self._simulator: SimulatorPage

    def add_handlers(self, more_actions: Sequence[QAction]) -> None:
        """The chain with its form; `more_actions` are commands on handlers from elsewhere."""
        pane = self.handlers = HandlerPane(self._engine, self._window.panes.stack)
        pane.wanted.connect(self._navigation.go_to_handlers)
        pane.ids_wanted.connect(self._navigation.list_edited)
        pane.use_delivery(self._details.delivery)
        self._explainer.ids_wanted.connect(self._list_of_change)
        self._explainer.use_chain(pane.chain, self._window.panes.stack)
        self._details.handler_wanted.connect(self._open_handler)
        self._window.actions_by_name["make_handler"].triggered.connect(self._make_handler)
        self.pasting = Pasting(self._window, self._engine, self._details, pane)
        actions = [*pane.actions(), *more_actions]
        self._window.add_page(Page(Choice.HANDLERS, lambda: pane, self.tr("H&andlers"), actions))

    def add_failures(self, live: LiveList) -> None:
        """Why deliveries failed, many at once."""
        self.why_failed = WhyFailed(self._window, live, self._explainer)

    def add_simulator(self, reader: Reader) -> None:
        """Deliveries made as providers make them."""

        def make() -> QWidget:
            from inspector.gui.simulator.simulator_page import SimulatorPage

            page = self._simulator = SimulatorPage(self._engine, reader, self.handlers.chain)
            page.delivery_wanted.connect(self._navigation.open)
            page.said.connect(self._window.messages.say)
            return page

        self._window.actions_by_name["simulate"].triggered.connect(self._simulate)
        self._window.add_page(Page(Choice.SIMULATOR, make))

    def add_settings(self, settings: Settings, theme: Theme) -> None:
        """Every setting in a form."""
        pane = SettingsPane(self._engine, settings)
        pane.theme_chosen.connect(theme.choose)
        self._window.add_page(
            Page(Choice.SETTINGS, lambda: pane, self.tr("Se&ttings"), pane.actions(), within="&Edit"),
        )

    def add_forwarding(self, reader: Reader) -> None:
        """Rules that forward, and what waits for them."""
        self._watch = QueueWatch(self._engine, self)
        self._watch.looked.connect(self._show_waiting)
        actions = self.forwarding = ForwardingActions(self._forwarding_page, self)

        def make() -> QWidget:
            from inspector.gui.forwarding.forwarding_page import ForwardingPage

            page = self._forwarding = ForwardingPage(
                self._engine, reader, watch=self._watch, undo_stack=self._window.panes.stack, actions=actions
            )
            page.delivery_wanted.connect(self._navigation.open)
            page.said.connect(self._window.messages.say)
            return page

        self._window.add_page(Page(Choice.FORWARDING, make, self.tr("F&orwarding"), actions.all()))

    def add_scenarios(self, reader: Reader) -> None:
        """Cases made from a good delivery, and what a receiver answers to them."""
        actions = self.scenarios = ScenarioActions(self._scenarios_page, self)

        def make() -> QWidget:
            from inspector.gui.scenarios.scenarios_page import ScenariosPage

            page = self._scenarios = ScenariosPage(
                self._engine, reader, undo_stack=self._window.panes.stack, actions=actions
            )
            page.delivery_wanted.connect(self._navigation.open)
            page.deliveries_wanted.connect(self._go_to_won)
            page.said.connect(self._window.messages.say)
            return page

        self._window.actions_by_name["make_scenario"].triggered.connect(self._make_scenario)
        self._window.add_page(Page(Choice.SCENARIOS, make, self.tr("Sce&narios"), actions.all()))

    def use_delivery(self, delivery: Delivery | None) -> None:
        """This delivery is selected now."""
        self.handlers.use_delivery(delivery)

    async def close(self) -> None:
        """End what is under way."""
        await self.handlers.end()
        await self._watch.close()

    def _forwarding_page(self) -> "ForwardingPage":
        """The page, brought into sight."""
        self._navigation.go_to(Choice.FORWARDING)
        return self._forwarding

    def _scenarios_page(self) -> "ScenariosPage":
        """The page, brought into sight."""
        self._navigation.go_to(Choice.SCENARIOS)
        return self._scenarios

    @Slot()
    def _make_scenario(self) -> None:
        if (delivery := self._details.delivery) is not None:
            self._scenarios_page().make_from(delivery)
        else:
            self._window.messages.say(self.tr("Select a delivery to make a scenario from it."))

    @Slot()
    def _go_to_won(self) -> None:
        self._navigation.go_to(Choice.WON)

    @Slot(object)
    def _show_waiting(self, queue: Queue) -> None:
        self._window.sidebar.show_forwarding(queue.waiting)

    @Slot(object, str)
    def _list_of_change(self, ids: Sequence[int], words: str) -> None:
        text = self.tr("Listed is what the proposed change does: {words}.").format(words=words)
        self._navigation.list_these(ids, text)

    @Slot(object)
    def _open_handler(self, rung: Rung) -> None:
        self._navigation.go_to_handlers()
        handler = next((each for each in self.handlers.handlers if each.name == rung.handler), None)
        if handler is not None:
            self.handlers.choose(handler.id)

    @Slot()
    def _simulate(self) -> None:
        self._navigation.go_to(Choice.SIMULATOR)
        self._simulator.go_to_search()

    @Slot()
    def _make_handler(self) -> None:
        if (delivery := self._details.delivery) is not None:
            self.handlers.start_from_delivery(delivery)
