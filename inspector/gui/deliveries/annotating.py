"""Writing notes and tags so that it can be undone."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from inspector.core.annotation import Annotation

type Annotate = Callable[[Mapping[int, Annotation]], object]


class Annotating(QUndoCommand):
    """One delivery's note and tags, changed from `before` to `after`."""

    def __init__(self, write: Annotate, id_: int, before: Annotation, after: Annotation) -> None:
        only_tags = before.note == after.note
        text = "change tags" if only_tags else "change a note"
        super().__init__(QCoreApplication.translate("Annotating", text))
        self._write, self._id, self._before, self._after = write, id_, before, after

    def redo(self) -> None:
        self._write({self._id: self._after})

    def undo(self) -> None:
        self._write({self._id: self._before})
