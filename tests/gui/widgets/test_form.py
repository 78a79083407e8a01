"""A form shows what the fields of a settings class say, and makes a new value of what is typed."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.form import Form, with_mnemonic
from inspector.gui.widgets.size_edit import SizeEdit
from inspector.settings import SUBJECTS
from inspector.settings.setting import setting


def _no_space(text: str) -> str:
    return "must have no space" if " " in text else ""


@dataclass(frozen=True, slots=True)
class Garden:
    """Something to set."""

    owner: str = setting("me", label="Owner", help="Who waters it.", kept=_no_space)
    note: str = setting("", label="Note")
    plants: int = setting(3, label="Plants", unit="plants", minimum=1, maximum=50)
    depth_s: float = setting(1.5, label="Pause", unit="seconds", minimum=0.5, maximum=9)
    soil: int = setting(2048, label="Soil", unit="bytes", minimum=1, maximum=1 << 30)
    open: bool = setting(True, label="Open", help="Off: `closed`.")
    season: str = setting("spring", label="Season", choices=("spring", "autumn"))


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(Garden, tall={"note"})
    qtbot.addWidget(made)
    made.show()
    return made


def told(form: Form) -> list[str]:
    names: list[str] = []
    form.changed.connect(names.append)
    return names


def test_it_shows_the_defaults_first(form: Form) -> None:
    assert form.value() == Garden()
    assert form.problems() == {}


def test_each_kind_of_field_has_its_editor(form: Form) -> None:
    kinds = {
        "owner": QLineEdit, "note": QPlainTextEdit, "plants": QSpinBox, "depth_s": QDoubleSpinBox, "soil": SizeEdit,
        "open": QCheckBox, "season": QComboBox,
    }  # fmt: skip
    assert {name: type(form.editor(name)) for name in kinds} == kinds


def test_value_in_value_out(form: Form) -> None:
    value = Garden("you", "two\nlines", 50, 9.0, 3 << 20, False, "autumn")
    names = told(form)
    form.set_value(value)
    assert form.value() == value
    assert names == []


def test_what_the_user_changes_is_told_with_its_name(form: Form) -> None:
    names = told(form)
    form.editor("owner").setText("you")  # type: ignore[attr-defined]
    form.editor("plants").setValue(4)  # type: ignore[attr-defined]
    form.editor("open").click()  # type: ignore[attr-defined]
    form.editor("season").setCurrentIndex(1)  # type: ignore[attr-defined]
    form.editor("soil").number.setValue(5)  # type: ignore[attr-defined]
    form.editor("note").setPlainText("x")  # type: ignore[attr-defined]
    assert names == ["owner", "plants", "open", "season", "soil", "note"]
    assert form.value() == Garden("you", "x", 4, 1.5, 5 << 10, False, "autumn")


def test_bounds_and_units_are_the_fields_own(form: Form) -> None:
    plants, pause = form.editor("plants"), form.editor("depth_s")
    assert isinstance(plants, QSpinBox)
    assert isinstance(pause, QDoubleSpinBox)
    assert (plants.minimum(), plants.maximum(), plants.suffix()) == (1, 50, " plants")
    assert (pause.minimum(), pause.maximum(), pause.suffix()) == (0.5, 9, " s")


def test_a_problem_is_said_beneath_its_field_until_it_is_mended(form: Form) -> None:
    owner = form.editor("owner")
    assert isinstance(owner, QLineEdit)
    owner.setText("a b")
    assert form.problems() == {"owner": "must have no space"}
    assert form.rows["owner"].notice.text == "Must have no space."
    assert form.rows["owner"].notice.isVisible()
    assert owner.accessibleDescription() == "Must have no space."
    owner.setText("ab")
    assert form.problems() == {}
    assert not form.rows["owner"].notice.isVisible()


def test_a_size_that_is_out_of_bounds_is_a_problem(form: Form) -> None:
    form.set_value(replace(Garden(), soil=2 << 30))
    assert form.problems() == {"soil": "must be a whole number from 1 to 1073741824 bytes"}


def test_what_a_flag_said_for_this_session_may_stand(form: Form) -> None:
    form.set_value(Garden("from a flag"))
    assert "owner" in form.problems()
    form.exempt({"owner": "from a flag"})
    assert form.problems() == {}
    form.editor("owner").setText("typed by hand")  # type: ignore[attr-defined]
    assert "owner" in form.problems()


def test_help_is_shown_as_plain_text(form: Form) -> None:
    labels = [label.text() for label in form.findChildren(type(form.rows["open"]._help)) if label.isVisible()]
    assert "Off: “closed”." in labels
    assert "Who waters it." in labels


@pytest.mark.parametrize("subject", SUBJECTS.values())
def test_every_control_has_a_name(qtbot: QtBot, subject: type) -> None:
    form = Form(subject)
    qtbot.addWidget(form)
    form.show()
    controls = [child for child in form.findChildren(QWidget) if child.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    assert controls
    for control in controls:
        interface = QAccessible.queryAccessibleInterface(control)
        assert interface is None or interface.text(QAccessible.Text.Name), control


@pytest.mark.parametrize("subject", SUBJECTS.values())
def test_every_value_of_the_settings_survives_the_form(qtbot: QtBot, subject: type) -> None:
    form = Form(subject)
    qtbot.addWidget(form)
    assert form.value() == subject()
    assert form.problems() == {}


def test_mnemonics_differ_and_leave_the_reserved_ones() -> None:
    taken = set("p")
    assert [with_mnemonic(text, taken) for text in ("Port", "Path", "Open to all", "OO")] == [
        "P&ort", "P&ath", "Open &to all", "OO",
    ]  # fmt: skip


def test_the_wheel_scrolls_the_form_and_not_a_field_it_passes(form: Form) -> None:
    plants = form.editor("plants")
    assert isinstance(plants, QSpinBox)
    plants.clearFocus()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plants, wheel)
    assert plants.value() == 3


# Sizes


@pytest.fixture
def size(qtbot: QtBot) -> SizeEdit:
    made = SizeEdit()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("value", "number", "unit"),
    [
        (0, 0, "bytes"),
        (1, 1, "bytes"),
        (1000, 1000, "bytes"),
        (1024, 1, "KiB"),
        (32 << 20, 32, "MiB"),
        (1536, 1536, "bytes"),
    ],
)
def test_a_size_is_said_in_the_largest_unit_that_is_exact(size: SizeEdit, value: int, number: int, unit: str) -> None:
    size.set_value(value)
    assert (size.value(), size.number.value(), size.unit.currentText()) == (value, number, unit)


def test_another_unit_says_the_same_size_where_it_can(size: SizeEdit) -> None:
    size.set_value(2 << 20)
    size.unit.setCurrentText("KiB")
    assert (size.value(), size.number.value()) == (2 << 20, 2048)
    size.set_value(5)
    size.unit.setCurrentText("MiB")
    assert size.value() == 5 << 20
