"""Chooses whose delivery is simulated: by typing a few letters, with the keys alone."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from inspector import presets
from inspector.gui.handlers.offers import Offer, fitting
from inspector.gui.handlers.preset_picker import OFFER_ROLE, OfferDelegate, OfferModel
from inspector.gui.handlers.texts import category_words
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Muted
from inspector.samples import with_samples

_STEPS = {
    Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8,
}  # fmt: skip
_CANNOT = frozenset({"generic-mtls"})


class ProviderList(QWidget):
    """A search field over a list: those with a handler first, then those with samples, then all others."""

    chosen = Signal(str)  # the preset's id
    left = Signal()  # Return was pressed: go on to what is to be sent

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._with_handlers: Collection[str] = ()
        self._offers: Sequence[Offer] = ()
        self.model = OfferModel(self)
        self.field = QLineEdit(self)
        self.field.setObjectName("simulator-search")
        self.field.setPlaceholderText(self.tr("Type a provider’s name"))
        self.field.setAccessibleName(self.tr("Search providers"))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.list = QListView(self)
        self.list.setObjectName("simulator-providers")
        self.list.setAccessibleName(self.tr("Providers"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(OfferDelegate(self))
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = Muted(self.tr("No provider fits. Clear the search to see all."), self)
        self._none.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(3), spacing(3), 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._search)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.activated.connect(self.left)
        self.show_handlers(())

    @property
    def preset_id(self) -> str:
        """Who is chosen; empty while nobody is."""
        index = self.list.currentIndex()
        return index.data(OFFER_ROLE).id if index.isValid() else ""

    def show_handlers(self, with_handlers: Collection[str]) -> None:
        """Put the providers for which there are handlers on top."""
        if self._offers and set(with_handlers) == set(self._with_handlers):
            return
        self._with_handlers = with_handlers
        offers = [self._offer(entry) for entry in presets.index() if entry.id not in _CANNOT]
        samples = with_samples()
        offers.sort(
            key=lambda each: (each.id not in with_handlers, each.id not in samples)
        )  # else by name, as they are
        self._offers = offers
        self._search()

    def choose(self, preset_id: str) -> None:
        """Choose this provider, whatever is searched for."""
        self.field.clear()
        for row, offer in enumerate(self.model.offers):
            if offer.id == preset_id:
                self._select(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move in the list work while the search field has the focus."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in _STEPS:
            row = self.list.currentIndex().row() + _STEPS[key]
            self._select(max(0, min(row, self.model.rowCount() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.preset_id:
                self._select(0)
            self.left.emit()
        else:
            return super().eventFilter(watched, event)
        return True

    def _offer(self, entry: presets.Entry) -> Offer:
        about = self.tr("samples") if entry.id in with_samples() else category_words(entry.category)
        if entry.id in self._with_handlers:
            about = self.tr("has a handler")
        return Offer(entry.id, entry.name, entry.category, about)

    @Slot()
    def _search(self) -> None:
        """List what fits; who is chosen stays so where it can."""
        before = self.preset_id
        found = fitting(self._offers, self.field.text(), "")
        selection = self.list.selectionModel()
        selection.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.model.show_offers(found)
        selection.blockSignals(False)  # noqa: FBT003
        self._none.setVisible(not found)
        row = next((row for row, offer in enumerate(found) if offer.id == before), None)
        if row is not None:
            self._select(row)
        elif self.field.text() and found:
            self._select(0)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.data(OFFER_ROLE).id)
