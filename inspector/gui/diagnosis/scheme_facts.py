"""The way of signing that was found out, fact by fact, for who wants to set it up elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from inspector.core.verification.scheme import Scheme
from inspector.core.verification.template import written
from inspector.gui.theme import spacing
from inspector.gui.widgets.plain_text import PlainText
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked, shortened

_LONGEST = 200


class SchemeFacts(QWidget):
    """There only where one was found out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(spacing(4))
        self._grid.setColumnStretch(1, 1)

    def show_scheme(self, scheme: Scheme | None) -> None:
        """Show this one."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(scheme is not None)
        for number, (name, text) in enumerate(self._facts(scheme) if scheme is not None else ()):
            label = Muted(name, self)
            label.setWordWrap(False)
            value = PlainText(self)
            value.setText(shortened(marked(text), _LONGEST))
            self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, number, 1)

    def _facts(self, scheme: Scheme) -> list[tuple[str, str]]:
        place = scheme.signature
        facts = [
            (self.tr("Signature in"), (place.name or place.path) if place else ""),
            (self.tr("Algorithm"), f"{scheme.kind} {scheme.algorithm}".strip()),
            (self.tr("Encoding"), scheme.encoding if scheme.algorithm else ""),
            (self.tr("Signed content"), written(scheme.content) if scheme.algorithm else ""),
        ]
        return [(name, text) for name, text in facts if text]
