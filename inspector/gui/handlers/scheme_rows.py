"""The rows of a form that edit a scheme: simple ones at once, the rest on request, each beside its preset's value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from inspector.core.verification.digests import available_digests
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.lenses import ON, Unreadable
from inspector.gui.handlers.scheme_choices import choice_words
from inspector.gui.handlers.scheme_field import SchemeField, help_text, unreadable_text, usual_text, value_of
from inspector.gui.handlers.scheme_fields import FIELDS, differing
from inspector.gui.handlers.template_edit import TemplateEdit
from inspector.gui.theme import fixed_font, spacing
from inspector.gui.widgets.rows import Row, Rows, name_inside, quiet_wheel
from inspector.gui.widgets.themed import set_icon

USUAL_HEADERS = (
    "Webhook-Signature", "X-Hub-Signature-256", "X-Hub-Signature", "X-Signature", "X-Signature-256",
    "X-Webhook-Signature", "X-Shopify-Hmac-Sha256", "X-Gitlab-Token", "X-Gitea-Signature", "X-Line-Signature",
    "X-Token", "Authorization",
)  # fmt: skip
"""Headers that senders sign in, offered while one is typed."""

_ASYMMETRIC = (
    *("ed25519", "ecdsa-p256-sha256", "ecdsa-p256-sha256-raw", "ecdsa-p256-sha1"),
    *("rsa-pkcs1-sha256", "rsa-pkcs1-sha1", "rsa-pss-sha256"),
)
_PLACE_LABELS = {"query": "Paramete&r", "form": "Fo&rm field", "json": "JSON path", "json-or-form": "Field"}


@dataclass(frozen=True, slots=True)
class _Editor:
    """A field's widget, with the way to read it, to fill it, and the button that goes back to the preset."""

    widget: QWidget
    read: Callable[[], str]
    fill: Callable[[str], None]
    back: QToolButton
    row: Row


