"""Attempts as rows: newest first, each once, whatever order they are told in."""

from pytestqt.modeltest import ModelTester

from inspector.core.attempt import AttemptSummary
from inspector.gui.models.attempt_table import AttemptColumn, AttemptTable


def an_attempt(id_: int, hop: int = 0) -> AttemptSummary:
    return AttemptSummary(id_, 1, id_, "http://target.example", 200, "", 1, hop=hop)


def ids(table: AttemptTable) -> list[int]:
    return [table.attempt(row).id for row in range(table.rowCount())]


def test_what_is_told_late_takes_its_place(qtmodeltester: ModelTester) -> None:
    table = AttemptTable((AttemptColumn("Id", lambda attempt: str(attempt.id)),))
    table.show_attempts([an_attempt(1), an_attempt(4)])
    table.add([an_attempt(7)])
    table.add([an_attempt(5), an_attempt(6), an_attempt(7), an_attempt(2), an_attempt(3)])
    assert ids(table) == [7, 6, 5, 4, 3, 2, 1]
    qtmodeltester.check(table)  # type: ignore[no-untyped-call]


def test_a_redirect_that_was_followed_is_told_from_one_that_was_not() -> None:
    table = AttemptTable((AttemptColumn("Id", lambda attempt: str(attempt.id)),))
    table.show_attempts([an_attempt(1), an_attempt(2), an_attempt(3, hop=1)])
    assert [table.was_followed(id_) for id_ in (1, 2, 3, 99)] == [False, True, False, False]
