"""Handlers survive their way through TOML, without their secrets."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.formats.handlers_toml import HandlersMalformed, handlers_from, handlers_toml
from inspector.core.handler import Handler, Response, SecretRef
from inspector.core.verification.scheme import Part, Scheme, SignaturePlace, Source, TimestampCheck

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SECRETS = st.builds(SecretRef, st.just(""), TEXTS, TEXTS, TEXTS, st.booleans())
RESPONSES = st.builds(Response, st.integers(200, 599), st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple), TEXTS)
SCHEMES = st.sampled_from(
    [
        Scheme("none"),
        Scheme("hmac", "sha256", "base64", signature=SignaturePlace(name="X", format="prefix", prefix='v"1=')),
        Scheme(
            "hmac",
            "sha512",
            signature=SignaturePlace(name="Sig", format="kv", key="v1", also=("Other",)),
            values={"t": Source("signature", key="t")},
            content=(Part(part="value", name="t"), Part(part="text", text="."), Part(part="body")),
            timestamp=TimestampCheck("t", tolerance_s=300),
        ),
    ]
)
HANDLERS = st.builds(
    Handler, TEXTS, SCHEMES, TEXTS, st.booleans(), TEXTS, st.lists(SECRETS, max_size=2).map(tuple), RESPONSES
)


@given(st.lists(HANDLERS, max_size=3).map(tuple))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_as_the_same_handlers(handlers: tuple[Handler, ...]) -> None:
    assert handlers_from(handlers_toml(handlers)) == handlers


def test_ids_and_revisions_are_not_written() -> None:
    handler = Handler("x", Scheme("none"), secrets=(SecretRef("hidden-id", "current"),), id=7, revision=12)
    text = handlers_toml([handler])
    assert "hidden-id" not in text
    assert handlers_from(text) == (replace(handler, id=0, revision=0, secrets=(SecretRef("", "current"),)),)


def test_what_a_store_gave_back_is_written_as_shortly() -> None:
    handler = Handler("x", Scheme("none"))
    stored = replace(handler, response=msgspec.json.decode(msgspec.json.encode(Response()), type=Response))
    assert handlers_toml([stored]) == handlers_toml([handler])
    assert "response" not in handlers_toml([stored])


@pytest.mark.parametrize("text", ["handler = 1", "handlers = []", "[[handler]]\nname = 1", "[[", "a = [" * 500])
def test_another_document_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(HandlersMalformed) as caught:
        handlers_from(text)
    assert "\n" not in str(caught.value)
