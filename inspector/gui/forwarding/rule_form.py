"""The form of a rule: every field with its help and, beneath it, what is wrong; and what has to be allowed."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.core.forward_rule import ForwardRule
from inspector.gui.deliveries.search_field import TermCompleter
from inspector.gui.forwarding.rule_fields import RuleFields, field_problems
from inspector.gui.theme import spacing
from inspector.gui.widgets.consent import Consent
from inspector.gui.widgets.empty_state import ActionButton
from inspector.gui.widgets.form import Editor, Form
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.rows import quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import follow_palette


class RuleForm(QWidget):
    """Shows what is typed of one rule. An empty field of a new rule is wrong only once it is to be saved."""

    edited = Signal()
    allowed = Signal()  # the user allows what was asked about

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: Sequence[ForwardRule] = ()
        self._handlers: Sequence[str] = ()
        self._strict = False
        editors: Mapping[str, Callable[[QWidget], Editor]] = {
            "search": self._search_editor,
            "to": self._target_editor,
            "sign_with": self._signature_editor,
        }
        self.form = Form(RuleFields, self, reserved="delfvhsn", editors=editors, check=self._judge)
        self.form.changed.connect(self._tell)
        self._consent = Consent(self)
        self._consent.setContentsMargins(spacing(4), spacing(), spacing(4), spacing())
        self._consent.given.connect(self.allowed)
        self._consent.refused.connect(self.take_back_question)
        self.notice = Notice(self)
        self.notice.setObjectName("rule_notice")
        self._lay_out(actions)

    def show_fields(self, fields: RuleFields, others: Sequence[ForwardRule], *, strict: bool) -> None:
        """Show `fields`, to be judged beside the `others`; `strict`: what is empty and should not be is wrong too."""
        self._others, self._strict = others, strict
        self._add_handler(fields.sign_with)
        if fields != self.form.value():
            self.form.set_value(fields)
        else:
            self.form.show_problems()
        self.take_back_question()
        self._show_rows()

    def fields(self) -> RuleFields:
        """What is typed."""
        value: RuleFields = self.form.value()
        return value

    def is_ready(self) -> bool:
        """Whether it can be saved; where not, what is wrong is said beside its field, which gets the focus."""
        self._strict = True
        self.form.show_problems()
        problems = self.form.problems()
        if problems:
            self.form.editor(next(name for name in self.form.rows if name in problems)).setFocus()
        return not problems

    def go_to_first(self) -> None:
        """Let the user type where to."""
        self.form.editor("to").setFocus(Qt.FocusReason.OtherFocusReason)

    def set_handlers(self, names: Sequence[str]) -> None:
        """Offer to sign anew as each of these handlers wants it; the choice stays."""
        self._handlers = names
        chosen = self._signature.currentData()
        self._signature.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._signature.clear()
        self._signature.addItem(self.tr("As received"), "")
        for name in names:
            self._signature.addItem(self.tr("Signed anew with {0}").format(marked(shortened(name, 60))), name)
        self._add_handler(chosen or "")
        self._signature.setCurrentIndex(self._signature.findData(chosen or ""))
        self._signature.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self.form.show_problems()

    def set_targets(self, urls: Sequence[str]) -> None:
        """Offer targets that were used, the last one first; what is typed stays."""
        typed = self._target.currentText()
        self._target.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._target.clear()
        self._target.addItems(list(urls))
        self._target.setEditText(typed)
        self._target.blockSignals(False)  # noqa: FBT003 - Qt's signature

    def say_of_target(self, text: str) -> None:
        """Say why nothing can be sent there."""
        self.form.rows["to"].say(marked(text))
        self._target.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self, text: str) -> None:
        """Ask whether what `text` says of the target is allowed."""
        self._consent.ask(marked(text), self.tr("&Allow this target"))

    @Slot()
    def take_back_question(self) -> None:
        """Nothing is asked."""
        self._consent.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)

    # What is typed

    def _judge(self, fields: RuleFields) -> Mapping[str, str]:
        problems = dict(field_problems(fields, self._others, self._handlers if self._signature.count() > 1 else None))
        if not self._strict:
            for name in ("name", "to"):
                if not getattr(fields, name).strip():
                    problems.pop(name, None)
        elif not fields.to.strip():
            problems["to"] = self.tr("Type where to forward to.")
        return problems

    @Slot()
    def _tell(self) -> None:
        self.take_back_question()
        self._show_rows()
        self.edited.emit()

    def _show_rows(self) -> None:
        """What does not count is not asked."""
        fields = self.fields()
        self.form.rows["concurrency"].show(visible=not fields.in_order)
        self.form.rows["answer_limit_s"].show(visible=fields.answers_sender)

    def _add_handler(self, name: str) -> None:
        if name and self._signature.findData(name) < 0:
            self._signature.addItem(self.tr("Signed anew with {0}").format(marked(shortened(name, 60))), name)

    # Building

    def _search_editor(self, parent: QWidget) -> Editor:
        line = QLineEdit(parent)
        line.setPlaceholderText("verdict:won path:/stripe*")
        line.setMaxLength(2000)
        line.setCompleter(TermCompleter(line))
        return Editor(line, line.text, line.setText, line.textChanged)

    def _target_editor(self, parent: QWidget) -> Editor:
        box = self._target = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        quiet_wheel(box)
        edit = box.lineEdit()
        assert edit is not None  # noqa: S101 - it is editable
        edit.setPlaceholderText("http://localhost:3000/webhooks")
        edit.setMaxLength(8192)
        return Editor(box, box.currentText, box.setEditText, box.editTextChanged)

    def _signature_editor(self, parent: QWidget) -> Editor:
        box = self._signature = QComboBox(parent)
        box.addItem(self.tr("As received"), "")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        quiet_wheel(box)
        return Editor(
            box,
            lambda: box.currentData() or "",
            lambda name: box.setCurrentIndex(max(0, box.findData(name))),
            box.currentIndexChanged,
        )

    def _lay_out(self, actions: Sequence[QAction]) -> None:
        held = QWidget(self)
        inner = QVBoxLayout(held)
        inner.setContentsMargins(spacing(4), spacing(4), spacing(4), spacing(2))
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(held)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout()
        row.setContentsMargins(spacing(4), spacing(2), spacing(4), spacing(2))
        row.setSpacing(spacing(2))
        row.addWidget(self.notice, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(0)
        for action in actions:
            row.addWidget(ActionButton(action, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self._consent)
        column.addLayout(row)
