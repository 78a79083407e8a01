"""What the columns of the delivery table say."""

import pytest

from inspector.gui.models.delivery_columns import exact_time, relative_time, size_text

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (30_200_000, "30.2 MB"),
        (5 * 10**9, "5.0 GB"),
    ],
)
def test_a_size_is_told_in_its_largest_unit(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7200, "2 h ago"), (86_400, "1 d ago")]
)
def test_a_relative_time_is_told_in_its_largest_unit(seconds: int, text: str) -> None:
    assert relative_time(0, seconds * SECOND) == text


def test_an_exact_time_has_every_digit() -> None:
    assert exact_time(1_795_348_800_000_000_001) == "2026-11-22 12:00:00.000000001 UTC"
