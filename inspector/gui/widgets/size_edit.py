"""A number of bytes, typed with the unit that suits it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import name_inside, quiet_wheel

UNITS = (("bytes", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30))


class SizeEdit(QWidget):
    """A whole number and its unit; the value is in bytes. Another unit says the same size, where it can."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = QSpinBox(self)
        self.number.setRange(0, 2**31 - 1)
        self.number.setGroupSeparatorShown(True)
        self.unit = QComboBox(self)
        for word, factor in UNITS:
            self.unit.addItem(word, factor)
        self.unit.setAccessibleName(self.tr("Unit"))
        quiet_wheel(self.number)
        quiet_wheel(self.unit)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing())
        line.addWidget(self.number)
        line.addWidget(self.unit)
        line.addStretch(1)
        self._factor = 1
        self.number.valueChanged.connect(self._tell)
        self.unit.currentIndexChanged.connect(self._convert)
        self.setFocusProxy(self.number)

    def set_name(self, name: str) -> None:
        """Name its parts after the field."""
        unit = self.tr("Unit of {field}").format(field=name)
        self.number.setAccessibleName(name)
        self.unit.setAccessibleName(unit)
        name_inside(self.number, name)
        name_inside(self.unit, unit)

    def value(self) -> int:
        """The size in bytes."""
        return self.number.value() * self._factor

    def set_value(self, size: int) -> None:
        """Show `size` bytes in the largest unit that says it exactly."""
        place = max(i for i, (_, factor) in enumerate(UNITS) if size % factor == 0 and (size >= factor or i == 0))
        self.unit.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.unit.setCurrentIndex(place)
        self.unit.blockSignals(False)  # noqa: FBT003
        self._factor = UNITS[place][1]
        self.number.setValue(size // self._factor)

    @Slot(int)
    def _convert(self, place: int) -> None:
        before, self._factor = self.value(), UNITS[place][1]
        if before % self._factor == 0:
            self.number.setValue(before // self._factor)
        self.changed.emit()

    @Slot(int)
    def _tell(self, _number: int) -> None:
        self.changed.emit()
