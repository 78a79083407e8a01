"""The search language: what is read, what it matches, and how a mistake is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from inspector.core.annotation import Annotation
from inspector.core.delivery import Answer, Delivery, Recognised, Rung, Standing, Verdict
from inspector.core.filters import EVERYTHING, Search, SearchError, parse
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
from inspector.core.request import Headers, Request

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

texts = st.text(st.sampled_from('abOR or-*()"\\:=<>é\u4e2d1.,'), min_size=1, max_size=6)
patterns = st.builds(Pattern, st.lists(texts, min_size=1, max_size=3).map(tuple)) | st.builds(
    Pattern, texts.map(lambda text: (text,)), st.just(True)
)
exact_patterns = st.builds(
    lambda pieces: Pattern(tuple(pieces), exact=len(pieces) == 1), st.lists(texts, min_size=1, max_size=3)
)
header_names = st.builds(Pattern, st.tuples(st.text(st.sampled_from("abX-'!"), min_size=1, max_size=5)), st.just(True))


def ranges(step: int) -> st.SearchStrategy[Range]:
    """Ranges that have something in them."""
    numbers = st.integers(0, 10**6)
    return st.one_of(
        st.builds(lambda n: Range(n * step, None), numbers),
        st.builds(lambda n: Range(None, n * step), numbers),
        st.builds(lambda low, more: Range(low * step, (low + more) * step), numbers, st.integers(1, 1000)),
    )


terms = st.one_of(
    st.builds(VerdictIs, st.sampled_from(Verdict)),
    st.builds(HandlerIs, patterns),
    st.builds(ProviderIs, patterns),
    st.builds(EventIs, patterns),
    st.builds(TagIs, patterns),
    st.builds(NoteHas, patterns),
    st.builds(MethodIs, exact_patterns),
    st.builds(PathIs, patterns),
    st.builds(HeaderIs, header_names, st.none() | patterns),
    st.builds(BodyHas, texts),
    st.builds(StatusIs, ranges(1)),
    st.builds(SizeIs, ranges(1)),
    st.builds(AgeIs, ranges(10**6)),
    st.builds(Word, texts),
)


def either_of(parts: list[Node]) -> Node:
    """As the parser makes it: flat."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))]
    return Either(tuple(flat))


