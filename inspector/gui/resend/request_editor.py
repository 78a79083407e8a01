"""A request to be edited before it is sent again: method, URL, headers in order, body as text; changes are marked."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.core.request import NO_HEADERS, Request
from inspector.core.resending import Edits, NotSendable, differences, edited, on_the_wire
from inspector.core.target import Target
from inspector.gui.resend.editing import (
    HeaderText,
    LineMalformed,
    body_of,
    body_text,
    changed_lines,
)
from inspector.gui.resend.texts import differences_text
from inspector.gui.theme import State, fixed_font, spacing, state_colour
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.rows import Muted

_ANYWHERE = Target("http", "localhost", 80)
"""For what is said of changes: where it goes changes none of them."""
_GROUND_ALPHA = 48
_LINES = 6


class RequestEditor(QWidget):
    """Starts from a request as received; what is not touched goes out byte for byte as it came."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request = Request("", "", "", NO_HEADERS)
        self._header_text = HeaderText(self._request.headers)
        self._body_text: str | None = ""
        self._filling = False
        self._build()
        self._lay_out()

    def show_request(self, request: Request) -> None:
        """Start from `request`; what was typed is gone."""
        self._request = request
        self._header_text = HeaderText(request.headers)
        self._body_text = body_text(request.body)
        self._filling = True
        try:
            self._method.setText(request.method)
            self._url.setText(request.target)
            self._url.setCursorPosition(0)
            self._headers.setPlainText(self._header_text.text(masked=not self._values.isChecked()))
            self._body.setPlainText(self._body_text or "")
        finally:
            self._filling = False
        self._body.setVisible(self._body_text is not None)
        self._body_label.setText(
            self.tr("&Body")
            if self._body_text is not None
            else self.tr("The body is sent as it came: it is too large to edit here, or no text.")
        )
        self._check()

    def edits(self) -> Edits | None:
        """What is different; None where something cannot be sent, which is then said."""
        try:
            return self._read()
        except (LineMalformed, NotSendable) as error:
            self._problem.say(str(error))
            return None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._mark()

    def _build(self) -> None:
        self._method, self._url = QLineEdit(self), QLineEdit(self)
        self._headers, self._body = QPlainTextEdit(self), QPlainTextEdit(self)
        for name, field, label in (
            ("edit_method", self._method, self.tr("Method")),
            ("edit_url", self._url, self.tr("URL as the target is asked for it")),
            ("edit_headers", self._headers, self.tr("Headers, one a line")),
            ("edit_body", self._body, self.tr("Body")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(label)
            field.setFont(fixed_font())
            if isinstance(field, QPlainTextEdit):
                field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
                field.setTabChangesFocus(True)
                field.setFixedHeight(field.fontMetrics().lineSpacing() * _LINES + spacing(4))
            else:
                field.setMaxLength(65_536)
            field.textChanged.connect(self._edited)
        self._method.setFixedWidth(self._method.fontMetrics().averageCharWidth() * 12)
        self._values = QCheckBox(self.tr("Show val&ues"), self)
        self._values.setObjectName("edit_values")
        self._values.setToolTip(self.tr("Show tokens, cookies and signatures; a masked one is sent as it came"))
        self._values.toggled.connect(self._show_values)
        self._body_label = QLabel(self)
        self._body_label.setBuddy(self._body)
        self._body_label.setWordWrap(True)
        self._problem = Notice(self)
        self._problem.setObjectName("edit_problem")
        self._said = Muted("", self)
        self._said.setObjectName("edit_changes")

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._method)
        first.addWidget(self._url, 1)
        headers = QLabel(self.tr("Hea&ders"), self)
        headers.setBuddy(self._headers)
        second.addWidget(headers, 1)
        second.addWidget(self._values)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._headers, 1)
        column.addWidget(self._body_label)
        column.addWidget(self._body, 1)
        column.addWidget(self._problem)
        column.addWidget(self._said)

    # What is typed

    def _read(self) -> Edits:
        request = self._request
        headers = self._header_text.read(_raw(self._headers.document()))
        body = None
        if self._body_text is not None and (typed := _raw(self._body.document())) != self._body_text:
            body = body_of(typed, request.body)
        edits = Edits(
            method=None if self._method.text() == request.method else self._method.text() or " ",
            target=None if self._url.text() == request.target else self._url.text() or " ",
            headers=None if headers == request.headers else headers,
            body=body,
            own_length=headers.all("content-length") != request.headers.all("content-length"),
        )
        edited(request, _ANYWHERE, edits)
        return edits

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._check()
            self.changed.emit()

    @Slot(bool)
    def _show_values(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        text = self._header_text.converted(_raw(self._headers.document()), masked=not shown)
        if text != _raw(self._headers.document()):
            self._headers.setPlainText(text)

    def _check(self) -> None:
        self._mark()
        try:
            edits = self._read()
            changed = edited(self._request, _ANYWHERE, edits)
        except (LineMalformed, NotSendable) as error:
            self._problem.say(f"{str(error).removesuffix('.')}.")
            self._said.setText("")
            return
        self._problem.say("")
        sent = on_the_wire(changed, self._request, own_length=edits.own_length)
        found = [each for each in differences(self._request, sent) if each.kind != "chunks-joined"]
        self._said.setText(differences_text(found) if found else self.tr("Nothing is changed yet."))

    def _mark(self) -> None:
        """Give the lines that are not as they came a ground of their own."""
        colour = state_colour(State.STALE, self.palette())
        colour.setAlpha(_GROUND_ALPHA)
        headers = _raw(self._headers.document())
        whole = self._header_text.text(masked=False), self._header_text.text(masked=True)
        as_came = {line for text in whole for line in text.split("\n")}
        rows = [row for row, line in enumerate(headers.split("\n")) if line and line not in as_came]
        _mark_rows(self._headers, rows, colour)
        if self._body_text is not None:
            _mark_rows(self._body, changed_lines(self._body_text, _raw(self._body.document())), colour)


def _mark_rows(field: QPlainTextEdit, rows: list[int] | range, colour: QColor) -> None:
    selections = []
    for row in rows:
        selection = QTextEdit.ExtraSelection()
        made: QTextCharFormat = selection.format
        made.setBackground(colour)
        made.setProperty(QTextCharFormat.Property.FullWidthSelection, True)  # noqa: FBT003 - Qt's
        selection.cursor = QTextCursor(field.document().findBlockByNumber(row))
        selections.append(selection)
    field.setExtraSelections(selections)


def _raw(document: QTextDocument) -> str:
    """The text as typed: unlike `toPlainText` it leaves no-break spaces what they are."""
    return document.toRawText().replace("\u2029", "\n")
