"""What is said of cases: what they are made with, what is expected, what was answered, and whether that is the same."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from inspector.core.scenario import CaseResult
from inspector.core.scenario_cases import Case
from inspector.gui.resend.texts import outcome_text
from inspector.gui.theme import State
from inspector.gui.widgets.safe_text import marked, shortened

_CONTEXT = "Scenarios"
_LISTED = 3


def tr(text: str) -> str:
    """`text` in the user's language."""
    return QCoreApplication.translate(_CONTEXT, text)


def title_text(case: Case) -> str:
    """What the case is called."""
    return marked(shortened(case.title, 60))


def parameter_text(case: Case) -> str:
    """The number that the case is made with; empty where it has none."""
    match case.kind:
        case "burst":
            return tr("{0} times").format(f"{case.count:,}")
        case "stale" | "future":
            return tr("{0} s").format(f"{case.seconds:,}")
        case "slow-body":
            return tr("{0} B/s").format(f"{case.bytes_per_s:,g}")
    return ""


def expected_text(expected: Sequence[str]) -> str:
    """`2xx or 409`."""
    return tr(" or ").join(expected)


def answers_text(result: CaseResult) -> str:
    """What came back, in the order in which it came first: `200, 409`, `200 × 20`."""
    words = [outcome_text(attempt.status, attempt.error) for attempt in result.attempts]
    if len(words) <= _LISTED:
        return ", ".join(words)
    return ", ".join(f"{word} × {count:,}" for word, count in Counter(words).items())


def state_of_case(case: Case, result: CaseResult | None, *, running: bool) -> State:
    """The state whose shape and colour a case has."""
    if result is None or not case.enabled:
        return State.HANDSHAKE if running and case.enabled else State.NOT_APPLICABLE
    if result.skipped:
        return State.NOT_CHECKABLE
    return State.WON if result.passed else State.FAILED


def result_text(case: Case, result: CaseResult | None, *, running: bool) -> str:
    """The same in words."""
    if not case.enabled:
        return tr("switched off")
    if result is None:
        return tr("being sent") if running else tr("not run yet")
    if result.skipped:
        return tr("cannot be made")
    if result.passed:
        return tr("as expected")
    count = len(result.differing)
    return tr("differs") if len(result.attempts) == 1 else tr("{0} of {1} differ").format(count, len(result.attempts))


def summary_text(results: Sequence[CaseResult]) -> str:
    """`10 as expected, 2 differ, 4 cannot be made`."""
    skipped = sum(bool(result.skipped) for result in results)
    differing = sum(bool(result.differing) for result in results)
    parts = [tr("{0} as expected").format(len(results) - skipped - differing)]
    parts.append(tr("1 differs") if differing == 1 else tr("{0} differ").format(differing))
    if skipped:
        parts.append(tr("{0} cannot be made").format(skipped))
    return ", ".join(parts)
