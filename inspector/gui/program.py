"""Connects the window with the engine: changes come in and are shown, actions go out as verbs."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QUndoStack
from PySide6.QtWidgets import QWidget

from inspector.core.annotation import Annotation
from inspector.core.delivery import Delivery, Ladder, Rung
from inspector.core.filters import EVERYTHING, Search
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
from inspector.gui.deliveries.annotating import Annotating
from inspector.gui.deliveries.delivery_details import DeliveryDetails
from inspector.gui.deliveries.delivery_list import DeliveryList
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.diagnosis.explainer import Explainer
from inspector.gui.engine import Changes, Engine
from inspector.gui.main_window import MainWindow, Panes, Setup
from inspector.gui.onboarding.no_deliveries import NoDeliveries
from inspector.gui.tasks import Tasks
from inspector.gui.theme import Theme
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.message_bar import Message, Tone
from inspector.gui.widgets.safe_text import marked
from inspector.gui.window_state import load_state, save_state
from inspector.settings import Settings
from inspector.store import Reader, StoreError

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector
    from inspector.gui.handlers.handler_pane import HandlerPane
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

    def __init__(self, folder: Path, settings: Settings, theme: Theme) -> None:
        super().__init__(theme)
        self._folder, self._settings, self._theme = folder, settings, theme
        self._closed = asyncio.Event()
        self._ended = asyncio.Event()
        self._to_open: int | None = None
        self._listener: ListenerState | None = None
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._reader = Reader(folder)
        self.engine = Engine(folder, settings, self)
        self._explainer = Explainer(self.engine, self)
        self._stack = QUndoStack(self)
        self._handlers: HandlerPane | None = None
        self.window = MainWindow(self._make_panes())
        self.live = LiveList(folder, self._reader, self._list, self._stack)
        self._connect()
        state = load_state(folder)
        self.window.restore(state)
        if state.search:
            self.window.header.search.search_now(state.search)
        self._choose(self.window.sidebar.choice)
        self._theme.choose(settings.window.theme)
        self._tick_theme(settings.window.theme)
        self.live.load()

    def open(self, id_: int | None) -> None:
        """Show this delivery as soon as the engine runs; None shows what was shown last."""
        self._to_open = id_

    def add_setup(self) -> None:
        """Build what need not be there when the window is first painted; its imports cost a tenth of a second."""
        from inspector.gui.handlers.handler_pane import HandlerPane
        from inspector.gui.settings.settings_pane import SettingsPane

        stack = QUndoStack(self)
        handlers = self._handlers = HandlerPane(self.engine, stack)
        handlers.wanted.connect(self._go_to_handlers)
        handlers.ids_wanted.connect(self._list_these)
        handlers.use_delivery(self._details.delivery)
        self._explainer.use_chain(handlers.chain, stack)
        settings = SettingsPane(self.engine, self._settings)
        settings.theme_chosen.connect(self._theme.choose)
        handler_actions = [*handlers.actions(), self._nothing_yet.send]
        self.window.add_setup(Setup(handlers, settings, handler_actions, settings.actions(), stack))

    async def run(self) -> None:
        """Run the engine until the window is closed and all is ended."""
        self.engine.start()
        await self._closed.wait()
        await self._delete_for_good()
        self.live.stop()
        if self._handlers is not None:
            await self._handlers.history.close()
        self.engine.request_stop()
        try:
            async with asyncio.timeout(END_LIMIT_S):
                await self._ended.wait()
        except TimeoutError:
            logger.error("the engine did not end within %d s", END_LIMIT_S)  # noqa: TRY400 - no traceback to see
        self.engine.join(1)
        self._tasks.cancel()
        self._reader.close()

    def say_error(self, text: str) -> None:
        """Say that something went wrong that nobody foresaw."""
        self.window.messages.show_passing(Message(text, Tone.WARNING), "error")

    # Building

    def _make_panes(self) -> Panes:
        self._nothing_yet = NoDeliveries(self.engine)
        self._no_match = EmptyState(self.tr("Nothing matches"))
        self._list = DeliveryList(
            self._page,
            nothing_yet=self._nothing_yet,
            no_match=self._no_match,
        )
        self._details = DeliveryDetails(
            self._expected_signature,
            self._handler_of,
            self._check_again,
            explainer=self._explainer,
            make_resends=self._make_resends,
        )
        return Panes(
            deliveries=self._list,
            details=self._details,
            delivery_actions=self._details.actions(),
            stack=self._stack,
        )

    def _connect(self) -> None:
        window, live, engine = self.window, self.live, self.engine
        window.closed.connect(self._close)
        window.header.search.searched.connect(self._search)
        window.header.listening_pressed.connect(self._listening_pressed)
        window.sidebar.chosen.connect(self._choose)
        self._list.delivery_selected.connect(self._show_delivery)
        self._details.handler_wanted.connect(self._open_handler)
        self._details.new_handler_wanted.connect(self._go_to_handlers)
        self._details.said.connect(self._say)
        self._details.written.connect(self._write)
        self._details.secret_taken.connect(self._take_secret)
        live.annotated.connect(self._details.show_annotations)
        self._explainer.said.connect(self._say_changed)
        self._nothing_yet.handlers_wanted.connect(self._go_to_handlers)
        self._nothing_yet.delivery_sent.connect(self._open)
        live.counted.connect(window.sidebar.show_counts)
        live.counted.connect(window.status.show_counts)
        live.progressed.connect(window.status.show_progress)
        live.failed.connect(self._say_store_trouble)
        live.these_left.connect(self._these_left)
        live.deletions.hidden_changed.connect(self._say_deleted)
        engine.changed.connect(self._take)
        engine.started.connect(self._started)
        engine.failed.connect(self._engine_failed)
        engine.ended.connect(self._ended.set)
        actions = window.actions_by_name
        for name, slot in (
            ("copy_path", self._copy_path),
            ("copy_id", self._copy_id),
            ("make_handler", self._make_handler),
            ("check_again", self._details.check_again),
            ("delete", live.delete_selected),
            ("resend", self._resend),
            ("resend_to", self._resend_to),
            ("start_listening", self._start_listening),
            ("stop_listening", self._stop_listening),
        ):
            actions[name].triggered.connect(slot)
        actions["enabled"].triggered.connect(self._enable)
        for choice in ("system", "light", "dark"):
            actions[f"theme_{choice}"].triggered.connect(self._theme_chooser(choice))

    # What comes in

    @Slot()
    def _started(self) -> None:
        self._tasks.start("start", self._take_start())

    async def _take_start(self) -> None:
        start = await self.engine.call(_start_of)
        self._settings = start.settings
        self._show_listener(start.listener if start.listener.listening or start.listener.problem else self._listener)
        self.window.sidebar.show_handlers(len(start.handlers))
        self.window.status.show_secret_store(start.secret_notice)
        if start.secret_notice:
            self.window.messages.show_lasting("secret_store", Message(start.secret_notice))
        if self._to_open is not None:
            self._open(self._to_open)

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
                self._show_listener(state)
            case HandlersChanged(handlers):
                self.window.sidebar.show_handlers(len(handlers))
            case SettingsChanged(settings):
                self._settings = settings
                self._theme.choose(settings.window.theme)
                self._tick_theme(settings.window.theme)
            case Fault(source, text):
                self.window.messages.show_lasting(source, Message(text, Tone.WARNING))
            case FaultEnded(source):
                self.window.messages.clear(source)
            case OpenDelivery(id_):
                self._open(id_)

    def _show_listener(self, state: ListenerState | None) -> None:
        self._listener = state
        window, actions = self.window, self.window.actions_by_name
        window.header.show_state(state)
        window.status.show_url(state.url if state is not None else "")
        actions["enabled"].setChecked(state is None or state.enabled)
        actions["start_listening"].setEnabled(state is not None and not state.listening)
        actions["stop_listening"].setEnabled(state is not None and state.listening)
        if state is None or not state.problem:
            window.messages.clear("listener")
            return
        buttons: list[tuple[str, Callable[[], object]]] = []
        if port := state.offered_port:
            buttons.append((self.tr("Use port {0}").format(port), lambda: self._listen_on(port)))
        buttons.append((self.tr("Try again"), self._start_listening))
        window.messages.show_lasting("listener", Message(state.problem, Tone.WARNING, buttons))

    @Slot(object)
    def _engine_failed(self, error: Exception) -> None:
        logger.error("the engine does not run: %s", error)
        self.window.messages.show_lasting("engine", Message(str(error) or type(error).__name__, Tone.WARNING))
        self._show_listener(ListenerState())

    # What the user chooses

    @Slot(object)
    def _choose(self, choice: Choice) -> None:
        if choice.lists_deliveries:
            self.live.list_verdict(choice.verdict)
            self._explain_no_match()

    @Slot(object)
    def _search(self, search: Search) -> None:
        if search != EVERYTHING and not self.window.sidebar.choice.lists_deliveries:
            self.window.sidebar.choose(Choice.ALL)
        self.live.search_for(search)
        self._explain_no_match()

    def _explain_no_match(self) -> None:
        """Say of an empty list what it would take to see something."""
        actions, searching = self.window.actions_by_name, self.window.header.search.search != EVERYTHING
        narrowed = self.window.sidebar.choice.verdict is not None
        self._no_match.set_title(self.tr("Nothing matches") if searching else self.tr("None of these yet"))
        self._no_match.set_text(self.tr("No delivery is what you look for.") if searching else "")
        offered = (("clear_search", searching), ("show_all", narrowed))
        self._no_match.set_actions([actions[name] for name, helps in offered if helps])

    @Slot(object)
    def _show_delivery(self, id_: int | None) -> None:
        delivery = self.live.delivery(id_)
        self._details.show_delivery(delivery)
        if self._handlers is not None:
            self._handlers.use_delivery(delivery)

    @Slot(object)
    def _open(self, id_: int) -> None:
        """Come to the front, with this delivery unless it is 0."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if not id_:
            return
        if not window.sidebar.choice.lists_deliveries:
            window.sidebar.choose(Choice.ALL)
        if not self._list.select(id_):
            window.sidebar.choose(Choice.ALL)
            window.header.search.clear_search()
            if not self.live.open(id_):
                self._say(self.tr("There is no delivery {0}.").format(id_))

    @Slot(object)
    def _open_handler(self, rung: Rung) -> None:
        self._go_to_handlers()
        if self._handlers is None:
            return
        handler = next((each for each in self._handlers.handlers if each.name == rung.handler), None)
        if handler is not None:
            self._handlers.choose(handler.id)

    @Slot(object, object)
    def _write(self, id_: int, annotation: Annotation) -> None:
        delivery = self.live.delivery(id_)
        if delivery is not None:
            self._stack.push(Annotating(self._annotate, id_, delivery.annotation, annotation))

    @Slot(object)
    def _take_secret(self, id_: int) -> None:
        async def take() -> None:
            name = await self.engine.call(lambda inspector: inspector.take_secret(id_))
            self._say(self.tr("The secret is one of {0} now.").format(name))

        self._tasks.start("take a secret", take())

    def _annotate(self, annotations: Mapping[int, Annotation]) -> None:
        name = f"annotate {min(annotations)}"  # a later change of the same delivery replaces an earlier one
        self._tasks.start(name, self.engine.call(lambda inspector: inspector.annotate(annotations)))

    @Slot()
    def _go_to_handlers(self) -> None:
        self.window.sidebar.choose(Choice.HANDLERS)

    @Slot()
    def _make_handler(self) -> None:
        if (delivery := self._details.delivery) is not None and self._handlers is not None:
            self._handlers.start_from_delivery(delivery)

    @Slot(object, str)
    def _list_these(self, ids: Sequence[int], words: str) -> None:
        """List the deliveries that a count stands for, until something else is looked for."""
        self.window.sidebar.choose(Choice.ALL)
        self.window.header.search.clear_search()
        self.live.list_these(ids)
        text = self.tr("Listed are the deliveries of a handler as it is edited: {words}.").format(words=words)
        buttons = (
            (self.tr("List all again"), self.live.list_all),
            (self.tr("Back to the handler"), self._go_to_handlers),
        )
        self.window.messages.show_lasting("these", Message(text, buttons=buttons))

    @Slot()
    def _these_left(self) -> None:
        self.window.messages.clear("these")

    @Slot()
    def _copy_path(self) -> None:
        if (delivery := self._details.delivery) is not None:
            QGuiApplication.clipboard().setText(delivery.request.target)

    @Slot()
    def _copy_id(self) -> None:
        if (id_ := self._list.current_id) is not None:
            QGuiApplication.clipboard().setText(str(id_))

    def _make_resends(self, parent: QWidget) -> "ResendsPane":
        from inspector.gui.resend.resends_pane import ResendsPane

        return ResendsPane(self.engine, self._reader, self._selection, parent)

    def _selection(self, what: str) -> Sequence[int] | Search:
        if what == "selected":
            return sorted(self._list.view.selected_ids())
        model = self._list.model
        hidden = bool(self.live.deletions.hidden)  # a search would find what was deleted here
        return sorted(model.ids_between(0, model.rowCount() - 1)) if hidden else self.live.listed

    @Slot()
    def _resend(self) -> None:
        if (pane := self._shown_resends()) is not None:
            pane.resend()

    @Slot()
    def _resend_to(self) -> None:
        if (pane := self._shown_resends()) is not None:
            pane.go_to_form()

    def _shown_resends(self) -> "ResendsPane | None":
        self.window.actions_by_name["details"].setChecked(True)
        pane = self._details.show_resends()
        if pane is None:
            self._say(self.tr("Select a delivery to send it again."))
        return pane

    @Slot()
    def _listening_pressed(self) -> None:
        if self._listener is not None and not self._listener.listening:
            self._start_listening()
        elif self._listener is not None:
            self._enable(not self._listener.enabled)

    @Slot()
    def _start_listening(self) -> None:
        self._ask("listen", lambda inspector: inspector.start_listening())

    @Slot()
    def _stop_listening(self) -> None:
        self._ask("listen", lambda inspector: inspector.stop_listening())

    def _listen_on(self, port: int) -> None:
        self._ask("listen", lambda inspector: inspector.start_listening(port))

    @Slot(bool)
    def _enable(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self._ask("enable", lambda inspector: inspector.enable(on=on))

    def _theme_chooser(self, choice: str) -> Callable[[], None]:
        def choose() -> None:
            self._theme.choose(choice)
            window = replace(self._settings.window, theme=choice)
            settings = self._settings = replace(self._settings, window=window)
            self._ask("theme", lambda inspector: inspector.save_settings(settings))

        return choose

    def _tick_theme(self, choice: str) -> None:
        self.window.actions_by_name[f"theme_{choice}"].setChecked(True)

    # What is said

    @Slot(str)
    def _say(self, text: str) -> None:
        self.window.messages.show_passing(Message(marked(text)))

    @Slot(object)
    def _say_changed(self, message: Message) -> None:
        self.window.messages.show_passing(message, "mended")

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
        undo: QAction = self.window.actions_by_name["undo"]
        self.window.messages.show_passing(Message(text, buttons=((self.tr("Undo"), undo.trigger),)), "deleted")

    # Verbs

    def _ask(self, name: str, verb: Callable[["Inspector"], Coroutine[Any, Any, object]]) -> None:
        self._tasks.start(name, self.engine.call(verb))

    async def _expected_signature(self, delivery: Delivery, rung: Rung) -> bytes | None:
        return await self.engine.call(lambda inspector: inspector.expected_signature(delivery, rung))

    async def _check_again(self, delivery: Delivery) -> Ladder:
        return await self.engine.call(lambda inspector: inspector.check_again(delivery))

    def _handler_of(self, rung: Rung) -> Handler | None:
        try:
            return self._reader.handler_revision(rung.revision)
        except StoreError as error:
            self._say_store_trouble(str(error))
            return None

    def _page(self, ids: Any) -> Any:
        try:
            return self._reader.page(ids)
        except StoreError as error:
            self._say_store_trouble(str(error))
            return []

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
