"""What SQL finds is what `matches` says of each delivery."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from inspector.core.annotation import NO_ANNOTATION, Annotation
from inspector.core.delivery import Answer, Delivery, Recognised, Rung, Standing, Verdict
from inspector.core.filters import Search
from inspector.core.filters.nodes import (
    AgeIs,
    BodyHas,
    Either,
    EventIs,
    Every,
    HandlerIs,
    HeaderIs,
    MethodIs,
    Node,
    Not,
    NoteHas,
    PathIs,
    Pattern,
    ProviderIs,
    Range,
    SizeIs,
    StatusIs,
    TagIs,
    VerdictIs,
    Word,
    nanoseconds,
)
from inspector.core.request import Body
from inspector.store import Reader
from tests.store.samples import a_delivery, a_request
from tests.store.test_annotations import annotated
from tests.store.test_store import stored

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR_NS = 3_600_000_000_000

TARGETS = ("/a", "/A/b?q=ab", "/a*b[c]", "http://h/ab?x", "/z\xfc\xc3\xbc", "/")
BODIES: tuple[Body, ...] = (b"", b"ab AB", b"Z\xc3\xbc\x00" * 30)
LINES = (((b"Host", b"b"), (b"X-A", b"aB"), (b"x-a", b"\xfc")), ((b"X-Ab", b""),))
WINNERS = ("", "Ab", "zü*")
RECOGNISED = (None, Recognised("ab"), Recognised("b", "Ab.created", "evt_1", 2), Recognised("b", "zü"))


def deliveries() -> Iterator[Delivery]:
    """One of each combination that a search could tell apart, with some facts given in turn."""
    for number, (target, body, lines) in enumerate(product(TARGETS, BODIES, LINES)):
        winner = WINNERS[number % 3]
        ladder = (Rung(1, winner, "", Standing.WON if winner else Standing.FAILED, None if winner else "ab"),)
        request = a_request(method=("GET", "POST", "ab")[number % 3], target=target, lines=lines, body=body)
        yield a_delivery(
            request,
            recognised=RECOGNISED[number % 4],
            verdict=tuple(Verdict)[number % 4],
            ladder=ladder,
            answer=Answer((200, 403, 404)[number % 3]),
            received_ns=nanoseconds(NOW) - number * HOUR_NS,
        )


WRITTEN = {2: Annotation("Ab zü", ("a", "x-a")), 5: Annotation(tags=("B",)), 9: Annotation("b")}
ALL = [
    replace(delivery, id=number, annotation=WRITTEN.get(number, NO_ANNOTATION))
    for number, delivery in enumerate(deliveries(), 1)
]

pieces = st.sampled_from(["a", "AB", "b", "/", "ü", "Z", "*", "[", "?", "", "GET", "x-a", "中"])
needed = pieces.filter(bool)
patterns = (
    st.builds(lambda piece: Pattern((piece,)), needed)
    | st.builds(lambda piece: Pattern((piece,), exact=True), needed)
    | st.builds(Pattern, st.tuples(pieces, pieces))
)
limits = st.sampled_from([0, 1, 5, 120, 200, 403, 404])
ranges = (
    st.builds(Range, limits)
    | st.builds(lambda below: Range(None, below), limits)
    | st.builds(lambda n: Range(n, n + 1), limits)
)
terms: st.SearchStrategy[Node] = st.one_of(
    st.builds(VerdictIs, st.sampled_from(Verdict)),
    st.builds(HandlerIs, patterns),
    st.builds(ProviderIs, patterns),
    st.builds(EventIs, patterns),
    st.builds(TagIs, patterns),
    st.builds(NoteHas, patterns),
    st.builds(MethodIs, patterns),
    st.builds(PathIs, patterns),
    st.builds(HeaderIs, patterns, st.none() | patterns),
    st.builds(BodyHas, needed),
    st.builds(StatusIs, ranges),
    st.builds(SizeIs, ranges),
    st.builds(lambda r: AgeIs(Range(None if r.least is None else r.least * HOUR_NS // 20, r.below)), ranges),
    st.builds(Word, needed),
)
nodes: st.SearchStrategy[Node] = st.recursive(
    terms,
    lambda part: st.one_of(
        st.builds(Every, st.lists(part, max_size=3).map(tuple)),
        st.builds(Either, st.lists(part, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, part),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("searched")
    stored(folder, ALL)
    annotated(folder, WRITTEN)
    with closing(Reader(folder, clock=lambda: nanoseconds(NOW))) as opened:
        yield opened


@settings(max_examples=300, deadline=None)
@given(node=nodes, newest_first=st.booleans())
def test_the_store_finds_what_the_search_matches(reader: Reader, node: Node, newest_first: bool) -> None:
    search = Search(node)
    matching = [delivery.id for delivery in ALL if search.matches(delivery, NOW)]
    assert list(reader.ids(search, newest_first=newest_first)) == (matching[::-1] if newest_first else matching)
    assert reader.count(search) == len(matching)


def test_the_deliveries_searched_are_what_was_stored(reader: Reader) -> None:
    assert list(reader.deliveries()) == ALL
