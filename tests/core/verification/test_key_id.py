"""The key that a request names is known before anything is verified, so that a newer set can be fetched."""

import json

import jwt
import pytest

from inspector import presets
from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.key_addresses import addresses_for, outdated_for
from inspector.core.verification.key_id import LONGEST_HEAD, lacks, named_key
from inspector.core.verification.ladder import Link
from inspector.core.verification.reading import Reading
from tests.core.verification.test_key_set import jwk, jwks

ADDRESS = "https://me.example.test/keys"
KINDE = presets.scheme("kinde").scheme


def a_token(**header: object) -> bytes:
    return jwt.encode({}, "a shared secret of thirty-two bytes", headers=header).encode()


def named(body: bytes) -> str:
    return named_key(Reading(Request("POST", "/", "1.1", Headers(), body)), KINDE)


def test_the_id_of_the_key_stands_in_the_tokens_header() -> None:
    assert named(a_token(kid="k1")) == "k1"
    odd = (
        b"",
        b"...",
        a_token(),
        b"e30.e30.",
        b"bnVsbA.e30.",
        b"A" * (LONGEST_HEAD + 1),
        b"eyJraWQiOjd9.e30.x",
        b"\xff",
    )
    assert [named(each) for each in odd] == [""] * len(odd)


def test_a_header_may_name_the_key() -> None:
    scheme = presets.scheme("circle").scheme
    request = Request("POST", "/", "1.1", Headers([(b"X-Circle-Key-Id", b"k2")]), b"{}")
    assert named_key(Reading(request), scheme) == "k2"
    assert named_key(Reading(request), presets.scheme("github").scheme) == ""


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", jwks(), jwks(jwk("ec")), '{"keys":7}', "[" * 100_000])
def test_only_a_set_of_named_keys_can_lack_one(text: str) -> None:
    assert not lacks(text, "k1")


def test_a_handler_whose_fetched_set_lacks_the_key_is_outdated() -> None:
    link = Link(Handler("k", KINDE, path="/kinde", parameters={"jwks_url": ADDRESS}), ())
    request = Request("POST", "/kinde", "1.1", Headers(), a_token(kid="new"))
    assert addresses_for(request, [link]) == {ADDRESS}
    old, new = jwks(jwk("rsa", kid="old")), json.dumps({"keys": [jwk("rsa", kid="new")]})
    assert outdated_for(request, [link], {ADDRESS: old}) == {ADDRESS}
    assert outdated_for(request, [link], {ADDRESS: new}) == outdated_for(request, [link], {}) == set()
    assert outdated_for(Request("POST", "/", "1.1", Headers(), request.body), [link], {ADDRESS: old}) == set()
