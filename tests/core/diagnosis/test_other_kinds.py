"""Tokens, JWTs and signatures with public keys are diagnosed by verifying with each change."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec.structs import replace as changed

from inspector import presets
from inspector.core.diagnosis.case import KnownSecret
from tests.core.diagnosis.failures import JSON, OTHER, Sent, first, sent

KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def discord() -> Sent:
    return sent("discord", secret=PUBLIC, signed_with=PRIVATE)


def messagebird(url: str = "https://shop.test/in") -> Sent:
    return sent("messagebird:jwt", url=url)


def algorithms(failure: Sent, *names: str) -> Sent:
    scheme: Any = changed(failure.case.scheme, algorithms=names)
    return failure.but(scheme=scheme)


FAILURES = {
    "a token with a line feed": (sent("gitlab").with_secret("f3d1c0ffee5ecre7f3d1c0ffee5ecre7\n"), "secret-whitespace"),
    "a token of another handler": (
        sent("gitlab", signed_with=OTHER).with_others(KnownSecret("second", "", OTHER, "gitlab")),
        "secret-other-handler",
    ),
    "a token in another header": (sent("gitlab").with_place(name="X-Token"), "header-wrong-name"),
    "a token under a renamed header": (
        sent("gitlab").with_lines(lambda name, value: [(b"X-Original-" + name, value)]),
        "header-renamed-by-proxy",
    ),
    "a bearer token read as a plain one": (sent("generic-bearer").with_scheme(kind="token"), "prefix-extra"),
    "user and password swapped": (
        sent("generic-basic", secret="me:" + "x" * 20).with_secret("x" * 20 + ":me"),
        "secret-user-password-swapped",
    ),
    "Ed25519 over a body with blanks added": (discord().with_body(JSON.replace(b",", b", ")), "body-json-respaced"),
    "Ed25519 over a body with a line feed added": (discord().with_body(JSON + b"\n"), "body-final-newline-added"),
    "Ed25519 in base64": (discord().with_scheme(encoding="base64"), "encoding-hex-vs-base64"),
    "Ed25519 with the parts in another order": (
        discord().with_scheme(content=tuple(reversed(presets.scheme("discord").scheme.content))),
        "content-wrong-order",
    ),
    "a JWT for another address": (messagebird().with_url("http://shop.test/in"), "url-scheme"),
    "a JWT for another body": (messagebird().with_body(JSON + b"\n"), "body-final-newline-added"),
    "a JWT of another algorithm": (algorithms(messagebird(), "HS512"), "digest-wrong"),
    "a JWT and the wrong secret": (messagebird().with_secret(OTHER), "unexplained"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_the_first_finding_is_the_cause(name: str) -> None:
    failure, cause = FAILURES[name]
    finding = first(failure)
    assert finding.cause == cause
    assert finding.verified is (cause != "unexplained")


def test_a_claim_of_another_issuer_is_named() -> None:
    scheme = presets.scheme("messagebird:jwt").scheme
    failure = messagebird()
    other = replace(failure.case, scheme=changed(scheme, claims=changed(scheme.claims, iss="Somebody")))  # type: ignore[type-var]
    finding = first(other)
    assert (finding.cause, finding.confidence, finding.facts["claim"]) == ("claim-mismatch", "likely", "iss")