class SchemeRows(QObject):
    """Adds a row for each part of a scheme to a form. Texts that cannot be read are kept as they are typed."""

    edited = Signal(str)  # the name of the field

    def __init__(self, form: Rows, completions: Callable[[], Sequence[str]], before: QWidget) -> None:
        """`before` is what the tab key reaches before the first of them."""
        super().__init__(form)
        self._before = before
        self._form, self._completions = form, completions
        self._scheme = Scheme("none")
        self._preset: Scheme | None = None
        self._unreadable: dict[str, Unreadable] = {}
        self._filling = False
        self._editors: dict[str, _Editor] = {}  # made when they are first needed: most never are
        self._first = form.reserve(len(FIELDS))

    @property
    def scheme(self) -> Scheme:
        """The scheme that the fields describe; a field that cannot be read leaves its part as it was."""
        return self._scheme

    @property
    def unfinished(self) -> tuple[tuple[str, str], ...]:
        """The fields that cannot be read, with what stands in them."""
        return tuple((name, self._editor(name).read()) for name in self._unreadable)

    @property
    def made(self) -> Mapping[str, Row]:
        """The rows that were needed so far, by the names of their fields."""
        return {name: editor.row for name, editor in self._editors.items()}

    def row(self, name: str) -> Row | None:
        """The row of that field; None where there is no such field."""
        return self._editor(name).row if name in _FIELD else None

    def editor(self, name: str) -> QWidget:
        """The widget of that field."""
        return self._editor(name).widget

    def problem(self, name: str) -> str:
        """Why the field of that name cannot be read; empty where it can."""
        error = self._unreadable.get(name)
        return unreadable_text(error) if error else ""

    def fill(self, scheme: Scheme, preset: Scheme | None, unfinished: Sequence[tuple[str, str]] = ()) -> None:
        """Show `scheme`, with what was left unfinished, beside the `preset` that it began as."""
        self._scheme, self._preset = scheme, preset
        self._unreadable.clear()
        self._show_texts()
        for name, text in unfinished:
            self._put(name, text)
            self._write(name, text)

    def follow(self, *, more: bool) -> None:
        """Show the rows that apply now: all of them with `more`, else the simple ones and what is not as the preset."""
        changed = {field.name for field in differing(self._scheme, self._preset)} if self._preset else set()
        for field in FIELDS:
            at_once = field.simple and self._scheme.kind not in field.rare
            simple = at_once if self._preset is None else field.name in changed
            wanted = (more or simple or field.name in self._unreadable) and field.applies(self._scheme)
            if not wanted and field.name not in self._editors:
                continue
            editor = self._editor(field.name)
            editor.row.show(visible=wanted)
            self._offer_back(field, editor, differs=field.name in changed)
        self._name_place()

    def take_from_preset(self, name: str) -> None:
        """Make this field as it is in the preset."""
        if self._preset is not None:
            self._put(name, value_of(_FIELD[name], self._preset))
            self._edited(name)

    # Below the surface

    def _editor(self, name: str) -> _Editor:
        """The editor of that field, made now if it is not there yet: in its place, also for the tab key."""
        if name not in self._editors:
            before, self._filling = self._filling, True
            editor = self._editors[name] = self._make(_FIELD[name])
            self._put(name, value_of(_FIELD[name], self._scheme))
            if name == "algorithm":
                self._offer_algorithms()
            elif name == "header":
                self._name_place()
            editor.row.show(visible=False)
            self._filling = before
            earlier = [self._editors[field.name] for field in FIELDS[: _PLACE[name]] if field.name in self._editors]
            QWidget.setTabOrder(earlier[-1].back if earlier else self._before, editor.widget)
            QWidget.setTabOrder(editor.widget, editor.back)
        return self._editors[name]

    def _make(self, field: SchemeField) -> _Editor:
        widget, read, fill = self._widget(field)
        widget.setObjectName(field.name)
        back = QToolButton(self._form)
        back.setObjectName(f"back-{field.name}")
        set_icon(back, "undo")
        size = back.fontMetrics().height()
        back.setIconSize(QSize(size, size))
        back.setAutoRaise(True)
        back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        back.clicked.connect(partial(self._go_back, field.name))
        holder = QWidget(self._form)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing())
        line.addWidget(widget, 1)
        line.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        label = field.label_text
        row = self._form.add_row(
            "" if field.ticked else label,
            holder,
            help_text=help_text(field),
            buddy=widget,
            place=self._first + _PLACE[field.name],
        )
        row.field = widget
        name = label.replace("&", "")
        widget.setAccessibleName(name)
        name_inside(widget, name)
        back.setAccessibleName(self.tr("{field}: back to the preset").format(field=name))
        return _Editor(widget, read, fill, back, row)

    def _widget(self, field: SchemeField) -> tuple[QWidget, Callable[[], str], Callable[[str], None]]:
        edited = partial(self._edited, field.name)
        if field.ticked:
            box = QCheckBox(field.label_text, self._form)
            box.toggled.connect(edited)
            return box, lambda: ON if box.isChecked() else "", lambda text: box.setChecked(text == ON)
        if field.name == "content":
            template = TemplateEdit(self._value_names, self._completions, self._form)
            return self._tall(template, field, edited)
        if field.lines > 1:
            return self._tall(QPlainTextEdit(self._form), field, edited)
        if field.choices or field.typed:
            return self._choice(field, edited)
        line = QLineEdit(self._form)
        line.setPlaceholderText(usual_text(field))
        if field.fixed:
            line.setFont(fixed_font())
        if field.name == "header":
            completer = QCompleter(USUAL_HEADERS, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
        line.textChanged.connect(edited)
        return line, line.text, line.setText

    def _tall(
        self, text: QPlainTextEdit, field: SchemeField, edited: Callable[[], None]
    ) -> tuple[QWidget, Callable[[], str], Callable[[str], None]]:
        text.setFont(fixed_font())
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * (field.lines + 1) + spacing(2))
        text.textChanged.connect(edited)
        return text, text.toPlainText, text.setPlainText

    def _choice(
        self, field: SchemeField, edited: Callable[[], None]
    ) -> tuple[QWidget, Callable[[], str], Callable[[str], None]]:
        box = QComboBox(self._form)
        quiet_wheel(box)
        if field.typed:
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.addItems(available_digests())
            box.currentTextChanged.connect(edited)
            return box, lambda: box.currentText().strip(), box.setEditText
        for choice in field.choices:
            box.addItem(choice_words(field.name, choice), choice)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.currentIndexChanged.connect(edited)
        return box, lambda: box.currentData() or "", lambda text: box.setCurrentIndex(box.findData(text))

    def _value_names(self) -> Sequence[str]:
        return tuple(self._scheme.values)

    def _show_texts(self, except_for: str = "") -> None:
        """Let every field say what the scheme has, but for those that cannot be read and the one that is typed in."""
        for field in FIELDS:
            if field.name in self._editors and field.name not in (except_for, *self._unreadable):
                self._put(field.name, value_of(field, self._scheme))
        self._offer_algorithms()

    def _put(self, name: str, text: str) -> None:
        editor = self._editor(name)
        before, self._filling = self._filling, True
        try:
            if editor.read() != text:
                editor.fill(text)
        finally:
            self._filling = before

    def _offer_algorithms(self) -> None:
        if "algorithm" not in self._editors:
            return
        box = self._editors["algorithm"].widget
        assert isinstance(box, QComboBox)  # noqa: S101 - made so
        by_key = self._scheme.kind == "asymmetric" or self._scheme.algorithm in _ASYMMETRIC
        wanted = list(_ASYMMETRIC) if by_key else list(available_digests())
        if [box.itemText(place) for place in range(box.count())] != wanted:
            self._filling = True
            text = box.currentText()
            box.clear()
            box.addItems(wanted)
            box.setEditText(text)
            self._filling = False

    def _edited(self, name: str, *_value: object) -> None:
        if self._filling:
            return
        self._write(name, self._editors[name].read())
        # Fields depend on each other: another place has another name, the text of the whole has all of them.
        self._show_texts(except_for=name)
        self.edited.emit(name)

    def _write(self, name: str, text: str) -> None:
        self._unreadable.pop(name, None)
        position = -1
        try:
            self._scheme = _FIELD[name].lens.write(self._scheme, text)
        except Unreadable as error:
            self._unreadable[name] = error
            position = error.position
        if isinstance(editor := self._editor(name).widget, TemplateEdit):
            editor.underline(position)

    def _go_back(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self._editors[name].widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.take_from_preset(name)

    def _offer_back(self, field: SchemeField, editor: _Editor, *, differs: bool) -> None:
        editor.back.setVisible(differs)
        if differs and self._preset is not None:
            value = value_of(field, self._preset)
            said = choice_words(field.name, value) if field.choices else value
            editor.back.setToolTip(self.tr("Differs from the preset, which has: {value}").format(value=said or "–"))

    def _name_place(self) -> None:
        if "header" not in self._editors:
            return
        place = self._scheme.signature.place if self._scheme.signature else "header"
        row = self._editors["header"].row
        text = QCoreApplication.translate("SchemeFields", _PLACE_LABELS.get(place, "Heade&r"))
        if row.label.text() != text:
            row.label.setText(text)
            row.field.setAccessibleName(text.replace("&", ""))


_FIELD = {field.name: field for field in FIELDS}
_PLACE = {field.name: place for place, field in enumerate(FIELDS)}
