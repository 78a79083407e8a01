"""The preset that a handler began as: which of its schemes, what differs from it, and the way back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector import presets
from inspector.core.verification.preset import Preset, PresetScheme
from inspector.core.verification.preset_file import PresetError
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.scheme_fields import differing
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted, name_inside, quiet_wheel


class PresetBar(QWidget):
    """The provider's name, a choice of its schemes where there are several, and what it is good to know."""

    scheme_chosen = Signal(str)  # the reference, as `github:sha1`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preset: Preset | None = None
        self._reference = ""
        self.name = QLabel(self)
        self.schemes = QComboBox(self)
        self.schemes.setObjectName("preset-scheme")
        self.schemes.setAccessibleName(self.tr("Scheme of the preset"))
        self.schemes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.schemes.setMinimumContentsLength(10)
        name_inside(self.schemes, self.tr("Scheme of the preset"))
        quiet_wheel(self.schemes)
        self.schemes.activated.connect(self._choose)
        self.differs = Notice(self)
        self.back = QPushButton(self.tr("Back to the preset"), self)
        self.back.setObjectName("back-to-preset")
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self._go_back)
        self.back.hide()  # room is not kept for it
        self._about = Muted("", self)
        top = QHBoxLayout()
        top.setSpacing(spacing(2))
        top.addWidget(self.name)
        top.addWidget(self.schemes, 1)
        top.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(top)
        column.addWidget(self.differs)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._about)
        self.show_reference("")

    @property
    def scheme(self) -> Scheme | None:
        """The scheme of the preset; None where there is no preset, or none of that name any more."""
        found = self._preset_scheme()
        return found.scheme if found else None

    @property
    def preset(self) -> Preset | None:
        """The preset itself."""
        return self._preset

    def show_reference(self, reference: str) -> None:
        """Show the preset and scheme that `reference` names, as `stripe:v1`; nothing where it is empty."""
        id_ = reference.partition(":")[0]
        self._reference = reference
        self._preset = _preset(id_)
        self.name.setText(self._preset.name if self._preset else id_)
        schemes: Sequence[PresetScheme] = self._preset.schemes if self._preset else ()
        self.schemes.clear()
        for each in schemes:
            self.schemes.addItem(each.label or each.id, f"{id_}:{each.id}")
        found = self._preset_scheme()
        self.schemes.setCurrentIndex(self.schemes.findData(f"{id_}:{found.id}") if found else -1)
        self.schemes.setVisible(len(schemes) > 1)
        unsure = found is not None and bool(found.unsure)
        self._about.setText(
            self.tr("Not confirmed by the provider: {part}").format(part=found.unsure) if found and unsure else ""
        )
        self._about.setVisible(unsure)

    def compare(self, scheme: Scheme) -> None:
        """Say in which fields `scheme` is not as the preset."""
        preset = self.scheme
        names = [each.label_text.replace("&", "") for each in differing(scheme, preset)] if preset else []
        text = self.tr("Differs from the preset: {fields}.").format(fields=", ".join(names)) if names else ""
        self.differs.say(text, Tone.REMARK)
        self.back.setVisible(bool(names))

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.scheme_chosen.emit(self.schemes.itemData(place))

    @Slot()
    def _go_back(self) -> None:
        self.scheme_chosen.emit(self._reference)

    def _preset_scheme(self) -> PresetScheme | None:
        return self._preset.scheme(self._reference.partition(":")[2]) if self._preset else None


def _preset(id_: str) -> Preset | None:
    try:
        return presets.preset(id_) if id_ else None
    except (presets.PresetUnknown, PresetError):
        return None
