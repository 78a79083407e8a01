"""Changes of the scenario that is looked at: each can be undone."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from inspector.core.scenario import Scenario
from inspector.core.scenario_cases import Case
from inspector.gui.scenarios.cell_edits import changed_case
from inspector.gui.scenarios.documents import EditScenario
from inspector.gui.scenarios.open_documents import OpenDocuments
from inspector.gui.scenarios.removing import Removing
from inspector.gui.scenarios.texts import title_text
from inspector.gui.widgets.safe_text import marked, shortened


class Editing(QObject):
    """Pushes a command for every field, cell, case and scenario that is changed, copied or taken away."""

    judged = Signal(str)  # why a cell cannot be what was typed; empty where it can

    def __init__(self, documents: OpenDocuments, undo_stack: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._documents, self._stack = documents, undo_stack

    def delete(self) -> None:
        """Take the scenario away, with its file; undo brings both back."""
        if (document := self._documents.shown) is not None:
            text = self.tr("Delete “{0}”").format(marked(shortened(document.name, 60)))
            self._stack.push(Removing(text, document, self._documents.remove, self._documents.bring_back))

    def duplicate_case(self, place: int) -> None:
        """The same case once more, beneath."""
        cases = self._cases()
        if 0 <= place < len(cases):
            copied = msgspec.structs.replace(cases[place], name=self.tr("{0} again").format(cases[place].title))
            self._edit_cases(self.tr("Duplicate a case"), (*cases[: place + 1], copied, *cases[place + 1 :]))

    def remove_case(self, place: int) -> None:
        """Without this case; the last one stays."""
        cases = self._cases()
        if place >= 0 and len(cases) > 1:
            self._edit_cases(self.tr("Remove a case"), (*cases[:place], *cases[place + 1 :]))

    @Slot(str, str)
    def take_field(self, field: str, text: str) -> None:
        """A field of the scenario has this text now."""
        if (document := self._documents.shown) is not None:
            changed = msgspec.structs.replace(document.scenario, **{field: text})
            self._edit(self.tr("Change of the scenario"), changed, field)

    @Slot(int, bool)
    def switch(self, place: int, on: bool) -> None:  # noqa: FBT001 - a slot
        """Switch a case on or off."""
        if (document := self._documents.shown) is not None:
            case = document.scenario.case[place]
            text = self.tr("Switch “{0}” on") if on else self.tr("Switch “{0}” off")
            self._edit_case(text.format(title_text(case)), place, msgspec.structs.replace(case, enabled=on))

    @Slot(int, str, str)
    def take_cell(self, place: int, column: str, text: str) -> None:
        """This was typed into a cell."""
        if (document := self._documents.shown) is None:
            return
        case = document.scenario.case[place]
        changed, problem = changed_case(case, column, text)
        if changed is None:
            self.judged.emit(f"{title_text(case)}: {marked(problem)}.")
            return
        self.judged.emit("")
        self._edit_case(self.tr("Change “{0}”").format(title_text(case)), place, changed)

    def _cases(self) -> Sequence[Case]:
        document = self._documents.shown
        return document.scenario.case if document is not None else ()

    def _edit(self, text: str, scenario: Scenario, field: str = "") -> None:
        document = self._documents.shown
        if document is not None and scenario != document.scenario:
            self._stack.push(EditScenario(text, self._documents.put_scenario, document, scenario, field=field))

    def _edit_cases(self, text: str, cases: Sequence[Case]) -> None:
        if (document := self._documents.shown) is not None:
            self._edit(text, msgspec.structs.replace(document.scenario, case=tuple(cases)))

    def _edit_case(self, text: str, place: int, case: Case) -> None:
        cases = self._cases()
        self._edit_cases(text, (*cases[:place], case, *cases[place + 1 :]))
