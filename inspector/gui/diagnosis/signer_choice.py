"""The choice of who is said to have signed a pasted request: a handler, a provider, or that it is to be found out."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from inspector import presets
from inspector.core.handler import Handler
from inspector.gui.widgets.rows import name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is said to have signed: a handler of the chain, a preset, or nobody knows."""

    handler_id: int = 0
    preset_id: str = ""


FIND_OUT = Signer()


class SignerChoice(QComboBox):
    """A name can be typed: the first that has it in it is taken. `activated` follows when a person chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pasted_signer")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.setMaxVisibleItems(16)
        completer = self.completer() or QCompleter(self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        quiet_wheel(self)
        edit = self.lineEdit()
        if edit is not None:
            edit.editingFinished.connect(self._finish_name)

    @property
    def chosen(self) -> Signer:
        """Who is said to have signed it."""
        found = self.currentData()
        return found if isinstance(found, Signer) else FIND_OUT

    def fill(self, handlers: Sequence[Handler]) -> None:
        """Offer these handlers, and all presets."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.clear()
        self.addItem(self.tr("Find out how it is signed"), FIND_OUT)
        for handler in handlers:
            if handler.scheme.kind != "none":
                name = self.tr("Handler {name}").format(name=shortened(marked(handler.name), LONGEST_NAME))
                self.addItem(name, Signer(handler_id=handler.id))
        for entry in presets.index():
            self.addItem(entry.name, Signer(preset_id=entry.id))
        name_inside(self, self.tr("Signed by"))
        self.blockSignals(False)  # noqa: FBT003

    def select(self, signer: Signer) -> None:
        """Choose this one; where it is not offered, to find out."""
        place = next((n for n in range(self.count()) if self.itemData(n) == signer), 0)
        self.setCurrentIndex(place)

    @Slot()
    def _finish_name(self) -> None:
        """Take the first name that fits what was typed; what fits none is taken back."""
        text = self.currentText().strip()
        if text == self.itemText(self.currentIndex()):
            return
        place = next((n for n in range(self.count()) if text and text.lower() in self.itemText(n).lower()), -1)
        if place < 0:
            self.setEditText(self.itemText(self.currentIndex()))
        else:
            self.setCurrentIndex(place)
            self.activated.emit(place)
