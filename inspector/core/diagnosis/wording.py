"""Findings in words for a person: what happened, what to do next and who, and a text for the sender.

The words are templates in tables, so that a front end can translate them by template; a variant is taken when all of
its facts are known.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inspector.core.diagnosis.finding import Finding
from inspector.core.diagnosis.sentences import Table, Variants
from inspector.core.diagnosis.sentences.for_senders import FOR_SENDER
from inspector.core.diagnosis.sentences.of_bodies import BODIES
from inspector.core.diagnosis.sentences.of_contents import CONTENTS
from inspector.core.diagnosis.sentences.of_handlers import HANDLERS, UNKNOWN
from inspector.core.diagnosis.sentences.of_learning import LEARNING
from inspector.core.diagnosis.sentences.of_secrets import SECRETS
from inspector.core.diagnosis.sentences.of_signatures import SIGNATURES

SENTENCES: Table = {**HANDLERS, **LEARNING, **SECRETS, **SIGNATURES, **BODIES, **CONTENTS}
"""What happened, and what to do, by cause."""

_WRITTEN_ANEW = frozenset(
    {
        "body-json-respaced",
        "body-json-keys-reordered",
        "body-unicode-escapes",
        "body-slash-escapes",
        "body-number-format",
        "body-empty-objects",
        "body-form-reencoded",
    }
)
_FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence for one cause, with the facts to fill in."""

    text: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        return _FACT.sub(lambda match: self.facts.get(match[1], "?"), self.text)


def explanation(finding: Finding) -> Template:
    """What happened, in one sentence."""
    return _chosen(SENTENCES.get(finding.cause, UNKNOWN)[0], finding)


def remedy(finding: Finding) -> Template:
    """What to do next, and who."""
    return _chosen(SENTENCES.get(finding.cause, UNKNOWN)[1], finding)


def besides(finding: Finding) -> Sequence[Template]:
    """What had to be assumed along with it, a sentence each. That a body was written anew is said once."""
    said = finding.cause in _WRITTEN_ANEW
    also = [cause for cause in finding.also if not (said and cause in _WRITTEN_ANEW)]
    return [explanation(replace(finding, cause=cause)) for cause in also]


def remedies(finding: Finding) -> Sequence[Template]:
    """What to do next, and who: a step for each thing that had to be assumed."""
    steps = [remedy(finding), *(remedy(replace(finding, cause=cause)) for cause in finding.also)]
    return list({step.text: step for step in steps}.values())


def whole(finding: Finding) -> str:
    """What happened, with everything that had to be assumed."""
    return " ".join(str(sentence) for sentence in (explanation(finding), *besides(finding)))


def whole_remedy(finding: Finding) -> str:
    """Everything that is to be done."""
    return " ".join(str(step) for step in remedies(finding))


def for_sender(finding: Finding) -> Template:
    """A short text for a ticket: what was expected, what came, what to change."""
    return _chosen(FOR_SENDER.get(finding.cause, FOR_SENDER[finding.remedy.side]), finding)


def templates() -> Sequence[str]:
    """Every sentence there is, for whoever translates them."""
    pairs = [side for pair in (*SENTENCES.values(), UNKNOWN) for side in pair]
    return tuple(dict.fromkeys(text for variants in (*pairs, *FOR_SENDER.values()) for text in variants))


def _chosen(variants: Variants, finding: Finding) -> Template:
    for text in variants:
        if all(name in finding.facts for name in _FACT.findall(text)):
            return Template(text, finding.facts)
    return Template(variants[-1], finding.facts)
