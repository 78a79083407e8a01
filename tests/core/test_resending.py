"""What goes on the wire again is what came, but for what was asked to be different."""

from dataclasses import replace

import pytest
from hypothesis import given

from inspector.core.attempt import Sent
from inspector.core.http1 import End, Head, Limits, Reader
from inspector.core.request import Headers, Request
from inspector.core.resending import AS_RECEIVED, Difference, Edits, NotSendable, differences, edited, on_the_wire
from inspector.core.target import target_from
from tests.core.random_requests import Sent as RandomRequest
from tests.core.random_requests import sent_requests

TARGET = target_from("http://target.example")
RAW = b"POST /a?b HTTP/1.1\r\nHost: here\r\nX-One:1\r\nx-two:   2  \r\nX-ONE: 3\r\nContent-Length: 2\r\n\r\n{}"


def received(raw: bytes) -> Request:
    reader = Reader(Limits())
    reader.feed(raw)
    head = reader.next_event()
    assert isinstance(head, Head), head
    body = b""
    while not isinstance(event := reader.next_event(), End):
        assert isinstance(event, bytes)
        body += event
    return Request(head.method, head.target, head.version, head.headers, body, event.trailers, head.raw)


def wire(sent: Sent) -> bytes:
    return b"".join((sent.head, sent.before_body, sent.body, sent.after_body))


def resent(raw: bytes, edits: Edits = AS_RECEIVED, url: str = "http://target.example") -> bytes:
    request = received(raw)
    return wire(on_the_wire(edited(request, target_from(url), edits), request))


def test_as_received_is_byte_for_byte() -> None:
    assert resent(RAW) == RAW


@given(sent_requests())
def test_every_request_goes_out_as_it_came_but_for_the_chunks(sent: RandomRequest) -> None:
    request = received(sent.wire)
    again = resent(sent.wire)
    assert again.startswith(request.head)
    second = received(again)
    assert (second.body, second.trailers, second.headers) == (request.body, request.trailers, request.headers)
    if not any(value.lower() == b"chunked" for value in request.headers.all("transfer-encoding")):
        assert again == sent.wire


def test_a_chunked_body_goes_out_as_one_chunk_with_its_trailers() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw = head + b"1;a\r\nx\r\n2\r\nyz\r\n0\r\nX-Sum: 1\r\n\r\n"
    assert resent(raw) == head + b"3\r\nxyz\r\n0\r\nX-Sum: 1\r\n\r\n"
    assert resent(head + b"0\r\n\r\n") == head + b"0\r\n\r\n"
    request = received(raw)
    assert differences(request, on_the_wire(request)) == (Difference("chunks-joined"),)


def test_what_is_not_edited_keeps_its_white_space() -> None:
    edits = Edits(set_headers=((b"X-One", b"new"),))
    assert resent(RAW, edits) == RAW.replace(b"X-One:1", b"X-One: new").replace(b"X-ONE: 3\r\n", b"")


def test_a_whole_table_of_headers_is_sent_in_its_order() -> None:
    table = Headers([(b"Host", b"here"), (b"x-two", b"2"), (b"X-New", b""), (b"X-One", b"1")])
    assert resent(RAW, Edits(headers=table, body=b"")) == (
        b"POST /a?b HTTP/1.1\r\nHost: here\r\nx-two:   2  \r\nX-New: \r\nX-One:1\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "edits", "line"),
    [
        ("http://t/", AS_RECEIVED, b"POST /a?b HTTP/1.1"),
        ("http://t/x", AS_RECEIVED, b"POST /x HTTP/1.1"),
        ("http://t/?y", AS_RECEIVED, b"POST /?y HTTP/1.1"),
        ("http://t/x", Edits(target="/own", method="PATCH"), b"PATCH /own HTTP/1.1"),
    ],
)
def test_a_path_in_the_url_counts_and_an_edited_one_counts_more(url: str, edits: Edits, line: bytes) -> None:
    assert resent(RAW, edits, url).partition(b"\r\n")[0] == line


def test_the_host_is_that_of_the_target_only_where_asked() -> None:
    assert b"\r\nHost: t:81\r\n" in resent(RAW, Edits(host_of_target=True), "http://t:81")
    assert b"\r\nHost: here\r\n" in resent(RAW, AS_RECEIVED, "http://t:81")


@pytest.mark.parametrize(
    ("raw", "body", "expected"),
    [
        (RAW, b"longer", b"Content-Length: 6"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"abc", b"Content-Length: 3"),
        (RAW, b"", b"Content-Length: 0"),
    ],
)
def test_the_length_is_that_of_the_edited_body(raw: bytes, body: bytes, expected: bytes) -> None:
    again = resent(raw, Edits(body=body))
    assert expected in again
    assert again.lower().count(b"content-length") == 1
    assert received(again).body == body


def test_a_wrong_length_is_left_where_it_is_meant() -> None:
    request = received(RAW)
    changed = edited(request, TARGET, Edits(body=b"longer"))
    assert b"Content-Length: 2\r\n" in on_the_wire(changed, request, own_length=True).head


@pytest.mark.parametrize(
    "edits",
    [
        Edits(method="GET /"),
        Edits(method="POST\r\nX: y"),
        Edits(target="/a b"),
        Edits(target="/a\r\nX: y"),
        Edits(target="/\0"),
        Edits(target="/\u20ac"),
        Edits(set_headers=((b"X\r\nY", b"z"),)),
        Edits(set_headers=((b"X Y", b"z"),)),
        Edits(set_headers=((b"", b"z"),)),
        Edits(set_headers=((b"X", b"a\r\nB: c"),)),
        Edits(set_headers=((b"X", b"a\nB: c"),)),
        Edits(set_headers=((b"X", b"\0"),)),
    ],
)
def test_what_would_be_more_than_one_request_is_refused(edits: Edits) -> None:
    with pytest.raises(NotSendable):
        resent(RAW, edits)


def test_a_refused_request_that_was_no_request_cannot_be_sent() -> None:
    with pytest.raises(NotSendable, match="first bytes"):
        edited(replace(received(RAW), method="", version=""), TARGET)


def test_differences_say_what_was_changed() -> None:
    request = received(RAW)
    edits = Edits("PUT", "/z", set_headers=((b"x-two", b"4"), (b"X-New", b"5")), remove_headers=(b"x-one",), body=b"")
    found = differences(request, on_the_wire(edited(request, TARGET, edits), request))
    assert {(each.kind, each.name, each.before, each.after) for each in found} == {
        ("method", "", "POST", "PUT"),
        ("target", "", "/a?b", "/z"),
        ("header-changed", "x-two", "2", "4"),
        ("header-added", "X-New", "", "5"),
        ("header-removed", "X-One", "1", ""),
        ("header-removed", "X-One", "3", ""),
        ("header-changed", "Content-Length", "2", "0"),
        ("body", "", "2", "0"),
    }
    assert differences(request, on_the_wire(request)) == ()
