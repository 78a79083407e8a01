"""One run of a scenario: every case that is switched on is sent, and its answer is kept with the document."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from inspector.core.bulk import Recipe
from inspector.core.target import Allowance, TargetMalformed, target_from
from inspector.gui.engine import Engine
from inspector.gui.scenarios.documents import Document
from inspector.gui.scenarios.open_documents import OpenDocuments
from inspector.gui.scenarios.scenario_bar import ScenarioBar
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.safe_text import marked
from inspector.store import Reader


class Running(QObject):
    """Runs one scenario at a time; the bar says how far it is and what stands in its way."""

    begun = Signal()
    moved = Signal()  # another case is under way, there is a result, or it ended

    def __init__(
        self, engine: Engine, reader: Reader, documents: OpenDocuments, bar: ScenarioBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._reader, self._documents, self._bar = engine, reader, documents, bar
        self._running = 0  # the id of the document that is run
        self._place = -1  # of the case under way
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)

    @property
    def is_under_way(self) -> bool:
        """Whether a scenario is run."""
        return bool(self._running)

    def runs(self, document: Document) -> bool:
        """Whether it is this one that is run."""
        return self._running == document.id

    def place_in(self, document: Document) -> int:
        """The place of the case under way; -1 where none of this document's is."""
        return self._place if self.runs(document) else -1

    def start(self, allow: Allowance | None = None) -> None:
        """Run the one that is looked at, where none runs; `allow` is the user's consent to its target."""
        document = self._documents.shown
        if document is None or self._running:
            return
        try:
            target = target_from(document.scenario.target)
        except TargetMalformed as error:
            typed = document.scenario.target.strip()
            self._bar.say_of_target(str(error) if typed else self.tr("Type where the receiver is."))
            return
        self._bar.say_of_target("")
        self._running = document.id
        self._tasks.start("run", self._run(document, Recipe(target), allow))
        self.begun.emit()

    @Slot()
    def allow_and_start(self) -> None:
        """Run it though its target is link-local."""
        self.start(Allowance(link_local=True))

    def cancel(self) -> None:
        """End the run; what was answered stays."""
        if self._running:
            self._tasks.cancel_one("run")

    async def _run(self, document: Document, recipe: Recipe, allow: Allowance | None) -> None:
        try:
            if allow is not None:
                allowance = self._reader.allowance(recipe.target) | allow
                await self._engine.call(lambda inspector: inspector.resends.allow(recipe.target, allowance))
            error, sentence = await self._engine.call(lambda inspector: inspector.resends.obstacle(recipe.target))
            if error:
                self._bar.say_of_target(sentence, ask=error == "needs-consent")
                return
            await self._take_results(document, recipe)
        finally:
            self._running, self._place = 0, -1
            self._bar.show_progress(0, 0)
            self.moved.emit()

    async def _take_results(self, document: Document, recipe: Recipe) -> None:
        scenario = document.scenario
        places = [place for place, case in enumerate(scenario.case) if case.enabled]
        self._documents.put(replace(document, results={}))
        self._bar.notice.say("")
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
                self._documents.put(fresh.edited(now.scenario))
                self._go_on_at(places, done)

    def _go_on_at(self, places: Sequence[int], done: int) -> None:
        self._place = places[done] if done < len(places) else -1
        self._bar.show_progress(done, len(places))
        self.moved.emit()

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self._bar.notice.say(marked(str(error)) or type(error).__name__)
