"""The HTTP/1.1 reader: what it takes, what it refuses, and that no byte is lost or changed."""

from collections.abc import Sequence

import pytest

from inspector.core.http1 import (
    FIRST_BYTES,
    STATUSES,
    End,
    Event,
    Head,
    Limits,
    Malformed,
    Reader,
    Refused,
    parse_head,
    parse_trailers,
)
from inspector.core.request import Headers

SMALL = Limits(max_body_bytes=100, max_line_bytes=200, max_header_lines=5)


def events(*segments: bytes, limits: Limits = SMALL) -> list[Event]:
    """Everything the reader tells when it is fed `segments`; pieces of a body that follow each other joined."""
    reader, told = Reader(limits), list[Event]()
    for segment in segments:
        reader.feed(segment)
        while (event := reader.next_event()) is not None:
            if isinstance(event, bytes) and told and isinstance(told[-1], bytes):
                told[-1] += event
            else:
                told.append(event)
    return told


def byte_by_byte(raw: bytes) -> Sequence[bytes]:
    return [raw[at : at + 1] for at in range(len(raw))]


def a_head(*lines: bytes, request_line: bytes = b"POST /hook HTTP/1.1", host: bytes = b"Host: x\r\n") -> bytes:
    return request_line + b"\r\n" + host + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def the_head(raw: bytes) -> Head:
    head = events(raw)[0]
    assert isinstance(head, Head)
    return head


def test_header_lines_keep_order_case_and_duplicates() -> None:
    raw = a_head(b"x-Sig: 1", b"X-SIG: 2", b"accept:*/*", b"x-Sig: 1")
    assert list(the_head(raw).headers) == [
        (b"Host", b"x"),
        (b"x-Sig", b"1"),
        (b"X-SIG", b"2"),
        (b"accept", b"*/*"),
        (b"x-Sig", b"1"),
    ]


@pytest.mark.parametrize("raw", [b"A:b", b"A: b", b"A:\t b \t ", b"A:     b"])
def test_white_space_around_a_value_is_no_part_of_it(raw: bytes) -> None:
    assert the_head(a_head(raw)).headers.first("a") == b"b"


@pytest.mark.parametrize("value", [b"", b"a b\tc", b"caf\xe9", bytes(range(0x80, 0x100)), b":", b'"a", b'])
def test_every_byte_of_a_value_is_kept(value: bytes) -> None:
    assert the_head(a_head(b"A: " + value)).headers.first("a") == value


def test_the_raw_head_goes_up_to_its_empty_line() -> None:
    raw = a_head(b"A:  b ", b"Content-Length: 3")
    assert the_head(raw + b"abc").raw == raw


@pytest.mark.parametrize("method", ["GET", "get", "PURGE", "M-SEARCH", "!#$%&'*+-.^_`|~09"])
def test_a_method_is_any_token(method: str) -> None:
    assert the_head(a_head(request_line=method.encode() + b" / HTTP/1.1")).method == method


@pytest.mark.parametrize(
    "target",
    ["/", "//", "/a?b=c&d", "/%00%zz", "/caf\xe9", "/<>[]{}|\\^`\"'", "http://x/a", "HTTPS://x:1?q", "/" + "a" * 180],
)
def test_a_target_is_kept_as_it_came(target: str) -> None:
    assert the_head(a_head(request_line=f"GET {target} HTTP/1.1".encode("latin-1"))).target == target


@pytest.mark.parametrize(
    "request_line", [b"OPTIONS * HTTP/1.1", b"CONNECT x:443 HTTP/1.1", b"CONNECT [::1]:1 HTTP/1.1"]
)
def test_targets_of_the_two_special_methods(request_line: bytes) -> None:
    assert the_head(a_head(request_line=request_line)).target == request_line.split()[1].decode()


@pytest.mark.parametrize("host", [b"", b"x", b"x:80", b"127.0.0.1:8080", b"[::1]:8080", b"a_b.example", b"x:"])
def test_a_valid_host_is_taken(host: bytes) -> None:
    assert the_head(a_head(host=b"hOST: " + host + b"\r\n")).headers.first("host") == host


def test_an_old_client_needs_no_host() -> None:
    assert the_head(a_head(request_line=b"GET / HTTP/1.0", host=b"")).version == "1.0"


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: close", False),
        (b"1.1", b"Connection: x, CLOSE", False),
        (b"1.1", b"Connection: Upgrade", True),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: Keep-Alive", True),
        (b"1.0", b"Connection: keep-alive, close", False),
    ],
)
def test_whether_the_connection_goes_on(version: bytes, connection: bytes, keeps: bool) -> None:
    lines = [connection] if connection else []
    assert the_head(a_head(*lines, request_line=b"GET / HTTP/" + version)).keep_alive is keeps


