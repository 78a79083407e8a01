"""The part of the form that says what follows when the handler wins: the acting user, and the answer."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSpinBox

from inspector.core.handler import Handler, Response
from inspector.gui.handlers.draft import Draft
from inspector.gui.handlers.fields import NamedRows, add_line, add_text
from inspector.gui.widgets.rows import Rows, as_wide_as, quiet_wheel


class WinSection(QObject):
    """The user, and status, headers and body of the answer."""

    edited = Signal()

    def __init__(self, form: Rows, rows: NamedRows) -> None:
        super().__init__(form)
        self._rows = rows
        self._heading = form.add_heading(self.tr("When it wins"))
        self.user = add_line(
            form, rows, "user", self.tr("Acting &user"), self.tr("Its deliveries count as this user’s.")
        )
        self.status = QSpinBox(form)
        self.status.setRange(0, 999)
        quiet_wheel(self.status)
        as_wide_as(self.status, "0000")
        rows["status"] = form.add_row(self.tr("Answer &status"), self.status)
        self.headers = add_text(
            form, rows, "headers", self.tr("&More headers"), self.tr("One “Name: value” a line."), lines=2
        )
        self.body = add_text(form, rows, "body", self.tr("Body"), lines=3)
        self.user.textChanged.connect(self.edited)
        for text in (self.headers, self.body):
            text.textChanged.connect(self.edited)
        self.status.valueChanged.connect(self.edited)

    def fill(self, draft: Draft) -> None:
        """Show what `draft` has."""
        response = draft.handler.response
        self.user.setText(draft.handler.user)
        self.status.setValue(response.status)
        self.headers.setPlainText(draft.header_lines)
        self.body.setPlainText(response.body)

    def read(self, handler: Handler) -> Handler:
        """`handler` with what stands here besides the headers, which may be unfinished."""
        response = Response(self.status.value(), (), self.body.toPlainText())
        return replace(handler, user=self.user.text().strip(), response=response)

    def follow(self, *, brief: bool) -> None:
        """Show all of it, or no more than the user."""
        self._heading.setVisible(not brief)
        for name in ("status", "headers", "body"):
            self._rows[name].show(visible=not brief)
