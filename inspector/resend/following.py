"""Send an attempt, and follow where its answers redirect, as far as that is allowed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from inspector.core.attempt import Attempt
from inspector.core.bulk import Recipe
from inspector.core.redirect import NotFollowed, location_of, next_hop
from inspector.core.target import Allowance, Target
from inspector.resend.sender import Sender

type Allowed = Callable[[Target], Awaitable[Allowance]]
"""What a person has allowed for a target: a redirect to it is allowed no more."""


async def hops(
    draft: Attempt,
    recipe: Recipe,
    sender: Sender,
    allowed: Allowed,
    broken_off: Callable[[Attempt], object] = lambda _: None,
) -> AsyncIterator[Attempt]:
    """The attempt that became of `draft`, then one for each redirect that was followed; the last has the outcome.

    Every hop goes through the same checks as a target that was typed, over the same sender, which looks each name up
    once.
    """
    target, allowance = recipe.target, recipe.allowance
    attempt = await sender.send(draft, target, allowance, broken_off=broken_off)
    while recipe.follow_redirects:
        try:
            hop = next_hop(attempt, target, most=sender.limits.redirects)
        except NotFollowed as no:
            attempt = replace(attempt, error=no.error, detail=str(no))
            break
        if hop is None:
            break
        yield attempt
        if hop.target.origin == recipe.target.origin:
            allowance = recipe.allowance
        else:
            allowance = await allowed(hop.target)
        following = replace(
            draft,
            target=location_of(attempt).partition("#")[0],
            sent=hop.sent,
            hop=attempt.hop + 1,
            led_from=attempt.target,
        )
        target = hop.target
        attempt = await sender.send(following, target, allowance, came_from=attempt.address, broken_off=broken_off)
    yield attempt
