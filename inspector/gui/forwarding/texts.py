"""What is said of rules that forward and of what waits for them."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from inspector.core.forward_rule import ForwardRule, Waiting
from inspector.gui.resend.texts import outcome_text, target_text
from inspector.gui.theme import State
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.spans import span_text

type Counts = Mapping[str, int]
"""How many entries of one rule are in each state."""

_CONTEXT = "Forwarding"
_LONGEST_NAME = 60


def tr(text: str) -> str:
    """`text` in the user's language."""
    return QCoreApplication.translate(_CONTEXT, text)


def name_text(name: str) -> str:
    """A rule's name as it may be shown."""
    return marked(shortened(name, _LONGEST_NAME)) or tr("New rule")


def under_way(counts: Counts) -> int:
    """How many are still to be delivered."""
    return counts.get("waiting", 0) + counts.get("in-flight", 0)


def counts_text(counts: Counts) -> str:
    """`3 wait, 1 given up`; empty where the queue is."""
    waiting, given_up = under_way(counts), counts.get("given-up", 0)
    parts = []
    if waiting:
        parts.append(tr("1 waits") if waiting == 1 else tr("{0} wait").format(f"{waiting:,}"))
    if given_up:
        parts.append(tr("{0} given up").format(f"{given_up:,}"))
    return ", ".join(parts)


def selection_text(rule: ForwardRule) -> str:
    """What it forwards, and where to."""
    which = marked(shortened(rule.search, _LONGEST_NAME)) if rule.search.strip() else tr("every delivery")
    return f"{which} → {target_text(rule.to)}" if rule.to else which


def state_of_entry(entry: Waiting) -> State:
    """The state whose shape and colour an entry of the queue has."""
    return {"waiting": State.STALE, "in-flight": State.HANDSHAKE, "given-up": State.FAILED}[entry.state]


def state_text(entry: Waiting) -> str:
    """Its state in a word."""
    return {"waiting": tr("waits"), "in-flight": tr("being sent"), "given-up": tr("given up")}[entry.state]


def last_text(entry: Waiting) -> str:
    """What came of the last attempt, short."""
    if not entry.tried:
        return tr("cut off by the end of the program") if entry.maybe_twice else tr("not tried yet")
    return outcome_text(entry.status, entry.error)


def next_text(entry: Waiting, rule: ForwardRule | None, now_ns: int, *, first: bool) -> str:
    """When it is tried next. `first`: nothing waits before it."""
    if entry.state == "in-flight":
        return tr("now")
    if entry.state == "given-up":
        return tr("only when asked to")
    if rule is not None and not rule.enabled:
        return tr("when the rule is on")
    if rule is not None and rule.in_order and not first:
        return tr("after those before it")
    left_s = (entry.due_ns - now_ns) / 1e9
    return tr("in {0}").format(span_text(left_s)) if left_s > 0 else tr("now")
