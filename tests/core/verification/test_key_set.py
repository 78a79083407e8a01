"""Of a set of keys the one that is named counts, whatever else is in the set; and what is public is no secret."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.key_set import MAX_KEYS, is_public, keys_in
from inspector.core.verification.public_key import private_key, public_key
from inspector.core.verification.scheme import SecretReading
from tests.core.verification.test_sign import key_pair

READING = SecretReading(type="jwks")
_MAKERS: dict[str, Any] = {"ec": ECAlgorithm, "rsa": RSAAlgorithm, "other": RSAAlgorithm, "ed25519": OKPAlgorithm}


def jwk(kind: str, **more: object) -> dict[str, object]:
    """The public key of that kind as a JWK."""
    return {**json.loads(_MAKERS[kind].to_jwk(load_pem_public_key(key_pair(kind)[1].encode()))), **more}


def jwks(*members: object) -> str:
    return json.dumps({"keys": members})


def test_the_key_of_that_id_is_chosen_and_one_without_an_id_may_be_any() -> None:
    keys = jwks(jwk("ec", kid="a"), jwk("rsa", kid="b"), jwk("ed25519"))
    ec, rsa, ed = (public_key(key_pair(kind)[1], READING) for kind in ("ec", "rsa", "ed25519"))
    assert keys_in(keys, READING, "b") == [rsa, ed]
    assert keys_in(keys, READING, "c") == [ed]
    assert keys_in(keys, READING) == [ec, rsa, ed]
    assert keys_in(json.dumps(jwk("ec")), READING, "any") == [ec]


def test_a_key_for_something_else_is_left_out() -> None:
    keys = jwks(jwk("rsa", alg="RS512"), jwk("rsa", use="enc"), jwk("ec", alg="ES256"))
    assert keys_in(keys, READING, algorithm="RS256") == []
    assert len(keys_in(keys, READING, algorithm="ES256")) == 1


@pytest.mark.parametrize(
    "odd", [{"kty": "LATTICE"}, {"kty": "RSA", "n": "!", "e": "AQAB"}, {"kty": "oct", "k": "AQ"}, 7, None, "x", {}]
)
def test_a_member_that_nobody_can_read_does_not_spoil_the_others(odd: object) -> None:
    assert len(keys_in(jwks(odd, jwk("ec")), READING)) == 1


@pytest.mark.parametrize("text", ["{}", "{", jwks(), jwks({"kty": "oct", "k": "AQ"}), '{"keys":7}', "{" * 5000])
def test_a_set_without_a_key_is_named_as_such(text: str) -> None:
    with pytest.raises(SecretMalformed):
        keys_in(text, READING)


def test_so_many_keys_are_read_and_no_more() -> None:
    keys = [jwk("ec", kid=str(number)) for number in range(MAX_KEYS + 5)]
    assert len(keys_in(jwks(*keys), READING)) == MAX_KEYS


def der(kind: str) -> bytes:
    return load_pem_public_key(key_pair(kind)[1].encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_what_is_plainly_a_public_key_is_no_secret() -> None:
    for kind in ("ec", "rsa", "ed25519"):
        encoded = base64.b64encode(der(kind)).decode()
        for text in (key_pair(kind)[1], f"\n {encoded}\n", der(kind).hex(), json.dumps(jwk(kind)), jwks(jwk(kind))):
            assert is_public(text)
    for text in (
        "a secret",
        "",
        "5a" * 32,
        base64.b64encode(bytes(32)).decode(),
        '{"a":1}',
        json.dumps({"kty": "oct"}),
    ):
        assert not is_public(text)


@pytest.mark.parametrize("kind", ["ec", "rsa", "ed25519"])
def test_a_key_that_lost_its_lines_is_read_all_the_same(kind: str) -> None:
    private, public = key_pair(kind)
    head, *lines, tail = public.strip().split("\n")
    for text in (head + "".join(lines) + tail, " ".join((head, *lines, tail)), public.replace("\n", "\\n"),
                 public.replace("\n", "\r\n"), f"\n  {public}\n"):  # fmt: skip
        assert public_key(text, READING) == public_key(public, READING)
    one_line = private.replace("\n", "\\n")
    assert private_key(one_line).public_key() == public_key(public, READING)


def test_what_only_begins_as_a_key_is_none() -> None:
    for text in ("-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----", "-----"):
        with pytest.raises(SecretMalformed):
            public_key(text, READING)
