"""Schemes in the JSON form of the providers' catalogue, which names some things otherwise than our own files do."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, inspect

from inspector.core.verification.scheme import Scheme


class SchemeMalformed(ValueError):
    """The JSON describes no scheme; the message says where."""


_NAMES: Mapping[str, Mapping[str, str]] = {
    "": {"digest": "algorithm", "allowed_digests": "algorithms"},
    "signature": {"from": "place"},
    "values": {"from": "place"},
    "body_digest": {"from": "place"},
}
"""Their name of a field to ours, by the table that it stands in."""

_CONFIGURED = "*configured*"
"""What stands for a name that the user chooses."""


def scheme_from(table: Mapping[str, Any]) -> Scheme:
    """The scheme that `table` describes; what has no meaning for verifying is left out. Raises SchemeMalformed."""
    try:
        return msgspec.convert(_known(_renamed(table), inspect.type_info(Scheme)), Scheme)
    except (msgspec.ValidationError, AttributeError, TypeError) as error:
        raise SchemeMalformed(str(error)) from None


def _renamed(table: Mapping[str, Any]) -> dict[str, Any]:
    made = {_NAMES[""].get(name, name): value for name, value in table.items() if value is not None}
    for name in ("signature", "body_digest"):
        if name in made:
            made[name] = _with_names(made[name], name)
    made["values"] = {name: _with_names(value, "values") for name, value in made.get("values", {}).items()}
    if isinstance(made.get("algorithms"), Mapping):
        made["versions"] = made.pop("algorithms")
    made["hex_upper"] = made.pop("hex_case", "") == "upper"
    for digest in [each for each in made.get("claims", {}).values() if isinstance(each, Mapping)]:
        if str(digest.get("of", "")).startswith("canonical"):
            made["claims"] = {**made["claims"], "request_digest": {**digest, "of": "request"}}
    return made


def _with_names(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    named = {_NAMES[where].get(name, name): value for name, value in table.items()}
    return {name: "" if value == _CONFIGURED else value for name, value in named.items()}


def _known(value: Any, type_: inspect.Type) -> Any:
    """`value` without the fields that our type has not, at every depth."""
    match type_:
        case inspect.UnionType(types=types):
            struct = next((each for each in types if isinstance(each, inspect.StructType)), None)
            return value if struct is None or value is None else _known(value, struct)
        case inspect.StructType(cls=struct_type) if isinstance(value, Mapping):
            own = _fields(struct_type)
            return {name: _known(item, own[name]) for name, item in value.items() if name in own and item is not None}
        case inspect.DictType(value_type=inner) if isinstance(value, Mapping):
            return {name: _known(item, inner) for name, item in value.items()}
        case inspect.VarTupleType(item_type=inner) if isinstance(value, list | tuple):
            return [_known(item, inner) for item in value]
    return value


def _fields(struct_type: type[Struct]) -> Mapping[str, inspect.Type]:
    told = inspect.type_info(struct_type)
    return {field.name: field.type for field in told.fields} if isinstance(told, inspect.StructType) else {}
