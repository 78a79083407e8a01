"""Handlers as TOML and back. The values of secrets are no part of it: only their labels are."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

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
        response=Response(each.response.status, each.response.headers, each.response.body),
        secrets=tuple(SecretRef("", s.label, s.created, s.expires, s.retired) for s in each.secrets),
    )


def _table(handler: Handler) -> str:
    response = handler.response
    each: dict[str, Any] = msgspec.to_builtins(
        _Handler(
            name=handler.name,
            scheme=handler.scheme,
            user=handler.user,
            enabled=handler.enabled,
            path=handler.path,
            response=_Response(response.status, response.headers, response.body),
            secrets=tuple(_Secret(s.label, s.created, s.expires, s.retired) for s in handler.secrets),
        )
    )
    scheme, answer, labels = each.pop("scheme"), each.pop("response", {}), each.pop("secrets", [])
    text = f"[[handler]]\n{pairs(each)}" + _inner("scheme", scheme)
    if answer:
        text += _inner("response", answer)
    return text + "".join(f"[[handler.secrets]]\n{pairs(label)}" for label in labels)


def _inner(name: str, table: Mapping[str, Value]) -> str:
    return f"[handler.{name}]\n{pairs(table)}"
