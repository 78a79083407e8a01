"""Two answers as rows: headings above each part, what is the same left out on request, differences found in turn."""

import pytest
from PySide6.QtGui import QFont
from pytestqt.modeltest import ModelTester

from inspector.core.answer_comparison import ComparedRow, Kind, Part
from inspector.gui.models.compared_rows import ComparedRows, ComparedTexts


def a_row(part: Part, name: str, kind: Kind = "same") -> ComparedRow:
    return ComparedRow(part, name, "l", "r", kind)


@pytest.fixture
def rows() -> ComparedRows:
    made = ComparedRows(
        ComparedTexts(
            ("What", "Left", "", "Right"),
            str.upper,
            lambda row: row.name,
            lambda _, value: value or "",
            lambda row: row.kind,
            lambda _: None,
            lambda _: None,
        ),
        QFont(),
    )
    made.add([a_row("answer", "status", "differs"), a_row("times", "end", "fact"), a_row("headers", "A")])
    made.add([a_row("headers", "B", "left"), a_row("body", "1")])
    return made


def names(rows: ComparedRows) -> list[str]:
    return [str(rows.index(row, 0).data()) for row in range(rows.rowCount())]


def test_each_part_has_one_heading_though_its_rows_come_in_two_batches(
    rows: ComparedRows, qtmodeltester: ModelTester
) -> None:
    assert names(rows) == ["ANSWER", "status", "TIMES", "end", "HEADERS", "A", "B", "BODY", "1"]
    qtmodeltester.check(rows)  # type: ignore[no-untyped-call]


def test_only_what_differs_is_shown_and_all_of_it_again(rows: ComparedRows) -> None:
    rows.show_only_differences(only=True)
    assert names(rows) == ["ANSWER", "status", "TIMES", "end", "HEADERS", "B"]
    rows.show_only_differences(only=False)
    assert len(names(rows)) == 9
    rows.clear()
    assert names(rows) == []


def test_differences_are_found_in_turn_and_facts_are_none(rows: ComparedRows) -> None:
    assert [rows.next_difference(row) for row in (-1, 1, 6)] == [1, 6, 1]
    assert [rows.next_difference(row, backward=True) for row in (6, 1)] == [1, 6]
    rows.clear()
    assert rows.next_difference(-1) is None
