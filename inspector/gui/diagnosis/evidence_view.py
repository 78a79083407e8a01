"""The evidence of a finding: what is signed, computed and received, as the handler is now and with the change."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery
from inspector.core.explanation import Explanation
from inspector.gui.theme import spacing
from inspector.gui.widgets.disclosure import Disclosure

if TYPE_CHECKING:  # not needed before it is opened
    from inspector.gui.handlers.explanation_view import ExplanationView


class EvidenceView(QWidget):
    """Closed at first; asks for what it shows when it is opened, unless it has it. `title` is what its button says."""

    wanted = Signal()

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delivery: Delivery | None = None
        self._now: Explanation | None = None
        self._then: Explanation | None = None
        self._button = Disclosure(title, self)
        self._button.setObjectName(name)
        self._button.toggled.connect(self._open)
        self._which = QTabBar(self)
        self._which.setObjectName("evidence_of")
        self._which.setAccessibleName(self.tr("Which evidence"))
        self._which.setDrawBase(False)
        self._which.setExpanding(False)
        self._which.currentChanged.connect(self._show)
        self._view: ExplanationView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing(2))
        self._column.addWidget(self._button)
        self._column.addWidget(self._which)
        self._which.hide()

    @property
    def opened(self) -> bool:
        """Whether it wants to show something."""
        return self._button.isChecked()

    def set_opened(self, *, opened: bool) -> None:
        """Open or close it, as its button does."""
        self._button.setChecked(opened)

    @property
    def view(self) -> "ExplanationView | None":
        """What shows it, once it was opened."""
        return self._view

    def forget(self) -> None:
        """There is no evidence for what is shown now, as yet; it stays open."""
        self._delivery = self._now = self._then = None
        self._which.hide()
        if self._view is not None:
            self._view.hide()

    def show_evidence(self, delivery: Delivery, now: Explanation | None, then: Explanation | None) -> None:
        """Show how the handler comes to its outcome, and `then` with the change, if there is one that verifies."""
        self._delivery, self._now, self._then = delivery, now, then
        place = max(0, self._which.currentIndex())
        self._which.blockSignals(True)  # noqa: FBT003 - Qt's
        while self._which.count():
            self._which.removeTab(0)
        self._which.addTab(self.tr("As it is now"))
        if then is not None:
            self._which.addTab(self.tr("With the change"))
        self._which.setCurrentIndex(min(place, self._which.count() - 1))
        self._which.blockSignals(False)  # noqa: FBT003 - Qt's
        self._show(self._which.currentIndex())

    @Slot(bool)
    def _open(self, on: bool) -> None:  # noqa: FBT001 - a slot
        if on and self._now is None:
            self.wanted.emit()
        self._show(self._which.currentIndex())

    @Slot(int)
    def _show(self, place: int) -> None:
        explanation = self._then if place == 1 else self._now
        shown = self.opened and explanation is not None and self._delivery is not None
        self._which.setVisible(shown and self._which.count() > 1)
        if not shown or explanation is None or self._delivery is None:
            if self._view is not None:
                self._view.hide()
            return
        if self._view is None:
            from inspector.gui.handlers.explanation_view import ExplanationView

            self._view = ExplanationView(self)
            self._view.which.hide()
            self._column.addWidget(self._view)
        self._view.show_explanation(self._delivery, explanation, selected=True)
        self._view.show()
