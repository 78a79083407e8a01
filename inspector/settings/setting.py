"""A setting's label, help, unit and bounds, kept with the field that they describe."""

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

type Scalar = bool | int | float | str
type Check = Callable[[Any], str]
"""Says what is allowed where a value is not; the empty text where it is."""


class SettingsError(Exception):
    """A setting cannot be used. Its text is one sentence that names the place.

    `file`, `line` and `column` (from 1) are set where a file is to blame; 0 and None where not known.
    """

    def __init__(self, problem: str, *, file: Path | None = None, line: int = 0, column: int = 0) -> None:
        self.problem, self.file, self.line, self.column = problem, file, line, column
        place = str(file) if file else ""
        if line:
            place += f", line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{place}: {problem}" if place else problem)


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting as the form, the command line and the documentation see it.

    A `required` text is not empty. `kept` is a further condition on what `settings.toml` may keep; a flag or
    variable is free of it.
    """

    name: str
    type: type[bool | int | float | str]
    default: Scalar
    label: str
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    kept: Check | None = None

    def problem_with(self, value: object, *, to_keep: bool = True) -> str:
        """What is allowed, where `value` is not; empty where it is. `to_keep`: as a value of `settings.toml`."""
        if not self._has_type(value) or (self.choices and value not in self.choices):
            return f"must be {self.allowed}"
        if isinstance(value, str) and not value and self.required:
            return "must not be empty"
        if isinstance(value, int | float) and not isinstance(value, bool) and not self._in_bounds(value):
            return f"must be {self.allowed}"
        return self.kept(value) if to_keep and self.kept else ""

    @property
    def allowed(self) -> str:
        """The values that are allowed, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.type in (bool, str):
            return {bool: "true or false", str: "a text"}[self.type]
        kind = "a whole number" if self.type is int else "a number"
        unit = f" {self.unit}" if self.unit else ""
        match self.minimum, self.maximum:
            case None, None:
                return kind + (f" of{unit}" if unit else "")
            case low, None:
                return f"{kind}, {_plain(low)}{unit} or more"
            case None, high:
                return f"{kind}, {_plain(high)}{unit} or less"
        return f"{kind} from {_plain(self.minimum)} to {_plain(self.maximum)}{unit}"

    def _has_type(self, value: object) -> bool:
        if self.type is float:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return type(value) is self.type

    def _in_bounds(self, value: float) -> bool:
        low = self.minimum is None or value >= self.minimum
        return low and (self.maximum is None or value <= self.maximum)


def setting(
    default: Scalar,
    *,
    label: str,
    help: str = "",  # noqa: A002 - the word that argparse and Qt use for it
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    required: bool = False,
    kept: Check | None = None,
) -> Any:  # like `field`: the annotation beside it says the type
    """A dataclass field with what a person needs to set it; the parameters are those of SettingField."""
    about = {"label": label, "help": help, "unit": unit, "minimum": minimum, "maximum": maximum}
    return field(
        default=default, metadata={"setting": about | {"choices": choices, "required": required, "kept": kept}}
    )


def fields_of(subject: type) -> tuple[SettingField, ...]:
    """The settings of `subject` (a class such as ListenerSettings), in their order."""
    types = get_type_hints(subject)
    return tuple(_described(each, types[each.name]) for each in fields(subject) if "setting" in each.metadata)


def _described(each: Field[Any], kind: type) -> SettingField:
    default: Scalar = each.default  # type: ignore[assignment]  # `setting` always gives one
    return SettingField(each.name, kind, default, **each.metadata["setting"])


def _plain(number: float | None) -> str:
    return f"{number:g}" if isinstance(number, float) and not number.is_integer() else str(int(number or 0))
