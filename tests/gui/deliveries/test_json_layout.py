"""JSON of any size is laid out as msgspec lays out a small one."""

import json

import msgspec
import pytest

from inspector.gui.deliveries.json_layout import AT_ONCE, laid_out
from inspector.gui.models.json_tree import NotJson

SMALL = {"a": [1, 2.50, "x\ny"], "b": {}, "c": []}


@pytest.mark.parametrize(
    "value",
    [
        SMALL,
        [],
        "text",
        [SMALL] * 20_000,
        {"k": [SMALL] * 20_000, "l": "x" * (AT_ONCE + 1), "m": {"n": list(range(200_000))}},
        ["x" * (AT_ONCE + 1), 1, ["y" * (AT_ONCE + 1)], 2],
    ],
)
def test_pieces_make_the_whole(value: object) -> None:
    text = json.dumps(value).encode()
    assert b"".join(laid_out(memoryview(text))) == msgspec.json.format(text, indent=2)


def test_a_large_text_comes_in_pieces() -> None:
    pieces = list(laid_out(json.dumps([SMALL] * 50_000).encode()))
    assert len(pieces) > 4
    assert max(map(len, pieces)) < 8 * AT_ONCE


@pytest.mark.parametrize("text", [b"", b"{", b"[1,]", b"[" * 100_000 + b"]" * 100_000, b'{"a": nul}' + b" " * AT_ONCE])
def test_what_is_not_json_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(NotJson):
        list(laid_out(text))
