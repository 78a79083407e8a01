"""Summaries of deliveries, of which a test says what matters to it."""

from typing import Any

from inspector.core.delivery import Summary, Verdict

NOON_NS = 1_795_348_800_000_000_000


def a_summary(id_: int, **facts: Any) -> Summary:
    """A delivery that won, a second after the one before."""
    usual: dict[str, Any] = {
        "received_ns": NOON_NS + id_ * 1_000_000_000,
        "verdict": Verdict.WON,
        "method": "POST",
        "target": f"/hook/{id_}",
        "handler": "stripe",
        "status": 200,
        "body_size": 2300,
        "remote": "127.0.0.1:53122",
    }
    return Summary(id=id_, **(usual | facts))
