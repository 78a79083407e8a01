"""Answers of all kinds of servers, and of what is no server at all."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.answer_reader import AnswerMalformed, AnswerReader
from inspector.core.attempt import TargetAnswer
from tests.core.random_requests import cuts, in_pieces

LIMIT = 1000


def read(*parts: bytes, method: str = "POST", ended: bool = False) -> tuple[AnswerReader, bool]:
    reader = AnswerReader(method, LIMIT)
    complete = False
    for part in parts:
        complete = reader.feed(part)
    return reader, reader.ended() if ended else complete


def answer_of(*parts: bytes, method: str = "POST", ended: bool = False) -> TargetAnswer:
    reader, complete = read(*parts, method=method, ended=ended)
    assert complete
    assert reader.answer is not None
    return reader.answer


def error_of(*parts: bytes, ended: bool = False) -> str:
    with pytest.raises(AnswerMalformed) as malformed:
        read(*parts, ended=ended)
    return malformed.value.error


def test_an_answer_is_kept_as_it_came() -> None:
    head = b"HTTP/1.1 201 Made it\r\nX-A:  1\r\nx-a: \xe4\r\nContent-Length: 3\r\n\r\n"
    answer = answer_of(head + b"abc")
    assert (answer.status, answer.reason, answer.version, answer.head, answer.body) == (
        201,
        "Made it",
        "1.1",
        head,
        b"abc",
    )
    assert list(answer.headers) == [(b"X-A", b"1"), (b"x-a", b"\xe4"), (b"Content-Length", b"3")]
    assert not answer.cut


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 200 OK\nContent-Length: 1\n\na", b"a"),
        (b"\r\nHTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", b""),
        (b"http/1.0 200 ok\r\ncontent-length: 1, 1\r\n\r\na", b"a"),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\n folded\r\nContent-Length: 1\r\n\r\na", b"a"),
        (
            b"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hi\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
            b"a",
        ),
        (b"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", b""),
        (b"HTTP/1.1 304 No\r\n\r\n", b""),
        (b"HTTP/1.1 101 Switching\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n", b"z"),
    ],
)
def test_odd_answers_are_understood(raw: bytes, body: bytes) -> None:
    assert answer_of(raw).body == body
    assert answer_of(*(bytes([byte]) for byte in raw)).body == body


def test_trailers_are_kept() -> None:
    answer = answer_of(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n")
    assert list(answer.trailers) == [(b"X-Sum", b"1")]


def test_an_answer_without_a_length_goes_on_until_the_connection_ends() -> None:
    assert answer_of(b"HTTP/1.0 200 OK\r\n\r\nabc", b"def", ended=True).body == b"abcdef"
    assert not read(b"HTTP/1.0 200 OK\r\n\r\nabc")[1]


def test_the_answer_to_head_has_no_body() -> None:
    assert answer_of(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method="HEAD").body == b""


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "not-http"),
        (b"<html>", "not-http"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "speaks-tls"),
        (b"HTTP/2 200\r\n\r\n", "not-http"),
        (b"PRI * HTTP/2.0\r\n\r\n", "not-http"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 099 OK\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 OK\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 20_000, "answer-malformed"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, "answer-malformed"),
        (b"HTTP/1.1 100 Go on\r\n\r\n" * 40, "answer-malformed"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(raw: bytes, error: str) -> None:
    assert error_of(raw) == error


def test_a_body_above_the_limit_is_cut_and_what_fits_is_kept() -> None:
    reader = AnswerReader("POST", LIMIT)
    with pytest.raises(AnswerMalformed) as malformed:
        reader.feed(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LIMIT + 1))
    assert malformed.value.error == "answer-too-large"
    assert reader.answer is not None
    assert (len(reader.answer.body), reader.answer.cut) == (LIMIT, True)


def test_an_answer_that_ends_too_early_is_not_complete_and_cut() -> None:
    reader, complete = read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", ended=True)
    assert not complete
    assert reader.answer is not None
    assert (reader.answer.body, reader.answer.cut) == (b"ab", True)


@pytest.mark.parametrize(
    ("raw", "again"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (b"HTTP/1.1 101 OK\r\n\r\n", False),
    ],
)
def test_a_connection_is_used_again_only_where_the_end_is_beyond_doubt(raw: bytes, again: bool) -> None:
    assert read(raw)[0].keeps_alive == again


@given(st.binary(max_size=200), st.booleans(), cuts)
def test_no_bytes_break_the_reader(raw: bytes, with_head: bool, at: list[int]) -> None:
    whole = (b"HTTP/1.1 200 OK\r\n" if with_head else b"") + raw
    reader = AnswerReader("GET", 50)
    with suppress(AnswerMalformed):
        for part in in_pieces(whole, at):
            if reader.feed(part):
                break
        reader.ended()
    answer = reader.answer
    assert answer is None or len(answer.body) <= 50


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=5), cuts)
def test_pieces_make_no_difference(chunks: list[bytes], at: list[int]) -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw += b"".join(b"%X\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert answer_of(*in_pieces(raw, at)).body == b"".join(chunks)
