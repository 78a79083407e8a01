"""Rules and entries in words, and rules as they are typed."""

from dataclasses import replace

import pytest

from inspector.core.forward_rule import PATIENT, ForwardRule, Waiting
from inspector.core.retry import RetryPolicy
from inspector.gui.forwarding.rule_fields import fields_of_rule, rule_of
from inspector.gui.forwarding.texts import counts_text, last_text, next_text

RULE = ForwardRule("a", "http://x", id=3)
ENTRY = Waiting(1, 3, 5, "waiting", due_ns=4_500_000_000)


@pytest.mark.parametrize(
    ("entry", "rule", "first", "text"),
    [
        (ENTRY, RULE, True, "in 4 s"),
        (replace(ENTRY, due_ns=0), RULE, True, "now"),
        (ENTRY, replace(RULE, in_order=True), False, "after those before it"),
        (ENTRY, replace(RULE, in_order=True), True, "in 4 s"),
        (ENTRY, replace(RULE, enabled=False), True, "when the rule is on"),
        (replace(ENTRY, state="given-up"), RULE, True, "only when asked to"),
        (replace(ENTRY, state="in-flight"), RULE, True, "now"),
    ],
)
def test_when_it_is_tried_next(entry: Waiting, rule: ForwardRule, first: bool, text: str) -> None:
    assert next_text(entry, rule, 1_000_000_000, first=first) == text


def test_what_came_of_the_last_try() -> None:
    assert last_text(ENTRY) == "not tried yet"
    assert last_text(replace(ENTRY, maybe_twice=True)) == "cut off by the end of the program"
    assert last_text(replace(ENTRY, tried=2, status=503)) == "503"
    assert last_text(replace(ENTRY, tried=2, error="connect-too-slow")) == "no connection in time"
    assert counts_text({"waiting": 2, "in-flight": 1, "given-up": 1200}) == "3 wait, 1,200 given up"
    assert (counts_text({"waiting": 1}), counts_text({})) == ("1 waits", "")


def test_a_rule_is_what_was_typed_and_what_was_not_asked_stays() -> None:
    odd = replace(RULE, retry=RetryPolicy(attempts=3, schedule=(1.0, 2.0)))
    assert rule_of(fields_of_rule(odd), odd) == odd
    changed = rule_of(replace(fields_of_rule(odd), longest_delay_min=1.0, to=" http://y "), odd)
    assert (changed.retry.longest_delay_s, changed.retry.schedule, changed.to) == (60.0, (1.0, 2.0), "http://y")
    assert rule_of(fields_of_rule(ForwardRule("a", "http://x")), None).retry == PATIENT
