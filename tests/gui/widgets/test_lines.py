"""A text of any size is read line by line, and what is odd about it is marked."""

from time import perf_counter

import pytest

from inspector.gui.widgets.lines import LONGEST_LINE, Lines
from inspector.gui.widgets.needle import Needle


def whole(data: bytes, encoding: str = "utf-8") -> Lines:
    lines = Lines(data, encoding)
    while not lines.index_for(1.0):
        pass
    return lines


def texts(data: bytes, encoding: str = "utf-8") -> list[str]:
    lines = whole(data, encoding)
    return [lines.line(number) for number in range(lines.count)]


@pytest.mark.parametrize(
    ("data", "encoding", "shown"),
    [
        (b"", "utf-8", [""]),
        (b"one\ntwo\r\n", "utf-8", ["one", "two", ""]),
        (b"\n\n", "utf-8", ["", "", ""]),
        (b"caf\xe9", "latin-1", ["café"]),
        (b"caf\xe9 \xff", "utf-8", ["caf⟨E9⟩ ⟨FF⟩"]),
        ("zwei\nzeilen".encode("utf-16"), "utf-16", ["zwei", "zeilen"]),
        ("\u0a0a\nx".encode("utf-16-le"), "utf-16-le", ["\u0a0a", "x"]),
        ("ソ\n表".encode("shift_jis"), "shift_jis", ["ソ", "表"]),
        ("a\u202eb".encode(), "utf-8", ["a‹RLO›b"]),
        (b"a\tb", "utf-8", ["a\tb"]),
    ],
)
def test_every_line_is_shown_in_its_encoding(data: bytes, encoding: str, shown: list[str]) -> None:
    assert texts(data, encoding) == shown


def test_lines_far_apart_are_found_by_number() -> None:
    data = b"".join(b"line %d\n" % number for number in range(100_000))
    lines = whole(data)
    assert lines.count == 100_001
    assert [lines.line(number) for number in (0, 9_999, 50_000, 99_999)] == [
        "line 0",
        "line 9999",
        "line 50000",
        "line 99999",
    ]


def test_a_line_of_five_megabytes_is_cut_and_says_so() -> None:
    line = whole(b"x" * 5_000_000 + b"\nend").line(0)
    assert len(line) < LONGEST_LINE + 40
    assert line.endswith("… (5,000,000 B)")


def test_two_million_line_ends_take_less_than_a_second() -> None:
    begun = perf_counter()
    lines = whole(b"\n" * 2_000_000)
    assert [lines.line(number) for number in (0, 1_000_000, 2_000_000)] == ["", "", ""]
    assert perf_counter() - begun < 1


def test_indexing_stops_when_its_time_is_over() -> None:
    lines = Lines(b"x\n" * 10_000_000)
    assert lines.index_for(0.0) is False
    assert 0 < lines.count < 10_000_000


@pytest.mark.parametrize("backward", [False, True])
def test_a_match_over_the_border_of_two_blocks_is_found_once(backward: bool) -> None:
    data = b"." * 65_533 + b"needle" + b"." * 100
    start = len(data) if backward else 0
    found = [at for at in whole(data).matches(Needle([b"NEEDLE"]), start, backward=backward) if at is not None]
    assert found == [65_533]


def test_the_place_of_an_offset_counts_characters() -> None:
    lines = whole("eins\nzwölf äpfel".encode())
    assert lines.place(lines.data.index(b"pfel") if isinstance(lines.data, bytes) else 0) == (1, 7)


def test_a_line_beyond_the_end_is_an_error() -> None:
    with pytest.raises(IndexError):
        whole(b"one").line(1)
