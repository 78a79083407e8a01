"""Perform a request on the running product."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace as replace_struct

from inspector.commands.values import (
    AddHandler,
    Command,
    Done,
    EditHandler,
    HandlerValues,
    ImportHandlers,
    MoveHandler,
    NewSecret,
    OpenDelivery,
    RemoveHandler,
)
from inspector.core.formats.handlers_toml import HandlersMalformed, handlers_from
from inspector.core.handler import Handler, SecretRef
from inspector.core.handler_check import problems
from inspector.core.verification.digests import canonical, digest_named
from inspector.core.verification.lint import NotDecodable, lint
from inspector.core.verification.scheme import Scheme, carried_by
from inspector.core.verification.verification_type import VerificationType, scheme_with, type_named, type_of
from inspector.feed import OpenDelivery as OpenDeliveryChange
from inspector.instance import Refused

if TYPE_CHECKING:  # a start that only sends a request does without the product
    from inspector.app import Inspector

type Chain = tuple[Handler, ...]
type Change = Callable[[Chain, SecretRef | None], Chain]
"""What becomes of the chain; the reference is of the secret that comes with it, None while it is only tried."""


async def perform(command: Command, inspector: "Inspector") -> Done:
    """Do it. Raises Refused where it cannot be done, and then nothing has changed."""
    match command:
        case AddHandler():
            return await _add(command, inspector)
        case EditHandler():
            return await _edit(command, inspector)
        case RemoveHandler(name=name):
            await _save(inspector, lambda chain, _: _without(chain, _place(chain, name)))
            return Done((name,))
        case MoveHandler(name=name, position=position):
            await _save(inspector, lambda chain, _: _moved(chain, _place(chain, name), position - 1))
            return Done((name,), position)
        case ImportHandlers():
            return await _import(command, inspector)
        case OpenDelivery(id=id_):
            inspector.feed.publish(OpenDeliveryChange(id_))
            return Done()
    assert_never(command)


async def _add(command: AddHandler, inspector: "Inspector") -> Done:
    values = command.values
    if not values.verification and values.scheme is None:
        raise Refused("A new handler needs its verification type, or a scheme.")
    handler = _with(Handler(values.name or "", Scheme("none")), values)
    remarks = _check_secret(command.secret, handler)

    def added(chain: Chain, ref: SecretRef | None) -> Chain:
        place = len(chain) if command.position is None else command.position - 1
        return _inserted(chain, _with_secret(handler, ref), place)

    saved = await _save(inspector, added, command.secret)
    notice = _notice(command.secret, inspector)
    return Done((handler.name,), _place(saved, handler.name) + 1, (*remarks, *_remarks(handler)), notice)


def check_alone(command: AddHandler) -> None:
    """Raises Refused where the new handler cannot be stored in any chain."""
    handler = _with(Handler(command.values.name or "", Scheme("none")), command.values)
    _check((handler,))
    _check_secret(command.secret, handler)


async def _edit(command: EditHandler, inspector: "Inspector") -> Done:
    remarks: tuple[str, ...] = ()

    def edited(chain: Chain, ref: SecretRef | None) -> Chain:
        nonlocal remarks
        place = _place(chain, command.name)
        handler = _with(chain[place], command.values)
        remarks = (*_check_secret(command.secret, handler), *_remarks(handler))
        if command.retire is not None:
            handler = _retired(handler, command.retire)
        return (*chain[:place], _with_secret(handler, ref), *chain[place + 1 :])

    saved = await _save(inspector, edited, command.secret)
    name = command.name if command.values.name is None else command.values.name
    return Done((name,), _place(saved, name) + 1, remarks, _notice(command.secret, inspector))


def _notice(secret: NewSecret | None, inspector: "Inspector") -> str:
    return inspector.secret_notice or "" if secret is not None else ""


async def _import(command: ImportHandlers, inspector: "Inspector") -> Done:
    try:
        imported = handlers_from(command.toml)
    except HandlersMalformed as error:
        raise Refused(str(error)) from None

    def joined(chain: Chain, _: SecretRef | None) -> Chain:
        for handler in imported:
            names = [each.name for each in chain]
            if command.replace_same and handler.name in names:
                place = names.index(handler.name)
                chain = (*chain[:place], _in_the_place_of(chain[place], handler), *chain[place + 1 :])
            else:
                chain = (*chain, _with_ids(handler, ()))
        return chain

    await _save(inspector, joined)
    remarks = {remark for handler in imported for remark in _remarks(handler)}
    if any(handler.secrets for handler in imported):
        remarks.add("secrets-to-add")
    return Done(tuple(handler.name for handler in imported), remarks=tuple(sorted(remarks)))


async def _save(inspector: "Inspector", change: Change, secret: NewSecret | None = None) -> Chain:
    """Make what `change` makes of the chain the chain; the `secret` is kept only when nothing speaks against it."""
    from inspector.app import HandlerRejected
    from inspector.secret_store import SecretUnavailable
    from inspector.store import StoreError

    _check(change(inspector.handlers, None))
    try:
        ref = None
        if secret is not None:
            ref = SecretRef(await inspector.keep_secret(secret.text), secret.label, f"{datetime.now(UTC):%Y-%m-%d}")
        # The chain may have changed in the meantime, so it is taken as it stands then.
        return await inspector.change_handlers(lambda chain: change(chain, ref))
    except HandlerRejected as error:
        raise Refused(str(error)) from None
    except (SecretUnavailable, StoreError) as error:
        raise Refused(str(error), "fault") from None


def _check(chain: Chain) -> None:
    """Raises Refused where a handler cannot be stored."""
    for place, handler in enumerate(chain):
        for problem in problems(handler, chain[:place]):
            raise Refused(problem.sentence())


def _with(handler: Handler, values: HandlerValues) -> Handler:
    """`handler` with what `values` sets."""
    response = handler.response
    if values.status is not None:
        response = replace(response, status=values.status)
    if values.body is not None:
        response = replace(response, body=values.body)
    return replace(
        handler,
        name=handler.name if values.name is None else values.name,
        user=handler.user if values.user is None else values.user,
        path=handler.path if values.path is None else values.path,
        enabled=handler.enabled if values.enabled is None else values.enabled,
        response=response,
        scheme=_scheme(handler.scheme, values),
        preset=_preset(handler, values),
        public_url=handler.public_url if values.public_url is None else values.public_url,
        parameters={**handler.parameters, **(values.parameters or {})},
    )


def _preset(handler: Handler, values: HandlerValues) -> str:
    """What the scheme began as: a scheme of another origin ends that."""
    if values.scheme is not None or values.verification is not None:
        return values.preset or ""
    return handler.preset


def _scheme(before: Scheme, values: HandlerValues) -> Scheme:
    if values.scheme is not None:
        return _with_flags(values.scheme, values)
    chosen = _type(values.verification)
    anew = chosen is not None and chosen is not type_of(before)
    scheme = chosen.scheme if chosen and anew else before
    if type_of(scheme) is None:
        return _with_flags(scheme, values)
    if values.algorithm is None and values.header is None and values.prefix is None:
        return scheme
    if scheme.signature is None:
        raise Refused(f"The verification type {scheme.kind!r} has no header, algorithm or prefix.")
    if values.algorithm is not None and scheme.kind != "hmac":
        raise Refused(f"The verification type {scheme.kind!r} has no algorithm.")
    place = scheme.signature
    algorithm = scheme.algorithm if values.algorithm is None else canonical(values.algorithm)
    header = place.name if values.header is None else values.header
    prefix = place.prefix
    if anew and header.lower() != place.name.lower():
        prefix = ""  # it belongs to the header that it came with
    elif prefix == f"{scheme.algorithm}=":
        prefix = f"{algorithm}="  # it names the algorithm
    return scheme_with(
        scheme, algorithm=algorithm, header=header, prefix=prefix if values.prefix is None else values.prefix
    )


def _with_flags(scheme: Scheme, values: HandlerValues) -> Scheme:
    """`scheme` of any kind with another header, prefix or algorithm, where it has one."""
    place = scheme.signature
    if values.header is not None:
        if place is None or place.place == "body":
            raise Refused("This scheme has its signature in no header, parameter or field.")
        place = carried_by(scheme, values.header).signature or place
    if values.prefix is not None:
        if place is None or place.format not in ("raw", "prefix"):
            raise Refused("In this scheme nothing stands before the signature.")
        place = replace_struct(place, prefix=values.prefix, format="prefix" if values.prefix else "raw")
    algorithm = scheme.algorithm
    if values.algorithm is not None:
        if scheme.kind not in ("hmac", "hash"):
            raise Refused(f"A scheme of the kind {scheme.kind!r} has no digest to choose.")
        algorithm = canonical(values.algorithm)
    return replace_struct(scheme, signature=place, algorithm=algorithm)


def _type(word: str | None) -> VerificationType | None:
    if word is None:
        return None
    if (found := type_named(word)) is None:
        raise Refused(f"{word!r} is not a verification type: base64-hmac, hmac, token or none.")
    return found


def _check_secret(secret: NewSecret | None, handler: Handler) -> tuple[str, ...]:
    """Remarks on the secret. Raises Refused where the scheme cannot use it at all."""
    if secret is None:
        return ()
    scheme, text = handler.scheme, secret.text
    if scheme.kind == "none":
        raise Refused("The verification type 'none' has no secret.")
    if not text:
        raise Refused("The secret is empty.")
    if not secret.label.strip():
        raise Refused("The label of the secret is empty.")
    if scheme.kind == "token" and (text != text.strip(" \t") or any(ord(c) < 32 or c == "\x7f" for c in text)):
        raise Refused("The secret has white space at an end or a control character, which no header can carry.")
    remarks = lint(text, scheme, handler.name)
    for remark in remarks:
        if isinstance(remark, NotDecodable):
            raise Refused(f"The secret is not valid {remark.encoding}, which this scheme wants.")
    return tuple(remark.id for remark in remarks)


def _remarks(handler: Handler) -> tuple[str, ...]:
    scheme = handler.scheme
    if scheme.kind == "hmac" and digest_named(scheme.algorithm) is None:
        return ("algorithm-not-available",)
    return ()


def _with_secret(handler: Handler, new: SecretRef | None) -> Handler:
    """`handler` with the secret, first among its secrets, in the place of one with the same label."""
    if new is None:
        return handler
    return replace(handler, secrets=(new, *(ref for ref in handler.secrets if ref.label != new.label)))


def _retired(handler: Handler, label: str) -> Handler:
    if all(ref.label != label for ref in handler.secrets):
        raise Refused(f"{handler.name!r} has no secret with the label {label!r}.", "unknown-name")
    retired = tuple(replace(ref, retired=ref.retired or ref.label == label) for ref in handler.secrets)
    return replace(handler, secrets=retired)


def _in_the_place_of(before: Handler, imported: Handler) -> Handler:
    return replace(_with_ids(imported, before.secrets), id=before.id, revision=before.revision)


def _with_ids(handler: Handler, known: Sequence[SecretRef]) -> Handler:
    """`handler` with its secrets found by label among `known`; the others get an id under which nothing is kept yet."""
    ids = {ref.label: ref.id for ref in known}
    refs = tuple(replace(ref, id=ids.get(ref.label) or secrets.token_hex(8)) for ref in handler.secrets)
    return replace(handler, secrets=refs)


def _place(chain: Chain, name: str) -> int:
    for place, handler in enumerate(chain):
        if handler.name == name:
            return place
    raise Refused(f"There is no handler named {name!r}.", "unknown-name")


def _moved(chain: Chain, place: int, to: int) -> Chain:
    rest = _without(chain, place)
    return _inserted(rest, chain[place], to)


def _without(chain: Chain, place: int) -> Chain:
    return (*chain[:place], *chain[place + 1 :])


def _inserted(chain: Chain, handler: Handler, place: int) -> Chain:
    if not 0 <= place <= len(chain):
        raise Refused(f"The position must be from 1 to {len(chain) + 1}.")
    return (*chain[:place], handler, *chain[place:])
