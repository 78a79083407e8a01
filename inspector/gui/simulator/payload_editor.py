"""The payload that is sent: a sample, edited or not, or the bytes of a file."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from inspector.core.simulation.fresh import PLACEHOLDERS, Fresh
from inspector.core.simulation.sample import JSON, Payload
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.themed import set_icon

LARGEST_EDITED = 256 << 10
"""Bytes; a longer file is sent as it is and not shown."""

_CHECKED_AFTER_MS = 150


class PayloadEditor(QWidget):
    """Text with its content type. It says whether it is JSON, and keeps nobody from sending what is not."""

    changed = Signal()

    def __init__(self, some: Fresh, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._some = some  # to fill placeholders with, for the check
        self._sample = Payload(b"")
        self._file: bytes | None = None
        self._file_name = ""
        self._filling = False
        self._build()
        self._later = QTimer(self, singleShot=True, interval=_CHECKED_AFTER_MS)
        self._later.timeout.connect(self._check)

    def show_payload(self, payload: Payload) -> None:
        """Begin with this one."""
        self._sample = payload
        self._back_to_sample()

    @property
    def is_own(self) -> bool:
        """Whether it is not the sample any more."""
        if self._file is not None:
            return True
        edited = self.text.toPlainText().encode() != self._sample.body
        return edited or self.kind.text() != self._sample.content_type

    def payload(self) -> Payload:
        """What is to be sent."""
        kind = self.kind.text().strip() or JSON
        if self._file is not None:
            return Payload(self._file, kind, filled=False)
        sample = self._sample
        return Payload(self.text.toPlainText().encode(), kind, sample.headers, sample.method)

    def load(self, path: str) -> None:
        """Send the bytes of this file."""
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            self.notice.say(self.tr("The file cannot be read: {reason}.").format(reason=error.strerror))
            return
        self._file, self._file_name = data, Path(path).name
        text = None
        if len(data) <= LARGEST_EDITED:
            try:
                text = data.decode()
            except UnicodeDecodeError:
                text = None
        self._fill(text or "", self.kind.text())
        self.text.setReadOnly(True)
        self.text.setPlaceholderText("" if text else self.tr("Sent as it is; too long, or no text, to be shown here."))
        self._tell()

    def _build(self) -> None:
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("payload")
        self.text.setAccessibleName(self.tr("Payload"))
        self.text.setFont(fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._edited)
        self.kind = QLineEdit(self)
        self.kind.setObjectName("content-type")
        self.kind.setAccessibleName(self.tr("Content type"))
        self.kind.setToolTip(self.tr("The content type"))
        self.kind.textEdited.connect(self._edited)
        self.file = QPushButton(self.tr("&From file…"), self)
        self.file.setToolTip(self.tr("Send the bytes of a file as they are"))
        self.file.clicked.connect(self._choose_file)
        self.back = QPushButton(self.tr("&Back to the sample"), self)
        self.back.setObjectName("back-to-sample")
        set_icon(self.back, "undo")
        self.back.clicked.connect(self._back_to_sample)
        for button in (self.file, self.back):
            button.setAutoDefault(False)
        self.notice = Notice(self)
        self.notice.setObjectName("payload-notice")
        names = ", ".join(f"${{{name}}}" for name in PLACEHOLDERS)
        self._hint = Muted(self.tr("New in each delivery: {names}").format(names=names), self)
        line = QHBoxLayout()
        line.setSpacing(spacing(2))
        line.addWidget(self.kind, 1)
        line.addWidget(self.back)
        line.addWidget(self.file)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spacing(2), 0, 0)
        column.setSpacing(spacing(2))
        column.addLayout(line)
        column.addWidget(self.text, 1)
        column.addWidget(self.notice)
        column.addWidget(self._hint)
        for before, after in ((self.kind, self.back), (self.back, self.file), (self.file, self.text)):
            self.setTabOrder(before, after)

    def _fill(self, text: str, kind: str) -> None:
        self._filling = True
        self.text.setPlainText(text)
        self.kind.setText(kind)
        self._filling = False

    @Slot()
    def _back_to_sample(self) -> None:
        self._file, self._file_name = None, ""
        self.text.setReadOnly(False)
        self.text.setPlaceholderText("")
        self._fill(self._sample.body.decode("utf-8", "replace"), self._sample.content_type)
        self._tell()

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._later.start()

    @Slot()
    def _check(self) -> None:
        self._tell()

    def _tell(self) -> None:
        self.back.setVisible(self.is_own)
        self._hint.setVisible(self._file is None)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        if self._file is not None:
            text = self.tr("{name}: {count} bytes, sent as they are.")
            self.notice.say(text.format(name=self._file_name, count=f"{len(self._file):,}"), Tone.NEUTRAL)
            return
        problem = ""
        if "json" in self.kind.text().lower():
            try:
                msgspec.json.decode(self._some.filled(self.text.toPlainText()).encode(), type=msgspec.Raw)
            except msgspec.DecodeError as error:
                problem = self.tr("This is no valid JSON: {problem}.").format(
                    problem=str(error).removeprefix("JSON is ")
                )
        self.notice.say(problem, Tone.REMARK)

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("The payload"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.load)
        dialog.open()
