"""The case of one handler of a chain for a request: what the other handlers know goes into it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from inspector.core.diagnosis.case import Case, KnownSecret, ProviderScheme
from inspector.core.diagnosis.clock import Clock
from inspector.core.request import Request
from inspector.core.verification.ladder import Chain, Link
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.secret import Secret

_NONE: Mapping[str, Sequence[Secret]] = {}


def case_of_link(
    request: Request,
    link: Link,
    others: Chain = (),
    *,
    now: datetime | None,
    known: Sequence[ProviderScheme] = (),
    recognised: str = "",
    retired: Mapping[str, Sequence[Secret]] = _NONE,
    clock: Clock | None = None,
) -> Case:
    """Why did the handler of `link` not verify `request`, which came at `now`?

    `retired` are older secrets by the name of their handler, `clock` is what is known of the sender's. A secret that
    cannot be read is left out.
    """
    handler = link.handler
    provider, _, scheme_id = handler.preset.partition(":")
    return Case(
        request=request,
        scheme=handler.scheme,
        secrets=tuple(secret.value for secret in _readable(link)),
        url=sender_url(request, handler.public_url),
        provider=provider,
        scheme_id=scheme_id,
        recognised=recognised,
        others=[*_known(link, others), *_retired(link, retired)],
        presets=known,
        now=now,
        clock=clock,
        parameters=handler.parameters,
    )


def _readable(link: Link) -> Sequence[Secret]:
    return [secret for secret in link.secrets if isinstance(secret, Secret) and secret.value]


def _known(link: Link, others: Chain) -> Iterator[KnownSecret]:
    own = {secret.value for secret in _readable(link)}
    for other in others:
        handler = other.handler
        for secret in _readable(other) if handler.name != link.handler.name else ():
            if secret.value not in own:
                provider = handler.preset.partition(":")[0]
                yield KnownSecret(handler.name, secret.label, secret.value, provider, handler.scheme)


def _retired(link: Link, retired: Mapping[str, Sequence[Secret]]) -> Iterator[KnownSecret]:
    handler = link.handler
    provider = handler.preset.partition(":")[0]
    for secret in retired.get(handler.name, ()):
        yield KnownSecret(handler.name, secret.label, secret.value, provider, handler.scheme, retired=True)
