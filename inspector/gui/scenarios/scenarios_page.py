"""Scenarios: the list, the matrix of expected and actual answers, and the answer of the case that is looked at."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.bulk import Recipe
from inspector.core.delivery import Delivery
from inspector.core.request import Request
from inspector.core.scenario import Scenario, expectation_from, expectation_problem, usual_scenario
from inspector.core.scenario_cases import Case
from inspector.core.scenario_request import KeptRequest, kept, request_of
from inspector.core.target import Allowance, TargetMalformed, target_from
from inspector.feed import HandlersChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.forwarding.queue_section import tool_button
from inspector.gui.scenarios.actions import ScenarioActions
from inspector.gui.scenarios.case_pane import CasePane
from inspector.gui.scenarios.case_view import CaseView
from inspector.gui.scenarios.documents import (
    Document,
    EditScenario,
    Unreadable,
    bring_back,
    files_in,
    free_path,
    read,
    take_away,
    write,
)
from inspector.gui.scenarios.removing import Removing
from inspector.gui.scenarios.scenario_bar import ScenarioBar
from inspector.gui.scenarios.scenario_list import ScenarioList
from inspector.gui.scenarios.texts import summary_text, title_text
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.columns import Columns
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.safe_text import as_text, marked, shortened
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
        self._engine, self._reader, self._stack, self._actions = engine, reader, undo_stack, actions
        self._folder = engine.folder / FOLDER
        self._documents: dict[int, Document] = {}
        self._shown, self._newest = 0, 0
        self._running = 0  # the id of the document that is run
        self._place = -1  # of the case under way
        self._delivery: Delivery | None = None
        self._request: Request | None = None
        self._read_for: tuple[int, KeptRequest | None] = (0, None)  # what these two were read for
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        self.list = ScenarioList(self)
        self.bar = ScenarioBar(actions.some("run_scenario", "cancel_scenario", "save_scenario"), self)
        self.view = CaseView(self)
        self.case = CasePane(self)
        self.setFocusProxy(self.list)
        self._lay_out()
        self._connect()
        actions.recolour()
        self._read_choices()
        self._read_folder()

    @property
    def document(self) -> Document | None:
        """The scenario that is looked at."""
        return self._documents.get(self._shown)

    # Commands

    def make_from(self, delivery: Delivery) -> None:
        """Begin a scenario with every kind of case, made from this delivery and signed as the handler that won."""
        won = delivery.answered_by
        name = f"{won.handler if won else self.tr('delivery')}-{delivery.id}"
        scenario = usual_scenario(name, delivery.id, won.handler if won else "", kept(delivery.request))
        target = next(iter(self._targets()), "")
        self._open(Document(0, msgspec.structs.replace(scenario, target=target)))
        self.bar.go_to_target()

    def run(self) -> None:
        """Send every case that is switched on."""
        self._start()

    def cancel(self) -> None:
        """End the run; what was answered stays."""
        if self._running:
            self._tasks.cancel_one("run")

    def save(self) -> None:
        """Write the file, a new one into the data folder."""
        if (document := self.document) is not None:
            self._save(document, document.path or free_path(self._folder, document.name))

    def save_as(self) -> None:
        """Write another file."""
        if (document := self.document) is None:
            return
        path = document.path or self._folder / f"{document.name}.toml"
        dialog = QFileDialog(self, self.tr("Save the scenario"), str(path), self.tr("Scenarios (*.toml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.fileSelected.connect(self._save_to)
        dialog.open()

    def open_file(self) -> None:
        """Open a file from elsewhere."""
        dialog = QFileDialog(self, self.tr("Open a scenario"), "", self.tr("Scenarios (*.toml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def delete(self) -> None:
        """Take the scenario away, with its file; undo brings both back."""
        if (document := self.document) is not None:
            text = self.tr("Delete “{0}”").format(marked(shortened(document.name, 60)))
            self._stack.push(Removing(text, document, self._remove, self._bring_back))

    def duplicate_case(self) -> None:
        """The same case once more, beneath."""
        if (document := self.document) is not None and 0 <= self.view.place < len(document.scenario.case):
            place, cases = self.view.place, document.scenario.case
            copied = msgspec.structs.replace(cases[place], name=self.tr("{0} again").format(cases[place].title))
            self._edit_cases(self.tr("Duplicate a case"), (*cases[: place + 1], copied, *cases[place + 1 :]))

    def remove_case(self) -> None:
        """Without this case."""
        if (document := self.document) is not None and self.view.place >= 0 and len(document.scenario.case) > 1:
            place, cases = self.view.place, document.scenario.case
            self._edit_cases(self.tr("Remove a case"), (*cases[:place], *cases[place + 1 :]))

    @Slot()
    def open_delivery(self) -> None:
        """Go to the delivery that all is made from."""
        if (document := self.document) is not None and document.scenario.delivery:
            self.delivery_wanted.emit(document.scenario.delivery)

    @Slot(str)
    def open_path(self, text: str) -> None:
        """Open this file."""
        path = Path(text)
        known = next((each.id for each in self._documents.values() if each.path == path), 0)
        if known:
            self._choose(known)
            return
        try:
            scenario = read(path)
        except Unreadable as error:
            self.said.emit(str(error))
            return
        self._open(Document(0, scenario, path, scenario))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self._actions.recolour()

    # Running

    def _start(self, allow: Allowance | None = None) -> None:
        document = self.document
        if document is None or self._running:
            return
        try:
            target = target_from(document.scenario.target)
        except TargetMalformed as error:
            typed = document.scenario.target.strip()
            self.bar.say_of_target(str(error) if typed else self.tr("Type where the receiver is."))
            return
        self.bar.say_of_target("")
        self._running = document.id
        self._tasks.start("run", self._run(document, Recipe(target), allow))
        self._enable()

    async def _run(self, document: Document, recipe: Recipe, allow: Allowance | None) -> None:
        try:
            if allow is not None:
                allowance = self._reader.allowance(recipe.target) | allow
                await self._engine.call(lambda inspector: inspector.resends.allow(recipe.target, allowance))
            error, sentence = await self._engine.call(lambda inspector: inspector.resends.obstacle(recipe.target))
            if error:
                self.bar.say_of_target(sentence, ask=error == "needs-consent")
                return
            await self._take_results(document, recipe)
        finally:
            self._running, self._place = 0, -1
            self.bar.show_progress(0, 0)
            self._show_document()

    async def _take_results(self, document: Document, recipe: Recipe) -> None:
        scenario = document.scenario
        places = [place for place, case in enumerate(scenario.case) if case.enabled]
        self._put(replace(document, results={}))
        self.bar.notice.say("")
        self._go_on_at(places, 0)
        stream = self._engine.stream(lambda inspector: inspector.resends.scenario(scenario, recipe))
        async with aclosing(stream) as results:
            done = 0
            async for result in results:
                now = self._documents.get(document.id)
                if now is None:
                    return
                place, done = places[done], done + 1
                fresh = replace(now, scenario=scenario, results={**now.results, place: result})
                self._put(fresh.edited(now.scenario))
                self._go_on_at(places, done)

    def _go_on_at(self, places: Sequence[int], done: int) -> None:
        self._place = places[done] if done < len(places) else -1
        self.bar.show_progress(done, len(places))
        self._show_document()

    # Editing

    def _edit(self, text: str, scenario: Scenario, field: str = "") -> None:
        document = self.document
        if document is not None and scenario != document.scenario:
            self._stack.push(EditScenario(text, self._put_scenario, document, scenario, field=field))

    def _edit_cases(self, text: str, cases: Sequence[Case]) -> None:
        if (document := self.document) is not None:
            self._edit(text, msgspec.structs.replace(document.scenario, case=tuple(cases)))

    def _edit_case(self, text: str, place: int, case: Case) -> None:
        if (document := self.document) is not None:
            cases = document.scenario.case
            self._edit_cases(text, (*cases[:place], case, *cases[place + 1 :]))

    @Slot(str, str)
    def _take_field(self, field: str, text: str) -> None:
        if (document := self.document) is not None:
            changed = msgspec.structs.replace(document.scenario, **{field: text})
            self._edit(self.tr("Change of the scenario"), changed, field)

    @Slot(int, bool)
    def _switch(self, place: int, on: bool) -> None:  # noqa: FBT001 - a slot
        if (document := self.document) is not None:
            case = document.scenario.case[place]
            text = self.tr("Switch “{0}” on") if on else self.tr("Switch “{0}” off")
            self._edit_case(text.format(title_text(case)), place, msgspec.structs.replace(case, enabled=on))

    @Slot(int, str, str)
    def _take_cell(self, place: int, column: str, text: str) -> None:
        if (document := self.document) is None:
            return
        case = document.scenario.case[place]
        changed, problem = _changed_case(case, column, text)
        if changed is None:
            self.bar.notice.say(f"{title_text(case)}: {marked(problem)}.")
            return
        self.bar.notice.say("")
        self._edit_case(self.tr("Change “{0}”").format(title_text(case)), place, changed)

    def _put_scenario(self, id_: int, scenario: Scenario) -> None:
        if (document := self._documents.get(id_)) is not None:
            self._put(document.edited(scenario))
            self._choose(id_)

    # Files

    def _save(self, document: Document, path: Path) -> None:
        scenario = self._with_request(document.scenario)
        try:
            write(path, scenario)
        except Unreadable as error:
            self.bar.notice.say(str(error))
            return
        self._put(replace(document, path=path, scenario=scenario, saved=scenario))
        self._show_document()
        self.said.emit(self.tr("Saved as {0}.").format(marked(str(path))))

    @Slot(str)
    def _save_to(self, text: str) -> None:
        if (document := self.document) is not None:
            self._save(document, Path(text))

    def _read_folder(self) -> None:
        for path in files_in(self._folder):
            try:
                scenario = read(path)
            except Unreadable as error:
                self.said.emit(str(error))
            else:
                self._newest += 1
                self._documents[self._newest] = Document(self._newest, scenario, path, scenario)
        self._choose(next(iter(self._documents), 0))

    def _open(self, document: Document) -> None:
        self._newest += 1
        self._documents[self._newest] = replace(document, id=self._newest)
        self._choose(self._newest)

    def _remove(self, id_: int) -> bytes | None:
        document, file = self._documents.get(id_), b""
        if document is not None and document.path is not None:
            try:
                file = take_away(document.path)
            except Unreadable as error:
                self.said.emit(str(error))
                return None
        self._documents.pop(id_, None)
        self._choose(next(iter(self._documents), 0))
        return file

    def _bring_back(self, document: Document, file: bytes) -> None:
        if document.path is not None and file:
            try:
                bring_back(document.path, file)
            except Unreadable as error:
                self.said.emit(str(error))
        self._documents[document.id] = document
        self._choose(document.id)

    # Showing

    def _put(self, document: Document) -> None:
        self._documents[document.id] = document

    @Slot(int)
    def _choose(self, id_: int) -> None:
        if id_ != self._shown:
            self.bar.say_of_target("")
            self.bar.notice.say("")
        self._shown = id_
        self._show_document()

    def _show_document(self) -> None:
        document = self.document
        self.list.show_documents(list(self._documents.values()), self._shown)
        self._whole.setCurrentIndex(1 if self._documents else 0)
        if document is None:
            self._enable()
            return
        self._read_delivery(document.scenario)
        words = self._delivery_text(document.scenario)
        self.bar.show_scenario(document.scenario, words, is_here=self._delivery is not None)
        running = self._place if self._running == document.id else -1
        before = self.view.place
        self.view.cases.show_cases(document.scenario.case, document.results, running)
        if self.view.place < 0:
            self.view.selectRow(max(0, min(before, len(document.scenario.case) - 1)))
        self.bar.summarise(self._summary(document))
        self._show_case(self.view.place)
        self._enable()

    def _summary(self, document: Document) -> str:
        if document.results:
            return summary_text(list(document.results.values()))
        return self.tr("Running …") if self._running == document.id else self.tr("Not run yet")

    @Slot(int)
    def _show_case(self, place: int) -> None:
        document = self.document
        if document is not None and 0 <= place < len(document.scenario.case):
            self.case.show_case(document.scenario.case[place], document.results.get(place), self._received())
        self._enable()

    def _received(self) -> Request | None:
        return self._request

    def _read_delivery(self, scenario: Scenario) -> None:
        """The good request, and the delivery that it is, if it is one here: the number may be another one's."""
        if self._read_for == (scenario.delivery, scenario.request):
            return
        delivery = None
        try:
            delivery = self._reader.delivery(scenario.delivery) if scenario.delivery else None
        except StoreError as error:
            self.said.emit(str(error))
        if scenario.request is not None and delivery is not None and kept(delivery.request) != scenario.request:
            delivery = None
        self._delivery, self._request = delivery, delivery.request if delivery is not None else None
        if self._request is None and scenario.request is not None:
            self._request = request_of(scenario.request)
        self._read_for = scenario.delivery, scenario.request

    def _delivery_text(self, scenario: Scenario) -> str:
        if (request := self._request) is None:
            id_ = scenario.delivery
            return self.tr("delivery {0}, which is not here").format(id_) if id_ else self.tr("no delivery")
        words = marked(shortened(as_text(f"{request.method} {request.target}"), 120))
        if self._delivery is None:
            return self.tr("the request in the file: {0}").format(words)
        return self.tr("delivery {0}: {1}").format(scenario.delivery, words)

    def _with_request(self, scenario: Scenario) -> Scenario:
        """With what it is made from inside, so that the file runs anywhere."""
        if scenario.request is not None or self._delivery is None or self._delivery.id != scenario.delivery:
            return scenario
        return msgspec.structs.replace(scenario, request=kept(self._delivery.request))

    def _enable(self) -> None:
        document, running = self.document, bool(self._running)
        cases = document.scenario.case if document is not None else ()
        for name, on in (
            ("run_scenario", document is not None and not running),
            ("cancel_scenario", running),
            ("save_scenario", document is not None and document.changed),
            ("save_scenario_as", document is not None),
            ("delete_scenario", document is not None and not running),
            ("duplicate_case", self.view.place >= 0 and not running),
            ("remove_case", self.view.place >= 0 and len(cases) > 1 and not running),
            ("show_scenario_delivery", document is not None and self._delivery is not None),
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

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self.bar.notice.say(marked(str(error)) or type(error).__name__)

    # Building

    @Slot()
    def _allow_and_run(self) -> None:
        self._start(Allowance(link_local=True))

    def _connect(self) -> None:
        self.list.chosen.connect(self._choose)
        self.bar.edited.connect(self._take_field)
        self.bar.delivery_pressed.connect(self.open_delivery)
        self.bar.allowed.connect(self._allow_and_run)
        self.view.chosen.connect(self._show_case)
        self.view.cases.switched.connect(self._switch)
        self.view.cases.typed.connect(self._take_cell)
        self._engine.changed.connect(self._take)
        self.list.addActions(self._actions.some("delete_scenario", "save_scenario_as"))
        self.view.addActions(self._actions.some("duplicate_case", "remove_case"))
        for each in (self.list, self.view):
            each.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.addActions(self._actions.some("run_scenario", "cancel_scenario", "save_scenario", "open_scenario"))

    def _lay_out(self) -> None:
        empty = EmptyState(
            self.tr("No scenario yet"),
            self.tr(
                "A scenario finds out what a receiver takes and what it refuses. From one good delivery it makes "
                "sixteen cases: signed with a wrong secret, changed, stale, doubled, cut off … and shows each answer "
                "beside the one that is expected. Select a delivery that was verified, and choose “Make a Scenario "
                "from It”. Continuous integration runs the same file:"
            ),
            [],
            "webhook-inspector scenario run FILE --target URL --junit report.xml",
        )
        choose = QPushButton(self.tr("&Choose a delivery"), empty)
        choose.setObjectName("choose_delivery")
        choose.clicked.connect(self.deliveries_wanted)
        opened = QPushButton(self._actions["open_scenario"].text(), empty)
        opened.setObjectName("open_first_scenario")
        opened.clicked.connect(self._actions["open_scenario"].trigger)
        buttons = QWidget(empty)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing(2))
        row.addWidget(choose)
        row.addWidget(opened)
        row.addStretch(1)
        empty.add_below(buttons)
        matrix = QWidget(self)
        column = QVBoxLayout(matrix)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        opened_ones = QWidget(self)
        left = QVBoxLayout(opened_ones)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        tools.setSpacing(spacing())
        tools.addStretch(1)
        for action in self._actions.some("open_scenario", "delete_scenario"):
            tools.addWidget(tool_button(action, opened_ones))
        left.addLayout(tools)
        left.addWidget(self.list, 1)
        columns = Columns(self)
        columns.addWidget(opened_ones)
        columns.addWidget(matrix)
        columns.addWidget(self.case)
        columns.setStretchFactor(1, 3)
        columns.setStretchFactor(2, 2)
        columns.setSizes([spacing(37), spacing(128), spacing(107)])
        self._whole = QStackedWidget(self)
        self._whole.addWidget(empty)
        self._whole.addWidget(columns)
        self.addWidget(self._whole)


def _changed_case(case: Case, column: str, text: str) -> tuple[Case | None, str]:
    """The case with what was typed into a cell; None, and why, where it cannot be."""
    if column == "name":
        return msgspec.structs.replace(case, name=text.strip()), ""
    if column == "expected":
        expected = expectation_from(text)
        problem = expectation_problem(expected)
        return (None, problem) if problem else (msgspec.structs.replace(case, expect=expected), "")
    name = {"burst": "count", "slow-body": "bytes_per_s"}.get(case.kind, "seconds")
    low, high = (1, 1000) if name == "count" else (1, 10**9)
    try:
        number = float(text) if name == "bytes_per_s" else int(text)
    except ValueError:
        return None, f"{text!r} is no number"
    if not low <= number <= high:
        return None, f"the number is from {low:,} to {high:,}"
    return msgspec.structs.replace(case, **{name: number}), ""
