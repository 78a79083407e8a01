"""Connects the window with the engine: changes come in and are shown, actions go out as verbs."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from inspector.core.handler import Handler
from inspector.feed import (
    Change,
    Fault,
    FaultEnded,
    HandlersChanged,
    ListenerChanged,
    ListenerState,
    OpenDelivery,
    SettingsChanged,
)
from inspector.gui.deliveries.delivery_commands import DeliveryCommands
from inspector.gui.deliveries.delivery_details import DeliveryDetails
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.engine import Changes, Engine
from inspector.gui.listening import Listening
from inspector.gui.main_window import MainWindow, Panes
from inspector.gui.navigation import Navigation
from inspector.gui.onboarding.no_deliveries import NoDeliveries
from inspector.gui.theme import Theme
from inspector.gui.theme_choice import ThemeChoice
from inspector.gui.verbs import Verbs
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.message_bar import Message, Tone
from inspector.gui.window_state import load_state, save_state
from inspector.settings import Settings
from inspector.store import Reader

if TYPE_CHECKING:  # imported in the engine's thread, or after the first paint
    from inspector.app import Inspector
    from inspector.gui.pages import Pages
    from inspector.gui.resend.resends_pane import ResendsPane

logger = logging.getLogger(__name__)

END_LIMIT_S = 20
"""So long the engine may take to answer those who wait and to close the store."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What the engine says of itself once it runs."""

    listener: ListenerState
    handlers: tuple[Handler, ...]
    settings: Settings
    secret_notice: str | None


