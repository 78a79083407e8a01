"""Whether another failure has the cause of one that was diagnosed, told by checking it once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from inspector.core.delivery import Delivery
from inspector.core.diagnosis.changed_handler import public_url
from inspector.core.diagnosis.finding import Finding, HandlerChange
from inspector.core.request import Request
from inspector.core.verification.context import Context
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.outcome import CannotBeChecked, FromTheFuture, Outcome, Stale, Verified
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.reading import Reading
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import Candidates, verify_reading

PROVED_BY_TIME = ("timestamp-expired", "timestamp-future")

type Test = Callable[[Delivery, Link], bool]
"""Whether this failure of that handler has the same cause."""


def test_of(finding: Finding, request: Request, chain: Chain, retired: Mapping[str, Sequence[Secret]]) -> Test | None:
    """What tells whether another failure has the cause of `finding`, which is about `request`.

    None where no check tells: the body was changed, say, and each in its own way.
    """
    if finding.cause == "verifies":
        return lambda other, link: isinstance(_outcome(other, link), Verified)
    if finding.cause in PROVED_BY_TIME:
        wanted = Stale if finding.cause == "timestamp-expired" else FromTheFuture
        return lambda other, link: isinstance(_outcome(other, link), wanted)
    change = finding.remedy.change
    if change is None or not finding.verified or finding.signed_body is not None:
        return None
    secrets = _secrets_of(change, chain, retired)
    address = None if change.url is None else public_url(request, change.url)
    return lambda other, link: _right(_outcome(other, link, change, secrets, address))


def mended_link(
    link: Link, change: HandlerChange, chain: Chain, retired: Mapping[str, Sequence[Secret]], request: Request
) -> Link:
    """The handler of `link` as the change makes it, with its secrets; `request` is the one that was diagnosed."""
    handler = link.handler
    address = handler.public_url if change.url is None else public_url(request, change.url)
    changed = replace(handler, scheme=change.scheme or handler.scheme, public_url=address)
    more = _secrets_of(change, chain, retired)
    if more is None:
        return Link(changed, link.secrets)
    kept = () if change.secret is not None and len(link.secrets) == 1 else link.secrets
    return Link(changed, (*kept, *more))


def _secrets_of(change: HandlerChange, chain: Chain, retired: Mapping[str, Sequence[Secret]]) -> Candidates | None:
    if change.secret is not None:
        return (Secret("", change.secret),)
    if change.secret_of is None:
        return None
    name, label = change.secret_of
    known: Iterable[object] = (
        *(secret for link in chain if link.handler.name == name for secret in link.secrets),
        *retired.get(name, ()),
    )
    return tuple(secret for secret in known if isinstance(secret, Secret) and secret.label == label)


def _outcome(
    delivery: Delivery,
    link: Link,
    change: HandlerChange | None = None,
    secrets: Candidates | None = None,
    address: str | None = None,
) -> Outcome:
    """What the handler of `link` would answer with the change."""
    handler = link.handler
    scheme = handler.scheme if change is None or change.scheme is None else change.scheme
    url = sender_url(delivery.request, handler.public_url if address is None else address)
    context = Context(delivery.received_at, parameters=handler.parameters)
    return verify_reading(Reading(delivery.request, url), scheme, link.secrets if secrets is None else secrets, context)


def _right(outcome: Outcome) -> bool:
    if isinstance(outcome, CannotBeChecked):
        return False
    return isinstance(outcome, Verified) or outcome.signature_ok
