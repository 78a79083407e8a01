"""The secrets of a handler: tried from top to bottom, typed or read from a file, added and removed."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import secret_text
from inspector.core.verification.verify import KEYS_MAY_BE_FETCHED
from inspector.gui.handlers.draft import DraftSecret
from inspector.gui.handlers.secret_row import SecretRow
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.themed import set_icon

_LARGEST_FILE_BYTES = 64 << 10
_NO_SCHEME = Scheme("none")


class SecretEditor(QWidget):
    """All secrets of a handler, tried from top to bottom."""

    changed = Signal()
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[SecretRow] = []
        self._scheme = _NO_SCHEME
        self._lines = QVBoxLayout()
        self._lines.setSpacing(spacing(2))
        self._none = Muted(self.tr("No secret yet: without one nothing can be checked."), self)
        self._problem = Notice(self)
        self.add = QPushButton(self.tr("Add se&cret"), self)
        set_icon(self.add, "plus")
        self.add.setObjectName("add-secret")
        self.load = QPushButton(self.tr("&From file…"), self)
        self.load.setToolTip(self.tr("Read a secret from a file; one final line break is cut"))
        self.add.clicked.connect(self.add_empty)
        self.load.clicked.connect(self._choose_file)
        for button in (self.add, self.load):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing(2))
        buttons.addWidget(self.add)
        buttons.addWidget(self.load)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self._none)
        column.addLayout(self._lines)
        column.addWidget(self._problem)
        column.addLayout(buttons)

    def fill(self, secrets: Iterable[DraftSecret], scheme: Scheme = _NO_SCHEME) -> None:
        """Show `secrets`, all masked but for what is public in `scheme`."""
        self._scheme = scheme
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for secret in secrets:
            self._append(secret)
        self._problem.say("")
        self._none.setVisible(not self.rows)

    def use_scheme(self, scheme: Scheme) -> None:
        """Ask for what this scheme wants: secrets, or public keys."""
        self._scheme = scheme
        fetched = scheme.secret.type in KEYS_MAY_BE_FETCHED
        self._none.setText(
            self.tr("Its keys are fetched by their address; one can be pasted instead.")
            if fetched
            else self.tr("No secret yet: without one nothing can be checked.")
        )
        for row in self.rows:
            row.use_scheme(scheme)

    def secrets(self) -> tuple[DraftSecret, ...]:
        """The secrets as they stand here, in order."""
        return tuple(row.secret() for row in self.rows)

    def remark(self, scheme: Scheme, handler_name: str) -> None:
        """Say what looks wrong with each for a handler of that scheme and name."""
        for row in self.rows:
            row.remark(scheme, handler_name)

    def show_value(self, secret_id: str, value: str | None) -> None:
        """Show what was read of the secret kept under that id."""
        for row in self.rows:
            if row.secret_id == secret_id:
                row.show_value(value)

    def add_file(self, path: str) -> None:
        """Add the secret that a file has, without its one final line break."""
        try:
            data = Path(path).read_bytes() if Path(path).stat().st_size <= _LARGEST_FILE_BYTES else b""
            value = secret_text(data)
        except OSError as error:
            self._problem.say(self.tr("The file cannot be read: {reason}.").format(reason=error.strerror))
            return
        except UnicodeDecodeError:
            self._problem.say(self.tr("The file is no text in UTF-8."))
            return
        if not value:
            self._problem.say(self.tr("The file is empty, or too large for a secret."))
            return
        self._problem.say("")
        self._append(DraftSecret(self._next_label(), value=value))
        self.changed.emit()

    @Slot()
    def add_empty(self) -> None:
        """Add a line for a new secret, ready to type."""
        row = self._append(DraftSecret(self._next_label()))
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _next_label(self) -> str:
        labels = {row.label.text() for row in self.rows}
        numbered = (self.tr("secret {number}").format(number=number) for number in range(2, len(labels) + 3))
        return next(label for label in (self.tr("secret"), *numbered) if label not in labels)

    def _append(self, secret: DraftSecret) -> SecretRow:
        row = SecretRow(secret, len(self.rows) + 1, self)
        row.changed.connect(self.changed)
        row.removed.connect(self._remove)
        row.reveal_requested.connect(self.reveal_requested)
        row.use_scheme(self._scheme)
        self.rows.append(row)
        self._lines.addWidget(row)
        row.show()
        before = _tab_stop_before(self.add)
        for widget in (row.label, row.value, row.reveal, row.retire, row.remove, row.key, self.add):
            QWidget.setTabOrder(before, widget)
            before = widget
        self._none.hide()
        return row

    @Slot(object)
    def _remove(self, row: SecretRow) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._none.setVisible(not self.rows)
        following = self.rows[min(place, len(self.rows) - 1)].label if self.rows else self.add
        following.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Secret from a file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()


def _tab_stop_before(widget: QWidget) -> QWidget:
    """The last widget before `widget` that the tab key reaches: Qt orders none but those."""
    before: QWidget | None = widget.previousInFocusChain()
    while before is not None and before is not widget:
        if before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return before
        before = before.previousInFocusChain()
    return widget
