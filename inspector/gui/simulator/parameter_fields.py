"""What a provider's scheme wants besides secrets: a field for each, filled with something where nothing is typed."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from inspector.core.simulation.simulate import parameters_for
from inspector.core.verification.preset import Preset
from inspector.gui.theme import spacing


class ParameterFields(QWidget):
    """One line each; the placeholder is what counts where the field is empty."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, QLineEdit] = {}
        self._lines = QFormLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(spacing(2))

    def show_preset(self, preset: Preset) -> None:
        """Ask for what this provider's schemes want."""
        while self._lines.rowCount():
            self._lines.removeRow(0)
        self._fields = {}
        made = parameters_for(preset)
        for name, words in preset.parameters.items():
            field = QLineEdit(self)
            field.setObjectName(f"parameter-{name}")
            field.setPlaceholderText(made[name])
            field.setAccessibleName(words)
            field.textEdited.connect(self.changed)
            self._lines.addRow(words[:1].upper() + words[1:], field)
            self._fields[name] = field

    @property
    def values(self) -> Mapping[str, str]:
        """What was typed, by the parameter's name."""
        return {name: text for name, field in self._fields.items() if (text := field.text().strip())}
