"""A request typed field by field: method, address, headers and body."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from inspector.core.formats.fields import BodyText, FieldUnreadable, body_of_text, request_of_fields
from inspector.core.formats.reading import Understood
from inspector.core.request import Request
from inspector.gui.diagnosis.texts import sentence
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.rows import Row, Rows, name_inside, quiet_wheel

_METHODS = ("POST", "PUT", "PATCH", "GET", "DELETE")
_LONGEST_SHOWN = 100_000
_KINDS: tuple[BodyText, ...] = ("text", "base64", "hex")


class RequestFields(QWidget):
    """Problems stand beneath the field that has them."""

    edited = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: bytes | None = None
        self._rows = Rows(self)
        self.method = QComboBox(self)
        self.method.setEditable(True)
        self.method.addItems(_METHODS)
        quiet_wheel(self.method)
        self.url = QLineEdit(self)
        self.url.setPlaceholderText("https://hooks.example.com/path")
        self.headers = self._text_field(6)
        self.headers.setPlaceholderText(self.tr("One a line, as Name: value"))
        self.kind = QComboBox(self)
        self.kind.addItems([self.tr("Text"), "Base64", self.tr("Hexadecimal"), self.tr("From a file")])
        self.kind.setAccessibleName(self.tr("How the body is written"))
        name_inside(self.kind, self.tr("How the body is written"))
        quiet_wheel(self.kind)
        self.body = self._text_field(7)
        self._choose = QPushButton(self.tr("Choose &File…"), self)
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self.file_wanted)
        self._lay_out()
        self.method.editTextChanged.connect(self.edited)
        self.url.textEdited.connect(self.edited)
        self.headers.textChanged.connect(self.edited)
        self.body.textChanged.connect(self.edited)
        self.kind.currentIndexChanged.connect(self._change_kind)
        self._change_kind()

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in yet."""
        return not (self.url.text() or self.headers.toPlainText() or self.body.toPlainText() or self._file)

    def read(self) -> Understood | None:
        """The request that the fields describe; None where one of them cannot be read, which it then says."""
        for row in self._by_field.values():
            row.say("")
        if self.empty:
            return None
        try:
            return request_of_fields(
                self.method.currentText(), self.url.text(), self.headers.toPlainText(), self._bytes()
            )
        except FieldUnreadable as error:
            text = sentence(error.sentence)
            text = f"{text[:1].upper()}{text[1:]}."
            if error.line:
                text = self.tr("Line {line}: {text}").format(line=error.line, text=text)
            self._by_field[error.field].say(text)
            return None

    def fill(self, request: Request, url: str) -> None:
        """Show the parts of `request`, to be edited; a body that is no text is shown in hexadecimal."""
        self.method.setEditText(request.method)
        self.url.setText(url or request.target)
        lines = (f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in request.headers)
        self.headers.setPlainText("\n".join(lines))
        body = bytes(request.body)
        text = _as_text(body)
        if text is None and len(body) > _LONGEST_SHOWN // 3:
            self.use_file(body, self.tr("as pasted"))
        elif text is None:
            self.kind.setCurrentIndex(_KINDS.index("hex"))
            self.body.setPlainText(body.hex(" "))
        else:
            self.kind.setCurrentIndex(0)
            self.body.setPlainText(text)

    def use_file(self, data: bytes, name: str) -> None:
        """Take the body from a file that was chosen."""
        self._file = data
        self.kind.setCurrentIndex(len(_KINDS))
        said = self.tr("{name}: {count} bytes").format(name=name, count=f"{len(data):,}")
        self._by_field["body"].explain(said)
        self.edited.emit()

    def clear(self) -> None:
        """Empty every field."""
        self._file = None
        self._by_field["body"].explain("")
        self.method.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        for field in (self.url, self.headers, self.body):
            field.clear()

    def _bytes(self) -> bytes:
        place = self.kind.currentIndex()
        return (self._file or b"") if place == len(_KINDS) else body_of_text(self.body.toPlainText(), _KINDS[place])

    def _text_field(self, lines: int) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setFont(fixed_font())
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        field.setTabChangesFocus(True)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * lines)
        return field

    def _lay_out(self) -> None:
        how = QWidget(self)
        line = QHBoxLayout(how)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self.kind)
        line.addWidget(self._choose)
        line.addStretch(1)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addWidget(how)
        column.addWidget(self.body)
        self.body.setAccessibleName(self.tr("Body"))
        self._by_field: dict[str, Row] = {
            "method": self._rows.add_row(self.tr("&Method"), self.method),
            "url": self._rows.add_row(self.tr("&Address"), self.url),
            "headers": self._rows.add_row(self.tr("&Headers"), self.headers),
            "body": self._rows.add_row(self.tr("&Body"), body, buddy=self.body),
        }
        outer = QVBoxLayout(self)
        outer.setContentsMargins(spacing(2), spacing(3), spacing(2), spacing(2))
        outer.addWidget(self._rows)
        outer.addStretch(1)

    @Slot()
    def _change_kind(self) -> None:
        from_file = self.kind.currentIndex() == len(_KINDS)
        self._choose.setVisible(from_file)
        self.body.setVisible(not from_file)
        self.edited.emit()


def _as_text(body: bytes) -> str | None:
    """The body as text that comes back the same from a text field; None where there is none."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    plain = all(character.isprintable() or character in "\n\t" for character in text) and "\xa0" not in text
    return text if plain and len(text) <= _LONGEST_SHOWN else None


def file_bytes(path: str) -> bytes:
    """The bytes of a file that was chosen. Raises OSError."""
    return Path(path).read_bytes()
