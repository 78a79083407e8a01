"""What one types of a rule, field by field, and the rule that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inspector.core.forward_rule import PATIENT, ForwardRule, rule_problems
from inspector.settings.setting import setting


@dataclass(frozen=True, slots=True)
class RuleFields:
    """A rule as it is typed. Whether it is on, and what is allowed for its target, is not typed."""

    name: str = setting("", label="Name")
    search: str = setting("", label="Which deliveries", help="Empty: every delivery. As in the search field above.")
    to: str = setting("", label="Target", help="A URL without a path keeps the path that the delivery came to.")
    sign_with: str = setting("", label="Signature")
    host_of_target: bool = setting(
        default=False,
        label="Host of the target",
        help="Write the target's name into the Host header; else it stays as it came.",
    )
    in_order: bool = setting(
        default=False,
        label="Keep the order",
        help="One after the other: what cannot be delivered holds up what came after it.",
    )
    concurrency: int = setting(4, label="Connections", minimum=1, maximum=64)
    answers_sender: bool = setting(
        default=False,
        label="Answer the sender with the target's answer",
        help="Where it comes in time. Else the sender is answered as always.",
    )
    answer_limit_s: float = setting(5.0, label="Within", unit="seconds", minimum=0.1, maximum=30.0)
    longest_delay_min: float = setting(
        PATIENT.longest_delay_s / 60,
        label="Try again every",
        unit="minutes",
        minimum=0.1,
        maximum=1440.0,
        help="At the latest; the first tries follow sooner, 1 s, 2 s, 4 s ... after one another.",
    )
    total_h: float = setting(
        PATIENT.total_s / 3600,
        label="Give up after",
        unit="hours",
        minimum=0.1,
        maximum=8760.0,
        help="What was given up stays in the queue until you try it again or drop it.",
    )


def fields_of_rule(rule: ForwardRule) -> RuleFields:
    """`rule` as it is typed."""
    return RuleFields(
        rule.name,
        rule.search,
        rule.to,
        rule.sign_with,
        rule.host_of_target,
        rule.in_order,
        rule.concurrency,
        rule.answers_sender,
        rule.answer_limit_s,
        rule.retry.longest_delay_s / 60,
        rule.retry.total_s / 3600,
    )


def rule_of(fields: RuleFields, saved: ForwardRule | None) -> ForwardRule:
    """The rule that was typed: `saved` with what was changed, or a new one."""
    rule = saved or ForwardRule("", "")
    retry = rule.retry
    if saved is None or fields_of_rule(saved).longest_delay_min != fields.longest_delay_min:
        retry = replace(retry, longest_delay_s=fields.longest_delay_min * 60)
    if saved is None or fields_of_rule(saved).total_h != fields.total_h:
        retry = replace(retry, total_s=fields.total_h * 3600)
    return replace(
        rule,
        name=fields.name.strip(),
        search=fields.search,
        to=fields.to.strip(),
        sign_with=fields.sign_with,
        host_of_target=fields.host_of_target,
        in_order=fields.in_order,
        concurrency=fields.concurrency,
        answers_sender=fields.answers_sender,
        answer_limit_s=fields.answer_limit_s,
        retry=retry,
    )


def field_problems(
    fields: RuleFields, others: Sequence[ForwardRule], handlers: Sequence[str] | None = None
) -> Mapping[str, str]:
    """What is wrong with what was typed, beside the `others` and the names of the `handlers`, by field."""
    found = {problem.field: problem.sentence for problem in rule_problems(rule_of(fields, None), others)}
    if fields.sign_with and handlers is not None and fields.sign_with not in handlers:
        found["sign_with"] = f"There is no handler named {fields.sign_with!r} any more."
    return found
