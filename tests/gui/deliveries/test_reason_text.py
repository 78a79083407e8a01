"""Every reason has its sentence."""

import pytest

from inspector.core.delivery import Refusal, Rung, Standing, Verdict
from inspector.core.http1_head import STATUSES
from inspector.gui.deliveries.reason_text import reason_of, refusal_of, standing_word
from tests.gui.deliveries.samples import a_delivery

REASONS = (
    "signature-mismatch", "token-mismatch", "header-missing", "header-malformed", "header-duplicate",
    "timestamp-missing", "timestamp-malformed", "timestamp-expired", "timestamp-future", "body-hash-mismatch",
    "url-mismatch", "claim-mismatch", "algorithm-unexpected", "certificate-untrusted", "path", "disabled",
    "secret-missing", "secret-malformed", "keyring-locked", "keyring-timeout", "algorithm-not-available",
    "key-not-available", "kind-not-available", "check-broken",
)  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_one_whole_sentence(reason: str) -> None:
    sentence = reason_of(Rung(1, "h", "", Standing.FAILED, reason, detail="X-Detail"))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not sentence.startswith("It did not verify")


def test_a_reason_of_a_later_version_is_shown_as_it_is() -> None:
    assert reason_of(Rung(1, "h", "", Standing.FAILED, "moon-phase", detail="x")) == "It did not verify: moon-phase x"


def test_braces_in_a_detail_are_only_text() -> None:
    assert "{reason}" in reason_of(Rung(1, "h", "", Standing.FAILED, "header-missing", detail="{reason}"))


@pytest.mark.parametrize("reason", ["feature-off", *STATUSES])
def test_each_refusal_says_why(reason: str) -> None:
    sentence = refusal_of(a_delivery(None, verdict=Verdict.REFUSED, refusal=Refusal(reason)))
    assert sentence.startswith("Refused, because ")
    assert sentence.endswith(".")
    assert "that can be taken" not in sentence


@pytest.mark.parametrize(
    ("reason", "word"),
    [("timestamp-expired", "stale"), ("timestamp-future", "too early"), ("signature-mismatch", "failed")],
)
def test_right_but_old_is_a_word_of_its_own(reason: str, word: str) -> None:
    assert standing_word(Rung(1, "h", "", Standing.FAILED, reason)) == word


def test_a_time_that_does_not_fit_is_told_with_how_far_it_is_off() -> None:
    late = Rung(1, "h", "", Standing.FAILED, "timestamp-expired", detail="X-Time", age_s=3720, tolerance_s=300)
    assert reason_of(late) == "Signed right, but 1 h 2 min before it came; 5 min is the most: X-Time."
    early = Rung(1, "h", "", Standing.FAILED, "timestamp-future", detail="X-Time", age_s=-90, tolerance_s=0)
    assert reason_of(early) == "Signed right, but with a time 1 min 30 s ahead; 0 s is the most: X-Time."
