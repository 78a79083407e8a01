"""A request as text is read as it was on the wire, or as a person wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.formats.raw_http import RequestMalformed, raw_bytes, raw_request, read_raw
from inspector.core.request import Headers, Request


def test_what_is_valid_on_the_wire_is_read_as_the_listener_reads_it() -> None:
    raw = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"
    request = raw_request(raw)
    assert (request.body, request.trailers) == (b"abc", Headers([(b"X-T", b"1")]))


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_what_a_person_wrote_needs_neither_length_nor_version(ending: bytes) -> None:
    request = raw_request(ending.join([b"POST /a?b=1", b"X-A:  1 ", b"x-a: 2", b"", b"line 1\nline 2"]))
    assert (request.method, request.target, request.version) == ("POST", "/a?b=1", "1.1")
    assert request.headers == Headers([(b"X-A", b"1"), (b"x-a", b"2")])
    assert request.body == b"line 1\nline 2"


def test_a_line_end_that_an_editor_added_is_no_part_of_a_body_with_a_length() -> None:
    head = b"POST / HTTP/1.1\nContent-Length: 2\n\n"
    assert raw_request(head + b"{}\n").body == b"{}"
    assert raw_request(head + b"{}more").body == b"{}more"  # it is not what the length was made for
    assert raw_request(head + b"{").body == b"{"


@pytest.mark.parametrize(
    ("text", "says"),
    [(b"", "line 1"), (b"hello", "line 1"), (b"GET /\nX: 1\nno colon", "line 3"), (b"GET /\nbad name: 1", "line 2")],
)
def test_a_line_that_cannot_be_read_is_named(text: bytes, says: str) -> None:
    with pytest.raises(RequestMalformed, match=says):
        raw_request(text)


@given(
    st.lists(st.tuples(st.sampled_from([b"X-A", b"x-b"]), st.binary(max_size=10).map(lambda b: b.hex().encode()))),
    st.binary(),
)
def test_what_is_written_is_read_back(lines: list[tuple[bytes, bytes]], body: bytes) -> None:
    request = Request("PUT", "/x?y", "1.1", Headers([(b"Host", b"h"), *lines]), body)
    again = raw_request(raw_bytes(request))
    assert (again.body, again.headers[: len(request.headers)]) == (body, request.headers[:])


def said_of(text: bytes) -> str:
    return " ".join(str(each) for each in read_raw(text).assumed)


def test_line_breaks_that_were_changed_on_the_way_are_put_back_where_the_length_tells() -> None:
    body = b'{\r\n  "a": 1\r\n}\r\n'
    head = b"POST / HTTP/1.1\nContent-Length: %d\n\n" % len(body)
    pasted = head + body.replace(b"\r\n", b"\n")
    assert raw_request(pasted).body == body
    assert "line breaks were changed" in said_of(pasted)
    assert raw_request(pasted.rstrip(b"\n")).body != body  # the last one is gone as well: not guessed
    assert "Content-Length says" in said_of(pasted.rstrip(b"\n"))


def test_a_last_line_break_that_was_lost_is_put_back() -> None:
    pasted = b'POST / HTTP/1.1\nContent-Length: 8\n\n{"a":1}'
    assert raw_request(pasted).body == b'{"a":1}\n'
    assert "put back" in said_of(pasted)


def test_a_missing_length_is_said() -> None:
    assert raw_request(b'POST / HTTP/1.1\nHost: h\n\n{"a":1}\n').body == b'{"a":1}'
    assert "Content-Length is missing" in said_of(b'POST / HTTP/1.1\nHost: h\n\n{"a":1}\n')


def test_headers_without_a_request_line_are_a_post() -> None:
    understood = read_raw(b"Host: shop.test\nX-Signature: abc\n\n{}")
    assert (understood.request.method, understood.request.target) == ("POST", "/")
    assert "no request line" in str(understood.assumed[0])


def test_a_request_line_with_the_whole_address_tells_the_url() -> None:
    understood = read_raw(b"post https://shop.test/a?b=1\nX-A: 1\n\nx")
    assert (understood.request.method, understood.request.target) == ("POST", "/a?b=1")
    assert understood.request.headers.first("host") == b"shop.test"
    assert understood.url == "https://shop.test/a?b=1"


def test_the_lines_of_http_2_are_a_request_line() -> None:
    text = b":authority: shop.test\n:method: POST\n:path: /a\n:scheme: https\nx-a: 1\n\n{}"
    understood = read_raw(text)
    assert (understood.request.method, understood.url) == ("POST", "https://shop.test/a")


def test_what_surrounds_a_request_is_left_out() -> None:
    request = b"POST /a HTTP/1.1\nHost: h\n\n{}"
    assert raw_request(b"```http\n" + request + b"\n```\n") == raw_request(request)
    quoted = b"\n".join(b"> " + line for line in request.split(b"\n"))
    assert raw_request(quoted) == raw_request(request)
    verbose = b"* Trying 127.0.0.1\n> POST /a HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 200 OK\n"
    assert raw_request(verbose).headers == Headers([(b"Host", b"h")])
    assert "curl -v" in said_of(verbose)


def test_a_header_that_goes_on_in_the_next_line_is_one() -> None:
    assert raw_request(b"POST / HTTP/1.1\nX-A: one\n  two\nX-B: 3\n\n").headers.first("x-a") == b"one two"
