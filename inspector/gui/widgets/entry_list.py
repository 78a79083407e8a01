"""A short list of entries with ids, beside a form: what is selected stays selected when the list changes."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

type Index = QModelIndex | QPersistentModelIndex


class HasId(Protocol):
    """An entry that is known by its id."""

    @property
    def id(self) -> int:
        """Unique in the list; 0 stands for none."""


class EntryListModel[E: HasId](QAbstractListModel):
    """Entries in their order. What is shown of one, `data` of the list's own model says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[E, ...] = ()

    @property
    def entries(self) -> tuple[E, ...]:
        """What is listed, in order."""
        return self._entries

    def show_entries(self, entries: Sequence[E]) -> None:
        """List `entries`. Where they are the same ones, only what changed is painted anew."""
        new = tuple(entries)
        if [entry.id for entry in new] == [entry.id for entry in self._entries]:
            before, self._entries = self._entries, new
            for row, (old, entry) in enumerate(zip(before, new, strict=True)):
                if old != entry:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._entries = new
        self.endResetModel()

    def row_of(self, entry_id: int) -> int:
        """The row of the entry with that id; -1 where there is none."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == entry_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)


class EntryList[E: HasId](QListView):
    """The list itself, selected by id."""

    chosen = Signal(int)  # the id of the entry that is selected now; 0 for none

    def __init__(self, model: EntryListModel[E], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._chosen, self._row = 0, 0
        self.setModel(model)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._select)
        model.modelReset.connect(self._keep_selection)

    @property
    def current_id(self) -> int:
        """The id of the selected entry; 0 for none."""
        return self._chosen

    def choose(self, entry_id: int) -> None:
        """Select the entry of that id, if there is one."""
        row = self._model.row_of(entry_id)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))

    @Slot()
    def _select(self) -> None:
        index = self.currentIndex()
        chosen = self._model.entries[index.row()].id if index.isValid() else 0
        self._row = max(index.row(), 0)
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen.emit(chosen)

    @Slot()
    def _keep_selection(self) -> None:
        """The same entry stays selected wherever it stands now; where it is gone, its neighbour is."""
        if not self._model.entries:
            self._select()
            return
        row = self._model.row_of(self._chosen)
        place = row if row >= 0 else min(self._row, len(self._model.entries) - 1)
        self.setCurrentIndex(self._model.index(place))
        self._select()
