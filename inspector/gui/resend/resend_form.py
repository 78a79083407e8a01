"""The form to send a delivery again: where to, signed anew or not, and what is different."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.core.bulk import BulkOptions, Recipe
from inspector.core.request import Request
from inspector.core.resending import AS_RECEIVED, Edits
from inspector.core.target import Target, TargetMalformed, target_from
from inspector.gui.resend.header_changes import ChangesMalformed, parsed_changes
from inspector.gui.resend.request_editor import RequestEditor
from inspector.gui.resend.run_options import RunOptions
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.fitting_scroll import FittingScroll
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Rows, name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import follow_palette, set_icon

_LINES, _LOWEST = 2, 7


class ResendForm(QWidget):
    """Makes a recipe of what is typed. It says what is wrong beside the field, and asks nothing in boxes."""

    send_wanted = Signal(object)  # Recipe
    cancel_wanted = Signal()
    target_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request: Request | None = None
        self._busy = False
        self._build_fields()
        self._editor = RequestEditor(self)
        self._editor.hide()
        self._editor.changed.connect(self._check_edits)
        self._build_buttons()
        self._lay_out()

    def show_request(self, request: Request) -> None:
        """Start from this request; what was edited in another one is let go, all else stays."""
        self._request = request
        self._edit.setChecked(False)
        whole = bool(request.method and request.version)
        self._edit.setEnabled(whole and not self.scope)
        self._send.setEnabled((whole or bool(self.scope)) and not self._busy)
        self._signing.say("" if whole else self.tr("It was refused as malformed, so it cannot be sent again."))

    def set_handlers(self, names: Sequence[str]) -> None:
        """Offer to sign anew as each of these handlers wants it; the choice stays where it can."""
        chosen = self._sign.currentData()
        self._sign.clear()
        self._sign.addItem(self.tr("As received"), "")
        for name in names:
            self._sign.addItem(self.tr("Signed anew with {0}").format(marked(shortened(name, 60))), name)
        self._sign.setCurrentIndex(max(0, self._sign.findData(chosen)))

    def set_targets(self, urls: Sequence[str]) -> None:
        """Offer targets that were used, the last one first; what is typed stays."""
        typed = self._target.currentText()
        self._target.clear()
        self._target.addItems(list(urls))
        self._target.setEditText(typed or next(iter(urls), ""))

    def set_busy(self, *, busy: bool) -> None:
        """While an attempt is under way, it can only be cancelled."""
        self._busy = busy
        self._send.setEnabled(not busy and self._request is not None)
        self._cancel.setVisible(busy)
        if busy:
            self._target_row.say("")

    @property
    def target(self) -> Target | None:
        """The target that is typed; None where it is none."""
        try:
            return target_from(self._target.currentText())
        except TargetMalformed:
            return None

    def go_to_target(self) -> None:
        """Let the user type the target."""
        self._target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        edit = self._target.lineEdit()
        assert edit is not None  # noqa: S101 - it is editable
        edit.selectAll()

    def say_of_target(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        """Say something beneath the target; empty takes it back."""
        self._target_row.say(text, tone)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._busy

    @property
    def scope(self) -> str:
        """What is sent: the delivery that is shown (empty), all `selected` ones, or all `listed` ones."""
        return str(self._scope.currentData())

    def options(self) -> BulkOptions | None:
        """How many are sent; None where something is wrong, which is then said beside its field."""
        return self._many.options()

    def recipe(self) -> Recipe | None:
        """What is typed, as a recipe; None where something is wrong, which is then said beside its field."""
        try:
            target = target_from(self._target.currentText())
        except TargetMalformed as error:
            self._target_row.say(
                str(error) if self._target.currentText().strip() else self.tr("Type where to send it.")
            )
            self.go_to_target()
            return None
        self._target_row.say("")
        edits = self._edits()
        if edits is None:
            return None
        edits = replace(edits, host_of_target=self._host.isChecked())
        return Recipe(target, edits, self._sign.currentData() or "", follow_redirects=self._follow.isChecked())

    @Slot()
    def send(self) -> None:
        """Ask for it to be sent, unless something is wrong or an attempt is under way."""
        if not self._busy and self._request is not None and (recipe := self.recipe()) is not None:
            self.send_wanted.emit(recipe)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)

    # Building

    def _build_fields(self) -> None:
        self._rows = Rows(self)
        self._target = QComboBox(self)
        self._target.setObjectName("resend_target")
        self._target.setEditable(True)
        self._target.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._target.setMinimumContentsLength(16)
        edit = self._target.lineEdit()
        assert edit is not None  # noqa: S101 - it is editable
        edit.setPlaceholderText("http://localhost:3000/webhooks")
        edit.setMaxLength(8192)
        edit.returnPressed.connect(self.send)
        self._target_row = self._rows.add_row(self.tr("&Target"), self._target)
        self._target.setToolTip(self.tr("A URL without a path keeps the path that the delivery came to."))
        self._target.editTextChanged.connect(self._forget_target_problem)
        self._scope = QComboBox(self)
        self._scope.setObjectName("resend_scope")
        for text, word in (
            (self.tr("This delivery"), ""),
            (self.tr("All that are selected"), "selected"),
            (self.tr("All that are listed"), "listed"),
        ):
            self._scope.addItem(text, word)
        quiet_wheel(self._scope)
        self._scope.currentIndexChanged.connect(self._show_scope)
        self._rows.add_row(self.tr("&What"), self._scope)
        self._sign = QComboBox(self)
        self._sign.setObjectName("resend_sign")
        self._sign.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._sign.setMinimumContentsLength(12)
        self._signing = self._rows.add_row(self.tr("Si&gnature"), self._sign)
        self.set_handlers(())
        for box in (self._target, self._sign):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            quiet_wheel(box)
        self._changes = QPlainTextEdit(self)
        self._changes.setObjectName("resend_changes")
        self._changes.setFont(fixed_font())
        self._changes.setTabChangesFocus(True)
        self._changes.setPlaceholderText("X-Environment: test\n-Cookie")
        self._changes.setToolTip(self.tr("A line sets a header: Name: value. A minus before a name leaves it out."))
        self._changes.setFixedHeight(self._changes.fontMetrics().lineSpacing() * _LINES + spacing(4))
        self._changes.textChanged.connect(self._check_changes)
        self._changes_row = self._rows.add_row(self.tr("Heade&rs"), self._changes)
        name_inside(self._target, self.tr("Target"))
        self._many = RunOptions(self._rows)

    def _build_buttons(self) -> None:
        self._host = QCheckBox(self.tr("&Use the target's Host"), self)
        self._host.setObjectName("resend_host")
        self._host.setToolTip(self.tr("Write the target's name into the Host header; else it stays as it came."))
        self._follow = QCheckBox(self.tr("Follow redire&cts"), self)
        self._follow.setObjectName("resend_follow")
        self._follow.setToolTip(
            self.tr("Send on to where an answer redirects, each step an attempt of its own; else that is only shown.")
        )
        self._edit = QCheckBox(self.tr("Ed&it"), self)
        self._edit.setObjectName("resend_edit")
        self._edit.setToolTip(self.tr("Edit method, URL, headers and body before it is sent"))
        self._edit.toggled.connect(self._show_editor)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("resend_cancel")
        self._cancel.clicked.connect(self.cancel_wanted)
        self._cancel.hide()
        self._send = QPushButton(self.tr("Se&nd"), self)
        self._send.setObjectName("resend_send")
        self._send.setToolTip(self.tr("Send it now (Ctrl+Return)"))
        set_icon(self._send, "send")
        self._send.setEnabled(False)
        self._send.clicked.connect(self.send)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(3))
        buttons.addWidget(self._host)
        buttons.addWidget(self._follow)
        buttons.addWidget(self._edit)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._send)
        held = QWidget(self)
        fields, column = QVBoxLayout(held), QVBoxLayout(self)
        for each in (fields, column):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(spacing(2))
        fields.addWidget(self._rows)
        fields.addWidget(self._editor)
        fields.addStretch(1)
        column.addWidget(FittingScroll(held, self.fontMetrics().height() * _LOWEST, self))
        column.addLayout(buttons)

    # What is typed

    def _edits(self) -> Edits | None:
        if self._edit.isChecked():
            return self._editor.edits()
        try:
            set_headers, remove_headers = parsed_changes(self._changes.toPlainText())
        except ChangesMalformed as error:
            self._changes_row.say(str(error))
            self._changes.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return replace(AS_RECEIVED, set_headers=set_headers, remove_headers=remove_headers)

    @Slot(str)
    def _forget_target_problem(self, _text: str) -> None:
        self._target_row.say("")
        self.target_changed.emit()

    @Slot()
    def _check_changes(self) -> None:
        try:
            parsed_changes(self._changes.toPlainText())
        except ChangesMalformed as error:
            self._changes_row.say(str(error))
        else:
            self._changes_row.say("")

    @Slot()
    def _check_edits(self) -> None:
        self._send.setEnabled(not self._busy and self._request is not None)

    @Slot(int)
    def _show_scope(self, _index: int) -> None:
        many = bool(self.scope)
        if many:
            self._edit.setChecked(False)
        self._edit.setEnabled(not many)
        self._many.show(visible=many)

    @Slot(bool)
    def _show_editor(self, on: bool) -> None:  # noqa: FBT001 - a slot
        if on and self._request is not None:
            self._editor.show_request(self._request)
        self._editor.setVisible(on)
        self._changes_row.show(visible=not on)
