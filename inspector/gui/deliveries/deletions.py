"""Deleted deliveries: hidden at once, brought back by undo, gone for good when the window closes."""

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack


class Deletions(QObject):
    """What the user deleted in this window. A crash deletes nothing: the deliveries are listed again."""

    hidden_changed = Signal(object, bool)  # the ids (frozenset of int), whether they were hidden

    def __init__(self, stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        self._hidden: frozenset[int] = frozenset()

    @property
    def hidden(self) -> frozenset[int]:
        """The ids that are to be deleted for good."""
        return self._hidden

    def delete(self, ids: Collection[int]) -> None:
        """Hide these deliveries; it can be undone."""
        new = frozenset(ids) - self._hidden
        if new:
            self._stack.push(_Deletion(self, new))

    def forget(self, ids: Collection[int]) -> None:
        """These are gone for good already."""
        self._hidden -= frozenset(ids)

    def hide(self, ids: frozenset[int]) -> None:
        """Take them out of sight; for the undo command."""
        self._hidden |= ids
        self.hidden_changed.emit(ids, True)  # noqa: FBT003 - a signal

    def restore(self, ids: frozenset[int]) -> None:
        """Bring them back; for the undo command."""
        self._hidden -= ids
        self.hidden_changed.emit(ids, False)  # noqa: FBT003 - a signal


class _Deletion(QUndoCommand):
    """One deletion, of one delivery or of many."""

    def __init__(self, deletions: Deletions, ids: frozenset[int]) -> None:
        text = deletions.tr("delete a delivery") if len(ids) == 1 else deletions.tr("delete {0} deliveries")
        super().__init__(text.format(f"{len(ids):,}"))
        self._deletions, self._ids = deletions, ids

    def redo(self) -> None:
        self._deletions.hide(self._ids)

    def undo(self) -> None:
        self._deletions.restore(self._ids)
