"""Header lines are shown as sent; what lets its reader act as the sender is masked."""

import pytest
from PySide6.QtGui import QFont
from pytestqt.modeltest import ModelTester

from inspector.gui.models.header_table import HeaderLine, HeaderTable


def a_table(*lines: tuple[bytes, bytes]) -> HeaderTable:
    table = HeaderTable(QFont())
    table.show_lines([HeaderLine(name, value) for name, value in lines])
    return table


def shown(table: HeaderTable) -> list[tuple[str, str]]:
    return [(table.data(table.index(row, 0)), table.data(table.index(row, 1))) for row in range(table.rowCount())]


def test_it_is_a_model_as_qt_wants_it(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(a_table((b"Host", b"x"), (b"Authorization", b"y")))  # type: ignore[no-untyped-call]


def test_order_case_and_duplicates_stay() -> None:
    table = a_table((b"x-b", b"2"), (b"X-A", b"1"), (b"X-B", b""))
    assert shown(table) == [("x-b", "2"), ("X-A", "1"), ("X-B", "")]


@pytest.mark.parametrize(
    "name",
    [
        b"Authorization", b"proxy-authorization", b"Cookie", b"Set-Cookie", b"X-Hub-Signature-256", b"X-Gitlab-Token",
        b"X-Api-Key", b"apikey", b"X-Shopify-Hmac-Sha256", b"client-secret", b"webhook-signature", b"X-Sig",
    ],
)  # fmt: skip
def test_credentials_are_masked_until_they_are_asked_for(name: bytes) -> None:
    table = a_table((name, b"very-secret"))
    assert shown(table) == [(name.decode(), "•••••••• (11 bytes)")]
    table.set_masked(False)
    assert shown(table) == [(name.decode(), "very-secret")]


@pytest.mark.parametrize("name", [b"Host", b"Content-Type", b"X-Design", b"User-Agent", b"X-Request-Id"])
def test_other_values_are_shown(name: bytes) -> None:
    assert shown(a_table((name, b"plain"))) == [(name.decode(), "plain")]


def test_odd_bytes_are_marked_and_a_long_value_is_cut_in_its_middle() -> None:
    table = a_table((b"X-Odd", b"caf\xe9\x85"), (b"X-Long", b"a" * 5_000 + b"z"))
    assert table.data(table.index(0, 1)) == "café‹U+0085›"
    assert table.data(table.index(1, 1)).endswith("z (5,001 characters)")


def test_a_trailer_says_that_it_is_one() -> None:
    table = HeaderTable(QFont())
    table.show_lines([HeaderLine(b"X-Checksum", b"1", trailer=True)])
    assert table.data(table.index(0, 0)) == "X-Checksum (trailer)"
