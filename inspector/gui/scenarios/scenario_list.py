"""The scenarios that are open: those of the data folder, those from elsewhere, and new ones."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from inspector.gui.icons import state_icon
from inspector.gui.scenarios.documents import Document
from inspector.gui.scenarios.texts import tr
from inspector.gui.theme import State
from inspector.gui.widgets.safe_text import marked, shortened

_ID = Qt.ItemDataRole.UserRole


class ScenarioList(QListWidget):
    """One line each: whether it is saved, and how its last run ended."""

    chosen = Signal(int)  # the id of the document; 0 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scenarios")
        self.setAccessibleName(self.tr("Scenarios"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        size = self.fontMetrics().height()
        self.setIconSize(QSize(size, size))
        self._documents: tuple[Document, ...] = ()
        self._filling = False
        self.currentItemChanged.connect(self._tell)

    def show_documents(self, documents: Sequence[Document], chosen: int) -> None:
        """List these, and select the one with the id `chosen`."""
        self._filling = True
        same = [each.id for each in documents] == [each.id for each in self._documents]
        self._documents = tuple(documents)
        if not same:
            self.clear()
        for row, document in enumerate(documents):
            item = self.item(row) if same else QListWidgetItem(self)
            item.setData(_ID, document.id)
            item.setText(_text(document))
            item.setIcon(state_icon(_state(document)))
            item.setToolTip(str(document.path) if document.path else "")
            if document.id == chosen:
                self.setCurrentItem(item)
        self._filling = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for row, document in enumerate(self._documents):
                self.item(row).setIcon(state_icon(_state(document)))

    @Slot(QListWidgetItem, QListWidgetItem)
    def _tell(self, current: QListWidgetItem | None, _previous: QListWidgetItem | None) -> None:
        if not self._filling:
            self.chosen.emit(0 if current is None else current.data(_ID))


def _text(document: Document) -> str:
    """Its name, and in a second line how it stands."""
    said = []
    if document.results:
        differing = document.differing
        said.append(tr("{0} differ").format(differing) if differing else tr("as expected"))
    if document.changed:
        said.append(tr("not saved"))
    name = marked(shortened(document.name, 60)) or tr("New scenario")
    return f"{name}\n{' · '.join(said) or tr('saved')}"


def _state(document: Document) -> State:
    if document.results:
        return State.FAILED if document.differing else State.WON
    return State.STALE if document.changed else State.NOT_APPLICABLE
