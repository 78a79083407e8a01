"""A request as text is read as it was on the wire, or as a person wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.formats.raw_http import RequestMalformed, raw_bytes, raw_request
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
