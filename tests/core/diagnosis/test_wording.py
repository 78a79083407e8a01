"""Every finding is a sentence for somebody who never heard of signatures, and has no secret in it."""

import re

import pytest

from inspector.core.diagnosis.finding import Finding, Remedy, found
from inspector.core.diagnosis.wording import (
    SENTENCES,
    besides,
    explanation,
    for_sender,
    remedies,
    remedy,
    templates,
)
from tests.core.diagnosis import test_causes
from tests.core.diagnosis.failures import OTHER, Sent, findings, secret_of, sent

EVERY = {
    **test_causes.SECRETS_AND_KEYS,
    **test_causes.SETTINGS,
    **test_causes.ON_THE_WAY,
    **test_causes.BESIDES,
    **test_causes.NEVER_RIGHT,
    **test_causes.UNPROVED,
    "unexplained": (sent("github", signed_with="nobody has this secret"), "unexplained"),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_finding_is_told_in_whole_sentences_without_the_secret(name: str) -> None:
    failure: Sent = EVERY[name][0]
    for finding in findings(failure.case):
        assert finding.cause in SENTENCES
        for text in (str(explanation(finding)), str(remedy(finding)), str(for_sender(finding))):
            assert re.fullmatch(r"[A-Z].*[.]", text, re.DOTALL), text
            assert "?" not in text.replace("?a=1", "")
            assert not any(secret.strip() in text for secret in (*failure.case.secrets, OTHER, secret_of("")) if secret)


@pytest.mark.parametrize("cause", SENTENCES)
def test_a_cause_without_facts_has_a_sentence_too_or_needs_them(cause: str) -> None:
    assert str(explanation(Finding(cause, "hint", Remedy("none"))))
    assert str(remedy(Finding(cause, "hint", Remedy("none"))))


def test_facts_are_filled_in_and_the_fullest_sentence_is_taken() -> None:
    finding = found("digest-wrong", facts={"digest": "sha1", "configured_digest": "sha256"})
    assert (
        str(explanation(finding))
        == "The sender computes the signature with the algorithm sha1; this handler uses sha256."
    )
    assert str(explanation(found("digest-wrong"))).startswith("The sender computes the signature with another")


def test_braces_in_a_fact_are_text() -> None:
    finding = found("header-wrong-name", facts={"header": "{secret}", "configured_header": "X"})
    assert "“{secret}”" in str(explanation(finding))


def test_the_templates_can_be_listed_for_a_translator() -> None:
    assert len(templates()) > 100
    assert "Set the algorithm of this handler to {digest}." in templates()


def test_what_had_to_be_assumed_besides_has_its_sentence_too() -> None:
    finding = found("secret-whitespace", also=("body-json-respaced",))
    assert [str(sentence)[:32] for sentence in besides(finding)] == ["On its way the body was read as "]
    assert [str(step)[:21] for step in remedies(finding)] == ["Store the secret agai", "Check the signature o"]


def test_a_template_is_told_as_it_is_and_as_it_should_be() -> None:
    failure = test_causes.SETTINGS["another order"][0]
    (finding,) = findings(failure.case)
    assert str(remedy(finding)) == (
        "Set the signed content of this handler to {timestamp}.{body}; now it is {body}.{timestamp}."
    )
