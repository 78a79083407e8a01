"""The form of one handler: shows a draft, says what is wrong with it beside the fields, and hands it on."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.core.handler import Handler, Response
from inspector.core.handler_check import Problem
from inspector.core.verification.digests import available_digests
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.verification_type import TYPES, VerificationType, scheme_with, type_named, type_of
from inspector.gui.handlers.draft import Draft, draft_of
from inspector.gui.handlers.secret_editor import SecretEditor
from inspector.gui.handlers.texts import algorithm_remark, problem_text, type_help, type_words, verification_words
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Row, Rows, as_wide_as, name_inside, quiet_wheel

USUAL_HEADERS = (
    "Webhook-Signature", "X-Hub-Signature-256", "X-Hub-Signature", "X-Signature", "X-Signature-256",
    "X-Webhook-Signature", "X-Shopify-Hmac-Sha256", "X-Gitlab-Token", "X-Gitea-Signature", "X-Line-Signature",
    "X-Token", "Authorization",
)  # fmt: skip
"""Headers that senders sign in, offered while one is typed."""


class HandlerForm(QWidget):
    """Fields for a handler. It keeps nothing: `draft()` is what stands in them."""

    edited = Signal()  # by the user
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handler = draft_of(Handler("", TYPES[0].scheme)).handler
        self._others: tuple[Handler, ...] = ()
        self._type: VerificationType | None = TYPES[0]
        self._filling = False
        self._strict = False  # a save was tried: say of empty fields, too, that they are empty
        self._rows: dict[str, Row] = {}
        self._form = Rows(self)
        self._add_handler_rows()
        self._add_scheme_rows()
        self._add_answer_rows()
        self._lay_out()
        self._connect()

    @property
    def rows(self) -> dict[str, Row]:
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
        handler = replace(
            self._handler,
            name=self.name.text().strip(),
            enabled=self.enabled.isChecked(),
            user=self.user.text().strip(),
            path=self.path.text().strip(),
            scheme=self.scheme(),
            response=response,
        )
        has_secrets = self._type is None or "secrets" in self._type.fields
        return Draft(handler, self.secrets.secrets() if has_secrets else (), self.headers.toPlainText())

    def scheme(self) -> Scheme:
        """The scheme that the fields describe; what has no field is as it was."""
        if self._type is None:
            return self._handler.scheme
        base = self._handler.scheme if type_of(self._handler.scheme) is self._type else self._type.scheme
        return scheme_with(
            base,
            algorithm=self.algorithm.currentText().strip(),
            header=self.header.text().strip(),
            prefix=self.prefix.text(),
        )

    def is_ready(self) -> bool:
        """Whether it can be saved; if not, the first field to mend has the focus and says why."""
        self._strict = True
        found = self._show_problems()
        if not found:
            return True
        if found[0].field == "secrets":
            row = self.secrets.rows[int(found[0].detail)]
            (row.value if found[0].rule == "empty" else row.label).setFocus(Qt.FocusReason.OtherFocusReason)
        elif (shown := self._rows.get(found[0].field)) is not None:
            shown.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(shown.field)
        return False

    def try_path(self, path: str) -> None:
        """Check the path pattern with this path from now on."""
        self.sample.setText(path)

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
        self.type = QComboBox(self)
        for each in TYPES:
            self.type.addItem(type_words(each.id), each.id)
        quiet_wheel(self.type)
        self._rows["type"] = self._form.add_row(self.tr("Ver&ification type"), self.type)
        self.algorithm = QComboBox(self)
        self.algorithm.setEditable(True)
        self.algorithm.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.algorithm.addItems(available_digests())
        quiet_wheel(self.algorithm)
        self._rows["algorithm"] = self._form.add_row(self.tr("&Algorithm"), self.algorithm)
        name_inside(self.algorithm, self.tr("Algorithm"))
        self.header = self._line("header", self.tr("Heade&r"))
        completer = QCompleter(USUAL_HEADERS, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.header.setCompleter(completer)
        self.prefix = self._line("prefix", self.tr("Prefi&x"), self.tr("Stands before the signature and is cut."))
        self.prefix.setPlaceholderText(self.tr("none"))
        self.prefix.setFont(fixed_font())
        self.secrets = SecretEditor(self)
        self._rows["secrets"] = self._form.add_row(self.tr("Secrets"), self.secrets, buddy=self.secrets.add)

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
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _connect(self) -> None:
        for line in (self.name, self.user, self.path, self.header, self.prefix):
            line.textChanged.connect(self._edited)
        for text in (self.headers, self.body):
            text.textChanged.connect(self._edited)
        self.enabled.toggled.connect(self._edited)
        self.status.valueChanged.connect(self._edited)
        self.algorithm.currentTextChanged.connect(self._edited)
        self.type.activated.connect(self._choose_type)
        self.secrets.changed.connect(self._edited)
        self.secrets.reveal_requested.connect(self.reveal_requested)
        self.sample.textChanged.connect(self._match_path)

    # What they show

    def _fill(self, draft: Draft) -> None:
        handler, scheme = draft.handler, draft.handler.scheme
        self.name.setText(handler.name)
        self.enabled.setChecked(handler.enabled)
        self.user.setText(handler.user)
        self.path.setText(handler.path)
        self._type = type_of(scheme)
        self._offer_own_scheme(scheme)
        self.type.setCurrentIndex(self.type.findData(self._type.id if self._type else ""))
        self.algorithm.setEditText(scheme.algorithm or "sha256")
        self.header.setText(scheme.signature.name if scheme.signature else "")
        self.prefix.setText(scheme.signature.prefix if scheme.signature else "")
        self.secrets.fill(draft.secrets)
        self.status.setValue(handler.response.status)
        self.headers.setPlainText(draft.header_lines)
        self.body.setPlainText(handler.response.body)

    def _offer_own_scheme(self, scheme: Scheme) -> None:
        """A scheme that no type has fields for is one more choice, which leaves it as it is."""
        while self.type.count() > len(TYPES):
            self.type.removeItem(len(TYPES))
        if type_of(scheme) is None:
            self.type.addItem(verification_words(scheme), "")

    @Slot(int)
    def _choose_type(self, place: int) -> None:
        before = self._type.scheme if self._type else None
        self._type = type_named(self.type.itemData(place))
        if self._type is not None and (new := self._type.scheme.signature) is not None:
            old = before.signature if before else None
            if not self.header.text() or (old is not None and self.header.text() == old.name):
                self.header.setText(new.name)
                self.prefix.setText(new.prefix)
        self._edited()

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._follow()
            self.edited.emit()

    def _follow(self) -> None:
        """Let the form say what its fields mean."""
        shown = self._type.fields if self._type else ("secrets",)
        for name in ("algorithm", "header", "prefix", "secrets"):
            self._rows[name].show(visible=name in shown)
        self._rows["type"].explain(type_help(self._type.id) if self._type else "")
        self._match_path()
        self._show_problems()
        self.secrets.remark(self.scheme(), self.name.text())

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
        for name in ("name", "path", "header", "prefix", "status", "headers"):
            self._rows[name].say(by_field.get(name, ""))
        self._say_algorithm(by_field.get("algorithm", ""))
        self._say_secrets(found)
        return found

    def _say_algorithm(self, problem: str) -> None:
        if problem:
            self._rows["algorithm"].say(problem)
        else:
            self._rows["algorithm"].say(algorithm_remark(self.algorithm.currentText()), Tone.REMARK)

    def _say_secrets(self, found: Sequence[Problem]) -> None:
        texts = {int(p.detail): problem_text(p) for p in reversed(found) if p.field == "secrets"}
        for place, row in enumerate(self.secrets.rows):
            row.say_problem(texts.get(place, ""))
