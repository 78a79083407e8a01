"""The form of one handler: shows a draft, says what is wrong with it beside the fields, and hands it on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery
from inspector.core.handler import Handler
from inspector.core.handler_check import Problem
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.draft import Draft, draft_of
from inspector.gui.handlers.fields import NamedRows
from inspector.gui.handlers.key_section import KeySection
from inspector.gui.handlers.place_section import PlaceSection
from inspector.gui.handlers.scheme_fields import FIELDS
from inspector.gui.handlers.scheme_section import SchemeSection
from inspector.gui.handlers.texts import algorithm_remark, problem_text
from inspector.gui.handlers.win_section import WinSection
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.rows import Row, Rows
from inspector.gui.widgets.themed import set_icon

_SCHEME_FIELDS = frozenset(field.name for field in FIELDS)
_SHARED_ROWS = ("name", "path", "public_url", "user", "status", "headers")
"""Rows beside those of the scheme that say what is wrong with them."""


class HandlerForm(QWidget):
    """Fields for a handler. It keeps nothing: `draft()` is what stands in them.

    A new handler that began as a preset asks for no more than it needs, until all fields are asked for.
    """

    edited = Signal()  # by the user
    reveal_requested = Signal(str)  # the id of a kept secret

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handler = draft_of(Handler("", TYPES[0].scheme)).handler
        self._others: tuple[Handler, ...] = ()
        self._header_names: Sequence[str] = ()
        self._filling = False
        self._brief = False
        self._strict = False  # a save was tried: say of empty fields, too, that they are empty
        self._rows: NamedRows = {}
        form = self._form = Rows(self)
        self._place = PlaceSection(form, self._rows)
        self._scheme = SchemeSection(form, self._rows, lambda: self._header_names)
        self._keys = KeySection(form, self._rows)
        self._wins = WinSection(form, self._rows)
        self._all = self._make_all()
        self._lay_out()
        self._name_fields()
        for section in (self._place, self._scheme, self._keys, self._wins):
            section.edited.connect(self._edited)
        self._keys.reveal_requested.connect(self.reveal_requested)
        self._scheme.preset_chosen.connect(self._use_preset)
        self._scheme.more_wanted.connect(self._follow)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows by the names of their fields, as problems name them."""
        scheme_rows = {field.name: row for field in FIELDS if (row := self.scheme_rows.row(field.name)) is not None}
        return {**self._rows, **scheme_rows}

    @property
    def brief(self) -> bool:
        """Whether it asks for no more than is needed."""
        return self._brief

    def show_draft(self, draft: Draft, others: Sequence[Handler]) -> None:
        """Show `draft`; `others` are the other handlers of the chain."""
        same = draft.handler.id == self._handler.id
        self._handler, self._others = draft.handler, tuple(others)
        self._strict = self._strict and same
        if not same:
            self._brief = draft.handler.id < 0 and bool(draft.handler.preset)
        self._filling = True
        try:
            self._fill(draft)
        finally:
            self._filling = False
        self._follow()

    def draft(self) -> Draft:
        """What stands in the fields."""
        handler = replace(self._handler, scheme=self.scheme())
        for section in (self._place, self._keys, self._wins):
            handler = section.read(handler)
        secrets = self._keys.secrets_for(handler.scheme)
        return Draft(handler, secrets, self.headers.toPlainText(), self.scheme_rows.unfinished)

    def scheme(self) -> Scheme:
        """The scheme that the fields describe; what has no field is as it was."""
        return self._scheme.scheme

    def is_ready(self) -> bool:
        """Whether it can be saved; if not, the first field to mend has the focus and says why."""
        self._strict = True
        found = self._show_problems()
        if not found:
            return True
        if found[0].field == "secrets":
            row = self.secrets.rows[int(found[0].detail)]
            (row.field if found[0].rule == "empty" else row.label).setFocus(Qt.FocusReason.OtherFocusReason)
        elif (shown := self._rows.get(found[0].field) or self.scheme_rows.row(found[0].field)) is not None:
            self._bring_into_sight(shown)
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
        if self._handler.preset and empty is not None:
            return empty
        return self.user if self._brief else self.name

    # The fields

    def _name_fields(self) -> None:
        """Fields that others ask for by name."""
        self.name, self.enabled = self._place.name, self._place.enabled
        self.path, self.sample = self._place.path, self._place.sample
        self.preset, self.type, self.more = self._scheme.preset, self._scheme.type, self._scheme.more
        self.scheme_rows = self._scheme.rows
        self.secrets, self.public_url = self._keys.secrets, self._keys.public_url
        self.user, self.status = self._wins.user, self._wins.status
        self.headers, self.body = self._wins.headers, self._wins.body

    def _make_all(self) -> QPushButton:
        button = QPushButton(self.tr("All fields"), self)
        button.setObjectName("all-fields")
        button.setAutoDefault(False)
        button.setToolTip(self.tr("Name, path, every part of the scheme, and the answer"))
        set_icon(button, "down")
        button.clicked.connect(self._show_all)
        return button

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
        line = QVBoxLayout()
        line.setContentsMargins(spacing(4), 0, spacing(4), spacing(4))
        line.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(line)
        column.addStretch(1)
        self._scroll.setWidget(held)
        self._held = held
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _keep_wide_enough(self) -> None:
        """It scrolls up and down only: narrower than its fields it would cut them."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        needed = self._held.minimumSizeHint().width() + bar
        if needed > self._scroll.minimumWidth():
            self._scroll.setMinimumWidth(needed)

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """What the keys go to is in sight, however they came there."""
        if now is not None and self._form.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)

    def _bring_into_sight(self, row: Row) -> None:
        if not row.shown:
            self._show_all()
        if not row.shown:
            self.more.setChecked(True)
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(row.field)

    # What they show

    def _fill(self, draft: Draft) -> None:
        self._place.fill(draft.handler)
        self._scheme.fill(draft.handler.scheme, draft.handler.preset, draft.unfinished)
        self._keys.fill(draft, self.preset.preset)
        self._wins.fill(draft)

    @Slot(str)
    def _use_preset(self, reference: str) -> None:
        self._handler = replace(self._handler, preset=reference)
        self.preset.show_reference(reference)
        if (scheme := self.preset.scheme) is not None:
            self._scheme.use(scheme)

    @Slot()
    def _show_all(self) -> None:
        self._brief = False
        self._follow()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._follow()
            self.edited.emit()

    @Slot()
    def _follow(self) -> None:
        """Let the form say what its fields mean."""
        scheme, brief = self.scheme(), self._brief
        self._place.show(visible=not brief)
        self._place.follow()
        self._scheme.heading.setVisible(not brief)
        self._scheme.follow(preset=bool(self._handler.preset), brief=brief)
        self.secrets.use_scheme(scheme)
        self._keys.follow(scheme, self.name.text(), more=self.more.isChecked() and not brief)
        self._wins.follow(brief=brief)
        self._all.setVisible(brief)
        self._show_problems()
        self._keep_wide_enough()

    def _show_problems(self) -> tuple[Problem, ...]:
        found = tuple(
            p for p in self.draft().problems(self._others) if self._strict or p.rule not in ("empty", "no-label")
        )
        by_field: dict[str, str] = {}
        for problem in found:
            by_field.setdefault(problem.field, problem_text(problem))
        for name in _SHARED_ROWS:
            self._rows[name].say(by_field.get(name, ""))
        for name in self.scheme_rows.made.keys() | (by_field.keys() & _SCHEME_FIELDS):
            if (shown := self.scheme_rows.row(name)) is not None and name != "algorithm":
                shown.say(self.scheme_rows.problem(name) or by_field.get(name, ""))
        self._say_algorithm(by_field.get("algorithm", ""))
        texts = {int(p.detail): problem_text(p) for p in reversed(found) if p.field == "secrets"}
        for place, row in enumerate(self.secrets.rows):
            row.say_problem(texts.get(place, ""))
        return found

    def _say_algorithm(self, problem: str) -> None:
        scheme = self.scheme()
        row = self.scheme_rows.row("algorithm")
        if row is None:
            return
        if problem or scheme.kind not in ("hmac", "hash") or scheme.algorithm == "from-prefix":
            row.say(problem)
        else:
            row.say(algorithm_remark(scheme.algorithm), Tone.REMARK)

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
