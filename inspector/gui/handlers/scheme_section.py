"""The part of the form that says how the handler verifies: its preset, its type, and every part of its scheme."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from inspector.core.verification.scheme import BODY, Scheme
from inspector.core.verification.template import written
from inspector.gui.handlers.fields import NamedRows
from inspector.gui.handlers.kinds import STARTS, begun_as, kind_help, kind_of, kind_words
from inspector.gui.handlers.preset_bar import PresetBar
from inspector.gui.handlers.scheme_applies import SIGNED
from inspector.gui.handlers.scheme_rows import SchemeRows
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Row, Rows, name_inside, quiet_wheel
from inspector.gui.widgets.themed import set_icon


class SchemeSection(QObject):
    """A type brings a scheme to begin with, a preset brings a whole one; "More" shows what they consist of."""

    edited = Signal()
    preset_chosen = Signal(str)  # its reference, as `github:sha1`
    more_wanted = Signal()

    def __init__(self, form: Rows, rows: NamedRows, completions: Callable[[], Sequence[str]]) -> None:
        super().__init__(form)
        self._named = rows
        self.heading = form.add_heading(self.tr("Verification"))
        self.preset = PresetBar(form)
        rows["preset"] = form.add_row(self.tr("Preset"), self.preset, buddy=self.preset.schemes)
        self.type, self.more = self._make_type(form), self._make_more(form)
        rows["type"] = self._add_type_row(form)
        self.rows = SchemeRows(form, completions, self.more)
        self.rows.edited.connect(self.edited)
        self.type.activated.connect(self._choose_type)
        self.preset.scheme_chosen.connect(self.preset_chosen)
        self.more.toggled.connect(self.more_wanted)

    @property
    def scheme(self) -> Scheme:
        """The scheme that the fields describe; what has no field is as it was."""
        return self.rows.scheme

    def fill(self, scheme: Scheme, reference: str, unfinished: Sequence[tuple[str, str]] = ()) -> None:
        """Show `scheme`, with what was left unfinished, beside the preset of that name."""
        self.preset.show_reference(reference)
        self.rows.fill(scheme, self.preset.scheme, unfinished)

    def use(self, scheme: Scheme) -> None:
        """Have this scheme instead."""
        self.rows.fill(scheme, self.preset.scheme)
        self.edited.emit()

    def follow(self, *, preset: bool, brief: bool) -> None:
        """Let the fields say what the scheme is. `preset`: it began as one; `brief`: nothing more is of interest."""
        scheme = self.scheme
        kind = kind_of(scheme)
        self._offer_kind(kind)
        self.type.setCurrentIndex(self.type.findData(kind))
        covers = scheme.kind in SIGNED and scheme.content != (BODY,)
        words = self.tr("Signed is {content}").format(content=written(scheme.content)) if covers else kind_help(kind)
        self._named["type"].explain(words)
        self._named["type"].show(visible=not brief)
        self._named["preset"].show(visible=preset)
        self.preset.compare(scheme)
        self.more.setVisible(kind != "none")
        self.rows.follow(more=self.more.isChecked() and kind != "none" and not brief)

    # Below the surface

    def _make_type(self, form: Rows) -> QComboBox:
        box = QComboBox(form)
        box.setObjectName("type")
        for kind in STARTS:
            box.addItem(kind_words(kind), kind)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
        quiet_wheel(box)
        return box

    def _make_more(self, form: Rows) -> QPushButton:
        more = QPushButton(self.tr("More"), form)
        more.setObjectName("more")
        more.setCheckable(True)
        more.setAutoDefault(False)
        more.setToolTip(self.tr("Show every part of the scheme"))
        set_icon(more, "down")
        return more

    def _add_type_row(self, form: Rows) -> Row:
        holder = QWidget(form)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self.type, 1)
        line.addWidget(self.more)
        row = form.add_row(self.tr("Ver&ification type"), holder, buddy=self.type)
        row.field = self.type
        self.type.setAccessibleName(self.tr("Verification type"))
        name_inside(self.type, self.tr("Verification type"))
        return row

    @Slot(int)
    def _choose_type(self, place: int) -> None:
        kind = self.type.itemData(place)
        if kind in STARTS and kind != kind_of(self.scheme):
            self.use(begun_as(kind, self.scheme))

    def _offer_kind(self, kind: str) -> None:
        """A way to verify that only a preset brings is one more choice, while it is the one in use."""
        while self.type.count() > len(STARTS):
            self.type.removeItem(len(STARTS))
        if kind not in STARTS:
            self.type.addItem(kind_words(kind), kind)
