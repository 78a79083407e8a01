"""`diagnose --search`: the failures of many deliveries, grouped by their cause and handler."""

import argparse
import json
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE
from inspector.cli.parser import folder_of
from inspector.cli.signing import links_of, retired_of

if TYPE_CHECKING:
    from inspector.core.diagnosis.group import Gathered


def explain_many(arguments: argparse.Namespace) -> int:
    """Print the groups, the largest first. Ctrl+C prints what was found by then."""
    from inspector.core.diagnosis.group import Gathered, Part
    from inspector.core.filters import parse
    from inspector.failures import grouped

    search = parse(arguments.search)
    links = links_of(arguments)
    retired = {link.handler.name: retired_of(arguments, link.handler) for link in links}
    groups: dict[int, Gathered] = {}
    whole = True
    try:
        for step in grouped(folder_of(arguments), search, links, retired):
            if isinstance(step, Part):
                groups.setdefault(step.group.number, Gathered(step.group)).add(step)
    except KeyboardInterrupt:
        whole = False
    ordered = sorted(groups.values(), key=lambda each: -len(each.ids))
    for group in ordered:
        print(_json(group) if arguments.json else _words(group))
    if not ordered and not arguments.json:
        print("Nothing failed that matches.")
    proved = all(group.group.finding.confidence == "proved" for group in ordered)
    return DONE if proved and whole else NEGATIVE


def _json(group: "Gathered") -> str:
    from inspector.core.delivery import at
    from inspector.core.diagnosis.wording import whole, whole_remedy

    finding = group.group.finding
    told = {
        "count": len(group.ids),
        "alike": group.alike,
        "handler": group.group.handler,
        "cause": finding.cause,
        "confidence": finding.confidence,
        "explanation": whole(finding),
        "remedy": whole_remedy(finding),
        "verified": finding.verified,
        "side": finding.remedy.side,
        "also": list(finding.also),
        "first": at(group.first_ns).isoformat(),
        "last": at(group.last_ns).isoformat(),
        "example": group.group.example,
        "ids": sorted(group.ids),
    }
    return json.dumps(told, ensure_ascii=False)


def _words(group: "Gathered") -> str:
    from inspector.cli.terminal import escaped
    from inspector.core.delivery import at
    from inspector.core.diagnosis.wording import whole, whole_remedy

    finding, who = group.group.finding, group.group.handler
    since = at(group.first_ns).astimezone()
    alike = f"; {group.alike:,} look alike and were not tried one by one" if group.alike else ""
    count = f"{len(group.ids):,} failed since {since:%Y-%m-%d %H:%M:%S}{f', {who}' if who else ''}"
    lines = (
        f"{count}: {finding.cause} ({finding.confidence}). {whole(finding)}",
        f"  What to do: {whole_remedy(finding)}",
        f"  Example: delivery {group.group.example}{alike}",
    )
    return "\n".join(escaped(line) for line in lines)
