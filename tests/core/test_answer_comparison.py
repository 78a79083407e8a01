"""Two answers beside each other: what is the same, what differs, and what only one of them has."""

import gzip

import pytest

from inspector.core.answer_comparison import LONGEST, MOST_LINES, ComparedRow, compared
from inspector.core.attempt import Attempt, Sent, TargetAnswer, Times
from inspector.core.request import Headers


def an_attempt(body: bytes = b"", *headers: tuple[bytes, bytes], status: int = 200, error: str = "") -> Attempt:
    answer = None if error == "refused" else TargetAnswer(status, "Fine", "1.1", Headers(headers), b"", body)
    times = Times(sent_ns=2_000_000, first_byte_ns=5_000_000, ended_ns=6_000_000)
    return Attempt(1, "http://one.example", Sent(b""), 0, times, answer, error, "127.0.0.1:9")


def rows(left: Attempt, right: Attempt) -> list[ComparedRow]:
    return [row for batch in compared(left, right) for row in batch]


def of(part: str, left: Attempt, right: Attempt) -> list[tuple[str, str | None, str | None, str]]:
    return [(row.name, row.left, row.right, row.kind) for row in rows(left, right) if row.part == part]


def lines(left: bytes, right: bytes) -> list[tuple[str | None, str | None, str]]:
    found = of("body", an_attempt(left), an_attempt(right))
    return [(one, other, kind) for name, one, other, kind in found if name.isdigit()]


def test_an_answer_is_the_same_as_itself() -> None:
    attempt = an_attempt(b'{"a": 1}', (b"X-A", b"1"))
    assert {row.kind for row in rows(attempt, attempt)} == {"same", "fact"}
    assert {row.part for row in rows(attempt, attempt) if row.kind == "fact"} == {"times"}


def test_status_and_what_went_wrong() -> None:
    found = of("answer", an_attempt(status=200), an_attempt(error="refused"))
    assert ("status", "200 Fine", None, "left") in found
    assert ("error", None, "Nothing listens at 127.0.0.1:9.", "right") in found


def test_headers_stand_beside_those_of_their_name_whatever_its_case() -> None:
    left = an_attempt(b"", (b"Date", b"1"), (b"X-Two", b"a"), (b"X-Two", b"b"), (b"Gone", b"x"))
    right = an_attempt(b"", (b"New", b"y"), (b"x-two", b"a"), (b"date", b"2"), (b"X-TWO", b"c"))
    assert of("headers", left, right) == [
        ("Date", "1", "2", "differs"),
        ("X-Two", "a", "a", "same"),
        ("X-Two", "b", "c", "differs"),
        ("Gone", "x", None, "left"),
        ("New", None, "y", "right"),
    ]


def test_each_step_has_its_own_time() -> None:
    found = of("times", an_attempt(), an_attempt())
    assert found == [
        ("sending", "2000000", "2000000", "fact"),
        ("first-byte", "3000000", "3000000", "fact"),
        ("end", "1000000", "1000000", "fact"),
        ("total", "6000000", "6000000", "fact"),
    ]


def test_json_is_laid_out_so_that_only_what_it_says_differs() -> None:
    assert lines(b'{"a":1,"b":[1,2]}', b'{"a": 1, "b": [1, 3]}') == [
        ("{", "{", "same"),
        ('  "a": 1,', '  "a": 1,', "same"),
        ('  "b": [', '  "b": [', "same"),
        ("    1,", "    1,", "same"),
        ("    2", "    3", "differs"),
        ("  ]", "  ]", "same"),
        ("}", "}", "same"),
    ]


def test_the_same_json_written_otherwise_is_said() -> None:
    found = of("body", an_attempt(b'{"a":1}'), an_attempt(b'{"a": 1}'))
    assert ("spelling", "", "", "differs") in found


def test_lines_that_one_has_more_push_the_others_down() -> None:
    assert lines(b"one\ntwo\nthree", b"one\nnew\ntwo\nthree") == [
        ("one", "one", "same"),
        (None, "new", "right"),
        ("two", "two", "same"),
        ("three", "three", "same"),
    ]


def test_bytes_are_compared_as_bytes() -> None:
    found = lines(b"\x00\x01" * 10, b"\x00\x01" * 9 + b"\x00\x02")
    assert [kind for _, _, kind in found] == ["same", "differs"]
    assert found[1][0] is not None
    assert found[1][0].startswith("00 01 00 01  ")


@pytest.mark.parametrize("other", [b"", b'{"a": 1}', b"\xff\xfe\x00"])
def test_whatever_stands_beside_it_a_body_is_shown(other: bytes) -> None:
    assert any("same" not in kind for _, _, kind in lines(b"a text", other))


def test_a_content_coding_is_undone() -> None:
    packed = an_attempt(gzip.compress(b"hello"), (b"Content-Encoding", b"gzip"))
    found = [row for row in of("body", packed, an_attempt(b"hello")) if row[0] == "1"]
    assert found == [("1", "hello", "hello", "same")]


def test_of_a_long_line_the_place_is_shown_where_it_differs() -> None:
    left, right = b"x" * 50_000 + b"1" + b"y" * 9, b"x" * 50_000 + b"2" + b"y" * 9
    ((one, other, kind),) = lines(left, right)
    assert kind == "differs"
    assert one is not None
    assert other is not None
    assert (one.lstrip("…x")[:1], other.lstrip("…x")[:1]) == ("1", "2")
    assert len(one) <= LONGEST + 1


def test_of_a_large_body_the_beginning_is_compared() -> None:
    left = b"".join(b"line %d\n" % (n % 50) for n in range(60_000))
    right = b"".join(b"line %d\n" % (n % 49) for n in range(60_000))
    found = of("body", an_attempt(left), an_attempt(right))
    assert found[-1][0] == "more"
    assert MOST_LINES <= len(found) <= 2 * MOST_LINES + 5
