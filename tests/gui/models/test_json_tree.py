"""A JSON body opens level by level, keeps what was sent, and never breaks."""

import json
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester

from inspector.gui.models.json_tree import BUCKET, JsonTree, NotJson
from inspector.gui.widgets.needle import Needle


def a_tree(text: bytes) -> JsonTree:
    tree = JsonTree({"string": QColor("#00ff00")})
    tree.read(text)
    return tree


def opened(tree: JsonTree, index: QModelIndex) -> list[QModelIndex]:
    """The children of `index`, read as a view does it."""
    if tree.canFetchMore(index):
        tree.fetchMore(index)
    return [tree.index(row, 0, index) for row in range(tree.rowCount(index))]


def pairs(tree: JsonTree, index: QModelIndex) -> list[tuple[Any, Any]]:
    return [(tree.data(child), tree.data(child.siblingAtColumn(1))) for child in opened(tree, index)]


def test_it_is_a_model_as_qt_wants_it(qtmodeltester: ModelTester) -> None:
    tree = a_tree(b'{"a": [1, {"b": null}], "c": {}, "d": "x"}')
    for child in opened(tree, tree.index(0, 0)):
        opened(tree, child)
    qtmodeltester.check(tree)  # type: ignore[no-untyped-call]


def test_members_are_shown_as_they_were_sent() -> None:
    tree = a_tree(b' {"s": "caf\\u00e9", "n": 1.50, "t": true, "o": {"x": 1}, "l": []}')
    assert pairs(tree, tree.index(0, 0)) == [
        ("s", '"café"'),
        ("n", "1.50"),
        ("t", "true"),
        ("o", '{"x": 1}'),
        ("l", "[]"),
    ]


def test_a_key_that_was_written_twice_shows_twice() -> None:
    tree = a_tree(b'{"a": 1, "b": {"a": ["}", "{"]} , "a" : "two" , "\\u0061": {}}')
    assert pairs(tree, tree.index(0, 0)) == [("a", "1"), ("b", '{"a": ["}", "{"]}'), ("a", '"two"'), ("a", "{}")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"1" * 10_000, "(10,000 characters)"),
        (b'"' + b"x" * 5_000_000 + b'"', "xxx"),
        (b'"\\ud800"', '"‹U+D800›"'),
        (b'"\\u202egpj.exe"', '"‹RLO›gpj.exe"'),
        (b'"a\xff"', '"a�"'),
        (b'"<img src=file:///x>"', '"<img src=file:///x>"'),
        (b"1e999", "1e999"),
        (b"null", "null"),
    ],
)
def test_any_value_can_be_looked_at(text: bytes, shown: str) -> None:
    tree = a_tree(text)
    value = tree.data(tree.index(0, 1))
    assert shown in value
    assert len(value) < 1_000


@pytest.mark.parametrize(
    "text", [b"", b"   ", b'{"a":', b"{a: 1}", b"[1,]", b"[" * 100_000 + b"]" * 100_000, b"\xef\xbb\xbf{}", b"NaN"]
)
def test_what_is_not_json_is_said_to_be_none(text: bytes) -> None:
    tree = JsonTree({})
    with pytest.raises(NotJson):
        tree.read(text)
    assert tree.rowCount() == 0


def test_half_a_surrogate_pair_does_not_spoil_the_rest() -> None:
    tree = a_tree(b'{"a": ["\\ud800", {"b\xff": 1}, []], "c": 2}')
    children = opened(tree, tree.index(0, 0))
    assert pairs(tree, children[0]) == [("0", '"‹U+D800›"'), ("1", '{"b\ufffd": 1}'), ("2", "[]")]
    assert tree.data(children[1].siblingAtColumn(1)) == "2"


def test_deep_nesting_is_opened_step_by_step() -> None:
    tree = a_tree(b"[" * 500 + b"]" * 500)
    index, depth = tree.index(0, 0), 1
    while children := opened(tree, index):
        index, depth = children[0], depth + 1
    assert depth == 500


def test_a_long_array_is_grouped_by_a_thousand() -> None:
    tree = a_tree(json.dumps(list(range(2_500))).encode())
    groups = opened(tree, tree.index(0, 0))
    assert [tree.data(group) for group in groups] == ["[0 … 999]", "[1,000 … 1,999]", "[2,000 … 2,499]"]
    assert pairs(tree, groups[2])[0] == ("2000", "2000")
    assert tree.path(opened(tree, groups[2])[0]) == "$[2000]"
    assert len(opened(tree, groups[0])) == BUCKET


def test_more_than_a_million_members_are_grouped_twice() -> None:
    tree = a_tree(b"[" + b",".join([b"7"] * 1_000_001) + b"]")
    groups = opened(tree, tree.index(0, 0))
    assert [tree.data(group) for group in groups] == ["[0 … 999,999]", "[1,000,000 … 1,000,000]"]
    assert len(opened(tree, groups[0])) == 1_000


def test_the_way_to_a_value_is_a_jsonpath() -> None:
    tree = a_tree(b'{"items": [{"odd name\'s": 1}]}')
    leaf = opened(tree, opened(tree, opened(tree, tree.index(0, 0))[0])[0])[0]
    assert tree.path(leaf) == "$.items[0]['odd name\\'s']"
    assert tree.key_text(leaf) == "odd name's"


def test_a_value_is_copied_without_quotes_and_escapes() -> None:
    tree = a_tree(b'{"a": "line\\nbreak", "b": {"c": 1.0}}')
    children = opened(tree, tree.index(0, 0))
    assert [tree.value_text(child) for child in children] == ["line\nbreak", '{"c": 1.0}']


def test_finding_goes_by_keys_and_values_and_opens_only_what_matches() -> None:
    tree = a_tree(b'{"x": {"none": 1}, "name": {"y": "NAME", "z": ["a", "name"]}}')
    found = [tree.path(index) for index in tree.matches(Needle([b"NAME"])) if index is not None]
    assert found == ["$.name", "$.name.y", "$.name.z[1]"]
    assert tree.canFetchMore(tree.index(0, 0, tree.index(0, 0)))


def test_a_kind_of_value_has_its_colour() -> None:
    tree = a_tree(b'"text"')
    brush = tree.data(tree.index(0, 1), Qt.ItemDataRole.ForegroundRole)
    assert brush.color().name() == "#00ff00"


def test_fifty_megabytes_open_within_a_moment() -> None:
    text = memoryview(b"[" + b",".join([b'{"id": 1, "text": "' + b"x" * 2_000 + b'"}'] * 25_000) + b"]")
    tree = JsonTree({})
    begun = perf_counter()
    tree.read(text)
    assert opened(tree, tree.index(0, 0))
    assert perf_counter() - begun < 0.5
