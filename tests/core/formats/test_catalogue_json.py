"""Schemes in the JSON form of a catalogue are read as our own."""

from typing import Any

import pytest

from inspector import presets
from inspector.core.diagnosis.case import same_recipe
from inspector.core.formats.catalogue_json import SchemeMalformed, scheme_from

STRIPE: dict[str, Any] = {
    "id": "v1",
    "kind": "hmac",
    "digest": "sha256",
    "encoding": "hex",
    "signature": {
        "from": "header", "name": "Stripe-Signature", "format": "kv", "item_sep": ",", "kv_sep": "=", "key": "v1",
        "trim": True, "multiple": "any",
    },
    "values": {"timestamp": {"from": "signature", "key": "t"}},
    "template": "{timestamp}.{body}",
    "content": [{"part": "value", "name": "timestamp"}, {"part": "text", "text": "."}, {"part": "body"}],
    "secret": {"type": "shared", "decode": "utf8", "pattern": "^whsec_"},
    "timestamp": {"value": "timestamp", "unit": "s", "signed": True, "tolerance_s": 300},
    "confidence": "sure",
}  # fmt: skip


def test_a_scheme_is_read_with_its_other_names() -> None:
    read, preset = scheme_from(STRIPE), presets.scheme("stripe").scheme
    assert same_recipe(read, preset)
    assert read.timestamp is not None
    assert (read.algorithm, read.timestamp.tolerance_s) == ("sha256", 300)


def test_what_has_no_meaning_for_verifying_is_left_out() -> None:
    assert scheme_from({**STRIPE, "anything": {"else": 1}, "timestamp": None}).timestamp is None


def test_a_name_that_the_user_chooses_is_empty() -> None:
    scheme = scheme_from({"kind": "token", "signature": {"from": "header", "name": "*configured*"}})
    assert scheme.signature is not None
    assert scheme.signature.name == ""


def test_versions_digests_and_cases_have_their_own_fields() -> None:
    assert scheme_from({"kind": "sns", "algorithms": {"1": "rsa-pkcs1-sha1"}}).versions == {"1": "rsa-pkcs1-sha1"}
    assert scheme_from({"kind": "hmac", "allowed_digests": ["sha1"]}).algorithms == ("sha1",)
    assert scheme_from({"kind": "hmac", "hex_case": "upper"}).hex_upper
    digest = {"claim": "qsh", "of": "canonical METHOD&path&query"}
    claims = scheme_from({"kind": "jwt", "claims": {"request_digest": digest}}).claims
    assert claims is not None
    assert claims.request_digest is not None
    assert claims.request_digest.of == "request"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"kind": "odd"},
        {"kind": "hmac", "signature": 1},
        {"kind": "hmac", "values": []},
        {"kind": "jwt", "claims": 1},
    ],
)
def test_what_is_no_scheme_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(SchemeMalformed):
        scheme_from(table)
