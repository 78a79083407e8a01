"""The part of the form that says which handler it is and which paths are its own."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QCheckBox

from inspector.core.handler import Handler
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.fields import NamedRows, add_line
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Rows


class PlaceSection(QObject):
    """Name, whether it is tried, and its path, which can be tried out."""

    edited = Signal()

    def __init__(self, form: Rows, rows: NamedRows) -> None:
        super().__init__(form)
        self._rows = rows
        self.name = add_line(form, rows, "name", self.tr("&Name"))
        self.enabled = QCheckBox(self.tr("Ena&bled"), form)
        rows["enabled"] = form.add_row("", self.enabled)
        self.path = add_line(
            form, rows, "path", self.tr("&Path"),
            self.tr("* is anything within a segment, ** anything across segments."),
        )  # fmt: skip
        self.path.setPlaceholderText(self.tr("every path"))
        self.sample = add_line(form, rows, "sample", self.tr("Tr&y a path"))
        self.sample.setPlaceholderText("/")
        for line in (self.name, self.path):
            line.textChanged.connect(self.edited)
        self.enabled.toggled.connect(self.edited)
        self.sample.textChanged.connect(self.follow)

    def fill(self, handler: Handler) -> None:
        """Show what `handler` has."""
        self.name.setText(handler.name)
        self.enabled.setChecked(handler.enabled)
        self.path.setText(handler.path)

    def read(self, handler: Handler) -> Handler:
        """`handler` with what stands here."""
        return replace(
            handler,
            name=self.name.text().strip(),
            enabled=self.enabled.isChecked(),
            path=self.path.text().strip(),
        )

    def show(self, *, visible: bool) -> None:
        """Show or hide all of it."""
        for name in ("name", "enabled", "path"):
            self._rows[name].show(visible=visible)
        self._rows["sample"].show(visible=visible and bool(self.path.text().strip()))

    @Slot()
    def follow(self) -> None:
        """Say whether the path that is tried matches the pattern."""
        pattern, path = self.path.text().strip(), self.sample.text().strip()
        if not path:
            self._rows["sample"].say("")
        elif Handler("", TYPES[-1].scheme, path=pattern).matches(path):
            self._rows["sample"].say(self.tr("Matches {path}").format(path=path), Tone.GOOD)
        else:
            self._rows["sample"].say(self.tr("Does not match {path}").format(path=path), Tone.NEUTRAL)
