"""The picker finds a provider by a few letters, and the keys alone choose it."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.core.explanation import Filled
from inspector.gui.handlers.offers import Offer
from inspector.gui.handlers.preset_picker import PresetPicker
from inspector.gui.models.filled_parts import FilledPartsModel


@pytest.fixture
def picker(qtbot: QtBot) -> PresetPicker:
    made = PresetPicker()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    made.open_for()
    return made


def names(picker: PresetPicker) -> list[str]:
    return [offer.name for offer in picker.model.offers]


def test_every_provider_and_every_type_is_offered(picker: PresetPicker) -> None:
    assert names(picker)[:2] == ["Base64 HMAC", "HMAC (hex)"]
    assert len(names(picker)) > 190


def test_letters_find_a_provider_and_enter_begins_with_it(picker: PresetPicker, qtbot: QtBot) -> None:
    QTest.keyClicks(picker.field, "stri")
    assert names(picker)[0] == "Stripe"
    with qtbot.waitSignal(picker.chosen) as told:
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert told.args == [Offer("stripe", "Stripe", "payments", "Payments")]


def test_the_arrows_go_through_the_list_while_one_types(picker: PresetPicker) -> None:
    QTest.keyClicks(picker.field, "git")
    QTest.keyClick(picker.field, Qt.Key.Key_Down)
    assert picker.list.currentIndex().row() == 1
    QTest.keyClick(picker.field, Qt.Key.Key_Up)
    QTest.keyClick(picker.field, Qt.Key.Key_Up)
    assert picker.list.currentIndex().row() == 0


def test_a_category_narrows_the_list(picker: PresetPicker) -> None:
    picker.category.setCurrentIndex(picker.category.findData("source-control"))
    assert "GitHub" in names(picker)
    assert "Stripe" not in names(picker)


def test_the_recognised_provider_is_on_top(picker: PresetPicker) -> None:
    picker.recognise("slack")
    first = picker.model.offers[0]
    assert (first.id, first.recognised) == ("slack", True)


def test_what_nobody_has_is_said(picker: PresetPicker) -> None:
    picker.field.setText("no such provider anywhere")
    assert names(picker) == []
    assert picker._none.isVisible()


def test_escape_leaves(picker: PresetPicker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(picker.left):
        QTest.keyClick(picker.field, Qt.Key.Key_Escape)


def test_the_models_keep_qts_rules(picker: PresetPicker, qtmodeltester: Any) -> None:
    qtmodeltester.check(picker.model)
    parts = FilledPartsModel()
    parts.show_parts((Filled("{body}", b"{}", 2), Filled("{header:X}", b"", 0)))
    qtmodeltester.check(parts)
    assert [parts.index(1, column).data() for column in range(3)] == ["{header:X}", "(empty)", "0"]
