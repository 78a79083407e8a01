"""Values as TOML text. The standard library reads TOML and does not write it."""

import json
import re
from collections.abc import Mapping, Sequence

type Value = bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def quoted(text: str) -> str:
    """`text` as a basic string. JSON's escapes are valid in it, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def written(value: Value) -> str:
    """`value` on one line: a mapping becomes an inline table."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case int() | float():
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{key(name)} = {written(item)}" for name, item in value.items()) + "}"
    return "[" + ", ".join(map(written, value)) + "]"


def key(name: str) -> str:
    """`name` as a key, quoted where it has to be."""
    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def pairs(table: Mapping[str, Value]) -> str:
    """One `key = value` line each."""
    return "".join(f"{key(name)} = {written(value)}\n" for name, value in table.items())
