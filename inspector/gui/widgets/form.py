"""A form built from the fields of a settings class: rows, names, help, units, bounds and validation."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from inspector.gui.widgets.rows import Row, Rows, as_wide_as, name_inside, quiet_wheel
from inspector.gui.widgets.size_edit import SizeEdit
from inspector.settings import SettingField, fields_of

_SUFFIXES = {"seconds": " s"}
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Editor:
    """A widget with the way to read it and to fill it. `changed` is for one that is made outside of the form."""

    widget: QWidget
    read: Callable[[], Any]
    fill: Callable[[Any], None]
    changed: SignalInstance | None = None


type Check = Callable[[Any], Mapping[str, str]]
"""Says in sentences what is wrong with a whole value, by the names of the fields."""


class Form(Rows):
    """Shows a frozen value of `subject` and makes a new one of what was typed.

    `tall` names the texts that may have several lines; the letters of `reserved` are no mnemonics; `editors` make the
    widgets of fields that need their own; `check` judges the value as a whole. Problems appear beneath their fields;
    `changed` is emitted for each change by the user, valid or not.
    """

    changed = Signal(str)  # the name of the field

    def __init__(
        self,
        subject: type[Any],
        parent: QWidget | None = None,
        *,
        tall: Collection[str] = (),
        reserved: str = "",
        editors: Mapping[str, Callable[[QWidget], Editor]] | None = None,
        check: Check | None = None,
    ) -> None:
        super().__init__(parent)
        self._own_editors = editors or {}
        self._check = check
        self._subject = subject
        self._fields = fields_of(subject)
        self._tall = tall
        self._exempt: Mapping[str, object] = {}
        self._filling = False
        self._value = subject()
        self._editors: dict[str, Editor] = {}
        self._rows: dict[str, Row] = {}
        taken = set(reserved)
        for each in self._fields:
            self._add(each, taken)
        self.set_value(self._value)

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows by the names of their fields."""
        return self._rows

    def value(self) -> Any:
        """A value of the form's class, as typed; only where there are no `problems` may it be used."""
        return replace(self._value, **{name: editor.read() for name, editor in self._editors.items()})

    def set_value(self, value: Any) -> None:
        """Show `value`; what was typed is gone, and nothing is emitted."""
        self._value = value
        self._filling = True
        try:
            for name, editor in self._editors.items():
                editor.fill(getattr(value, name))
        finally:
            self._filling = False
        self._show_problems()

    def exempt(self, values: Mapping[str, object]) -> None:
        """Values that may stand although they may not be chosen here: a flag set them for this session."""
        self._exempt = values
        self._show_problems()

    def problems(self) -> Mapping[str, str]:
        """What is allowed, by the names of the fields whose value is not."""
        found: dict[str, str] = {}
        for each in self._fields:
            value = self._editors[each.name].read()
            to_keep = not (each.name in self._exempt and self._exempt[each.name] == value)
            if problem := each.problem_with(value, to_keep=to_keep):
                found[each.name] = problem
        return {**self._check(self.value()), **found} if self._check is not None else found

    def show_problems(self) -> None:
        """Judge what is typed anew: what it is judged by has changed."""
        self._show_problems()

    def editor(self, name: str) -> QWidget:
        """The widget for the field of that name."""
        return self._editors[name].widget

    def _add(self, each: SettingField, taken: set[str]) -> None:
        editor = self._editor_for(each)
        widget = editor.widget
        widget.setObjectName(each.name)
        label = with_mnemonic(self.tr(each.label), taken)
        help_text = re.sub(r"`(.*?)`", r"“\1”", self.tr(each.help))
        if isinstance(widget, QCheckBox):
            widget.setText(label)
            row = self.add_row("", widget, help_text=help_text)
        else:
            row = self.add_row(label, widget, help_text=help_text)
        if isinstance(widget, SizeEdit):
            widget.set_name(self.tr(each.label))
        name_inside(widget, self.tr(each.label))
        self._editors[each.name], self._rows[each.name] = editor, row

    def _editor_for(self, each: SettingField) -> Editor:
        if (make := self._own_editors.get(each.name)) is not None:
            editor = make(self)
            if editor.changed is not None:
                editor.changed.connect(partial(self._edited, each.name))
            return editor
        if each.choices:
            return self._choice(each)
        if each.type is bool:
            box = QCheckBox(self)
            box.toggled.connect(partial(self._edited, each.name))
            return Editor(box, box.isChecked, box.setChecked)
        if each.type is int:
            return self._size(each) if each.unit == "bytes" else self._whole_number(each)
        if each.type is float:
            return self._number(each)
        return self._tall_text(each) if each.name in self._tall else self._text(each)

    def _choice(self, each: SettingField) -> Editor:
        box = QComboBox(self)
        for word in each.choices:
            box.addItem(self.tr(word.capitalize()), word)
        quiet_wheel(box)
        as_wide_as(box, max(each.choices, key=len).capitalize())
        box.currentIndexChanged.connect(partial(self._edited, each.name))
        return Editor(box, box.currentData, lambda word: box.setCurrentIndex(box.findData(word)))

    def _whole_number(self, each: SettingField) -> Editor:
        box = QSpinBox(self)
        box.setRange(int(each.minimum or 0), int(_LARGEST if each.maximum is None else each.maximum))
        box.setSuffix(f" {self.tr(each.unit)}" if each.unit else "")
        quiet_wheel(box)
        as_wide_as(box, f"{box.maximum()}{box.suffix()}")
        box.valueChanged.connect(partial(self._edited, each.name))
        return Editor(box, box.value, box.setValue)

    def _number(self, each: SettingField) -> Editor:
        box = QDoubleSpinBox(self)
        box.setDecimals(1)
        box.setRange(each.minimum or 0.0, float(_LARGEST) if each.maximum is None else each.maximum)
        box.setSuffix(_SUFFIXES.get(each.unit, f" {each.unit}" if each.unit else ""))
        quiet_wheel(box)
        as_wide_as(box, f"{box.maximum():.1f}{box.suffix()}")
        box.valueChanged.connect(partial(self._edited, each.name))
        return Editor(box, box.value, box.setValue)

    def _size(self, each: SettingField) -> Editor:
        edit = SizeEdit(self)
        edit.changed.connect(partial(self._edited, each.name))
        return Editor(edit, edit.value, edit.set_value)

    def _text(self, each: SettingField) -> Editor:
        line = QLineEdit(self)
        line.textChanged.connect(partial(self._edited, each.name))
        return Editor(line, line.text, line.setText)

    def _tall_text(self, each: SettingField) -> Editor:
        text = QPlainTextEdit(self)
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * 4)
        text.textChanged.connect(partial(self._edited, each.name))
        return Editor(text, text.toPlainText, text.setPlainText)

    def _edited(self, name: str, *_value: object) -> None:
        if not self._filling:
            self._show_problems()
            self.changed.emit(name)

    def _show_problems(self) -> None:
        problems = self.problems()
        for name, row in self._rows.items():
            text = problems.get(name, "")
            row.say(text[:1].upper() + text[1:] + ("." if text and not text.endswith(".") else ""))


def with_mnemonic(label: str, taken: set[str]) -> str:
    """`label` with an `&` before the first letter that is not `taken` yet, which then is."""
    starts = [0] + [i + 1 for i, character in enumerate(label) if character == " "]
    for place in [*starts, *range(len(label))]:
        letter = label[place : place + 1].lower()
        if letter.isalpha() and letter not in taken:
            taken.add(letter)
            return f"{label[:place]}&{label[place:]}"
    return label
