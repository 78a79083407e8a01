"""Where no change explains the failure, nothing is claimed; what was tried is told."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.diagnosis.case import KnownSecret
from tests.core.diagnosis.failures import JSON, findings, finished, first, sent

TWENTY = (
    "github", "github:sha1", "stripe", "shopify", "slack", "square", "trello", "typeform", "zoom", "mux", "hubspot:v3",
    "standard-webhooks", "svix", "sentry", "adyen:header", "recharge", "cloudinary", "twitch", "sanity", "razorpay",
)  # fmt: skip
UNKNOWN = hashlib.sha256(b"nobody has it").hexdigest()
WITH_PREFIX = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="


def unknown(reference: str) -> str:
    return WITH_PREFIX if reference in ("standard-webhooks", "svix") else UNKNOWN


@pytest.mark.parametrize("reference", TWENTY)
def test_an_unknown_secret_is_unexplained_and_nothing_is_proved(reference: str) -> None:
    case = sent(reference, signed_with=unknown(reference)).case
    found = findings(case)
    assert found[0].cause == "unexplained"
    assert int(found[0].facts["tried"].replace(",", "")) > 100
    assert not any(finding.confidence == "proved" or finding.verified for finding in found)
    assert "three-changes-at-once" in finished(case).left_out


@given(
    body=st.binary(max_size=200),
    stored=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40),
    other=st.text(max_size=40).filter(lambda text: text.isascii()),
    reference=st.sampled_from(["github", "stripe", "shopify", "slack", "recharge"]),
)
@settings(max_examples=30, deadline=None)
def test_no_secret_and_no_body_is_ever_proved_by_chance(body: bytes, stored: str, other: str, reference: str) -> None:
    case = sent(reference, body, signed_with=UNKNOWN).with_secret(stored).case
    others = (KnownSecret("other", "", other, "stripe"),)
    for finding in findings(sent(reference, body, signed_with=UNKNOWN).with_secret(stored).with_others(*others).case):
        assert finding.confidence != "proved"
    assert case.secrets == (stored,)


def test_an_empty_secret_proves_nothing() -> None:
    assert first(sent("github", signed_with=UNKNOWN).with_secret("")).confidence != "proved"


def test_a_short_signature_is_not_matched_by_chance() -> None:
    failure = sent("github").with_lines(lambda name, value: [(name, value[: len(b"sha256=") + 16])])
    assert first(failure).cause == "unexplained"
    assert "signature-length" in [finding.cause for finding in findings(failure.case)]


def test_a_deep_search_ends_too_and_says_what_it_left_out() -> None:
    end = finished(sent("github", signed_with=UNKNOWN).case, deep=True)
    usual = finished(sent("github", signed_with=UNKNOWN).case)
    assert end.tried > usual.tried
    assert end.left_out == ("three-odd-changes-at-once",)


def test_a_changed_value_is_not_mistaken_for_a_change_of_form() -> None:
    assert first(sent("github").with_body(JSON.replace(b"evt_1", b"evt_2"))).cause == "unexplained"
