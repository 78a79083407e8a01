"""Valid requests in whatever pieces are read as they were meant; whatever else is sent is only refused."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from inspector.core.http1 import End, Event, Head, Limits, Reader, Refused, parse_head
from inspector.core.request import Headers
from tests.core.random_requests import Sent, cuts, in_pieces, sent_requests


def read(segments: Sequence[bytes]) -> list[Event]:
    reader, told = Reader(Limits(max_body_bytes=1000, max_line_bytes=1000, max_header_lines=20)), list[Event]()
    for segment in segments:
        reader.feed(segment)
        while (event := reader.next_event()) is not None:
            if isinstance(event, bytes) and told and isinstance(told[-1], bytes):
                told[-1] += event
            else:
                told.append(event)
    return told


@given(st.lists(sent_requests(), min_size=1, max_size=3), cuts)
def test_requests_in_any_pieces_are_read_as_they_were_sent(sent: list[Sent], places: list[int]) -> None:
    told = read(in_pieces(b"".join(each.wire for each in sent), places))
    for each in sent:
        head = told.pop(0)
        assert isinstance(head, Head)
        assert (head.method, head.target, list(head.headers)) == (each.method, each.target, list(each.headers))
        assert each.wire.startswith(head.raw)
        assert parse_head(head.raw) == (head.method, head.target, head.version, head.headers)
        if each.body:
            assert told.pop(0) == each.body
        assert told.pop(0) == End(Headers(each.trailers))
    assert told == []


@given(st.binary(max_size=200), cuts)
def test_bytes_that_mean_nothing_are_at_most_refused(raw: bytes, places: list[int]) -> None:
    told = read(in_pieces(raw, places))
    assert all(isinstance(event, Refused) for event in told)
    assert len(told) <= 1


@given(sent_requests(), st.integers(0, 10_000), st.binary(max_size=3), cuts)
def test_a_damaged_request_is_read_or_refused_alike_in_any_pieces(
    sent: Sent, place: int, damage: bytes, places: list[int]
) -> None:
    at = place % len(sent.wire)
    damaged = sent.wire[:at] + damage + sent.wire[at + 1 :]
    whole, pieces = read([damaged]), read(in_pieces(damaged, places))
    assert [type(event) for event in whole if not isinstance(event, bytes)][:1] == [
        type(event) for event in pieces if not isinstance(event, bytes)
    ][:1] or isinstance(pieces[0], Refused)
    assert [event for event in whole if isinstance(event, Head)] == [
        event for event in pieces if isinstance(event, Head)
    ]
