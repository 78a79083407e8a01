"""Deleting a scenario with its file, as a command that can be undone."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from inspector.gui.scenarios.documents import Document


class Removing(QUndoCommand):
    """Takes a scenario away, and brings it back as it was, its file byte for byte."""

    def __init__(
        self,
        text: str,
        document: Document,
        remove: Callable[[int], bytes | None],
        bring_back: Callable[[Document, bytes], None],
    ) -> None:
        """`remove` returns the bytes of the file, None where it could not be deleted."""
        super().__init__(text)
        self._document, self._remove, self._bring_back = document, remove, bring_back
        self._file = b""

    def redo(self) -> None:
        """Take it away."""
        file = self._remove(self._document.id)
        if file is None:
            self.setObsolete(True)
            return
        self._file = file

    def undo(self) -> None:
        """Bring it back."""
        self._bring_back(self._document, self._file)
