"""The change of a handler that a finding proposes, as the handler that it makes."""

from collections.abc import Sequence
from dataclasses import replace

from inspector.core.diagnosis.finding import HandlerChange
from inspector.core.handler import Handler, SecretRef
from inspector.core.request import Request
from inspector.core.verification.public_url import sender_url


def changed_handler(
    handler: Handler, change: HandlerChange, handlers: Sequence[Handler], request: Request, secret_id: str = ""
) -> Handler:
    """`handler` with the change. `secret_id` is where the secret of the change was kept, if it has one."""
    return replace(
        handler,
        scheme=change.scheme or handler.scheme,
        secrets=_secrets(handler, change, handlers, secret_id),
        public_url=handler.public_url if change.url is None else public_url(request, change.url),
    )


def _secrets(
    handler: Handler, change: HandlerChange, handlers: Sequence[Handler], secret_id: str
) -> tuple[SecretRef, ...]:
    if secret_id:
        return _mended(handler.secrets, secret_id)
    if change.secret_of is None:
        return handler.secrets
    name, label = change.secret_of
    if name == handler.name:  # an older one is tried again, beside the present
        return tuple(replace(ref, retired=ref.retired and ref.label != label) for ref in handler.secrets)
    other = next((each for each in handlers if each.name == name), None)
    found = next((ref for ref in other.secrets if ref.label == label), None) if other is not None else None
    if found is None or any(ref.id == found.id for ref in handler.secrets):
        return handler.secrets
    label = _free_label(f"{name}: {label}" if label else name, handler.secrets)
    return (*handler.secrets, replace(found, label=label, retired=False))


def _mended(secrets: tuple[SecretRef, ...], secret_id: str) -> tuple[SecretRef, ...]:
    """One alone is replaced; of several nobody knows which was meant, so the mended one joins them."""
    current = [ref for ref in secrets if not ref.retired]
    if len(current) == 1:
        return tuple(replace(ref, id=secret_id) if ref is current[0] else ref for ref in secrets)
    return (*secrets, SecretRef(secret_id, _free_label("mended", secrets)))


def _free_label(label: str, secrets: Sequence[SecretRef]) -> str:
    taken, number, free = {ref.label for ref in secrets}, 2, label
    while free in taken:
        free, number = f"{label} {number}", number + 1
    return free


def public_url(request: Request, url: str) -> str:
    """The widest setting that gives `url` for this request: its origin, its path, else the URL itself."""
    scheme, _, rest = url.partition("://")
    for wider in (f"{scheme}://{rest.partition('/')[0]}", url.partition("?")[0]):
        if sender_url(request, wider) == url:
            return wider
    return url