def test_after_connect_the_connection_ends() -> None:
    assert not the_head(a_head(request_line=b"CONNECT x:1 HTTP/1.1")).keep_alive


@pytest.mark.parametrize(
    ("version", "value", "expects"),
    [(b"1.1", b"100-Continue", True), (b"1.1", b"tea", False), (b"1.0", b"100-continue", False)],
)
def test_who_waits_for_continue(version: bytes, value: bytes, expects: bool) -> None:
    head = a_head(b"Expect: " + value, b"Content-Length: 1", request_line=b"PUT / HTTP/" + version)
    assert the_head(head).expects_continue is expects


def test_a_body_of_known_length_ends_with_its_last_byte() -> None:
    body = bytes(range(100))
    told = events(a_head(b"Content-Length: 0100") + body)
    assert told[1:] == [body, End(Headers())]


def test_a_request_without_a_length_has_no_body() -> None:
    assert events(a_head())[1:] == [End(Headers())]


def test_a_chunked_body_loses_its_coding_and_keeps_its_trailers() -> None:
    raw = a_head(b"Transfer-Encoding: Chunked")
    raw += b"3;a=b\r\nabc\r\n" + b'0A ; x="y"\r\n0123456789\r\n' + b"000\r\nDigest: 1\r\ndigest:  2 \r\n\r\n"
    trailers = Headers([(b"Digest", b"1"), (b"digest", b"2")])
    assert events(raw)[1:] == [b"abc0123456789", End(trailers)]
    assert events(*byte_by_byte(raw))[1:] == [b"abc0123456789", End(trailers)]


def test_the_coding_of_the_content_is_not_touched() -> None:
    told = events(a_head(b"Content-Encoding: gzip", b"Content-Length: 4") + b"\x1f\x8b\x08\x00")
    assert told[1] == b"\x1f\x8b\x08\x00"


def test_what_follows_a_request_is_the_next_one() -> None:
    one = a_head(b"Content-Length: 1") + b"a"
    two = a_head(b"Transfer-Encoding: chunked") + b"1\r\nb\r\n0\r\n\r\n"
    expected = [*events(one), *events(two), *events(one)]
    assert len(expected) == 9
    assert events(one + two + one) == expected
    assert events(*byte_by_byte(one + two + one)) == expected


def test_empty_lines_before_a_request_are_ignored() -> None:
    assert the_head(b"\r\n\r\n" + a_head()).raw == a_head()
    assert events(*byte_by_byte(b"\r\n\r\n" + a_head())) == events(a_head())


def test_empty_lines_without_end_are_refused() -> None:
    assert isinstance(events(b"\r\n" * 10)[0], Refused)
    assert isinstance(events(*byte_by_byte(b"\r\n" * 10))[0], Refused)


def test_a_good_request_before_garbage_is_kept() -> None:
    *good, refused = events(a_head() + b"\x00\x01garbage\r\n\r\n")
    assert good == events(a_head())
    assert refused == Refused(400, "request-line", b"\x00\x01garbage\r\n\r\n")


def test_nothing_is_read_after_a_refusal() -> None:
    assert len(events(b"GET /\r\n", a_head(), a_head())) == 1


