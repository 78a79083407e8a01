"""Deleting a scenario with its file, as a command that can be undone."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from inspector.gui.scenarios.documents import Document


class Removing(QUndoCommand):
    """Takes a scenario away, and brings it back as it was."""

    def __init__(
        self, text: str, document: Document, remove: Callable[[int], None], bring_back: Callable[[Document], None]
    ) -> None:
        super().__init__(text)
        self._document, self._remove, self._bring_back = document, remove, bring_back

    def redo(self) -> None:
        """Take it away."""
        self._remove(self._document.id)

    def undo(self) -> None:
        """Bring it back."""
        self._bring_back(self._document)
