"""JSON that one real serialiser wrote and another wrote again on its way is recognised, both ways."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.core.diagnosis.serialisers import as_go, as_javascript, as_php, as_ruby
from tests.core.diagnosis.failures import first, sent

FIXTURES = Path(__file__).parent / "fixtures"
WRITTEN: list[dict[str, Any]] = json.loads((FIXTURES / "serialised.json").read_text())["documents"]
NUMBERS: dict[str, list[str]] = json.loads((FIXTURES / "numbers.json").read_text())
PROVIDERS = ("github", "stripe", "shopify", "standard-webhooks", "typeform", "slack", "sentry", "zoom", "mux", "line",
             "woocommerce", "zendesk", "paystack", "razorpay")  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN, ids=lambda written: f"{written['document']}-{written['by']}")
def test_a_body_written_again_is_recognised_and_the_signed_one_found(written: dict[str, Any]) -> None:
    signed = written["signed"].encode()
    for number, (by, received) in enumerate(written["received"].items()):
        failure = sent(PROVIDERS[number % len(PROVIDERS)], signed).with_body(received.encode())
        finding = first(failure)
        assert (by, finding.cause[:5], finding.confidence, finding.verified) == (by, "body-", "proved", True)
        assert finding.signed_body == signed


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("node", as_javascript),
        ("go", as_go),
        ("ruby", as_ruby),
        ("php", as_php),
        ("php-zeros", lambda token: as_php(token, zeros=True)),
    ],
)
def test_numbers_are_spelled_as_the_real_serialiser_spells_them(name: str, spelled: Callable[[str], str]) -> None:
    assert [spelled(token) for token in NUMBERS["received"]] == NUMBERS[name]


@pytest.mark.parametrize(
    ("signed", "received", "cause"),
    [
        (b'{"a":"x/y"}', b'{"a":"x\\/y"}', "body-slash-escapes"),
        ('{"a":"é"}'.encode(), b'{"a":"\\u00e9"}', "body-unicode-escapes"),
        (b'{"a":"\\u00e9"}', '{"a":"é"}'.encode(), "body-unicode-escapes"),
        (b'{"a":"\\u003cb\\u003e"}', b'{"a":"<b>"}', "body-unicode-escapes"),
        (b'{"a":"\\u003Cb\\u003E"}', b'{"a":"<b>"}', "body-unicode-escapes"),
        (b'{"a":12}', b'{"a":12.0}', "body-number-format"),
        (b'{"a":12.50,"b":1.5}', b'{"a":12.5,"b":1.5}', "body-number-format"),
        (b'{"a":1.0E10}', b'{"a":10000000000.0}', "body-number-format"),
        (b'{\n\t"a": 1\n}', b'{"a":1}', "body-json-respaced"),
        (b'{\n  "a" : 1\n}', b'{"a":1}', "body-json-respaced"),
        (b'{"a":1,"a":2}', b'{"a": 1, "a": 2}', "body-json-respaced"),
        (b'{"b":{"a":1,"z":2},"c":[]}', b'{"c":[],"b":{"z":2,"a":1}}', "body-json-keys-reordered"),
    ],
)
def test_a_difference_has_its_name(signed: bytes, received: bytes, cause: str) -> None:
    finding = first(sent("github", signed).with_body(received))
    assert (finding.cause, finding.verified) == (cause, True)
