"""Forwarding as requests that go over the channel: begin with a rule, ask what waits, end."""

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from inspector.commands.values import BaseCommand
from inspector.core.forward_rule import ForwardRule
from inspector.core.target import Allowance
from inspector.instance import Refused

if TYPE_CHECKING:
    from inspector.app import Inspector


class BeginForward(BaseCommand, frozen=True, tag="begin-forward"):
    """Forward what `search` selects to the URL `to` from now on, by the rule of this name, which is made or changed."""

    name: str
    to: str
    search: str = ""
    sign_with: str = ""
    host_of_target: bool = False
    in_order: bool = False
    answers_sender: bool = False
    any_certificate: bool = False
    link_local: bool = False


class EndForward(BaseCommand, frozen=True, tag="end-forward"):
    """Switch the rule off; what waits in its queue stays there."""

    name: str


class ForwardStatus(Struct, frozen=True, omit_defaults=True):
    """The rule's id, how many deliveries wait in its queue, and how many of its were given up."""

    rule: int
    waiting: int = 0
    given_up: int = 0


type ForwardCommand = BeginForward | EndForward


async def perform_forward(command: ForwardCommand, inspector: "Inspector") -> ForwardStatus:
    """Do it. Raises Refused where it cannot be done."""
    from inspector.resend import RuleRejected
    from inspector.store import StoreError

    forwarding = inspector.forwarding
    try:
        before = forwarding.rules
        known = next((rule for rule in before if rule.name == command.name), None)
        if isinstance(command, BeginForward):
            changed = _rule(command, known)
            if changed.sign_with and all(handler.name != changed.sign_with for handler in inspector.handlers):
                raise Refused(f"There is no handler named {changed.sign_with!r}.", "unknown-name")
        elif known is None:
            raise Refused(f"There is no rule named {command.name!r}.", "unknown-name")
        else:
            changed = replace(known, enabled=False)
        rules = [changed if rule.name == command.name else rule for rule in before]
        saved = await forwarding.save_rules(rules if known else [*rules, changed])
        rule = next(rule for rule in saved if rule.name == command.name)
        counts = (await forwarding.counts()).get(rule.id, {})
    except RuleRejected as error:
        raise Refused(str(error)) from None
    except StoreError as error:
        raise Refused(str(error), "fault") from None
    return ForwardStatus(rule.id, counts.get("waiting", 0) + counts.get("in-flight", 0), counts.get("given-up", 0))


def _rule(command: BeginForward, known: ForwardRule | None) -> ForwardRule:
    return ForwardRule(
        command.name,
        command.to,
        command.search,
        sign_with=command.sign_with,
        host_of_target=command.host_of_target,
        in_order=command.in_order,
        answers_sender=command.answers_sender,
        allowance=Allowance(command.any_certificate, command.link_local),
        id=known.id if known else 0,
    )
