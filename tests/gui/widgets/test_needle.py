"""Bytes are found in any of their forms."""

import pytest

from inspector.gui.widgets.needle import Needle


@pytest.mark.parametrize(
    ("forms", "folded", "offsets"),
    [
        ([b"ab"], True, [0, 2, 5]),
        ([b"ab"], False, [2]),
        ([b"c", b"AB"], True, [0, 2, 4, 5]),
        ([b""], True, []),
        ([b"xyz"], True, []),
    ],
)
def test_every_place_is_found_in_order(forms: list[bytes], folded: bool, offsets: list[int]) -> None:
    needle = Needle(forms, folded=folded)
    data = memoryview(b"ABabcAB")
    assert list(needle.offsets(data)) == offsets
    assert needle.is_in(data) == bool(offsets)


def test_matches_of_one_form_do_not_overlap() -> None:
    assert list(Needle([b"aa"]).offsets(b"aaaaa")) == [0, 2]