def every_of(parts: list[Node]) -> Node:
    """As the parser makes it: flat."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Every) else (part,))]
    return Every(tuple(flat))


nodes: st.SearchStrategy[Node] = st.recursive(
    terms,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(either_of),
        st.lists(parts, min_size=2, max_size=3).map(every_of),
        st.builds(Not, parts),
    ),
    max_leaves=8,
)


def a_delivery(**fields: object) -> Delivery:
    request = Request(
        "POST",
        "/stripe/live?attempt=2",
        "1.1",
        Headers([(b"Host", b"localhost"), (b"X-Request-Id", b"Abc-123"), (b"X-City", b"Z\xfcrich")]),
        b'{"type": "charge.Refunded", "stadt": "Z\xc3\xbcrich"}',
    )
    at = nanoseconds(NOON - timedelta(hours=1))
    delivery = Delivery(request, "127.0.0.1:5", at, at, Verdict.FAILED, (), Answer(403))
    return replace(delivery, **fields)


WON = a_delivery(
    verdict=Verdict.WON, ladder=(Rung(1, "Stripe Live", "ann", Standing.WON),), answer=Answer(200, body=b"ok")
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "verdict:failed",
        "Verdict:FAILED",
        "status:403",
        "status:4xx",
        "status:>=400",
        "status:400..499",
        "-status:<400",
        "path:stripe",
        "path:/STRIPE",
        "path:/stripe*",
        "path:*live",
        "path:=/stripe/live",
        "method:post",
        "method:p*t",
        "header:x-request-id",
        "header:x-request-*",
        "header:x-request-id=abc",
        "header:x-request-id:abc",
        'header:"X-Request-Id: abc-123"',
        "header:x-request-id=*123",
        "header:x-request-id==abc-123",
        "header:x-city=zürich",
        "body:refunded",
        'body:"\\"type\\": "',
        "body:zürich",
        "size:>10",
        "size:<1kb",
        "size:40..60",
        "age:<2h",
        "age:>30min",
        "age:30m..90m",
        "age:1.5h",
        "charge",
        "attempt=2",
        "localhost",
        "POST",
        "zürich",
        "-nothing",
        "nothing or charge",
        "verdict:won or (verdict:failed path:/stripe*)",
        "-(verdict:won or verdict:refused)",
        "--charge",
        "http://x or charge",
    ],
)
def test_a_search_finds_what_it_describes(text: str) -> None:
    assert parse(text).matches(a_delivery(), NOON)


@pytest.mark.parametrize(
    "text",
    [
        "verdict:won",
        "status:200",
        "status:>403",
        "path:/live*",
        "path:=/stripe",
        "path:attempt",
        "method:pos",
        "handler:stripe",
        "header:request-id",
        "header:x-request-id=xyz",
        "header:x-request-id=abc*4",
        "body:localhost",
        'body:"refunded."',
        "size:>1kb",
        "age:<30min",
        "age:2h..3h",
        "charge nothing",
        "-charge",
        '"-charge"',
        '"or"x',
    ],
)
def test_a_search_leaves_out_what_it_does_not_describe(text: str) -> None:
    assert not parse(text).matches(a_delivery(), NOON)


@pytest.mark.parametrize("text", ["handler:stripe", 'handler:="stripe live"', "handler:stripe*", 'handler:"e l"'])
def test_a_handler_is_found_by_the_name_that_won(text: str) -> None:
    assert parse(text).matches(WON, NOON)
    assert not parse(text).matches(a_delivery(), NOON)


def test_letters_beyond_ascii_in_a_handlers_name_have_no_case() -> None:
    won = replace(WON, ladder=(Rung(1, "Größe", "", Standing.WON),))
    assert parse("handler:GRÖSSE").matches(won, NOON)


def test_nothing_written_is_everything() -> None:
    assert parse("  ") == EVERYTHING
    assert str(EVERYTHING) == ""


def test_an_age_alone_means_younger() -> None:
    assert parse("age:2h") == parse("age:<2h")


def test_sizes_count_in_units_of_1024() -> None:
    assert parse("size:1.5kb") == parse("size:1536") == parse("size:1.5KiB")


def test_or_binds_weaker_than_standing_beside() -> None:
    assert parse("a b or c") == parse("(a b) or c")
    assert parse("a (b or c)") != parse("a b or c")


@pytest.mark.parametrize(
    ("text", "position", "length", "word"),
    [
        ("verdict:lost", 8, 4, "won, failed, handshake, refused"),
        ("a verdit:won", 2, 7, "verdict:"),
        ("id:7", 0, 3, "quotes"),
        ("path:", 0, 5, "value"),
        ('path:""', 0, 7, "value"),
        ("status:abc", 7, 3, "status"),
        ("status:500..400", 7, 8, "empty"),
        ("size:>many", 5, 5, "size"),
        ("age:>2parsecs", 4, 9, "age"),
        ('a "b', 2, 1, "quotation"),
        ("(a", 0, 1, "not closed"),
        ("a)", 1, 1, "closes none"),
        ("a ()", 2, 2, "nothing in"),
        ("a -", 2, 1, "minus"),
        ("a or", 2, 2, "after"),
        ("or a", 0, 2, "before"),
        ("a or or b", 5, 2, "before"),
        ('""', 0, 2, "no text"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, position: int, length: int, word: str) -> None:
    with pytest.raises(SearchError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert word in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("text", ["(" * 5000 + "a" + ")" * 5000, "-" * 5000 + "a", "a " * 5000])
def test_a_search_has_a_limit(text: str) -> None:
    with pytest.raises(SearchError):
        parse(text)


@given(st.text(st.sampled_from('ab or()-"\\*=:<>.,49xhk \t') | st.characters(), max_size=40))
def test_any_text_is_a_search_or_an_error_with_a_place_in_it(text: str) -> None:
    error, search = SearchError("", 0), EVERYTHING
    try:
        search = parse(text)
    except SearchError as caught:
        error = caught
    assert 0 <= error.position <= error.position + error.length <= max(len(text), 1)
    assert parse(str(search)) == search


@example(HeaderIs(Pattern(("X",), exact=True), Pattern((" ",))))
@given(nodes)
def test_a_search_written_down_is_the_same_search(node: Node) -> None:
    search = Search(node)
    assert parse(str(search)) == search


@given(nodes)
def test_not_is_the_opposite(node: Node) -> None:
    assert Search(Not(node)).matches(a_delivery(), NOON) is not Search(node).matches(a_delivery(), NOON)


def test_who_sent_it_and_what_was_written_to_it_is_searched_for() -> None:
    known = replace(
        a_delivery(),
        recognised=Recognised("stripe", "invoice.paid", "evt_1"),
        annotation=Annotation("ask Ann about it", ("refund", "urgent")),
    )
    for text in ("provider:stripe", "event:invoice.*", "event:paid", "tag:=Refund", 'note:"ask ann"', "-tag:other"):
        assert parse(text).matches(known, NOON), text
    for text in ("provider:github", "event:=paid", "tag:=urg", "note:bob"):
        assert not parse(text).matches(known, NOON), text
    for text in ("provider:*", "event:*", "tag:*", "note:*"):
        assert not parse(text).matches(a_delivery(), NOON), text
        assert parse(text).matches(known, NOON), text
