"""What a scenario is run with: its name, the delivery, the target, the signature; and how far the run is."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.core.scenario import Scenario
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import ActionButton
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted, Rows, name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import follow_palette


class ScenarioBar(QWidget):
    """The fields above the matrix. What is wrong with the target is said beneath it."""

    edited = Signal(str, str)  # the name of the field, its text
    delivery_pressed = Signal()
    allowed = Signal()

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._rows = Rows(self)
        self._build_fields()
        self._summary = Muted("", self)
        self._summary.setObjectName("scenario_summary")
        self._summary.setWordWrap(False)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("scenario_progress")
        self.progress.setAccessibleName(self.tr("Progress of the scenario"))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(spacing(2))
        kept = self.progress.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # what is beneath stays where it is
        self.progress.setSizePolicy(kept)
        self.notice = Notice(self)
        self.notice.setObjectName("scenario_notice")
        self._allow = QPushButton(self.tr("A&llow this target"), self)
        self._allow.setObjectName("allow_scenario_target")
        self._allow.clicked.connect(self.allowed)
        self._allow.hide()
        self._lay_out(actions)

    def show_scenario(self, scenario: Scenario, delivery: str, *, is_here: bool) -> None:
        """Show these values; `delivery` is the good one in words, and can be gone to where it `is_here`."""
        self._filling = True
        if self._name.text() != scenario.name:
            self._name.setText(scenario.name)
        if self._target.currentText() != scenario.target:
            self._target.setEditText(scenario.target)
        if self._sign.findData(scenario.sign) < 0:
            self._sign.addItem(self.tr("Signed with {0}").format(marked(shortened(scenario.sign, 60))), scenario.sign)
        self._sign.setCurrentIndex(self._sign.findData(scenario.sign))
        self._delivery.setText(delivery)
        self._delivery.setEnabled(is_here)
        self._filling = False

    def set_handlers(self, names: Sequence[str]) -> None:
        """Offer to sign as each of these handlers wants it; the choice stays."""
        self._filling = True
        chosen = self._sign.currentData() or ""
        self._sign.clear()
        for name in ("", *names, *([chosen] if chosen and chosen not in names else [])):
            text = self.tr("Signed with {0}").format(marked(shortened(name, 60)))
            self._sign.addItem(text if name else self.tr("Not signed: sent as it came"), name)
        self._sign.setCurrentIndex(max(0, self._sign.findData(chosen)))
        self._filling = False

    def set_targets(self, urls: Sequence[str]) -> None:
        """Offer targets that were used; what is typed stays."""
        self._filling = True
        typed = self._target.currentText()
        self._target.clear()
        self._target.addItems(list(urls))
        self._target.setEditText(typed)
        self._filling = False

    def go_to_target(self) -> None:
        """Let the user type where the receiver is."""
        self._target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        edit = self._target.lineEdit()
        assert edit is not None  # noqa: S101 - it is editable
        edit.selectAll()

    def say_of_target(self, text: str, *, ask: bool = False) -> None:
        """Say what is wrong with the target, and whether it can be allowed; empty takes it back."""
        self._target_row.say(marked(text), Tone.REMARK if ask else Tone.PROBLEM)
        self._allow.setVisible(ask)
        if text and not ask:
            self._target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, done: int, total: int) -> None:
        """So many of the cases are done; with a `total` of 0 nothing is under way."""
        self.progress.setVisible(bool(total))
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)

    def summarise(self, text: str) -> None:
        """How the last run ended."""
        self._summary.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)

    def _build_fields(self) -> None:
        self._name = QLineEdit(self)
        self._name.setObjectName("scenario_name")
        self._name.setMaxLength(200)
        self._name.textEdited.connect(lambda text: self._tell("name", text))
        self._rows.add_row(self.tr("&Name"), self._name)
        self._delivery = LinkButton(self)
        self._delivery.setObjectName("scenario_delivery")
        self._delivery.clicked.connect(self.delivery_pressed)
        self._rows.add_row(self.tr("Made from"), self._delivery)
        self._target = QComboBox(self)
        self._target.setObjectName("scenario_target")
        self._target.setEditable(True)
        self._target.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = self._target.lineEdit()
        assert edit is not None  # noqa: S101 - it is editable
        edit.setPlaceholderText("http://localhost:3000/webhooks")
        edit.setMaxLength(8192)
        self._target.editTextChanged.connect(lambda text: self._tell("target", text))
        self._target_row = self._rows.add_row(self.tr("&Target"), self._target)
        self._sign = QComboBox(self)
        self._sign.setObjectName("scenario_sign")
        self._sign.currentIndexChanged.connect(lambda _: self._tell("sign", self._sign.currentData() or ""))
        self._rows.add_row(self.tr("Si&gnature"), self._sign)
        for box in (self._target, self._sign):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            quiet_wheel(box)
        name_inside(self._target, self.tr("Target"))
        self.set_handlers(())

    def _tell(self, field: str, text: str) -> None:
        if self._filling:
            return
        if field == "target":
            self.say_of_target("")
        self.edited.emit(field, text)

    def _lay_out(self, actions: Sequence[QAction]) -> None:
        line = QHBoxLayout()
        line.setSpacing(spacing(2))
        for action in actions:
            line.addWidget(ActionButton(action, self))
        line.addWidget(self._allow)
        line.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(spacing(2))
        below.addWidget(self._summary)
        below.addWidget(self.progress, 1)
        below.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(2))
        column.setSpacing(spacing(2))
        column.addWidget(self._rows)
        column.addLayout(line)
        column.addLayout(below)
        column.addWidget(self.notice)
        self.show_progress(0, 0)