MALFORMED = [
    # request line
    (b"GET /\r\n\r\n", "request-line"),
    (b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", "request-line"),
    (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b" GET / HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"G@T / HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / http/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/1.10\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/ 1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTPS/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/1.1\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/1.1\rHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/1.1\r\r\nHost: x\r\n\r\n", "request-line"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "request-line"),
    (b"\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"\xef\xbb\xbfGET / HTTP/1.1\r\nHost: x\r\n\r\n", "request-line"),
    (b"GET / HTTP/0.9\r\nHost: x\r\n\r\n", "version"),
    (b"GET / HTTP/1.2\r\nHost: x\r\n\r\n", "version"),
    (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "version"),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "version"),
    # target
    (b"GET a HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"GET x:443 HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"GET ?a HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"CONNECT x HTTP/1.1\r\nHost: x\r\n\r\n", "target"),
    (b"GET /" + b"a" * 200 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "target-too-long"),
    # header lines
    (a_head(b"A : b"), "header-line"),
    (a_head(b"A\t: b"), "header-line"),
    (a_head(b" A: b"), "header-line"),
    (a_head(b"A: b", b" folded"), "header-line"),
    (a_head(b"A: b", b"\tfolded"), "header-line"),
    (a_head(b" first line folded", host=b""), "header-line"),
    (a_head(b"no colon"), "header-line"),
    (a_head(b": no name"), "header-line"),
    (a_head(b"A B: c"), "header-line"),
    (a_head(b"A(: c"), "header-line"),
    (a_head(b"\xc3\xa9: c"), "header-line"),
    (a_head(b"A: b\nB: c"), "header-line"),
    (a_head(b"A: b\rB: c"), "header-line"),
    (a_head(b"A: b\r"), "header-line"),
    (a_head(b"A: \x00"), "header-line"),
    (a_head(b"A: \x0b"), "header-line"),
    (a_head(b"A: \x7f"), "header-line"),
    (a_head(b"A\x00: b"), "header-line"),
    (a_head(b"A: b\n"), "header-line"),
    (a_head(b"A: " + b"b" * 198), "header-too-long"),
    (a_head(*[b"A: b"] * 5), "too-many-headers"),
    # host
    (a_head(host=b""), "host-missing"),
    (a_head(b"host: x"), "host-doubled"),
    (a_head(b"host: y", request_line=b"GET / HTTP/1.0"), "host-doubled"),
    (a_head(host=b"Host: a b\r\n"), "host"),
    (a_head(host=b'Host: "a"\r\n'), "host"),
    (a_head(host=b"Host: a/b\r\n"), "host"),
    (a_head(host=b"Host: u@a\r\n"), "host"),
    (a_head(host=b"Host: a:b\r\n"), "host"),
    (a_head(host=b"Host: ::1\r\n"), "host"),
    (a_head(host=b"Host: a, b\r\n"), "host"),
    (a_head(host=b"Host: caf\xe9\r\n"), "host"),
    (a_head(host=b"Host: <x>\r\n"), "host"),
    # framing
    (a_head(b"Content-Length:"), "length"),
    (a_head(b"Content-Length: +1"), "length"),
    (a_head(b"Content-Length: -1"), "length"),
    (a_head(b"Content-Length: 0x1"), "length"),
    (a_head(b"Content-Length: 1_0"), "length"),
    (a_head(b"Content-Length: 1 0"), "length"),
    (a_head(b"Content-Length: 1, 1"), "length"),
    (a_head(b"Content-Length: \xb2"), "length"),
    (a_head(b"Content-Length: 1", b"Content-Length: 1"), "length-doubled"),
    (a_head(b"Content-Length: 1", b"content-length: 2"), "length-doubled"),
    (a_head(b"Content-Length: 101"), "body-too-large"),
    (a_head(b"Content-Length: " + b"9" * 100), "body-too-large"),
    (a_head(b"Content-Length: 1", b"Transfer-Encoding: chunked"), "length-and-transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked", b"Content-Length: 0"), "length-and-transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked", request_line=b"POST / HTTP/1.0"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked, chunked"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked, gzip"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: xchunked"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: chunked;q=1"), "transfer-coding"),
    (a_head(b'Transfer-Encoding: "chunked"'), "transfer-coding"),
    (a_head(b"Transfer-Encoding: identity"), "transfer-coding"),
    (a_head(b"Transfer-Encoding:"), "transfer-coding"),
    (a_head(b"Transfer-Encoding: gzip, chunked"), "transfer-coding-unknown"),
]


@pytest.mark.parametrize(("raw", "reason"), MALFORMED)
def test_what_is_not_valid_is_refused(raw: bytes, reason: str) -> None:
    refused = events(raw)[-1]
    assert isinstance(refused, Refused)
    assert (refused.status, refused.reason) == (STATUSES[reason], reason)


@pytest.mark.parametrize(("raw", "reason"), MALFORMED)
def test_what_is_not_valid_is_refused_when_it_comes_byte_by_byte(raw: bytes, reason: str) -> None:
    told = events(*byte_by_byte(raw))
    assert len(told) == 1
    assert isinstance(told[0], Refused)
    assert STATUSES[told[0].reason] // 100 == STATUSES[reason] // 100


CHUNKED_WRONG = [
    (b"x\r\n", "chunk"),
    (b"\r\n", "chunk"),
    (b"-1\r\n", "chunk"),
    (b"+1\r\n", "chunk"),
    (b"0x1\r\n", "chunk"),
    (b"1 \r\na\r\n", "chunk"),
    (b" 1\r\na\r\n", "chunk"),
    (b"1\na\r\n", "chunk"),
    (b"1\ra\r\n", "chunk"),
    (b"1;a\nb\r\n", "chunk"),
    (b"1;a\rb\r\n", "chunk"),
    (b"1;\x00\r\n", "chunk"),
    (b"1\r\nab\r\n", "chunk"),
    (b"1\r\na\n", "chunk"),
    (b"1\r\na\r\r\n", "chunk"),
    (b"1\r\naX", "chunk"),
    (b"0" * 17 + b"\r\n", "chunk"),
    (b"1;" + b"a" * 5000 + b"\r\n", "chunk"),
    (b"65\r\n", "body-too-large"),
    (b"ffffffffffffffff\r\n", "body-too-large"),
    (b"32\r\n" + b"a" * 50 + b"\r\n33\r\n", "body-too-large"),
    (b"0\r\nA : b\r\n\r\n", "trailer-line"),
    (b"0\r\n folded\r\n\r\n", "trailer-line"),
    (b"0\r\nA: b\nB: c\r\n\r\n", "trailer-line"),
    (b"0\r\n\n", "trailer-line"),
    (b"0\r\nA: " + b"b" * 198 + b"\r\n\r\n", "header-too-long"),
    (b"0\r\n" + b"A: b\r\n" * 6 + b"\r\n", "too-many-headers"),
]


@pytest.mark.parametrize(("body", "reason"), CHUNKED_WRONG)
def test_a_wrong_chunked_body_is_refused(body: bytes, reason: str) -> None:
    raw = a_head(b"Transfer-Encoding: chunked") + body
    for told in (events(raw), events(*byte_by_byte(raw))):
        refused = told[-1]
        assert isinstance(refused, Refused)
        assert (refused.status, refused.reason) == (STATUSES[reason], reason)


def test_chunk_extensions_are_bounded_together() -> None:
    chunk = b"1;" + b"a" * 4000 + b"\r\nb\r\n"
    told = events(a_head(b"Transfer-Encoding: chunked"), *[chunk] * 300, limits=Limits())
    assert told[-1] == Refused(413, "chunk-extensions", told[-1].raw if isinstance(told[-1], Refused) else b"")


def test_a_length_of_thousands_of_digits_is_only_too_large() -> None:
    refused = events(a_head(b"Content-Length: " + b"9" * 10_000), limits=Limits())[0]
    assert isinstance(refused, Refused)
    assert refused.status == 413


def test_limits_include_their_last_byte_and_line() -> None:
    line = b"A: " + b"b" * 197
    told = events(a_head(*[line] * 4, b"Content-Length: 100", host=b"", request_line=b"GET / HTTP/1.0") + b"x" * 100)
    assert told[1:] == [b"x" * 100, End(Headers())]


def test_a_refusal_carries_the_first_bytes() -> None:
    refused = events(b"GET / HTTP/1.1\r\nHost: x\r\nA : " + b"b" * 10_000 + b"\r\n\r\n", limits=Limits())[0]
    assert isinstance(refused, Refused)
    assert refused.raw.startswith(b"GET / HTTP/1.1\r\nHost: x\r\nA : bbb")
    assert len(refused.raw) == FIRST_BYTES


@pytest.mark.parametrize(
    ("fed", "reason"),
    [
        (b"GET", "head-too-slow"),
        (b"GET / HTTP/1.1\r\nA", "head-too-slow"),
        (a_head(b"Content-Length: 2") + b"x", "body-too-slow"),
    ],
)
def test_a_slow_request_says_where_it_stopped(fed: bytes, reason: str) -> None:
    reader = Reader(SMALL)
    reader.feed(fed)
    while reader.next_event() is not None:
        pass
    assert reader.within_request
    refused = reader.too_slow()
    assert refused.reason == reason
    assert refused.raw.startswith(fed[:3])


@pytest.mark.parametrize(
    "raw", [a_head(), a_head(b"A:  b\t"), a_head(b"a:", b"A: \xe9", request_line=b"x /\xff HTTP/1.0")]
)
def test_a_stored_head_reads_as_it_did_when_it_came(raw: bytes) -> None:
    head = the_head(raw)
    assert parse_head(head.raw) == (head.method, head.target, head.version, head.headers)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", a_head()[:-1], a_head() + b"x", a_head() + a_head(), a_head(b"A : b")]
)
def test_what_is_no_head_is_not_read_as_one(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_head(raw)


def test_stored_trailers_read_as_they_did_when_they_came() -> None:
    assert list(parse_trailers(b"A: b \r\na:c\r\n")) == [(b"A", b"b"), (b"a", b"c")]
    assert parse_trailers(b"") == Headers()
    with pytest.raises(Malformed):
        parse_trailers(b"A: b\r\n\r\n")
    with pytest.raises(Malformed):
        parse_trailers(b"A: b")
