"""Which scenarios are open, which one is looked at, and how they come from files and go back."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from inspector.core.scenario import Scenario
from inspector.gui.scenarios.documents import (
    Document,
    Unreadable,
    bring_back,
    files_in,
    free_path,
    read,
    take_away,
    write,
)


class OpenDocuments(QObject):
    """Those of the data folder, those from elsewhere, and new ones, by id."""

    left = Signal()  # another one is looked at from now on
    changed = Signal()  # what is shown may be another
    said = Signal(str)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._documents: dict[int, Document] = {}
        self._shown, self._newest = 0, 0

    @property
    def shown(self) -> Document | None:
        """The one that is looked at."""
        return self._documents.get(self._shown)

    @property
    def shown_id(self) -> int:
        """Its id, which may be 0, or that of one that is gone."""
        return self._shown

    def all(self) -> Sequence[Document]:
        """In the order in which they were opened."""
        return list(self._documents.values())

    def get(self, id_: int) -> Document | None:
        """The one with this id, if it is still open."""
        return self._documents.get(id_)

    def put(self, document: Document) -> None:
        """It is like this now; whoever puts it says when that is to be shown."""
        self._documents[document.id] = document

    @Slot(int)
    def choose(self, id_: int) -> None:
        """Look at the one with this id."""
        if id_ != self._shown:
            self.left.emit()
        self._shown = id_
        self.changed.emit()

    def put_scenario(self, id_: int, scenario: Scenario) -> None:
        """Its scenario is this one now, and is looked at."""
        if (document := self.get(id_)) is not None:
            self.put(document.edited(scenario))
            self.choose(id_)

    def open(self, document: Document) -> None:
        """One more, under an id of its own."""
        self.choose(self._add(document))

    def open_path(self, path: Path) -> None:
        """The file's, once."""
        known = next((each.id for each in self._documents.values() if each.path == path), 0)
        if known:
            self.choose(known)
            return
        try:
            scenario = read(path)
        except Unreadable as error:
            self.said.emit(str(error))
            return
        self.open(Document(0, scenario, path, scenario))

    def read_folder(self) -> None:
        """Open all that the data folder keeps."""
        for path in files_in(self._folder):
            try:
                scenario = read(path)
            except Unreadable as error:
                self.said.emit(str(error))
            else:
                self._add(Document(0, scenario, path, scenario))
        self._choose_first()

    def place_for(self, document: Document) -> Path:
        """Its file; for a new one a file of the data folder that is not there yet."""
        return document.path or free_path(self._folder, document.name)

    def suggested_path(self, document: Document) -> Path:
        """What to offer when the user chooses the file."""
        return document.path or self._folder / f"{document.name}.toml"

    def save(self, document: Document, path: Path, scenario: Scenario) -> None:
        """Write the document with this scenario into this file, which is its own from now on. Raises Unreadable."""
        write(path, scenario)
        self.put(replace(document, path=path, scenario=scenario, saved=scenario))
        self.changed.emit()

    def remove(self, id_: int) -> bytes | None:
        """Take it away with its file: the bytes of that, None where it could not be deleted."""
        document, file = self._documents.get(id_), b""
        if document is not None and document.path is not None:
            try:
                file = take_away(document.path)
            except Unreadable as error:
                self.said.emit(str(error))
                return None
        self._documents.pop(id_, None)
        self._choose_first()
        return file

    def bring_back(self, document: Document, file: bytes) -> None:
        """What was removed is here again, with its file."""
        if document.path is not None and file:
            try:
                bring_back(document.path, file)
            except Unreadable as error:
                self.said.emit(str(error))
        self.put(document)
        self.choose(document.id)

    def _add(self, document: Document) -> int:
        self._newest += 1
        self.put(replace(document, id=self._newest))
        return self._newest

    def _choose_first(self) -> None:
        self.choose(next(iter(self._documents), 0))
