"""A token counts when the right key signed it, it is this request's, and its time is now."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from msgspec.structs import replace

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import (
    CannotBeChecked,
    ClaimMismatch,
    FromTheFuture,
    MalformedHeader,
    MalformedTimestamp,
    Mismatch,
    MissingTimestamp,
    Outcome,
    Stale,
    UnexpectedAlgorithm,
    Verified,
)
from inspector.core.verification.scheme import Claims, Scheme, SecretReading, SignaturePlace, TimestampCheck
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify
from tests.core.verification.test_key_set import jwk, jwks
from tests.core.verification.test_sign import key_pair

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = int(NOON.timestamp())
SECRET = "a shared secret that is long enough for every digest of them"
SCHEME = Scheme(
    "jwt",
    signature=SignaturePlace(name="X-Token"),
    algorithms=("HS256", "RS256", "ES256", "EdDSA"),
    claims=Claims(exp=True, nbf=True, leeway_s=10),
    timestamp=TimestampCheck("claim:exp"),
)
USUAL: Mapping[str, Any] = {"exp": NOW + 60, "nbf": NOW - 60}


def token(claims: Mapping[str, Any] = USUAL, algorithm: str = "HS256", key: str = SECRET, **header: Any) -> str:
    return jwt.encode(dict(claims), key, algorithm=algorithm, headers=header)


def outcome_of(text: str, *secrets: str, scheme: Scheme = SCHEME, parameters: Mapping[str, str] = {}) -> Outcome:
    request = Request("POST", "/", "1.1", Headers([(b"X-Token", text.encode())]), b"{}")
    candidates = [Secret(str(number), secret) for number, secret in enumerate(secrets or (SECRET,), 1)]
    return verify(request, scheme, candidates, now=NOON, parameters=parameters)


@pytest.mark.parametrize(("algorithm", "kind"), [("RS256", "rsa"), ("ES256", "ec"), ("EdDSA", "ed25519")])
def test_a_token_is_checked_with_any_kind_of_key(algorithm: str, kind: str) -> None:
    private, public = key_pair(kind)
    made = token(algorithm=algorithm, key=private, kid="b")
    assert outcome_of(made, public) == Verified("1")
    assert outcome_of(made, jwks(jwk("other" if kind == "" else kind, kid="b"))) == Verified("1")
    assert outcome_of(made, jwks(jwk("rsa", kid="a"), jwk("ec", kid="a"), jwk(kind, kid="b"))) == Verified("1")
    assert outcome_of(made, jwks(jwk(kind, kid="a"))) == Mismatch("X-Token")
    assert (
        outcome_of(token(algorithm=algorithm, key=private), jwks(jwk("rsa"), jwk("ec"), jwk("ed25519"))).reason is None
    )


@pytest.mark.parametrize("kind", ["rsa", "ec", "ed25519"])
def test_who_knows_a_public_key_cannot_sign_with_it_as_a_secret(kind: str) -> None:
    for public in (key_pair(kind)[1], json.dumps(jwk(kind)), jwks(jwk(kind))):
        forged = forged_with(public)
        assert outcome_of(forged, public) == UnexpectedAlgorithm("HS256")
        assert outcome_of(forged, public, "another secret") == Mismatch("X-Token")


def forged_with(secret: str) -> str:
    """A token whose HMAC was made with this text; the library refuses to make it."""
    import base64
    import hmac

    parts = [{"alg": "HS256"}, USUAL]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), signed, "sha256")).rstrip(b"=")
    return (signed + b"." + signature).decode()


def test_an_algorithm_that_is_not_accepted_is_named() -> None:
    assert outcome_of(token(algorithm="HS384")) == UnexpectedAlgorithm("HS384")
    assert outcome_of(token(algorithm="none", key="")) == UnexpectedAlgorithm("none")
    every = replace(SCHEME, algorithms=("none", "HS256"))
    assert outcome_of(token(algorithm="none", key=""), scheme=every) == UnexpectedAlgorithm("none")


def test_a_token_that_asks_for_an_unknown_extension_is_malformed() -> None:
    assert outcome_of(token(crit=["exp"])) == MalformedHeader("X-Token")


def test_a_key_of_another_kind_is_a_fault_of_the_handler() -> None:
    made = token(algorithm="RS256", key=key_pair("rsa")[0])
    assert outcome_of(made, key_pair("ec")[1]) == CannotBeChecked("secret-malformed", "1")
    assert outcome_of(made, "a secret") == CannotBeChecked("secret-malformed", "1")
    assert outcome_of(made, key_pair("ec")[1], key_pair("rsa")[1]) == Verified("2")


@pytest.mark.parametrize(
    ("claims", "outcome"),
    [
        ({"exp": NOW - 9}, Verified),
        ({"exp": NOW - 10}, Stale),  # RFC 7519, 4.1.4: "on or after"
        ({"nbf": NOW + 10}, Verified),
        ({"nbf": NOW + 11}, FromTheFuture),
        ({"exp": 10**400}, Verified),
        ({"exp": -1e30}, Stale),
        ({"nbf": 10**30}, FromTheFuture),
        ({"nbf": "now"}, MalformedTimestamp),
        ({"exp": float("nan")}, MalformedTimestamp),
        ({"exp": None}, MalformedTimestamp),
        ({"exp": "tomorrow"}, MalformedTimestamp),
        ({"exp": True}, MalformedTimestamp),
    ],
)
def test_a_token_begins_and_ends_with_its_leeway(claims: Mapping[str, Any], outcome: type) -> None:
    assert type(outcome_of(forged_claims({**USUAL, **claims}))) is outcome


def forged_claims(claims: Mapping[str, Any]) -> str:
    """A right token whatever it claims; the library refuses to write a time that is none."""
    payload = json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, SECRET, algorithm="HS256")


def test_a_time_that_has_to_be_there_is_missed() -> None:
    assert outcome_of(token({"nbf": NOW})) == MissingTimestamp("exp")
    assert outcome_of(token({"exp": NOW + 1})) == MissingTimestamp("nbf")


@pytest.mark.parametrize("aud", ["us", ["them", "us"]])
def test_a_claim_that_the_handler_configures_is_compared(aud: object) -> None:
    scheme = replace(SCHEME, claims=Claims(aud="<audience>"))
    assert outcome_of(token({**USUAL, "aud": aud}), scheme=scheme, parameters={"aud": "us"}) == Verified("1")
    wrong = outcome_of(token({**USUAL, "aud": aud}), scheme=scheme, parameters={"aud": "u"})
    assert wrong == ClaimMismatch("aud")
    assert outcome_of(token({**USUAL, "aud": aud}), scheme=scheme) == Verified("1")


def test_the_age_since_it_was_issued_has_a_limit_of_its_own() -> None:
    scheme = presets.scheme("plaid").scheme
    scheme = replace(scheme, claims=None, secret=SecretReading(type="jwks"))
    made = {"iat": NOW - 300}
    name = scheme.signature.name if scheme.signature else ""
    for claims, expected in ((made, Verified), ({"iat": NOW - 301}, Stale), ({"iat": NOW + 301}, FromTheFuture)):
        text = token(claims, "ES256", key_pair("ec")[0]).encode()
        request = Request("POST", "/", "1.1", Headers([(name.encode(), text)]), b"{}")
        outcome = verify(request, scheme, [Secret("s", key_pair("ec")[1])], now=NOON + timedelta())
        assert type(outcome) is expected
