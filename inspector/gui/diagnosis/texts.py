"""Words of a diagnosis, translated: sentences of findings, how sure they are, what a search left out."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from inspector.core.diagnosis import wording
from inspector.core.diagnosis.finding import Confidence, Finding, Remedy
from inspector.core.diagnosis.wording import Template
from inspector.gui.widgets.notice import Tone
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.presets import provider_name

_LONGEST_FACT = 120

TONES: Mapping[Confidence, Tone] = {"proved": Tone.GOOD, "likely": Tone.REMARK, "hint": Tone.NEUTRAL}


def explanation(finding: Finding) -> str:
    """What happened, in one sentence, and one more for each thing that had to be assumed with it."""
    return _listed([_filled(sentence) for sentence in (wording.explanation(finding), *wording.besides(finding))])


def remedy(finding: Finding) -> str:
    """What to do next, and who, step by step."""
    return _listed([_filled(step) for step in wording.remedies(finding)])


def for_sender(finding: Finding) -> str:
    """A text for a ticket, without secrets."""
    return _filled(wording.for_sender(finding))


def sentence(template: Template) -> str:
    """Another sentence of the core, translated and with its facts."""
    return _filled(template)


def confidence(finding: Finding) -> str:
    """How sure it is, in words."""
    if finding.cause == "unexplained":
        return _tr("Not explained")
    if finding.cause == "verifies":
        return _tr("Proved: it verifies with the handler as it is now")
    if applies(finding):
        return _tr("Proved: the delivery verifies with this change")
    return {
        "proved": _tr("Proved"),
        "likely": _tr("Likely, but not proved"),
        "hint": _tr("A hint, not proved"),
    }[finding.confidence]


def applies(finding: Finding) -> bool:
    """Whether the change of the handler alone makes the delivery verify."""
    return _has_change(finding.remedy) and finding.verified and finding.signed_body is None


def tried(count: int, left_out: Sequence[str]) -> str:
    """How far the search went."""
    text = _tr("{count} combinations tried.").format(count=f"{count:,}")
    kinds = ", ".join(_LEFT_OUT[each]() for each in left_out if each in _LEFT_OUT)
    return f"{text} {_tr('Not tried: {kinds}.').format(kinds=kinds)}" if kinds else text


def _has_change(mended_by: Remedy) -> bool:
    return mended_by.change is not None


def _listed(sentences: Sequence[str]) -> str:
    """One sentence as it is, several as a list."""
    return sentences[0] if len(sentences) == 1 else "\n".join(f"• {sentence}" for sentence in sentences)


def _filled(template: Template) -> str:
    named = {**template.facts}
    if "provider" in named:
        named["provider"] = provider_name(named["provider"])
    facts = {name: shortened(marked(text), _LONGEST_FACT) for name, text in named.items()}
    return str(Template(_tr(template.text), facts))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Diagnosis", text)


_LEFT_OUT = {
    "body-too-large-to-rewrite": lambda: _tr("other forms of so large a body"),
    "pairs-beyond-the-bound": lambda: _tr("the less likely pairs of causes"),
    "three-changes-at-once": lambda: _tr("three causes at once"),
    "three-odd-changes-at-once": lambda: _tr("three unusual causes at once"),
    "what-takes-longer": lambda: _tr("what takes longer than half a minute"),
}
