"""The form of one handler: shows a draft, says what is wrong with it beside the fields, and hands it on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import structs
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.core.delivery import Delivery
from inspector.core.handler import Handler, Response
from inspector.core.handler_check import Problem
from inspector.core.verification.scheme import BODY, Scheme
from inspector.core.verification.template import written
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.draft import Draft, draft_of
from inspector.gui.handlers.kinds import STARTS, kind_help, kind_of, kind_words
from inspector.gui.handlers.preset_bar import PresetBar
from inspector.gui.handlers.scheme_fields import SIGNED, uses_url
from inspector.gui.handlers.scheme_rows import SchemeRows
from inspector.gui.handlers.secret_editor import SecretEditor
from inspector.gui.handlers.texts import algorithm_remark, problem_text
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Row, Rows, as_wide_as, name_inside, quiet_wheel
from inspector.gui.widgets.themed import set_icon

_SHARED_ROWS = ("name", "path", "public_url", "status", "headers")
"""Rows beside those of the scheme that say what is wrong with them."""


class HandlerForm(QWidget):
    """Fields for a handler. It keeps nothing: `draft()` is what stands in them."""

    edited = Signal()  # by the user
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handler = draft_of(Handler("", TYPES[0].scheme)).handler
        self._others: tuple[Handler, ...] = ()
        self._header_names: Sequence[str] = ()
        self._filling = False
        self._strict = False  # a save was tried: say of empty fields, too, that they are empty
        self._rows: dict[str, Row] = {}
        self._parameters: dict[str, QLineEdit] = {}
        self._form = Rows(self)
        self._add_handler_rows()
        self._add_scheme_rows()
        self._add_secret_rows()
        self._add_answer_rows()
        self._lay_out()
        self._connect()

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows by the names of their fields, as problems name them."""
        return self._rows

    def show_draft(self, draft: Draft, others: Sequence[Handler]) -> None:
        """Show `draft`; `others` are the other handlers of the chain."""
        same = draft.handler.id == self._handler.id
        self._handler, self._others = draft.handler, tuple(others)
        self._strict = self._strict and same
        self._filling = True
        try:
            self._fill(draft)
        finally:
            self._filling = False
        self._follow()

    def draft(self) -> Draft:
        """What stands in the fields."""
        response = Response(self.status.value(), (), self.body.toPlainText())
        scheme = self.scheme()
        handler = replace(
            self._handler,
            name=self.name.text().strip(),
            enabled=self.enabled.isChecked(),
            user=self.user.text().strip(),
            path=self.path.text().strip(),
            scheme=scheme,
            public_url=self.public_url.text().strip(),
            parameters={name: line.text() for name, line in self._parameters.items() if line.text()},
            response=response,
        )
        secrets = self.secrets.secrets() if scheme.kind != "none" else ()
        return Draft(handler, secrets, self.headers.toPlainText(), self.scheme_rows.unfinished)

    def scheme(self) -> Scheme:
        """The scheme that the fields describe; what has no field is as it was."""
        return self.scheme_rows.scheme

    def is_ready(self) -> bool:
        """Whether it can be saved; if not, the first field to mend has the focus and says why."""
        self._strict = True
        found = self._show_problems()
        if not found:
            return True
        if found[0].field == "secrets":
            row = self.secrets.rows[int(found[0].detail)]
            (row.field if found[0].rule == "empty" else row.label).setFocus(Qt.FocusReason.OtherFocusReason)
        elif (shown := self._rows.get(found[0].field)) is not None:
            if not shown.shown:
                self.more.setChecked(True)
            shown.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(shown.field)
        return False

    def try_path(self, path: str) -> None:
        """Check the path pattern with this path from now on."""
        self.sample.setText(path)

    def use_delivery(self, delivery: Delivery | None) -> None:
        """Complete with what this delivery has."""
        names = [] if delivery is None else [name.decode("latin-1") for name, _ in delivery.request.headers]
        self._header_names = [f"header:{name}" for name in dict.fromkeys(names)]
        if delivery is not None:
            self.try_path(delivery.request.path)

    def needs(self) -> QWidget:
        """The first field that a new handler needs and that is empty."""
        empty = next((row.field for row in self.secrets.rows if not row.secret().ref and not row.secret().value), None)
        return self.name if not self._handler.preset or empty is None else empty

    # The fields

    def _add_handler_rows(self) -> None:
        self.name = self._line("name", self.tr("&Name"))
        self.enabled = QCheckBox(self.tr("Ena&bled"), self)
        self._rows["enabled"] = self._form.add_row("", self.enabled)
        self.user = self._line("user", self.tr("Acting &user"), self.tr("Its deliveries count as this user’s."))
        self.path = self._line(
            "path", self.tr("&Path"), self.tr("* is anything within a segment, ** anything across segments.")
        )
        self.path.setPlaceholderText(self.tr("every path"))
        self.sample = self._line("sample", self.tr("Tr&y a path"))
        self.sample.setPlaceholderText("/")

    def _add_scheme_rows(self) -> None:
        self._form.add_heading(self.tr("Verification"))
        self.preset = PresetBar(self)
        self._rows["preset"] = self._form.add_row(self.tr("Preset"), self.preset, buddy=self.preset.schemes)
        self.type = QComboBox(self)
        self.type.setObjectName("type")
        for kind in STARTS:
            self.type.addItem(kind_words(kind), kind)
        self.type.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.type.setMinimumContentsLength(16)
        quiet_wheel(self.type)
        self.more = QPushButton(self.tr("More"), self)
        self.more.setObjectName("more")
        self.more.setCheckable(True)
        self.more.setAutoDefault(False)
        self.more.setToolTip(self.tr("Show every part of the scheme"))
        set_icon(self.more, "down")
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        line.addWidget(self.type, 1)
        line.addWidget(self.more)
        row = self._form.add_row(self.tr("Ver&ification type"), holder, buddy=self.type)
        row.field = self.type
        self.type.setAccessibleName(self.tr("Verification type"))
        name_inside(self.type, self.tr("Verification type"))
        self._rows["type"] = row
        self.scheme_rows = SchemeRows(self._form, lambda: self._header_names)
        self._rows |= self.scheme_rows.rows

    def _add_secret_rows(self) -> None:
        self.secrets = SecretEditor(self)
        self._rows["secrets"] = self._form.add_row(self.tr("Secrets"), self.secrets, buddy=self.secrets.add)
        self._parameter_rows = Rows(self)
        self._rows["parameters"] = self._form.add_row(self.tr("Details"), self._parameter_rows)
        self.public_url = self._line(
            "public_url",
            self.tr("Public URL"),
            self.tr("As the sender calls it, where that is signed; “forwarded” believes the headers of a proxy."),
        )
        self.public_url.setPlaceholderText("https://hooks.example.com")

    def _add_answer_rows(self) -> None:
        self._form.add_heading(self.tr("Answer when it wins"))
        self.status = QSpinBox(self)
        self.status.setRange(0, 999)
        quiet_wheel(self.status)
        as_wide_as(self.status, "0000")
        self._rows["status"] = self._form.add_row(self.tr("&Status"), self.status)
        self.headers = self._text("headers", self.tr("&More headers"), 2, self.tr("One “Name: value” a line."))
        self.body = self._text("body", self.tr("B&ody"), 3)

    def _line(self, name: str, label: str, help_text: str = "") -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        self._rows[name] = self._form.add_row(label, line, help_text=help_text)
        return line

    def _text(self, name: str, label: str, lines: int, help_text: str = "") -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setObjectName(name)
        text.setFont(fixed_font())
        text.setTabChangesFocus(True)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * (lines + 1) + spacing(2))
        self._rows[name] = self._form.add_row(label, text, help_text=help_text)
        return text

    def _lay_out(self) -> None:
        self._form.setContentsMargins(spacing(4), spacing(4), spacing(4), spacing(4))
        self._form.setMaximumWidth(self.fontMetrics().horizontalAdvance("x" * 100))
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = QWidget(self)
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._form)
        column.addStretch(1)
        self._scroll.setWidget(held)
        # It scrolls up and down only: narrower than its fields it would cut them.
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(held.minimumSizeHint().width() + bar)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _connect(self) -> None:
        for line in (self.name, self.user, self.path, self.public_url):
            line.textChanged.connect(self._edited)
        for text in (self.headers, self.body):
            text.textChanged.connect(self._edited)
        self.enabled.toggled.connect(self._edited)
        self.status.valueChanged.connect(self._edited)
        self.scheme_rows.edited.connect(self._scheme_edited)
        self.type.activated.connect(self._choose_type)
        self.preset.scheme_chosen.connect(self._use_preset)
        self.more.toggled.connect(self._follow)
        self.secrets.changed.connect(self._edited)
        self.secrets.reveal_requested.connect(self.reveal_requested)
        self.sample.textChanged.connect(self._match_path)

    # What they show

    def _fill(self, draft: Draft) -> None:
        handler = draft.handler
        self.name.setText(handler.name)
        self.enabled.setChecked(handler.enabled)
        self.user.setText(handler.user)
        self.path.setText(handler.path)
        self.preset.show_reference(handler.preset)
        self.scheme_rows.fill(handler.scheme, self.preset.scheme, draft.unfinished)
        self._fill_parameters(handler)
        self.public_url.setText(handler.public_url)
        self.secrets.fill(draft.secrets, handler.scheme)
        self.status.setValue(handler.response.status)
        self.headers.setPlainText(draft.header_lines)
        self.body.setPlainText(handler.response.body)

    def _fill_parameters(self, handler: Handler) -> None:
        """A field for everything that the preset or the handler names besides secrets."""
        known = dict(self.preset.preset.parameters) if self.preset.preset else {}
        wanted = {**known, **{name: name for name in handler.parameters if name not in known}}
        if list(wanted) != list(self._parameters):
            self._parameters = {}
            fresh = Rows(self)
            for name, words in wanted.items():
                line = self._parameters[name] = QLineEdit(fresh)
                line.setObjectName(f"parameter-{name}")
                fresh.add_row(words[:1].upper() + words[1:], line)
                line.textChanged.connect(self._edited)
            old, self._parameter_rows = self._parameter_rows, fresh
            self._rows["parameters"].put(fresh)
            old.deleteLater()
        for name, line in self._parameters.items():
            line.setText(handler.parameters.get(name, ""))

    @Slot(int)
    def _choose_type(self, place: int) -> None:
        """Begin the scheme anew as that type does; a header that was typed stays."""
        kind = self.type.itemData(place)
        before = self.scheme()
        if kind not in STARTS or kind == kind_of(before):
            return
        start = STARTS[kind]
        old, new = before.signature, start.signature
        usual = STARTS.get(kind_of(before))
        if old is not None and new is not None and old.place == new.place == "header" and old.name:
            typed = usual is None or usual.signature is None or old.name != usual.signature.name
            if typed and kind not in ("bearer", "basic", "jwt"):
                start = _with_header(start, old.name)
        self._use_scheme(start)

    @Slot(str)
    def _use_preset(self, reference: str) -> None:
        self._handler = replace(self._handler, preset=reference)
        self.preset.show_reference(reference)
        if (scheme := self.preset.scheme) is not None:
            self._use_scheme(scheme)

    def _use_scheme(self, scheme: Scheme) -> None:
        self.scheme_rows.fill(scheme, self.preset.scheme)
        self.secrets.use_scheme(scheme)
        self._edited()

    @Slot(str)
    def _scheme_edited(self, _name: str) -> None:
        self.secrets.use_scheme(self.scheme())
        self._edited()

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._follow()
            self.edited.emit()

    @Slot()
    def _follow(self) -> None:
        """Let the form say what its fields mean."""
        scheme = self.scheme()
        kind = kind_of(scheme)
        self._offer_kind(kind)
        self.type.setCurrentIndex(self.type.findData(kind))
        covers = scheme.kind in SIGNED and scheme.content != (BODY,)
        words = self.tr("Signed is {content}").format(content=written(scheme.content)) if covers else kind_help(kind)
        self._rows["type"].explain(words)
        self._rows["preset"].show(visible=bool(self._handler.preset))
        self.preset.compare(scheme)
        self.more.setVisible(kind != "none")
        self.scheme_rows.follow(more=self.more.isChecked() and kind != "none")
        self._rows["secrets"].show(visible=kind != "none")
        self._rows["parameters"].show(visible=bool(self._parameters))
        wanted = uses_url(scheme) or bool(self.public_url.text()) or self.more.isChecked()
        self._rows["public_url"].show(visible=wanted and kind != "none")
        self._match_path()
        self._show_problems()
        self.secrets.remark(scheme, self.name.text())

    def _offer_kind(self, kind: str) -> None:
        """A way to verify that only a preset brings is one more choice, while it is the one in use."""
        while self.type.count() > len(STARTS):
            self.type.removeItem(len(STARTS))
        if kind not in STARTS:
            self.type.addItem(kind_words(kind), kind)

    @Slot()
    def _match_path(self) -> None:
        pattern = self.path.text().strip()
        self._rows["sample"].show(visible=bool(pattern))
        path = self.sample.text().strip()
        if not path:
            self._rows["sample"].say("")
        elif Handler("", TYPES[-1].scheme, path=pattern).matches(path):
            self._rows["sample"].say(self.tr("Matches {path}").format(path=path), Tone.GOOD)
        else:
            self._rows["sample"].say(self.tr("Does not match {path}").format(path=path), Tone.NEUTRAL)

    def _show_problems(self) -> tuple[Problem, ...]:
        found = tuple(
            p for p in self.draft().problems(self._others) if self._strict or p.rule not in ("empty", "no-label")
        )
        by_field: dict[str, str] = {}
        for problem in found:
            by_field.setdefault(problem.field, problem_text(problem))
        for name in (*_SHARED_ROWS, *self.scheme_rows.rows):
            if name != "algorithm":
                self._rows[name].say(self.scheme_rows.problem(name) or by_field.get(name, ""))
        self._say_algorithm(by_field.get("algorithm", ""))
        self._say_secrets(found)
        return found

    def _say_algorithm(self, problem: str) -> None:
        scheme = self.scheme()
        if problem or scheme.kind not in ("hmac", "hash") or scheme.algorithm == "from-prefix":
            self._rows["algorithm"].say(problem)
        else:
            self._rows["algorithm"].say(algorithm_remark(scheme.algorithm), Tone.REMARK)

    def _say_secrets(self, found: Sequence[Problem]) -> None:
        texts = {int(p.detail): problem_text(p) for p in reversed(found) if p.field == "secrets"}
        for place, row in enumerate(self.secrets.rows):
            row.say_problem(texts.get(place, ""))

    # Fields of the scheme that tests and other panes ask for by name

    @property
    def algorithm(self) -> QComboBox:
        """The field for the algorithm."""
        return self._scheme_field("algorithm", QComboBox)

    @property
    def header(self) -> QLineEdit:
        """The field for the header's name."""
        return self._scheme_field("header", QLineEdit)

    @property
    def prefix(self) -> QLineEdit:
        """The field for the prefix."""
        return self._scheme_field("prefix", QLineEdit)

    def _scheme_field[W: QWidget](self, name: str, kind: type[W]) -> W:
        widget = self.scheme_rows.editor(name)
        if not isinstance(widget, kind):
            raise TypeError(name)
        return widget


def _with_header(scheme: Scheme, name: str) -> Scheme:
    if scheme.signature is None:
        return scheme
    return structs.replace(scheme, signature=structs.replace(scheme.signature, name=name))
