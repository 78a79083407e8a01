"""A signature is checked with the kind of key, the curve and the padding that its algorithm names, and no other."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import CannotBeChecked, Verified
from inspector.core.verification.public_key import PrivateKey, WrongKind, is_known, signed, verifies
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from inspector.core.verification.verify import verify
from tests.core.verification.test_sign import NOON, key_pair

RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, PrivateKey] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    **{f"ecdsa-p256-{digest}": ec.generate_private_key(ec.SECP256R1()) for digest in ("sha1", "sha256", "sha256-raw")},
    **{f"ecdsa-p384-{digest}": ec.generate_private_key(ec.SECP384R1()) for digest in ("sha384", "sha384-raw")},
    "ecdsa-p521-sha512-raw": ec.generate_private_key(ec.SECP521R1()),
    **dict.fromkeys(
        ("rsa-pkcs1-sha1", "rsa-pkcs1-sha256", "rsa-pkcs1-sha512", "rsa-pss-sha256", "rsa-pss-sha512"), RSA
    ),
}
CONTENT = b"signed content"


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_one_algorithm_signs_no_other_verifies(algorithm: str) -> None:
    key = KEYS[algorithm]
    signature = signed(key, algorithm, CONTENT)
    assert is_known(algorithm)
    assert verifies(key.public_key(), algorithm, signature, CONTENT)
    for other in KEYS:
        try:
            accepted = verifies(key.public_key(), other, signature, CONTENT)
        except WrongKind:
            accepted = False
        assert accepted == (other == algorithm)


@given(st.sampled_from(sorted(KEYS)), st.binary(max_size=150))
def test_no_signature_breaks_the_check(algorithm: str, signature: bytes) -> None:
    assert not verifies(KEYS[algorithm].public_key(), algorithm, signature, CONTENT)


@pytest.mark.parametrize(
    "algorithm",
    ["", "ed25519-raw", "rsa-pkcs1-md5", "rsa-oaep-sha256", "ecdsa-sha256", "ecdsa-p256", "rsa-pss-sha256-raw"],
)
def test_an_algorithm_that_nobody_knows_is_named_as_such(algorithm: str) -> None:
    assert not is_known(algorithm)
    scheme = Scheme("asymmetric", algorithm, "base64", signature=SignaturePlace(name="S"))
    request = Request("POST", "/", "1.1", Headers([(b"S", b"AAAA")]), b"")
    outcome = verify(request, scheme, [Secret("k", key_pair("rsa")[1])], now=NOON)
    assert outcome == CannotBeChecked("algorithm-not-available", algorithm)
    for key in KEYS.values():
        with pytest.raises(WrongKind):
            signed(key, algorithm, CONTENT)


@pytest.mark.parametrize(("kind", "algorithm"), [("rsa", "rsa-pss-sha256"), ("ec", "ecdsa-p256-sha256-raw")])
def test_a_scheme_of_ones_own_may_use_any_of_them(kind: str, algorithm: str) -> None:
    secret = SecretReading(type="public-key")
    scheme = Scheme("asymmetric", algorithm, "base64", signature=SignaturePlace(name="S"), secret=secret)
    private, public = key_pair(kind)
    request = Request("POST", "/", "1.1", Headers(), b"{}")
    made = signed_request(request, scheme, Secret("k", private), now=NOON)
    assert verify(made, scheme, [Secret("k", public)], now=NOON) == Verified("k")
