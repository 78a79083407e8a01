"""A request to be edited before it is sent again: method, URL, headers in order, body; changes are marked."""

from dataclasses import replace

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from inspector.core.request import NO_HEADERS, Request
from inspector.core.resending import Edits, NotSendable, differences, edited, on_the_wire, problems
from inspector.core.target import Target
from inspector.gui.resend.body_editor import BodyEditor
from inspector.gui.resend.editing import HeaderText, LineMalformed
from inspector.gui.resend.line_marks import mark_rows, raw_text
from inspector.gui.resend.texts import differences_text
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.rows import Muted

_ANYWHERE = Target("http", "localhost", 80)
"""For what is said of changes: where it goes changes none of them."""
_LINES = 6


class RequestEditor(QWidget):
    """Starts from a request as received; what is not touched goes out byte for byte as it came."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request = Request("", "", "", NO_HEADERS)
        self._header_text = HeaderText(self._request.headers)
        self._filling = False
        self._build()
        self._lay_out()

    def show_request(self, request: Request) -> None:
        """Start from `request`; what was typed is gone."""
        self._request = request
        self._header_text = HeaderText(request.headers)
        self._filling = True
        try:
            self._method.setText(request.method)
            self._url.setText(request.target)
            self._url.setCursorPosition(0)
            self._headers.setPlainText(self._header_text.text(masked=not self._values.isChecked()))
            self._body.show_body(request.body)
        finally:
            self._filling = False
        self._check()

    def edits(self) -> Edits | None:
        """What is different; None where something cannot be sent, which is then said."""
        try:
            edits = self._read()
            edited(self._request, _ANYWHERE, edits)
        except (LineMalformed, NotSendable):
            self._say_problems()
            return None
        return edits

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._mark()

    def _build(self) -> None:
        self._method, self._url, self._headers = QLineEdit(self), QLineEdit(self), QPlainTextEdit(self)
        for name, field, label in (
            ("edit_method", self._method, self.tr("Method")),
            ("edit_url", self._url, self.tr("URL as the target is asked for it")),
            ("edit_headers", self._headers, self.tr("Headers, one a line")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(label)
            field.setFont(fixed_font())
            field.textChanged.connect(self._edited)
        for line in (self._method, self._url):
            line.setMaxLength(65_536)
        self._headers.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._headers.setTabChangesFocus(True)
        self._headers.setFixedHeight(self._headers.fontMetrics().lineSpacing() * _LINES + spacing(4))
        self._method.setFixedWidth(self._method.fontMetrics().averageCharWidth() * 12)
        self._body = BodyEditor(_LINES, self)
        self._body.changed.connect(self._edited)
        self._values = QCheckBox(self.tr("Sh&ow values"), self)
        self._values.setObjectName("edit_values")
        self._values.setToolTip(self.tr("Show tokens, cookies and signatures; a masked one is sent as it came"))
        self._values.toggled.connect(self._show_values)
        self._line_problem, self._header_problem = Notice(self), Notice(self)
        self._line_problem.setObjectName("edit_problem")
        self._header_problem.setObjectName("edit_header_problem")
        self._said = Muted("", self)
        self._said.setObjectName("edit_changes")

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._method)
        first.addWidget(self._url, 1)
        headers = QLabel(self.tr("Heade&rs"), self)
        headers.setBuddy(self._headers)
        second.addWidget(headers, 1)
        second.addWidget(self._values)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(first)
        column.addWidget(self._line_problem)
        column.addLayout(second)
        column.addWidget(self._headers)
        column.addWidget(self._header_problem)
        column.addWidget(self._body)
        column.addWidget(self._said)

    # What is typed

    def _read(self) -> Edits:
        request = self._request
        headers = self._header_text.read(raw_text(self._headers))
        return Edits(
            method=None if self._method.text() == request.method else self._method.text() or " ",
            target=None if self._url.text() == request.target else self._url.text() or " ",
            headers=None if headers == request.headers else headers,
            body=self._body.body(),
            own_length=headers.all("content-length") != request.headers.all("content-length"),
        )

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._check()
            self.changed.emit()

    @Slot(bool)
    def _show_values(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        text = self._header_text.converted(raw_text(self._headers), masked=not shown)
        if text != raw_text(self._headers):
            self._headers.setPlainText(text)

    def _check(self) -> None:
        self._mark()
        self._say_problems()
        try:
            edits = self._read()
            changed = edited(self._request, _ANYWHERE, edits)
        except (LineMalformed, NotSendable):
            self._said.setText("")
            return
        sent = on_the_wire(changed, self._request, own_length=edits.own_length)
        found = [each for each in differences(self._request, sent) if each.kind != "chunks-joined"]
        self._said.setText(differences_text(found) if found else self.tr("Nothing is changed yet."))

    def _say_problems(self) -> None:
        """Say beside each field what of it cannot be sent."""
        said = {"method": "", "target": "", "header": ""}
        headers = self._request.headers
        try:
            headers = self._header_text.read(raw_text(self._headers))
        except LineMalformed as error:
            said["header"] = str(error)
        typed = replace(
            self._request, method=self._method.text() or " ", target=self._url.text() or " ", headers=headers, head=b""
        )
        if self._request.method:
            for problem in problems(typed):
                said[problem.field] = said[problem.field] or problem.sentence
        self._line_problem.say(said["method"] or said["target"])
        self._header_problem.say(said["header"])

    def _mark(self) -> None:
        """Give the lines that are not as they came a ground of their own."""
        whole = self._header_text.text(masked=False), self._header_text.text(masked=True)
        as_came = {line for text in whole for line in text.split("\n")}
        lines = raw_text(self._headers).split("\n")
        mark_rows(self._headers, [row for row, line in enumerate(lines) if line and line not in as_came])
        self._body.mark()
