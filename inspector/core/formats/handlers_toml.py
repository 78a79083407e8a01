"""Handlers as TOML and back. The values of secrets are no part of it: only their labels are."""

import tomllib
from collections.abc import Sequence
from dataclasses import fields

import msgspec
from msgspec import Struct

from inspector.core.formats.toml import Value, pairs
from inspector.core.handler import Handler, Response, SecretRef
from inspector.core.verification.scheme import Scheme

_HEADING = "# Handlers of Webhook Inspector, in the order in which they are tried. Secrets are not in this file.\n"


class HandlersMalformed(ValueError):
    """The text is not what `handlers_toml` writes; the message says where. It has no line break."""


class _Value(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """An unknown key is an error, so that a typing mistake is not lost."""


class _Secret(_Value, frozen=True):
    label: str
    created: str = ""
    expires: str = ""
    retired: bool = False


class _Response(_Value, frozen=True):
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str = "ok"


class _Handler(_Value, frozen=True):
    name: str
    scheme: Scheme
    user: str = ""
    enabled: bool = True
    path: str = ""
    preset: str = ""
    public_url: str = ""
    parameters: dict[str, str] = {}
    response: _Response = _Response()
    secrets: tuple[_Secret, ...] = ()


class _Document(_Value, frozen=True):
    handler: tuple[_Handler, ...] = ()


def handlers_toml(handlers: Sequence[Handler]) -> str:
    """`handlers` as a document that `handlers_from` reads."""
    return _HEADING + "".join(f"\n{_table(handler)}" for handler in handlers)


def handlers_from(text: str) -> tuple[Handler, ...]:
    """The handlers in `text`, each secret with its label and no id. Raises HandlersMalformed."""
    try:
        document = msgspec.convert(tomllib.loads(text), _Document)
    except tomllib.TOMLDecodeError as error:
        raise HandlersMalformed(f"not valid TOML: {error}") from None
    except (msgspec.ValidationError, RecursionError) as error:
        raise HandlersMalformed(str(error) or "nested too deeply") from None
    return tuple(_handler(each) for each in document.handler)


def _handler(each: _Handler) -> Handler:
    return Handler(
        name=each.name,
        scheme=each.scheme,
        user=each.user,
        enabled=each.enabled,
        path=each.path,
        preset=each.preset,
        public_url=each.public_url,
        parameters=each.parameters,
        response=Response(each.response.status, each.response.headers, each.response.body),
        secrets=tuple(SecretRef("", s.label, s.created, s.expires, s.retired) for s in each.secrets),
    )


def _table(handler: Handler) -> str:
    text = f"[[handler]]\n{pairs(_plain(handler))}"
    text += f"[handler.scheme]\n{pairs(msgspec.to_builtins(handler.scheme))}"
    if answer := _differing(handler.response, Response()):
        text += f"[handler.response]\n{pairs(answer)}"
    for ref in handler.secrets:
        about = {"label": ref.label, **_differing(ref, SecretRef(ref.id, ref.label))}
        text += f"[[handler.secrets]]\n{pairs(about)}"
    return text


def _plain(handler: Handler) -> dict[str, Value]:
    """Its name, and the other fields of its own where they are not as usual."""
    usual = Handler(handler.name, handler.scheme)
    differing = ("user", "enabled", "path", "preset", "public_url", "parameters")
    names = [name for name in differing if getattr(handler, name) != getattr(usual, name)]
    return {"name": handler.name, **{name: getattr(handler, name) for name in names}}


def _differing(value: Response | SecretRef, usual: Response | SecretRef) -> dict[str, Value]:
    """The fields of `value` that are not as in `usual`."""
    names = [field.name for field in fields(value)]
    return {name: getattr(value, name) for name in names if getattr(value, name) != getattr(usual, name)}