class Program(QObject):
    """One window on one data folder, from its first paint to its end."""

    loaded = Signal()  # the engine has imported and read all that it keeps

    def __init__(self, folder: Path, settings: Settings, theme: Theme) -> None:
        super().__init__(theme)
        self._folder, self._settings, self._theme = folder, settings, theme
        self._closed = asyncio.Event()
        self._ended = asyncio.Event()
        self._to_open: int | None = None
        self._reader = Reader(folder)
        self.engine = Engine(folder, settings, self)
        self.verbs = Verbs(self.engine, self._reader, self)
        self._explainer = Explainer(self.engine, self)
        self._stack = QUndoStack(self)
        self.pages: Pages | None = None
        self.window = MainWindow(self._make_panes())
        self.live = LiveList(folder, self._reader, self.deliveries, self._stack)
        self._commands = DeliveryCommands(self.window, self.live, self.verbs)
        self._listening = Listening(self.window, self.verbs, self)
        self._connect()
        state = load_state(folder)
        self.window.restore(state)
        self.navigation = Navigation(self.window, self.live, self._no_match)
        if state.search:
            self.window.header.search.search_now(state.search)
        self._theme_choice = ThemeChoice(theme, settings, self.window.actions_by_name, self.verbs, self)
        self._connect_navigation()
        self.live.load()

    def open(self, id_: int | None) -> None:
        """Show this delivery as soon as the engine runs; None shows what was shown last."""
        self._to_open = id_

    def add_pages(self) -> None:
        """Build what need not be there when the window is first painted; its imports cost a tenth of a second."""
        from inspector.gui.pages import Pages

        pages = self.pages = Pages(self.window, self.engine, self.navigation, self._explainer)
        pages.add_handlers([self._nothing_yet.send])
        pages.add_forwarding(self._reader)
        pages.add_scenarios(self._reader)
        pages.add_failures(self.live)
        pages.add_simulator(self._reader)
        pages.add_settings(self._settings, self._theme)

    async def run(self) -> None:
        """Run the engine until the window is closed and all is ended."""
        self.engine.start()
        await self._closed.wait()
        await self._delete_for_good()
        self.live.stop()
        if self.pages is not None:
            await self.pages.close()
        self.engine.request_stop()
        try:
            async with asyncio.timeout(END_LIMIT_S):
                await self._ended.wait()
        except TimeoutError:
            logger.error("the engine did not end within %d s", END_LIMIT_S)  # noqa: TRY400 - no traceback to see
        self.engine.join(1)
        self.verbs.cancel()
        self._reader.close()

    def say_error(self, text: str) -> None:
        """Say that something went wrong that nobody foresaw."""
        self.window.messages.show_passing(Message(text, Tone.WARNING), "error")

    # Building

    def _make_panes(self) -> Panes:
        self._nothing_yet = NoDeliveries(self.engine)
        self._no_match = EmptyState(self.tr("Nothing matches"))
        self.deliveries = DeliveryList(self.verbs.page, nothing_yet=self._nothing_yet, no_match=self._no_match)
        self.details = DeliveryDetails(
            self.verbs.expected_signature,
            self.verbs.handler_of,
            self.verbs.check_again,
            explainer=self._explainer,
            make_resends=self._make_resends,
        )
        return Panes(self.deliveries, self.details, self._stack)

    def _make_resends(self, parent: QWidget) -> "ResendsPane":
        return self._commands.make_resends(parent)

    def _connect(self) -> None:
        window, live, engine = self.window, self.live, self.engine
        window.closed.connect(self._close)
        self.deliveries.delivery_selected.connect(self._show_delivery)
        self.details.said.connect(window.messages.say)
        live.annotated.connect(self.details.show_annotations)
        live.counted.connect(window.sidebar.show_counts)
        live.counted.connect(window.status.show_counts)
        live.progressed.connect(window.status.show_progress)
        live.deletions.hidden_changed.connect(self._say_deleted)
        live.failed.connect(self._say_store_trouble)
        self.verbs.unreadable.connect(self._say_store_trouble)
        self.verbs.failed.connect(self._say_failure)
        self._explainer.said.connect(self._say_changed)
        self._explainer.taken_back.connect(self._clear_changed)
        engine.changed.connect(self._take)
        engine.started.connect(self._started)
        engine.failed.connect(self._engine_failed)
        engine.ended.connect(self._ended.set)

    def _connect_navigation(self) -> None:
        self.details.new_handler_wanted.connect(self.navigation.go_to_handlers)
        self._commands.recounted_wanted.connect(self.navigation.list_recounted)
        self._nothing_yet.handlers_wanted.connect(self.navigation.go_to_handlers)
        self._nothing_yet.simulation_wanted.connect(self.window.actions_by_name["simulate"].trigger)
        self._nothing_yet.delivery_sent.connect(self.navigation.open)

    # What comes in

    @Slot()
    def _started(self) -> None:
        self.verbs.start("start", self._take_start())
        self.verbs.start("loaded", self._tell_loaded())

    async def _tell_loaded(self) -> None:
        await self.engine.call(lambda inspector: inspector.recognising())
        self.loaded.emit()

    async def _take_start(self) -> None:
        start = await self.engine.call(_start_of)
        self._theme_choice.know(start.settings)
        self._listening.begin(start.listener)
        self.window.sidebar.show_handlers(len(start.handlers))
        self.window.status.show_secret_store(start.secret_notice)
        if start.secret_notice:
            self.window.messages.show_lasting("secret_store", Message(start.secret_notice))
        if self._to_open is not None:
            self.navigation.open(self._to_open)

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        self.live.take(changes)
        if changes.added:
            self.window.status.note_arrivals(len(changes.added))
        for change in changes.others:
            self._take_other(change)

    def _take_other(self, change: Change) -> None:
        match change:
            case ListenerChanged(state):
                self._listening.show_state(state)
            case HandlersChanged(handlers):
                self.window.sidebar.show_handlers(len(handlers))
            case SettingsChanged(settings):
                self._theme_choice.use(settings)
            case Fault(source, text):
                self.window.messages.show_lasting(source, Message(text, Tone.WARNING))
            case FaultEnded(source):
                self.window.messages.clear(source)
            case OpenDelivery(id_):
                self.navigation.open(id_)

    @Slot(object)
    def _engine_failed(self, error: Exception) -> None:
        logger.error("the engine does not run: %s", error)
        self.window.messages.show_lasting("engine", Message(str(error) or type(error).__name__, Tone.WARNING))
        self._listening.show_state(ListenerState())

    @Slot(object)
    def _show_delivery(self, id_: int | None) -> None:
        delivery = self.live.delivery(id_)
        self.details.show_delivery(delivery)
        if self.pages is not None:
            self.pages.use_delivery(delivery)

    # What is said

    @Slot(object)
    def _say_changed(self, message: Message) -> None:
        self.window.messages.show_passing(message, "mended")

    @Slot()
    def _clear_changed(self) -> None:
        self.window.messages.clear("mended")

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        logger.error("what was asked for could not be done", exc_info=error)
        self.say_error(str(error) or type(error).__name__)

    @Slot(str)
    def _say_store_trouble(self, text: str) -> None:
        self.window.messages.show_passing(Message(text, Tone.WARNING), "reader")

    @Slot(object, bool)
    def _say_deleted(self, ids: frozenset[int], hidden: bool) -> None:  # noqa: FBT001 - a slot
        if not hidden:
            self.window.messages.clear("deleted")
            return
        count = len(ids)
        text = self.tr("1 delivery deleted.") if count == 1 else self.tr("{0} deliveries deleted.").format(f"{count:,}")
        undo = self.window.actions_by_name["undo"]
        self.window.messages.show_passing(Message(text, buttons=((self.tr("Undo"), undo.trigger),)), "deleted")

    # The end

    @Slot()
    def _close(self) -> None:
        save_state(self._folder, self.window.state())
        self._closed.set()

    async def _delete_for_good(self) -> None:
        hidden = sorted(self.live.deletions.hidden)
        if hidden and self.engine.running:
            try:
                await self.engine.call(lambda inspector: inspector.delete(hidden))
            except Exception:
                logger.exception("%d deliveries could not be deleted", len(hidden))


async def _start_of(inspector: "Inspector") -> _Start:
    return _Start(inspector.listener_state, inspector.handlers, inspector.settings, inspector.secret_notice)
