"""What people write to a delivery: tags and a note, saved as one leaves the field."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from inspector.core.annotation import LONGEST_NOTE, NO_ANNOTATION, Annotation, tidied
from inspector.core.delivery import Delivery
from inspector.gui.theme import spacing


class NotesPane(QWidget):
    """Tags on one line with commas between them, and the note below. Another delivery, or another pane, saves too."""

    written = Signal(object, object)  # the delivery's id (int), Annotation

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id: int | None = None
        self._shown = NO_ANNOTATION
        self.setAccessibleName(self.tr("Notes"))
        self._tags = QLineEdit(self)
        self._tags.setObjectName("tags")
        self._tags.setPlaceholderText(self.tr("refund, ask Ann"))
        self._tags.setClearButtonEnabled(True)
        self._note = _Note(self)
        self._note.setObjectName("note")
        self._note.setPlaceholderText(self.tr("What is worth knowing about this delivery"))
        self._note.setTabChangesFocus(True)
        self._note.setUndoRedoEnabled(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(3), spacing(3), spacing(3), spacing(3))
        column.setSpacing(spacing())
        for title, field in ((self.tr("&Tags, separated by commas"), self._tags), (self.tr("N&ote"), self._note)):
            label = QLabel(title, self)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            column.addSpacing(spacing(2))
        self._tags.editingFinished.connect(self.save)
        self._note.left.connect(self.save)

    def show_delivery(self, delivery: Delivery) -> None:
        """Show what was written to this delivery; what is not saved yet of the one before is saved."""
        if delivery.id != self._id:
            self.save()
        self._id = delivery.id
        self.show_annotation(delivery.annotation)

    def show_annotation(self, annotation: Annotation) -> None:
        """Show this, unless it is what the fields say already: the cursor stays where it is."""
        self._shown = annotation
        if annotation != self._typed():
            self._tags.setText(", ".join(annotation.tags))
            self._note.setPlainText(annotation.note)

    @Slot()
    def save(self) -> None:
        """Tell what is written, where it has changed."""
        typed = self._typed()
        if self._id is not None and typed != self._shown:
            self._shown = typed
            self.written.emit(self._id, typed)

    def _typed(self) -> Annotation:
        note = self._note.toPlainText()[:LONGEST_NOTE]
        return tidied(Annotation(note, tuple(self._tags.text().split(","))))


class _Note(QPlainTextEdit):
    """A text that says when one goes elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
