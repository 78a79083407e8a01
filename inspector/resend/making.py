"""From a delivery and a recipe to what is sent: edited, signed anew, and why it cannot be."""

import secrets as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from inspector.core.attempt import Attempt, Sent
from inspector.core.bulk import Recipe
from inspector.core.delivery import at
from inspector.core.handler import Handler
from inspector.core.request import Request
from inspector.core.resending import NotSendable, edited, on_the_wire
from inspector.core.signing_anew import CannotSign, signed_anew
from inspector.core.target import Target
from inspector.core.verification.secret import Secret


@dataclass(frozen=True, slots=True)
class Signer:
    """A handler whose recipe signs, with the secret that it signs with; None where it has none that can be read."""

    handler: Handler
    secret: Secret | None = field(repr=False)


type FindSigner = Callable[[str], Signer | None]
"""The handler of that name, or None."""


def drafted(
    request: Request,
    recipe: Recipe,
    signer: Signer | None,
    *,
    delivery: int = 0,
    run: int = 0,
    rule: int = 0,
    clock: Callable[[], int] = time.time_ns,
) -> Attempt:
    """The attempt to send `request` by `recipe`; one with an error where nothing can be sent."""
    now_ns = clock()
    sent, error, detail = Sent(b""), "", ""
    try:
        sent = made(request, recipe, signer, now_ns=now_ns)
    except NotSendable as problem:
        error, detail = "not-sendable", str(problem)
    except CannotSign as problem:
        error, detail = "cannot-sign", str(problem)
    return Attempt(
        delivery,
        url_of(recipe.target, request),
        sent,
        now_ns,
        error=error,
        detail=detail,
        handler=recipe.sign_with,
        run=run,
        rule=rule,
    )


def made(request: Request, recipe: Recipe, signer: Signer | None, *, now_ns: int) -> Sent:
    """What goes on the wire. Raises NotSendable and CannotSign."""
    changed = edited(request, recipe.target, recipe.edits)
    if recipe.sign_with:
        if signer is None:
            raise CannotSign(f"there is no handler named {recipe.sign_with!r}")
        changed = signed_anew(
            changed,
            signer.handler.scheme,
            signer.secret,
            now=at(now_ns),
            url=url_of(recipe.target, changed),
            identifier=f"msg_{randomness.token_hex(12)}",
            parameters=signer.handler.parameters,
        )
    return on_the_wire(changed, request, own_length=recipe.edits.own_length)


def url_of(target: Target, request: Request) -> str:
    """The URL that the request is sent to."""
    if target.request_target:
        return target.url
    return target.origin + (request.target if request.target.startswith("/") else "")
