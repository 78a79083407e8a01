"""Attempts as rows, newest first."""

from pytestqt.modeltest import ModelTester

from inspector.core.attempt import AttemptSummary
from inspector.gui.models.attempt_table import AttemptColumn, AttemptTable


def an_attempt(id_: int) -> AttemptSummary:
    return AttemptSummary(id_, 1, 0, "http://x", 200, "", 1)


def test_newest_first_and_none_twice(qtmodeltester: ModelTester) -> None:
    table = AttemptTable((AttemptColumn("Number", lambda a: str(a.id)), AttemptColumn("Target", lambda a: a.target)))
    table.show_attempts([an_attempt(1), an_attempt(2)])
    table.add([an_attempt(2), an_attempt(3)])
    assert [table.index(row, 0).data() for row in range(table.rowCount())] == ["3", "2", "1"]
    assert (table.row_of(2), table.row_of(9)) == (1, None)
    qtmodeltester.check(table)  # type: ignore[no-untyped-call]
