"""Scenarios: the list, the matrix of expected and actual answers, and the answer of the case that is looked at."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery
from inspector.core.scenario import usual_scenario
from inspector.core.scenario_request import kept
from inspector.feed import HandlersChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.scenarios.actions import ScenarioActions
from inspector.gui.scenarios.case_pane import CasePane
from inspector.gui.scenarios.case_view import CaseView
from inspector.gui.scenarios.documents import Document, Unreadable
from inspector.gui.scenarios.editing import Editing
from inspector.gui.scenarios.file_dialogs import ask_what_to_open, ask_where_to_save
from inspector.gui.scenarios.good_request import GoodRequest
from inspector.gui.scenarios.list_side import ListSide
from inspector.gui.scenarios.no_scenario import NoScenario
from inspector.gui.scenarios.open_documents import OpenDocuments
from inspector.gui.scenarios.running import Running
from inspector.gui.scenarios.scenario_bar import ScenarioBar
from inspector.gui.scenarios.scenario_list import ScenarioList
from inspector.gui.scenarios.texts import summary_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.safe_text import marked
from inspector.gui.widgets.themed import follow_palette
from inspector.store import Reader, StoreError

FOLDER = "scenarios"
"""Where in the data folder scenarios are kept."""

_TARGETS = 20


class ScenariosPage(Columns):
    """What is changed in a scenario can be undone, and is in its file once it is saved."""

    delivery_wanted = Signal(object)  # int: its id
    deliveries_wanted = Signal()
    said = Signal(str)

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        *,
        undo_stack: QUndoStack,
        actions: ScenarioActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._reader, self._actions = engine, reader, actions
        self.list = ScenarioList(self)
        self.bar = ScenarioBar(actions.some("run_scenario", "cancel_scenario", "save_scenario"), self)
        self.view = CaseView(self)
        self.case = CasePane(self)
        self._documents = OpenDocuments(engine.folder / FOLDER, self)
        self._good = GoodRequest(reader, self)
        self._editing = Editing(self._documents, undo_stack, self)
        self._running = Running(engine, reader, self._documents, self.bar, self)
        self.setFocusProxy(self.list)
        self._lay_out()
        self._connect()
        self._place_actions()
        actions.recolour()
        self._read_choices()
        self._documents.read_folder()

    @property
    def document(self) -> Document | None:
        """The scenario that is looked at."""
        return self._documents.shown

    # Commands

    def make_from(self, delivery: Delivery) -> None:
        """Begin a scenario with every kind of case, made from this delivery and signed as the handler that won."""
        won = delivery.answered_by
        name = f"{won.handler if won else self.tr('delivery')}-{delivery.id}"
        scenario = usual_scenario(name, delivery.id, won.handler if won else "", kept(delivery.request))
        target = next(iter(self._targets()), "")
        self._documents.open(Document(0, msgspec.structs.replace(scenario, target=target)))
        self.bar.go_to_target()

    def run(self) -> None:
        """Send every case that is switched on."""
        self._running.start()

    def cancel(self) -> None:
        """End the run; what was answered stays."""
        self._running.cancel()

    def save(self) -> None:
        """Write the file, a new one into the data folder."""
        if (document := self.document) is not None:
            self._save(document, self._documents.place_for(document))

    def save_as(self) -> None:
        """Write another file."""
        if (document := self.document) is not None:
            ask_where_to_save(self._documents.suggested_path(document), self._save_to, self)

    def open_file(self) -> None:
        """Open a file from elsewhere."""
        ask_what_to_open(self.open_path, self)

    def delete(self) -> None:
        """Take the scenario away, with its file; undo brings both back."""
        self._editing.delete()

    def duplicate_case(self) -> None:
        """The same case once more, beneath."""
        self._editing.duplicate_case(self.view.place)

    def remove_case(self) -> None:
        """Without this case."""
        self._editing.remove_case(self.view.place)

    @Slot()
    def open_delivery(self) -> None:
        """Go to the delivery that all is made from."""
        if (document := self.document) is not None and document.scenario.delivery:
            self.delivery_wanted.emit(document.scenario.delivery)

    @Slot(str)
    def open_path(self, text: str) -> None:
        """Open this file."""
        self._documents.open_path(Path(text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self._actions.recolour()

    def _save(self, document: Document, path: Path) -> None:
        try:
            self._documents.save(document, path, self._good.put_into(document.scenario))
        except Unreadable as error:
            self.bar.notice.say(str(error))
            return
        self.said.emit(self.tr("Saved as {0}.").format(marked(str(path))))

    @Slot(str)
    def _save_to(self, text: str) -> None:
        if (document := self.document) is not None:
            self._save(document, Path(text))

    # Showing

    @Slot()
    def _forget_notices(self) -> None:
        self.bar.say_of_target("")
        self.bar.notice.say("")

    @Slot(str)
    def _show_notice(self, text: str) -> None:
        self.bar.notice.say(text)

    @Slot()
    def _show_document(self) -> None:
        document, documents = self.document, self._documents.all()
        self.list.show_documents(documents, self._documents.shown_id)
        self._whole.setCurrentIndex(1 if documents else 0)
        if document is None:
            self._enable()
            return
        scenario = document.scenario
        self._good.read_for(scenario)
        self.bar.show_scenario(scenario, self._good.text(scenario), is_here=self._good.is_here)
        before = self.view.place
        self.view.cases.show_cases(scenario.case, document.results, self._running.place_in(document))
        if self.view.place < 0:
            self.view.selectRow(max(0, min(before, len(scenario.case) - 1)))
        self.bar.summarise(self._summary(document))
        self._show_case(self.view.place)

    def _summary(self, document: Document) -> str:
        if document.results:
            return summary_text(list(document.results.values()))
        return self.tr("Running …") if self._running.runs(document) else self.tr("Not run yet")

    @Slot(int)
    def _show_case(self, place: int) -> None:
        document = self.document
        if document is not None and 0 <= place < len(document.scenario.case):
            self.case.show_case(document.scenario.case[place], document.results.get(place), self._good.request)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        document, running = self.document, self._running.is_under_way
        cases = document.scenario.case if document is not None else ()
        for name, on in (
            ("run_scenario", document is not None and not running),
            ("cancel_scenario", running),
            ("save_scenario", document is not None and document.changed),
            ("save_scenario_as", document is not None),
            ("delete_scenario", document is not None and not running),
            ("duplicate_case", self.view.place >= 0 and not running),
            ("remove_case", self.view.place >= 0 and len(cases) > 1 and not running),
            ("show_scenario_delivery", document is not None and self._good.is_here),
        ):
            self._actions[name].setEnabled(on)

    # What comes in

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            if isinstance(change, HandlersChanged):
                self.bar.set_handlers([handler.name for handler in change.handlers])

    def _read_choices(self) -> None:
        try:
            self.bar.set_handlers([handler.name for handler in self._reader.handlers()])
        except StoreError as error:
            self.said.emit(str(error))
        self.bar.set_targets(self._targets())

    def _targets(self) -> Sequence[str]:
        try:
            return [target.url for target in self._reader.targets(_TARGETS)]
        except StoreError as error:
            self.said.emit(str(error))
            return []

    # Building

    def _connect(self) -> None:
        self._documents.left.connect(self._forget_notices)
        self._documents.changed.connect(self._show_document)
        self._documents.said.connect(self.said)
        self._good.said.connect(self.said)
        self._running.begun.connect(self._enable)
        self._running.moved.connect(self._show_document)
        self._editing.judged.connect(self._show_notice)
        self.list.chosen.connect(self._documents.choose)
        self.bar.edited.connect(self._editing.take_field)
        self.bar.delivery_pressed.connect(self.open_delivery)
        self.bar.allowed.connect(self._running.allow_and_start)
        self.view.chosen.connect(self._show_case)
        self.view.cases.switched.connect(self._editing.switch)
        self.view.cases.typed.connect(self._editing.take_cell)
        self._engine.changed.connect(self._take)

    def _place_actions(self) -> None:
        self.list.addActions(self._actions.some("delete_scenario", "save_scenario_as"))
        self.view.addActions(self._actions.some("duplicate_case", "remove_case"))
        for each in (self.list, self.view):
            each.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.addActions(self._actions.some("run_scenario", "cancel_scenario", "save_scenario", "open_scenario"))

    def _lay_out(self) -> None:
        empty = NoScenario(self._actions["open_scenario"])
        empty.deliveries_wanted.connect(self.deliveries_wanted)
        matrix = QWidget(self)
        column = QVBoxLayout(matrix)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        columns = Columns(self)
        columns.addWidget(ListSide(self.list, self._actions, self))
        columns.addWidget(matrix)
        columns.addWidget(self.case)
        columns.setStretchFactor(1, 3)
        columns.setStretchFactor(2, 2)
        columns.setSizes([spacing(37), spacing(128), spacing(107)])
        self._whole = QStackedWidget(self)
        self._whole.addWidget(empty)
        self._whole.addWidget(columns)
        self.addWidget(self._whole)
