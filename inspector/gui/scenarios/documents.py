"""Scenarios as documents: files of the data folder or from elsewhere, with what is not saved of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtGui import QUndoCommand

from inspector.atomic import write_atomically
from inspector.core.scenario import CaseResult, Scenario, ScenarioMalformed, scenario_from, scenario_toml
from inspector.core.scenario_cases import Case

_NO_NAME = re.compile(r"[^\w\-]+")
_LARGEST = 8 << 20


class Unreadable(Exception):
    """A file cannot be read as a scenario, or not written; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Document:
    """One scenario that is open. `path` is None until it is saved; `results` are of the last run, by place."""

    id: int
    scenario: Scenario
    path: Path | None = None
    saved: Scenario | None = None
    results: Mapping[int, CaseResult] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called: its own name, else the file's."""
        return self.scenario.name or (self.path.stem if self.path else "")

    @property
    def changed(self) -> bool:
        """Whether something is not saved."""
        return self.scenario != self.saved

    @property
    def differing(self) -> int:
        """How many cases were not answered as expected."""
        return sum(bool(result.differing) for result in self.results.values())

    def edited(self, scenario: Scenario) -> "Document":
        """The same with `scenario`; results stay where the case does, and are judged by what is expected now."""
        kept = {}
        for place, result in self.results.items():
            case = scenario.case[place] if place < len(scenario.case) else None
            if case is not None and _sent_alike(case, result.case):
                expected = tuple(case.expected if e == result.case.expected else e for e in result.expected)
                kept[place] = replace(result, case=case, expected=expected)
        return replace(self, scenario=scenario, results=kept)


_TYPED = 7_402  # any number that no other undo command has


class EditScenario(QUndoCommand):
    """A change of one scenario, from how it was to how it is. What is typed into one `field` is one change."""

    def __init__(
        self, text: str, show: Callable[[int, Scenario], None], document: Document, after: Scenario, *, field: str = ""
    ) -> None:
        super().__init__(text)
        self._show, self._id, self._field = show, document.id, field
        self._before, self._after = document.scenario, after

    def id(self) -> int:
        """What may be joined has the same number."""
        return _TYPED if self._field else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Join what is typed into the same field."""
        if not isinstance(other, EditScenario) or self.where != other.where:
            return False
        self._after = other.after
        return True

    @property
    def where(self) -> tuple[int, str]:
        """Which field of which document it changes."""
        return self._id, self._field

    @property
    def after(self) -> Scenario:
        """What it makes of the scenario."""
        return self._after

    def redo(self) -> None:
        """Make it."""
        self._show(self._id, self._after)

    def undo(self) -> None:
        """Take it back."""
        self._show(self._id, self._before)


def files_in(folder: Path) -> Sequence[Path]:
    """The scenarios that are kept in `folder`, by name."""
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def read(path: Path) -> Scenario:
    """The scenario in that file. Raises Unreadable."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Unreadable(f"{path.name} is no scenario: it is too large.")
        return scenario_from(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is no scenario: it is not UTF-8.") from None
    except ScenarioMalformed as error:
        raise Unreadable(f"{path.name} is no scenario: {error}.") from None


def write(path: Path, scenario: Scenario) -> None:
    """Save it there. Raises Unreadable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, scenario_toml(scenario))
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be written: {(error.strerror or str(error)).lower()}.") from None


def take_away(path: Path) -> bytes:
    """Delete the file; its bytes, to bring it back as it was. Empty where it was gone. Raises Unreadable."""
    try:
        data = path.read_bytes()
        path.unlink()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be deleted: {(error.strerror or str(error)).lower()}.") from None
    return data


def bring_back(path: Path, data: bytes) -> None:
    """Write what was taken away. Raises Unreadable; a file that is there meanwhile stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be written: {(error.strerror or str(error)).lower()}.") from None


def free_path(folder: Path, name: str) -> Path:
    """A file of `folder` that is not there yet, named after `name`."""
    stem = _NO_NAME.sub("-", name).strip("-")[:60] or "scenario"
    paths = (folder / f"{stem}{number}.toml" for number in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(path for path in paths if not path.exists())


def _sent_alike(one: Case, other: Case) -> bool:
    return (one.kind, one.count, one.seconds, one.bytes_per_s) == (
        *(other.kind, other.count),
        *(other.seconds, other.bytes_per_s),
    )
