"""A field of the form for a scheme: its label, where it applies, what may be chosen, how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.lenses import Lens, Unreadable
from inspector.gui.handlers.scheme_applies import Applies


@dataclass(frozen=True, slots=True)
class SchemeField:
    """One field. `name` is what problems call it; the first of `choices` is the usual one.

    `simple` ones are seen at once where there is no preset, the others under "More".
    """

    name: str
    label: object
    lens: Lens
    applies: Applies
    help: object = ""
    choices: Sequence[str] = ()
    ticked: bool = False
    lines: int = 1
    fixed: bool = False  # written in the fixed font
    typed: bool = False  # something else than the choices may be typed
    simple: bool = False
    rare: frozenset[str] = frozenset()  # kinds of schemes for which it is not simple
    usual: object = ""  # what it means when it is empty

    @property
    def label_text(self) -> str:
        """The label for a person, with its mnemonic."""
        return _tr(self.label)


def value_of(field: SchemeField, scheme: Scheme) -> str:
    """What stands in the field for `scheme`."""
    return field.lens.read(scheme)


def help_text(field: SchemeField) -> str:
    """What helps to fill it in."""
    return _tr(field.help) if field.help else ""


def usual_text(field: SchemeField) -> str:
    """What it means when it is empty."""
    return _tr(field.usual) if field.usual else ""


def unreadable_text(error: Unreadable) -> str:
    """Why a field cannot be read."""
    if str(error) == "whole-number":
        return _tr(QT_TRANSLATE_NOOP("SchemeFields", "A whole number is wanted."))
    return str(error)[:1].upper() + str(error)[1:] + "."


def _tr(text: object) -> str:
    return QCoreApplication.translate("SchemeFields", str(text))
