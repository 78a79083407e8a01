"""Lengths of time in words."""

import pytest

from inspector.gui.widgets.spans import span_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (12, "12 s"), (59.5, "1 min"), (245, "4 min 5 s"), (3600, "1 h"), (7_500, "2 h 5 min")],
)
def test_a_countdown_ends_with_one_second(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


def test_long_ones_are_days() -> None:
    assert span_text(3 * 86_400 + 4 * 3600 + 59) == "3 d 4 h"
