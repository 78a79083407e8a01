"""The chain of handlers tried in order: every one is evaluated, the first that verifies wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inspector.core.delivery import Ladder, Rung, Standing
from inspector.core.handler import Handler
from inspector.core.request import Request
from inspector.core.verification.context import NOTHING, Context
from inspector.core.verification.outcome import CannotBeChecked, FromTheFuture, Stale, Verified
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.verify import Candidates, check_of, verify_reading


@dataclass(frozen=True, slots=True)
class Link:
    """A handler with the secrets to try for it, in order."""

    handler: Handler
    secrets: Candidates


type Chain = Sequence[Link]


def chain_of(handlers: Sequence[Handler], secrets: Mapping[str, Secret | UnreadableSecret]) -> Chain:
    """The chain to evaluate: each handler with its secrets that are not retired, looked up by id.

    What checks their kinds is loaded now, so that the first delivery does not wait for it.
    """
    for handler in handlers:
        check_of(handler.scheme.kind)
    return tuple(
        Link(
            handler,
            tuple(secrets.get(ref.id) or UnreadableSecret(ref.label) for ref in handler.secrets if not ref.retired),
        )
        for handler in handlers
    )


def evaluate(
    request: Request,
    chain: Chain,
    *,
    now: datetime,
    material: Mapping[str, str] = NOTHING,
    reading: Reading | None = None,
) -> Ladder:
    """The outcome of every handler of `chain` for `request`, in chain order; at most one has won.

    `now` is the time of receipt. `material` are the keys that an edge fetched, `reading` is the request's where
    something has been decoded of it already.
    A handler whose check breaks is "cannot be checked" and never stops the others.
    """
    rungs: list[Rung] = []
    won = False
    path, reading = request.path, reading or Reading(request)
    for link in chain:
        rung = _rung(reading, link, path, Context(now, material, link.handler.parameters), won=won)
        won = won or rung.standing is Standing.WON
        rungs.append(rung)
    return tuple(rungs)


def winner_of(ladder: Ladder, chain: Chain) -> Handler | None:
    """The handler that won, or None."""
    for rung, link in zip(ladder, chain, strict=True):
        if rung.standing is Standing.WON:
            return link.handler
    return None


def _rung(reading: Reading, link: Link, path: str, context: Context, *, won: bool) -> Rung:
    handler = link.handler
    revision, name, user = handler.revision, handler.name, handler.user
    if not handler.matches(path):
        return Rung(revision, name, user, Standing.NOT_APPLICABLE, "path", detail=handler.path)
    try:
        seen = reading.at(sender_url(reading.request, handler.public_url))
        outcome = verify_reading(seen, handler.scheme, link.secrets, context)
    except Exception as error:  # noqa: BLE001 - a broken check must not cost the delivery: it is an outcome, with its name
        outcome = CannotBeChecked("check-broken", type(error).__name__)
    if not handler.enabled:
        verified = isinstance(outcome, Verified)
        return Rung(revision, name, user, Standing.NOT_APPLICABLE, "disabled", would_verify=verified)
    match outcome:
        case Verified(label):
            return Rung(revision, name, user, Standing.SHADOWED if won else Standing.WON, secret_label=label)
        case CannotBeChecked(reason, detail):
            return Rung(revision, name, user, Standing.NOT_CHECKABLE, reason, detail=detail)
        case Stale(age=age):
            return _mistimed(handler, outcome, age)
        case FromTheFuture(ahead=ahead):
            return _mistimed(handler, outcome, -ahead)
    return Rung(revision, name, user, Standing.FAILED, outcome.reason, detail=outcome.detail)


def _mistimed(handler: Handler, outcome: Stale | FromTheFuture, age: timedelta) -> Rung:
    return Rung(
        handler.revision,
        handler.name,
        handler.user,
        Standing.FAILED,
        outcome.reason,
        outcome.secret_label,
        outcome.detail,
        age_s=round(age.total_seconds()),
        tolerance_s=round(outcome.tolerance.total_seconds()),
    )
