"""The part of the form with what only the handler's owner knows: secrets or keys, details, its public URL."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from inspector.core.handler import Handler
from inspector.core.verification.preset import Preset
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.draft import Draft, DraftSecret
from inspector.gui.handlers.fields import NamedRows, add_line
from inspector.gui.handlers.scheme_applies import uses_url
from inspector.gui.handlers.secret_editor import SecretEditor
from inspector.gui.widgets.rows import Rows


class KeySection(QObject):
    """What is asked for follows the scheme and the preset."""

    edited = Signal()
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, form: Rows, rows: NamedRows) -> None:
        super().__init__(form)
        self._form, self._named = form, rows
        self._lines: dict[str, QLineEdit] = {}
        self.secrets = SecretEditor(form)
        rows["secrets"] = form.add_row(self.tr("Secrets"), self.secrets, buddy=self.secrets.add)
        self._details = Rows(form)
        rows["parameters"] = form.add_row(self.tr("Details"), self._details)
        self.public_url = add_line(
            form, rows, "public_url", self.tr("Public URL"),
            self.tr("As the sender calls it, where that is signed; “forwarded” believes the headers of a proxy."),
        )  # fmt: skip
        self.public_url.setPlaceholderText("https://hooks.example.com")
        self.public_url.textChanged.connect(self.edited)
        self.secrets.changed.connect(self.edited)
        self.secrets.reveal_requested.connect(self.reveal_requested)

    def fill(self, draft: Draft, preset: Preset | None) -> None:
        """Show what `draft` has, and ask for what `preset` names besides."""
        handler = draft.handler
        self._fill_details(handler.parameters, preset)
        self.public_url.setText(handler.public_url)
        self.secrets.fill(draft.secrets, handler.scheme)

    def read(self, handler: Handler) -> Handler:
        """`handler` with what stands here besides secrets."""
        details = {name: line.text() for name, line in self._lines.items() if line.text()}
        return replace(handler, public_url=self.public_url.text().strip(), parameters=details)

    def secrets_for(self, scheme: Scheme) -> tuple[DraftSecret, ...]:
        """The secrets as they stand here; none where the scheme wants none."""
        return self.secrets.secrets() if scheme.kind != "none" else ()

    def follow(self, scheme: Scheme, handler_name: str, *, more: bool) -> None:
        """Ask for what `scheme` wants, `more` than is usually needed; say what looks wrong with it."""
        checked = scheme.kind != "none"
        self._named["secrets"].show(visible=checked)
        self._named["parameters"].show(visible=bool(self._lines))
        wanted = uses_url(scheme) or bool(self.public_url.text()) or more
        self._named["public_url"].show(visible=wanted and checked)
        self.secrets.remark(scheme, handler_name)

    def _fill_details(self, values: Mapping[str, str], preset: Preset | None) -> None:
        known = dict(preset.parameters) if preset else {}
        wanted = {**known, **{name: name for name in values if name not in known}}
        if list(wanted) != list(self._lines):
            self._lines = {}
            fresh = Rows(self._form)
            for name, words in wanted.items():
                line = self._lines[name] = QLineEdit(fresh)
                line.setObjectName(f"parameter-{name}")
                fresh.add_row(words[:1].upper() + words[1:], line)
                line.textChanged.connect(self.edited)
            old, self._details = self._details, fresh
            self._named["parameters"].put(fresh)
            old.deleteLater()
        for name, line in self._lines.items():
            line.setText(values.get(name, ""))
