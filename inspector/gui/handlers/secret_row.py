"""One secret of a handler: masked, labelled, remarked on while it is typed; or a public key, shown as it is."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from inspector.core.verification.lint import lint
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.draft import DraftSecret
from inspector.gui.handlers.key_facts import is_public, key_facts
from inspector.gui.handlers.texts import remark_text
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.themed import set_icon

_STANDS_FOR_KEPT = "x" * 12  # masked: the length of a kept secret is not shown either


class SecretRow(QWidget):
    """One secret: its label, its value, and what can be done with it."""

    changed = Signal()
    removed = Signal(object)  # the SecretRow
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, secret: DraftSecret, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ref = secret.ref
        self._value: str | None = None if secret.ref else secret.value  # None: kept, and not read yet
        self.label = QLineEdit(secret.label, self)
        self.label.setPlaceholderText(self.tr("Label"))
        self.label.setAccessibleName(self.tr("Label of secret {number}").format(number=number))
        self.value = QLineEdit(self)
        self.value.setObjectName("value")
        self.value.setAccessibleName(self.tr("Secret {number}").format(number=number))
        self.key = self._make_key(number)
        self._public = False
        self.reveal = self._button("eye", self.tr("Reveal the secret"), "Ctrl+Shift+R", checkable=True)
        self.retire = self._button("retire", self.tr("Retire: keep it, try it no more"), "Ctrl+Shift+T", checkable=True)
        self.remove = self._button("delete", self.tr("Remove the secret"), "Ctrl+Shift+Del")
        self.retire.setChecked(secret.retired)
        self._notices: list[Notice] = []
        self._problem = Notice(self)
        self._below = QVBoxLayout()
        self._lay_out()
        self._show_value()
        self.label.textChanged.connect(self.changed)
        self.value.textEdited.connect(self._typed)
        self.key.textChanged.connect(self._key_typed)
        self.reveal.toggled.connect(self._reveal)
        self.retire.toggled.connect(self._retire)
        self.remove.clicked.connect(self._remove)
        self._say_retired()

    @property
    def secret_id(self) -> str:
        """Where the secret is kept; empty while it is not."""
        return self._ref.id if self._ref else ""

    @property
    def field(self) -> QWidget:
        """Where its value is typed or pasted."""
        return self.key if self._public else self.value

    def use_scheme(self, scheme: Scheme) -> None:
        """Ask for a key of several lines where the scheme wants one: it is public, so nothing is masked."""
        public = is_public(scheme)
        if public == self._public:
            return
        self._public = public
        self.value.setVisible(not public)
        self.reveal.setVisible(not public)
        self.key.setVisible(public)
        if public and self._ref is not None and self._value is None:
            self.reveal_requested.emit(self._ref.id)
        self._show_value()

    def secret(self) -> DraftSecret:
        """The secret as it stands here."""
        typed = "" if self._ref else self._value or ""
        return DraftSecret(self.label.text(), self._ref, typed, self.retire.isChecked())

    def show_value(self, value: str | None) -> None:
        """Show what was read of a kept secret; None where it cannot be read."""
        if value is None:
            self.reveal.setChecked(False)
            self._problem.say(self.tr("The secret could not be read from where it is kept."))
            return
        self._value = value
        self._show_value()

    def say_problem(self, text: str) -> None:
        """Say what keeps it from being saved."""
        self._problem.say(text)

    def remark(self, scheme: Scheme, handler_name: str) -> None:
        """Say what looks wrong with it, where its value is known."""
        remarks = lint(self._value or "", scheme, handler_name)
        facts = key_facts(self._value, scheme.secret) if self._public and self._value else ()
        self._facts.say("\n".join(facts), Tone.GOOD)
        while len(self._notices) < len(remarks):
            notice = Notice(self)
            self._below.addWidget(notice)
            self._notices.append(notice)
        for place, notice in enumerate(self._notices):
            notice.say(remark_text(remarks[place]) if place < len(remarks) else "", Tone.REMARK)
        said = " ".join((*facts, *(remark_text(remark) for remark in remarks)))
        self.field.setAccessibleDescription(said)

    def _button(self, name: str, tip: str, keys: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        set_icon(button, name)
        size = button.fontMetrics().height()
        button.setIconSize(QSize(size, size))
        button.setAutoRaise(True)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{tip} ({shown})")
        button.setAccessibleName(tip)
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(button.click)
        return button

    def _make_key(self, number: int) -> QPlainTextEdit:
        key = QPlainTextEdit(self)
        key.setObjectName("key")
        key.setAccessibleName(self.tr("Key {number}").format(number=number))
        key.setPlaceholderText(self.tr("Paste the public key, certificate or JWK set"))
        key.setFont(fixed_font())
        key.setTabChangesFocus(True)
        key.setFixedHeight(key.fontMetrics().lineSpacing() * 5)
        key.hide()
        return key

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spacing())
        grid.setVerticalSpacing(spacing())
        for column, widget in enumerate((self.label, self.value, self.reveal, self.retire, self.remove)):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self.key, 1, 0, 1, 5)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(spacing())
        self._below.addWidget(self._problem)
        self._facts = Notice(self)
        self._below.addWidget(self._facts)
        self._retired = Notice(self)
        self._below.addWidget(self._retired)
        grid.addLayout(self._below, 2, 0, 1, 5)

    def _show_value(self) -> None:
        shown = self.reveal.isChecked() and self._value is not None
        self.value.setReadOnly(self._ref is not None)
        self.value.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.value.setPlaceholderText(self.tr("Paste or type the secret"))
        text = (self._value or "") if self._ref is None or shown else _STANDS_FOR_KEPT
        if self.value.text() != text:
            self.value.setText(text)
        self.key.setReadOnly(self._ref is not None)
        if self._public and self.key.toPlainText() != (self._value or ""):
            self.key.setPlainText(self._value or "")
        set_icon(self.reveal, "eye-off" if self.reveal.isChecked() else "eye")
        tip = self.tr("Hide the secret") if self.reveal.isChecked() else self.tr("Reveal the secret")
        self.reveal.setAccessibleName(tip)

    def _say_retired(self) -> None:
        retired = self.retire.isChecked()
        self._retired.say(self.tr("Retired: kept, and tried no more.") if retired else "", Tone.NEUTRAL)
        self.retire.setAccessibleName(self.tr("Restore the secret") if retired else self.tr("Retire the secret"))

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._value = text
        self._problem.say("")
        self.changed.emit()

    @Slot()
    def _key_typed(self) -> None:
        if self._ref is None and self._public and self.key.toPlainText() != self._value:
            self._typed(self.key.toPlainText())

    @Slot(bool)
    def _reveal(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        if on and self._value is None:
            self.reveal_requested.emit(self.secret_id)
        self._show_value()

    @Slot(bool)
    def _retire(self, _on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._say_retired()
        self.changed.emit()

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)
