"""What is simulated: which event, signed with what, sent where, how often."""

import secrets as randomness
from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from inspector import presets
from inspector.core.handler import Handler
from inspector.core.retry_schedule import schedule_of
from inspector.core.sample import sample_path
from inspector.core.simulation.fresh import Fresh
from inspector.core.simulation.simulate import chosen_payload, fits, placed
from inspector.core.target import TargetMalformed, target_from
from inspector.core.verification.preset import Preset
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.gui.simulator.how_often import HowOften
from inspector.gui.simulator.parameter_fields import ParameterFields
from inspector.gui.simulator.payload_editor import PayloadEditor
from inspector.gui.simulator.signing_choice import SigningChoice
from inspector.gui.simulator.target_choice import TargetChoice, dress
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Rows
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.samples import sample_book
from inspector.simulating import Simulation


class SimulationForm(QWidget):
    """Makes a simulation of what is chosen. The payload has an editor of its own, which the page places."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preset: Preset | None = None
        self._handlers: Sequence[Handler] = ()
        self._filling = False
        self.payload = PayloadEditor(Fresh(randomness.token_bytes(16), datetime.now(UTC)))
        self._build()
        self.payload.changed.connect(self._tell)

    # What it begins with

    def show_preset(self, preset_id: str) -> None:
        """Begin with this provider: its usual scheme, its first sample."""
        if self._preset is not None and self._preset.id == preset_id:
            return
        preset = self._preset = presets.preset(preset_id)
        self._filling = True
        self.name.setText(preset.name)
        self.schemes.clear()
        for each in preset.schemes:
            self.schemes.addItem(each.label or each.id, each.id)
        self.schemes.setVisible(len(preset.schemes) > 1)
        schedule = schedule_of(preset)
        self.often.show_schedule(schedule)
        self._often_row.explain(self.often.habit(schedule))
        self.parameters.show_preset(preset)
        self.events.setCurrentIndex(-1)
        self.events.setEditText("")
        self._filling = False
        self._show_scheme()

    def use_handlers(self, handlers: Sequence[Handler]) -> None:
        """Offer to sign as these do, where they are of the provider."""
        self._handlers = handlers
        if self._preset is not None:
            self._offer_signing()

    def use_own_url(self, url: str) -> None:
        """The own listener is here now; empty where it does not run."""
        self.target.use_path(self._own_path())
        self.target.use_own_url(url)
        self._tell()

    def write_target(self) -> None:
        """Begin with the own listener, unless another target is typed."""
        self.target.use_path(self._own_path())
        self.target.begin()

    def set_targets(self, urls: Sequence[str]) -> None:
        """Offer targets that were used, the last one first, besides the own listener."""
        self.target.use_path(self._own_path())
        self.target.offer(urls)

    @property
    def own_url(self) -> str:
        """Where the own listener is; empty where it does not run."""
        return self.target.own_url

    @property
    def preset(self) -> Preset | None:
        """The provider."""
        return self._preset

    @property
    def reference(self) -> str:
        """Preset and scheme, as `github:sha1`."""
        return f"{self._preset.id}:{self.schemes.currentData()}" if self._preset is not None else ""

    @property
    def scheme(self) -> Scheme:
        """The scheme, every part of which has a name."""
        return placed(presets.scheme(self.reference).scheme)

    # What comes of it

    def simulation(self) -> Simulation | None:
        """What is chosen; None where something is missing, which is then said beside its field."""
        if self._preset is None:
            return None
        try:
            target = target_from(self.target.currentText())
        except TargetMalformed as error:
            typed = bool(self.target.currentText().strip())
            self.target_row.say(str(error) if typed else self.target.missing())
            return None
        self._say_target()
        secret = self.signing.secret
        if self.signing.way in ("typed", "made") and not secret:
            if self.signing.way == "typed":
                self.signing.say(self.tr("Type the secret, or read it from a file."), Tone.REMARK)
            return None
        return Simulation(
            self.reference,
            self.events.currentText().strip(),
            self.payload.payload(),
            self.signing.handler,
            Secret(self.tr("simulator"), secret) if secret else None,
            {} if self.signing.handler else self.parameters.values,
            target,
            times=self.often.times.value(),
            retries=self.often.retries.isChecked(),
            speed=float(self.often.speed.value()),
        )

    def what(self) -> str:
        """Provider and event, in words."""
        event = marked(shortened(self.events.currentText().strip(), 60))
        return f"{self.name.text()} · {event}" if event else self.name.text()

    def go_to_event(self) -> None:
        """Let the user choose what is sent."""
        self.events.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_of_target(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        """Say something beneath the target."""
        self.target_row.say(text, tone)

    # Building

    def _build(self) -> None:
        self.name = QLabel(self)
        self.name.setObjectName("title")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.name.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.name.setFont(font)
        self.schemes = self._combo("simulator-scheme", self.tr("Scheme"))
        self.schemes.currentIndexChanged.connect(self._show_scheme)
        self.top = QHBoxLayout()
        self.top.setSpacing(spacing(2))
        self.top.addWidget(self.name, 1)
        self.top.addWidget(self.schemes)
        rows = Rows(self)
        self.events = self._combo("simulator-event", self.tr("Event"), editable=True)
        self.events.activated.connect(self._show_event)
        self.events.editTextChanged.connect(self._type_event)
        self._event_row = rows.add_row(self.tr("&Event"), self.events)
        self.signing = SigningChoice(self)
        self.signing.changed.connect(self._signing_changed)
        rows.add_row(self.tr("&Signed"), self.signing, buddy=self.signing.ways)
        self.parameters = ParameterFields(self)
        self.parameters.changed.connect(self._tell)
        self._parameters_row = rows.add_row(self.tr("&Parameters"), self.parameters)
        self.target = TargetChoice(self)
        self.target.editTextChanged.connect(self._target_changed)
        self.target_row = rows.add_row(self.tr("&Target"), self.target)
        self.often = HowOften(self)
        self.often.changed.connect(self._tell)
        self._often_row = rows.add_row(self.tr("&How often"), self.often, buddy=self.often.times)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing(3))
        column.addLayout(self.top)
        column.addWidget(rows)

    def _combo(self, name: str, spoken: str, *, editable: bool = False) -> QComboBox:
        box = QComboBox(self)
        dress(box, name, spoken, editable=editable)
        return box

    # What follows from what

    @Slot()
    def _show_scheme(self) -> None:
        """Offer what this scheme can be simulated with."""
        if self._preset is None or self._filling:
            return
        book, scheme = sample_book(self._preset.id), self.scheme
        before = self.events.currentText()
        self._filling = True
        self.events.clear()
        for sample in book.samples:
            if fits(sample, scheme):
                self.events.addItem(sample.event, sample.title)
                self.events.setItemData(self.events.count() - 1, sample.title, Qt.ItemDataRole.ToolTipRole)
        place = self.events.findText(before) if before else 0
        self.events.setCurrentIndex(min(place, self.events.count() - 1))
        if self.events.currentIndex() < 0:
            self.events.setEditText(before)
        edit = self.events.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("test.delivery"))
        self._filling = False
        self._offer_signing()
        self._show_event()

    def _offer_signing(self) -> None:
        assert self._preset is not None  # noqa: S101 - whoever calls has looked
        began = [each for each in self._handlers if each.enabled and _began_as(each, self._preset.id)]
        fitting = [each for each in began if each.scheme.kind == self.scheme.kind]
        self.signing.offer(self.reference, self.scheme, fitting, verified=bool(began))

    @Slot()
    def _show_event(self) -> None:
        """Begin with the payload of this event."""
        if self._preset is None or self._filling:
            return
        event = self.events.currentText().strip()
        book = sample_book(self._preset.id)
        payload, _, is_sample = chosen_payload(self._preset, self.scheme, book, event)
        sample = book.sample(event) if is_sample else None
        self.payload.show_payload(payload)
        self._event_row.explain(
            sample.title + "." if sample else self.tr("There is no sample of it: a small payload that names the event.")
        )

    @Slot(str)
    def _type_event(self, _text: str) -> None:
        """An event of which there is no sample gets a payload that is made for it, unless one is edited."""
        if not self._filling and not self.payload.is_own:
            self._show_event()

    @Slot()
    def _signing_changed(self) -> None:
        wanted = self._preset is not None and bool(self._preset.parameters)
        self._parameters_row.show(visible=wanted and not self.signing.handler)
        self.target.use_path(self._own_path())
        self.target.follow_path()
        self._tell()

    @Slot()
    def _target_changed(self) -> None:
        self._say_target()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _say_target(self) -> None:
        self.target_row.explain(self.tr("The own listener.") if self.target.is_own else "")
        self.target_row.say("")

    def _own_path(self) -> str:
        """The path to which the own listener is sent; empty before there is a provider."""
        if self._preset is None:
            return ""
        handler = next((each for each in self._handlers if each.name == self.signing.handler), None)
        return sample_path(handler.path) if handler and handler.path else f"/{self._preset.id}"


def _began_as(handler: Handler, preset_id: str) -> bool:
    return handler.preset.partition(":")[0] == preset_id
