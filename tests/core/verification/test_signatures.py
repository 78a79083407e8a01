"""A signature is found where its sender writes it, once or several times, and nowhere else."""

import pytest
from msgspec.structs import replace

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import DuplicateHeader, MalformedHeader, MissingHeader
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import SignaturePlace
from inspector.core.verification.signatures import MAX_ITEMS, Found, Located, find_signatures


def located(place: SignaturePlace, *lines: tuple[bytes, bytes], body: bytes = b"") -> Located:
    return find_signatures(Reading(Request("POST", "/", "1.1", Headers(lines), body)), place)


def signatures(place: SignaturePlace, *lines: tuple[bytes, bytes], body: bytes = b"") -> list[bytes]:
    found = located(place, *lines, body=body)
    assert isinstance(found, Found), found
    return list(found.signatures)


NEW_NAME = SignaturePlace(name="X-New", also=("X-Old",))


def test_all_headers_that_carry_the_signature_count_since_each_may_be_of_another_key() -> None:
    assert signatures(NEW_NAME, (b"X-Old", b"o"), (b"X-New", b"n")) == [b"n", b"o"]
    assert signatures(NEW_NAME, (b"X-Old", b"o")) == signatures(NEW_NAME, (b"X-Old", b"o"), (b"X-New", b"")) == [b"o"]
    assert located(NEW_NAME) == MissingHeader("X-New")
    assert located(NEW_NAME, (b"X-Old", b"o"), (b"X-Old", b"o")) == DuplicateHeader("X-Old")


def test_only_who_repeats_the_header_on_purpose_may() -> None:
    once = SignaturePlace(name="X-S", format="prefix", prefix="sha256=")
    lines = ((b"X-S", b"sha256=a"), (b"x-s", b"sha256=b"))
    assert located(once, *lines) == DuplicateHeader("X-S")
    often = replace(once, repeated=True)
    assert signatures(often, *lines) == [b"a", b"b"]
    assert signatures(often, (b"X-S", b"nothing"), lines[1]) == [b"b"]
    assert located(often, (b"X-S", b"nothing"), (b"X-S", b"either")) == MalformedHeader("X-S")
    mollie = presets.scheme("mollie").scheme.signature
    assert mollie is not None
    assert mollie.repeated


def test_numbered_headers_may_have_a_gap_and_end_at_the_highest() -> None:
    place = SignaturePlace("numbered-headers", "X-S-{n}", max=3)
    assert signatures(place, (b"X-S-3", b"c"), (b"X-S-1", b"")) == [b"c"]
    assert located(place, (b"X-S-4", b"d")) == MissingHeader("X-S-1")


def test_white_space_is_dropped_around_an_item_and_not_within() -> None:
    place = SignaturePlace(name="X-S", format="kv", key="v1", trim=True)
    assert signatures(place, (b"X-S", b" t=1 ,  v1=a ")) == [b"a"]
    assert signatures(place, (b"X-S", b"t=1,v1= a")) == [b" a"]
    assert located(place, (b"X-S", b"t=1,v1 =a")) == MalformedHeader("X-S")


@pytest.mark.parametrize("value", [b"t=1 v1=a", b"t=1, v1=a", b"t=1,v1=a", b"t=1,v1=x t=1,v1=a"])
@pytest.mark.parametrize("preset", ["sanity", "persona"])
def test_a_space_parts_items_where_a_sender_writes_it_for_a_comma(preset: str, value: bytes) -> None:
    place = presets.scheme(preset).scheme.signature
    assert place is not None
    assert signatures(place, (place.name.encode(), value))[-1] == b"a"


EVERY = SignaturePlace("json", path="value.*.state")


def test_a_field_of_every_item_is_looked_at() -> None:
    body = b'{"value":[{"state":"a"},{"state":"b"}]}'
    assert signatures(EVERY, body=body) == [b"a", b"b"]
    assert located(EVERY, body=b'{"value":[{"state":"a"},{}]}') == MissingHeader("value.1.state")
    assert located(EVERY, body=b'{"value":[]}') == MissingHeader("value.*.state")
    assert located(EVERY, body=b"{}") == MissingHeader("value.*.state")


def test_a_list_longer_than_any_delivery_is_not_looked_through() -> None:
    body = b'{"value":[' + b",".join([b'{"state":"a"}'] * (MAX_ITEMS + 1)) + b"]}"
    assert located(EVERY, body=body) == MalformedHeader("value.*.state")
